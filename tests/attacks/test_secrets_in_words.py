"""A key or an API secret typed among words that others read: it is not stored, not sent, and not shown again.

That every form refuses them is in tests/house/test_secret_fields.py.
"""

import json

import pytest

from onboarding.audit.models import Event
from onboarding.notifications.models import OutboxEmail
from onboarding.people.models import EmergencyInvitation
from onboarding.team import access_review
from onboarding.team.models import PrimaryChange
from tests.certs.x509_factories import ec_key, key_pem
from tests.people_fixtures import People, fresh_client_of

SECRET = "00112233445566778899aabbccddeeff00112233"  # as long as one of Atlas
TYPED = {"a private key": key_pem(ec_key()).decode(), "an API secret": f"the secret is {SECRET}"}


@pytest.fixture(params=TYPED.values(), ids=TYPED)
def typed(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _is_told() -> bool:
    said = [
        *Event.objects.values_list("data", flat=True),
        *OutboxEmail.objects.values_list("facts", flat=True),
    ]
    return any(secret in json.dumps(said) for secret in (SECRET, "PRIVATE KEY"))


def _refuses(page: str) -> bool:
    return "was not kept" in page and SECRET not in page and "BEGIN" not in page


def test_in_the_reason_of_an_emergency(people: People, typed: str) -> None:
    sent = {"email": "ann@one.example", "reason": typed}
    answer = fresh_client_of(people.olga).post("/companies/one/emergency/ask/", sent, follow=True)
    assert _refuses(answer.content.decode())
    assert not EmergencyInvitation.objects.exists()
    assert not _is_told()


def test_in_the_reason_for_another_primary(people: People, typed: str) -> None:
    sent = {"successor": str(people.bob.pk), "reason": typed}
    answer = fresh_client_of(people.olga).post("/companies/one/primary/", sent, follow=True)
    assert _refuses(answer.content.decode())
    assert not PrimaryChange.objects.exists()
    assert not _is_told()


def test_in_the_why_of_a_review(people: People, typed: str) -> None:
    line = access_review.start(people.one, actor=people.alice).lines.first()
    assert line is not None
    sent = {"decision": "keep", "why": typed}
    browser = fresh_client_of(people.alice)
    answer = browser.post(f"/companies/one/review/{line.pk}/", sent, follow=True)
    assert _refuses(answer.content.decode())
    line.refresh_from_db()
    assert (line.decision, line.why) == ("", "")
    assert not _is_told()
