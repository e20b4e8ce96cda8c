"""The people of the tests: Alice leads company one, Bob helps her, Tess is its technician, Rhea only reads.

Charlie leads company two, Olga is ops. Loaded as a pytest plugin by tests/conftest.py.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest
from django.test import Client

from onboarding.audit.chain import OPS, record_event
from onboarding.audit.event_names import EventName
from onboarding.journey import progress
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.people.models import Company, Membership, Role, User
from onboarding.ui.post_only import SENT

PASSWORD = "made for the tests only"


@dataclass(frozen=True)
class People:
    """Two companies, their members, and ops."""

    one: Company
    two: Company
    alice: User
    bob: User
    tess: User
    rhea: User
    charlie: User
    olga: User


@cache
def _hashed(hasher: str) -> str:
    """Once per run and hasher is enough."""
    return make_password(PASSWORD)


def make_user(email: str, name: str, **extra: bool) -> User:
    """A user who signs in with PASSWORD."""
    return User.objects.create(
        email=email, name=name, password=_hashed(settings.PASSWORD_HASHERS[0]), **extra
    )


@transaction.atomic
def make_company(slug: str, name: str, primary: User, *, number: str = "", **roles: list[User]) -> Company:
    """A company with its Primary Certificate Admin, in one transaction as the database demands; others by role."""
    company = Company.objects.create(slug=slug, name=name, number=number)
    Membership.objects.create(user=primary, company=company, role=Role.PRIMARY)
    for role, users in roles.items():
        for user in users:
            Membership.objects.create(user=user, company=company, role=Role(role))
    return company


@transaction.atomic
def make_people() -> People:
    """Everybody, with the roles that the names promise."""
    one = Company(slug="one", name="One Energy Ltd", number="01111111")
    two = Company(slug="two", name="Two Power Ltd", number="02222222")
    Company.objects.bulk_create([one, two])
    places = {
        "alice": "one", "bob": "one", "tess": "dcp", "rhea": "one", "charlie": "two", "olga": "dip",
    }  # fmt: skip
    made = {
        name: User(
            email=f"{name}@{place}.example",
            name=f"{name.title()} Test",
            is_ops=name == "olga",
            password=_hashed(settings.PASSWORD_HASHERS[0]),
        )
        for name, place in places.items()
    }
    User.objects.bulk_create(made.values())
    Membership.objects.bulk_create(
        Membership(user=made[name], company=company, role=role)
        for name, company, role in (
            ("alice", one, Role.PRIMARY),
            ("bob", one, Role.ADMIN),
            ("tess", one, Role.TECHNICIAN),
            ("rhea", one, Role.READER),
            ("charlie", two, Role.PRIMARY),
        )
    )
    return People(one=one, two=two, **made)


def record_roles(people: People) -> None:
    """The events that the portal writes when it gives these roles, for tests that compare both."""
    with transaction.atomic():
        for member in Membership.objects.select_related("company"):
            roles = {str(member.user_id): member.role}
            record_event(EventName.ROLE_ASSIGNED, company=member.company, replay={"roles": roles})
        record_event(EventName.ROLE_ASSIGNED, company=None, replay={"roles": {str(people.olga.pk): OPS}})


@pytest.fixture
def people(db: None) -> People:
    """Everybody, in the test's database."""
    return make_people()


@pytest.fixture
def onboarding(people: People) -> Onboarding:
    """Company one's onboarding, just started by Alice."""
    return progress.start(people.one, environment="uit", actor=people.alice)


class Browser(Client):
    """A browser that goes where an invalid form leads: to its page, with what was typed and what is wrong with it."""

    follows_errors = True

    def post(self, *args: Any, **kwargs: Any) -> Any:
        """What the person sees then; any other answer as it is."""
        answer = super().post(*args, **kwargs)
        if self.follows_errors and answer.status_code == 302:
            query = parse_qs(urlsplit(answer["Location"]).query)
            return self.get(answer["Location"]) if SENT in query else answer
        return answer


def shows_errors(answer: Any) -> bool:
    """Whether a form was not taken and its page says why: at once (a file, a secret), or after leading there."""
    led = SENT in parse_qs(answer.request["QUERY_STRING"])
    status = 200 if led and answer.request["REQUEST_METHOD"] == "GET" else 422
    return bool(answer.status_code == status and b"<title>Error: " in answer.content)


def client_of(user: User) -> Client:
    """A browser in which this person has just signed in."""
    client = Browser()
    client.force_login(user)
    return client


def fresh_client_of(user: User) -> Client:
    """A browser in which this person has shown just now that it is them, as secrets, roles and grants demand.

    The page that asks for it is in tests/people/test_reauthentication.py; here stands what it leaves in the session.
    """
    client = client_of(user)
    request = HttpRequest()
    request.user, request.session = user, client.session
    reauthenticate_by_password(request)
    request.session.save()
    return client


def step(onboarding: Onboarding, slug: str) -> StepRecord:
    """The record of a step as it is in the database now."""
    return StepRecord.objects.select_related("onboarding__company", "assignee", "moved_by").get(
        onboarding=onboarding, slug=slug
    )
