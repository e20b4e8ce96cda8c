"""Sending the welcome email again to a Primary Certificate Admin who has never signed in.

To another address it is sent by primary_address.py; what a link is good for is in welcome_links.py.
"""

from datetime import datetime, timedelta

from django.db import transaction

from certs import clock
from onboarding.audit.chain import record_event
from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.people import emails
from onboarding.people.access import find_primary
from onboarding.people.decisions import StateConflict
from onboarding.people.models import Company, User
from onboarding.people.welcome_links import is_newcomer
from onboarding.ui.formatting import when

EVERY = timedelta(hours=1)


def find_next_time(company: Company) -> datetime | None:
    """When it can be sent again (UTC); None: now. One query."""
    since = clock.now() - EVERY
    sent = Event.objects.filter(chain=str(company.pk), name=EventName.WELCOME_RESENT, at__gt=since)
    last = sent.order_by("-number").values_list("at", flat=True).first()
    return last + EVERY if last and last <= clock.now() else None


def resend_welcome(company: Company, *, actor: User) -> User:
    """A new email with a link of its own, on record; answers to whom. The older link works until one is used.

    Raises StateConflict where that person has come already, or the last one was sent within the hour.
    """
    with transaction.atomic():
        locked: Company = Company.objects.select_for_update(no_key=True).get(pk=company.pk)
        primary = find_primary(locked.pk)
        if primary is None or not is_newcomer(primary):
            raise StateConflict(
                f"{primary or 'The Primary Certificate Admin'} has a way to sign in, so no welcome email is needed. "
                "Who has forgotten the password gets a link on the sign-in page."
            )
        if again := find_next_time(locked):
            raise StateConflict(
                f"A welcome email was sent within the last hour. Send the next from {when(again)}."
            )
        record_event(EventName.WELCOME_RESENT, company=locked, actor=actor, data={"to": str(primary)})
        emails.queue_welcome(locked, primary)
    return primary
