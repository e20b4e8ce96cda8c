"""`manage.py seed`: what it makes stands every check of the portal, and it makes nothing where real people are."""

import re
from collections import Counter
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from certs import clock, vault
from certs.models import Certificate, Secret
from onboarding.audit.models import Event
from onboarding.handover.models import Grant
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.polling import expiring
from onboarding.notifications.models import OutboxEmail
from onboarding.people.models import Company, User
from onboarding.seeding.stories import SHARES, StoryKind
from tests.house.checkout import ROOT
from tests.people_fixtures import People, client_of

COMPANIES = 20


@pytest.fixture
def seeded(db: None) -> str:
    """Twenty companies, and what the command said."""
    said = StringIO()
    call_command("seed", COMPANIES, stdout=said, stderr=StringIO())
    return said.getvalue()


def test_every_check_of_the_portal_finds_it_whole(seeded: str) -> None:
    said = StringIO()
    call_command("audit_check", stdout=said)
    call_command("check_projection", stdout=said)
    assert f"{Event.objects.count()} events, every chain is whole" in said.getvalue()
    assert Event.objects.count() > COMPANIES * 10
    assert re.search(rf"^ +{COMPANIES} Company$", seeded, re.M)
    living = Secret.objects.filter(destroyed_at=None)
    assert living.count() > 5
    assert all(vault.open_secret(secret) for secret in living)
    with connection.cursor() as cursor:  # what the database checks at the end of a transaction, checked now
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_it_tells_every_kind_of_story(seeded: str) -> None:
    now = clock.now()
    status = Counter(Onboarding.objects.values_list("status", flat=True))
    assert status["withdrawn"] == SHARES[StoryKind.WITHDRAWN]
    assert status["completed"] == 7  # completed, expiring and in production
    assert Company.objects.filter(onboardings=None).count() == SHARES[StoryKind.NOT_STARTED]
    assert StepRecord.objects.stuck(now).count() >= SHARES[StoryKind.LATE]
    problems = set(StepRecord.objects.filter(state="problem").values_list("problem_code", flat=True))
    assert "identity-rejected" in problems
    assert len(problems) > 1
    assert Certificate.objects.filter(
        not_after__gt=now, not_after__lte=now + expiring.EXPIRY_NOTICE[0]
    ).exists()
    assert Grant.objects.in_force().exists()
    names = list(Company.objects.values_list("name", flat=True))
    assert max(map(len, names)) > 100
    assert any(name.endswith(" Cyf") or " Cyf (" in name for name in names)
    assert not OutboxEmail.objects.filter(delivery__in=["queued", "held", "sending"]).exists()


def test_pages_open_for_its_people(seeded: str) -> None:
    case = Onboarding.objects.filter(status="active", grants=None).select_related("company").first()
    assert case is not None
    primary = User.objects.get(memberships__company=case.company, memberships__role="primary")
    grant = Grant.objects.in_force().select_related("user", "onboarding").first()
    assert grant is not None
    journey, granted = f"/onboardings/{case.code}/", f"/onboardings/{grant.onboarding.code}/"
    pages = {
        primary: ("/", journey, f"{journey}{case.current_step}/", f"/companies/{case.company.slug}/"),
        User.objects.get(is_ops=True): ("/ops/", journey),
        grant.user: ("/?stay", "/clients/", f"{granted}csr/"),
    }
    for user, addresses in pages.items():
        browser = client_of(user)
        for address in addresses:
            assert browser.get(address).status_code == 200, address


def test_a_second_run_goes_on_with_other_companies(seeded: str) -> None:
    with CaptureQueriesContext(connection) as seen:
        call_command("seed", 2, stdout=StringIO(), stderr=StringIO())
    assert Company.objects.count() == COMPANIES + 2
    assert len(seen) < 60  # no statement for each row
    call_command("audit_check", stdout=StringIO())


def test_it_refuses_beside_real_people_and_in_production(people: People) -> None:
    User.objects.filter(pk=people.rhea.pk).update(email="rhea@company.test")
    with pytest.raises(CommandError, match="1 account with an address that does not end in .example"):
        call_command("seed", 1)
    with pytest.raises(CommandError, match="from 1 to 1,000,000"):
        call_command("seed", 0)
    from django.conf import settings

    production = settings.PORTAL.model_copy(update={"mode": "production"})
    with override_settings(PORTAL=production):
        with pytest.raises(CommandError, match="production mode"):
            call_command("seed", 1, beside_real_data=True)
        with pytest.raises(CommandError, match="that many know"):
            call_command("seed", 1, beside_real_data=True, in_production=True, sign_in=True)
    before: Any = Company.objects.count()
    call_command("seed", 1, beside_real_data=True, stdout=StringIO(), stderr=StringIO())
    assert Company.objects.count() == before + 1


def test_the_documented_shares_are_those_of_the_code() -> None:
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    told = {kind: int(share) for kind, share in re.findall(r"^\| ([a-z ]+) \| (\d) \|", page, re.M)}
    assert told == {str(kind): share for kind, share in SHARES.items()}
