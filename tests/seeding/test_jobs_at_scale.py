"""What jobs and checks cost does not grow with the rows about which there is nothing to do: counted in statements."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from certs import clock
from certs.models import Certificate, Secret
from certs.secret_destruction import destroy_case
from onboarding.audit.snapshot import read_snapshot
from onboarding.handover import offers
from onboarding.handover.models import Grant
from onboarding.journey.deadlines import reminders
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.polling import expired_secrets, expiring, jobs
from onboarding.journey.projection import list_differences
from onboarding.journey.replay.check import Replay, all_faults
from onboarding.notifications.models import OutboxEmail
from onboarding.people import emergency
from onboarding.people.models import Company, EmergencyInvitation, User

COMPANIES = 60


@contextmanager
def at_most(count: int) -> Iterator[None]:
    with CaptureQueriesContext(connection) as seen:
        yield
    assert len(seen) <= count, "\n".join(each["sql"][:150] for each in seen.captured_queries)


@pytest.fixture
def seeded(db: None) -> None:
    call_command("seed", COMPANIES, stdout=StringIO(), stderr=StringIO())


def test_jobs_and_checks_do_not_ask_row_by_row(seeded: None) -> None:
    with at_most(10), read_snapshot():
        assert list(all_faults(Replay())) == []
    with at_most(4), read_snapshot():
        assert list_differences() == []

    assert StepRecord.objects.due_for_reminder(clock.now()).count() > 2
    OutboxEmail.objects.filter(key__startswith="expiring:").delete()
    written = OutboxEmail.objects.count()
    assert reminders.remind_of_due_steps() > 2
    assert OutboxEmail.objects.count() > written
    assert expiring.remind_expiring() >= 1
    written = OutboxEmail.objects.count()
    with at_most(1):  # everybody has the email now
        assert reminders.remind_of_due_steps() == 0
    ending = Certificate.objects.filter(not_after__range=(clock.now(), clock.now() + timedelta(days=90)))
    assert ending.count() > 3
    with at_most(8):
        assert expiring.remind_expiring() == 0
    assert OutboxEmail.objects.count() == written


def test_the_issuers_known_here_are_read_once_for_all_searches(seeded: None) -> None:
    Certificate.objects.filter(chain_searched_at=None).update(chain_searched_at=clock.now())
    with at_most(1):
        assert jobs.complete_chains() == 0
    some = Certificate.objects.exclude(chain_pem="").values_list("pk", flat=True)[:5]
    assert len(some) == 5
    Certificate.objects.filter(pk__in=list(some)).update(chain_pem="", chain_searched_at=None)
    with CaptureQueriesContext(connection) as seen:
        assert jobs.complete_chains() == 5
    assert sum("GROUP BY" in each["sql"] for each in seen.captured_queries) == 1
    assert not Certificate.objects.filter(chain_pem="").exists()


def test_a_case_is_destroyed_by_the_ids_of_its_own_rows(seeded: None) -> None:
    living = Secret.objects.filter(destroyed_at=None)
    case = Onboarding.objects.filter(status="active", current_step="dip-upload").first()
    case = case or Onboarding.objects.filter(steps__slug="pfx", steps__state="done", status="active").first()
    assert case is not None
    mine = living.filter(company_id=case.company_id).count()
    before = living.count()
    with CaptureQueriesContext(connection) as seen:
        assert destroy_case(case.pk).total == mine > 1
    assert living.count() == before - mine
    assert not any("JOIN" in each["sql"] for each in seen.captured_queries)


def test_a_cut_run_is_gone_on_with_by_the_next(seeded: None, monkeypatch: pytest.MonkeyPatch) -> None:
    ending = Onboarding.objects.filter(status="active").values_list("pk", flat=True)[:3]
    Onboarding.objects.filter(pk__in=list(ending)).update(
        status="withdrawn", ended_at=clock.now(), destroy_secrets_at=clock.now() - timedelta(minutes=1)
    )
    monkeypatch.setattr(expired_secrets, "SECONDS", -1)
    monkeypatch.setattr(expired_secrets, "AT_ONCE", 1)
    expired_secrets.destroy_expired_secrets()
    done = [expired_secrets.destroy_expired_secrets() for _ in range(8)]
    assert sum(done) >= 2
    assert done[-1] == 0
    assert not Onboarding.objects.filter(
        destroy_secrets_at__lte=clock.now(), secrets_destroyed_at=None
    ).exists()


def test_a_run_that_is_out_of_time_closes_one_and_leaves_the_rest(
    seeded: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    past = clock.now() - timedelta(minutes=1)
    monkeypatch.setattr(offers, "SECONDS", -1)
    monkeypatch.setattr(offers, "AT_ONCE", 1)
    chosen = list(Grant.objects.in_force().values_list("pk", flat=True)[:3])
    Grant.objects.filter(pk__in=chosen).update(until=past)
    assert [offers.expire() for _ in range(4)] == [1, 1, 1, 0]

    monkeypatch.setattr(emergency, "SECONDS", -1)
    monkeypatch.setattr(emergency, "AT_ONCE", 1)
    ops = User.objects.get(is_ops=True)
    for company in Company.objects.all()[:3]:
        EmergencyInvitation.objects.create(
            company=company, email="new@firm.example", reason="-", asked_by=ops, expires_at=past
        )
    assert [emergency.send_due() for _ in range(4)] == [1, 1, 1, 0]
