"""`manage.py end_sessions`: everybody is signed out, everywhere.

For a copy of the database that others may have, and after a restore: the key of a session in the database is the one
that the browser sends. What ends one person's sessions is close_account.py.
"""

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand
from django.db import transaction

from onboarding.audit.security_log import Outcome, SecurityEvent, log_event


class Command(BaseCommand):
    """Deletes all sessions, also those of people who are just signing in."""

    help = "Sign everybody out: after a restore, and when a copy of the database may be in other hands."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it; a page that is being answered meanwhile does not bring a session back."""
        with transaction.atomic():
            count = UserSession.objects.count()
            Session.objects.all().delete()
            UserSession.objects.all().delete()
        log_event(SecurityEvent.SESSION_ENDED, Outcome.SUCCESS, detail="everybody")
        self.stdout.write(f"Everybody is signed out. Browsers that were signed in: {count}.")
