"""Every letter about a company's people, as the tests of letters write it.

What the letters must be is said in tests/notifications/test_emails.py; the invitation is in test_invitations.py.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from certs import clock
from onboarding.journey.models import Onboarding
from onboarding.notifications.models import OutboxEmail
from onboarding.people import company_details, emergency, invitations
from onboarding.people.models import EmergencyInvitation, Invitation, Membership, Role, User
from onboarding.team import absence, membership_changes, primary_change
from onboarding.team.models import PrimaryChange
from tests.people_fixtures import People


def _deputy(people: People, onboarding: Onboarding) -> None:
    today = timezone.localdate()
    absence.enter_absence(people.one, people.bob, today, today, people.alice)


def _role(people: People, onboarding: Onboarding) -> None:
    member = Membership.objects.get(user=people.tess, company=people.one)
    membership_changes.change_role(member, Role.READER, actor=people.alice)


def _removed(people: People, onboarding: Onboarding) -> None:
    membership_changes.remove_member(
        Membership.objects.get(user=people.rhea, company=people.one), actor=people.alice
    )


def _asked(people: People, onboarding: Onboarding) -> PrimaryChange:
    return primary_change.start(people.one, people.bob, reason="Alice leaves", actor=people.olga)


def _changed(people: People, onboarding: Onboarding) -> None:
    primary_change.agree(_asked(people, onboarding), actor=people.bob)


def _stopped(people: People, onboarding: Onboarding) -> None:
    primary_change.stop(_asked(people, onboarding), actor=people.olga)


def _invited(people: People, onboarding: Onboarding) -> Invitation:
    return invitations.invite(
        company=people.one, email="n@new.example", role=Role.TECHNICIAN, actor=people.bob
    )


def _joined(people: People, onboarding: Onboarding) -> None:
    invitation = _invited(people, onboarding)
    OutboxEmail.objects.all().delete()
    invitations.join(invitation.token_hash, name="Nora New", password="another long phrase")


def _emergency(people: People, onboarding: Onboarding) -> EmergencyInvitation:
    return emergency.ask(people.one, "n@new.example", reason="They have left", actor=people.olga)


def _agreed(people: People, onboarding: Onboarding) -> EmergencyInvitation:
    """By another of ops, after both Certificate Admins have gone."""
    asked = _emergency(people, onboarding)
    User.objects.filter(pk__in=[people.alice.pk, people.bob.pk]).update(is_active=False)
    oscar = User.objects.create_user("oscar@dip.example", "another long phrase", name="Oscar", is_ops=True)
    OutboxEmail.objects.all().delete()
    return emergency.agree(asked, actor=oscar)


def _sent(people: People, onboarding: Onboarding) -> None:
    _agreed(people, onboarding)
    OutboxEmail.objects.all().delete()
    emergency.send_due(clock.now() + timedelta(hours=25))
    OutboxEmail.objects.filter(to=None).delete()  # the invitation itself, which test_invitations.py reads


def _halted(people: People, onboarding: Onboarding) -> None:
    asked = _emergency(people, onboarding)
    OutboxEmail.objects.all().delete()
    emergency.stop(asked, actor=people.rhea)


def _expired(people: People, onboarding: Onboarding) -> None:
    _emergency(people, onboarding)
    OutboxEmail.objects.all().delete()
    emergency.send_due(clock.now() + timedelta(days=8))


def _renamed(people: People, onboarding: Onboarding) -> None:
    details = company_details.Details(people.one.name, "09999999", "GB")
    read = company_details.Details.of(people.one).version
    company_details.change_details(people.one, details, read=read, actor=people.olga)


WRITE: dict[str, Callable[[People, Onboarding], Any]] = {
    "company-changed": _renamed,
    "deputy": _deputy,
    "left": _role,
    "your-role": _removed,
    "primary-asked": _asked,
    "primary-planned": _asked,
    "primary-changed": _changed,
    "primary-stopped": _stopped,
    "member-invited": lambda p, o: (_invited(p, o), OutboxEmail.objects.filter(to=None).delete()),
    "member-joined": _joined,
    "emergency-asked": _emergency,
    "emergency-agreed": _agreed,
    "emergency-sent": _sent,
    "emergency-stopped": _halted,
    "emergency-expired": _expired,
}
