"""Every letter about a company's people, as the tests of letters write it.

What the letters must be is said in tests/notices/test_letters.py; the invitation is in test_invitations.py.
"""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from onboarding.handover import leaving, succession
from onboarding.journey.models import Onboarding
from onboarding.people import absence
from onboarding.people.models import Membership, PrimaryChange, Role
from tests.people import People


def _deputy(people: People, onboarding: Onboarding) -> None:
    today = timezone.localdate()
    absence.enter(people.one, people.bob, today, today, people.alice)


def _role(people: People, onboarding: Onboarding) -> None:
    member = Membership.objects.get(user=people.tess, company=people.one)
    leaving.change_role(member, Role.READER, actor=people.alice)


def _removed(people: People, onboarding: Onboarding) -> None:
    leaving.remove(Membership.objects.get(user=people.rhea, company=people.one), actor=people.alice)


def _asked(people: People, onboarding: Onboarding) -> PrimaryChange:
    return succession.start(people.one, people.bob, reason="Alice leaves", actor=people.olga)


def _changed(people: People, onboarding: Onboarding) -> None:
    succession.agree(_asked(people, onboarding), actor=people.bob)


def _stopped(people: People, onboarding: Onboarding) -> None:
    succession.stop(_asked(people, onboarding), actor=people.olga)


WRITE: dict[str, Callable[[People, Onboarding], Any]] = {
    "deputy": _deputy,
    "left": _role,
    "your-role": _removed,
    "primary-asked": _asked,
    "primary-planned": _asked,
    "primary-changed": _changed,
    "primary-stopped": _stopped,
}
