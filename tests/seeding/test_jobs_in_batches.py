"""Jobs that write to the admins of many companies: few statements for a batch, and nobody and nothing is left out."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from certs import clock, credentials
from certs.credentials import Credentials
from certs.models import Certificate, Secret
from onboarding.audit.chain_check import find_chain_faults
from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.journey import progress
from onboarding.journey.deadlines import reminders
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.polling import expired_secrets, expiring
from onboarding.notifications.models import OutboxEmail
from onboarding.people import emergency
from onboarding.people.models import ADMINS, Company, EmergencyInvitation, Membership, Role, User
from onboarding.team import membership_changes
from tests.concurrency import race, split
from tests.journey.step_actions import API_KEY, API_SECRET
from tests.people_fixtures import make_user
from tests.refused_rows import refuse_changes
from tests.time_travel import travel

COMPANIES = 60


@pytest.fixture
def seeded(db: None) -> None:
    call_command("seed", COMPANIES, stdout=StringIO(), stderr=StringIO())


def _count_statements(call: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as seen:
        call()
    return len(seen)


def _expiring_emails() -> int:
    return OutboxEmail.objects.filter(key__startswith="expiring:").count()


def _in_force() -> tuple[Certificate, Company]:
    """One that ends soon and was written about, and its company."""
    email = OutboxEmail.objects.filter(key__startswith="expiring:", to__isnull=False).first()
    assert email is not None
    onboarding = Onboarding.objects.select_related("company").get(pk=email.onboarding_id)
    return Certificate.objects.get(case_id=onboarding.pk), onboarding.company


def _run_out_reminders() -> None:
    OutboxEmail.objects.filter(key__startswith="expiring:").delete()
    assert expiring.remind_expiring() > 1


def test_with_every_notice_written_reminding_of_ends_is_two_statements(seeded: None) -> None:
    _run_out_reminders()
    assert _count_statements(lambda: expiring.remind_expiring()) == 2
    written = _expiring_emails()
    Certificate.objects.update(notice_state="")
    assert _count_statements(lambda: expiring.remind_expiring()) <= 14
    assert _expiring_emails() == written


def test_who_becomes_an_admin_after_the_notice_gets_it(seeded: None) -> None:
    _run_out_reminders()
    _, company = _in_force()
    written = _expiring_emails()
    primary = Membership.objects.get(company=company, role=Role.PRIMARY).user
    User.objects.filter(pk=primary.pk).update(last_login=clock.now())
    member = Membership.objects.create(
        user=make_user("late@firm.example", "Late Test"), company=company, role=Role.READER
    )
    assert expiring.remind_expiring() == 0
    membership_changes.change_role(member, Role.ADMIN, actor=primary)
    assert expiring.remind_expiring() == 1
    assert OutboxEmail.objects.filter(key__startswith="expiring:", to=member.user).count() == 1
    assert _expiring_emails() == written + 1
    assert expiring.remind_expiring() == 0


def test_an_admin_whose_account_is_opened_again_after_the_notice_gets_it(seeded: None) -> None:
    _run_out_reminders()
    _, company = _in_force()
    user = Membership.objects.filter(company=company, role__in=ADMINS)[0].user
    theirs = OutboxEmail.objects.filter(key__startswith="expiring:", to=user)
    call_command("close_account", user.email, stdout=StringIO())
    count, _ = theirs.delete()
    assert count >= 1
    assert expiring.remind_expiring() == 0
    call_command("close_account", user.email, "--open-again", stdout=StringIO())
    assert expiring.remind_expiring() >= 1
    assert theirs.count() == count


def test_a_certificate_that_cannot_be_marked_keeps_no_other_from_its_notice(
    seeded: None, caplog: pytest.LogCaptureFixture
) -> None:
    certificate, _ = (_run_out_reminders(), _in_force())[1]
    OutboxEmail.objects.filter(key__startswith="expiring:").delete()
    Certificate.objects.update(notice_state="")
    refuse_changes(certificate)
    assert expiring.remind_expiring() >= 1
    assert _expiring_emails()
    assert not OutboxEmail.objects.filter(key__startswith=f"expiring:{certificate.case_id}").exists()
    assert str(certificate.pk) in caplog.text


def _ended(count: int) -> list[Onboarding]:
    """Withdrawn, each with an API credential whose time is up."""
    found = list(Onboarding.objects.filter(status="active").select_related("company").order_by("pk")[:count])
    assert len(found) == count
    for each in found:
        credentials.store(each.company_id, each.pk, Credentials(API_KEY, API_SECRET), "dip")
        primary = Membership.objects.get(company=each.company_id, role=Role.PRIMARY).user
        progress.withdraw(each, actor=primary, reason="-")
    return found


def test_destroying_the_secrets_of_many_takes_as_many_statements_as_of_one(seeded: None) -> None:
    expired_secrets.destroy_expired_secrets()
    counts = []
    for count in (2, 9):
        made = _ended(count)
        counts.append(_count_statements(lambda: expired_secrets.destroy_expired_secrets()))
        ids = [each.pk for each in made]
        told = Event.objects.filter(name=EventName.SECRETS_DESTROYED, onboarding_id__in=ids)
        assert told.count() == count
        assert all(event.data["count"] >= 2 for event in told)
        assert OutboxEmail.objects.filter(key__startswith="destroyed:", onboarding_id__in=ids).exists()
    assert counts[0] == counts[1] <= 35
    assert list(find_chain_faults()) == []


def test_with_nothing_to_destroy_only_what_was_destroyed_within_a_day_is_read(seeded: None) -> None:
    made = _ended(2)
    expired_secrets.destroy_expired_secrets()
    with travel(clock.now() + timedelta(days=1, minutes=1)):
        expired_secrets.destroy_expired_secrets()
        assert _count_statements(lambda: expired_secrets.destroy_expired_secrets()) <= 10
    assert not Onboarding.objects.filter(pk__in=[e.pk for e in made], secrets_gone_at=None).exists()


def test_a_secret_that_comes_within_a_day_is_destroyed_and_looked_after_for_another(seeded: None) -> None:
    (case,) = _ended(1)
    expired_secrets.destroy_expired_secrets()
    with travel(clock.now() + timedelta(hours=23)):
        expired_secrets.destroy_expired_secrets()
        credentials.store(case.company_id, case.pk, Credentials(API_KEY, API_SECRET), "dip")
    with travel(clock.now() + timedelta(hours=25)):
        assert expired_secrets.destroy_expired_secrets() == 1
        case.refresh_from_db()
        assert case.secrets_gone_at is None
        assert expired_secrets.destroy_expired_secrets() == 0
    assert not Secret.objects.filter(company_id=case.company_id, destroyed_at=None).exists()


def test_a_case_that_cannot_be_destroyed_keeps_no_other_from_it(
    seeded: None, caplog: pytest.LogCaptureFixture
) -> None:
    expired_secrets.destroy_expired_secrets()
    bad, *others = _ended(4)
    refuse_changes(bad)
    assert expired_secrets.destroy_expired_secrets() == len(others)
    assert str(bad.pk) in caplog.text
    assert Secret.objects.filter(company_id=bad.company_id, destroyed_at=None).exists()
    ids = [each.pk for each in others]
    assert not Onboarding.objects.filter(pk__in=ids, secrets_destroyed_at=None).exists()


def _ask(companies: Any) -> None:
    ops, past = User.objects.filter(is_ops=True)[0], clock.now() - timedelta(minutes=1)
    for company in companies:
        EmergencyInvitation.objects.create(
            company=company, email="new@firm.example", reason="-", asked_by=ops, expires_at=past
        )


def test_ending_many_emergency_requests_takes_as_many_statements_as_ending_one(seeded: None) -> None:
    found = list(Company.objects.all()[:11])
    counts = []
    for some in (found[:2], found[2:]):
        _ask(some)
        counts.append(_count_statements(lambda: emergency.send_due()))
    assert counts[0] == counts[1] <= 16
    assert set(EmergencyInvitation.objects.values_list("status", flat=True)) == {"expired"}
    assert Event.objects.filter(name=EventName.EMERGENCY_EXPIRED).count() == 11
    for request in EmergencyInvitation.objects.all():
        told = set(
            OutboxEmail.objects.filter(key__startswith=f"emergency-expired:{request.pk}:").values_list(
                "to", flat=True
            )
        )
        members = Membership.objects.filter(company=request.company, user__is_active=True)
        ops = User.objects.filter(is_ops=True)
        assert told == {*members.values_list("user", flat=True), *ops.values_list("pk", flat=True)}
    assert list(find_chain_faults()) == []


def test_a_request_that_cannot_be_ended_keeps_no_other_open(
    seeded: None, caplog: pytest.LogCaptureFixture
) -> None:
    _ask(Company.objects.all()[:4])
    bad = EmergencyInvitation.objects.all()[2]
    refuse_changes(bad)
    assert emergency.send_due() == 3
    assert EmergencyInvitation.objects.get(status="asked") == bad
    assert str(bad.pk) in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_request_that_is_stopped_at_the_same_moment_ends_once(transactional_db: None) -> None:
    call_command("seed", 8, stdout=StringIO(), stderr=StringIO())
    _ask(Company.objects.all())
    ops = User.objects.filter(is_ops=True)[0]

    def stop_all() -> list[str]:
        lost = []
        for each in EmergencyInvitation.objects.select_related("company"):
            try:
                emergency.stop(each, actor=ops)
            except emergency.StateConflict as error:
                lost.append(error.sentence)
        return lost

    _, failed = split(race(stop_all, partial(emergency.send_due), partial(emergency.send_due)))
    assert failed == []
    ended = Event.objects.filter(name__in=[EventName.EMERGENCY_EXPIRED, EventName.EMERGENCY_STOPPED])
    assert ended.count() == EmergencyInvitation.objects.exclude(status="asked").count() == 8


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_destroy_at_once_with_a_move_do_it_once(transactional_db: None) -> None:
    call_command("seed", 20, stdout=StringIO(), stderr=StringIO())
    expired_secrets.destroy_expired_secrets()
    made = _ended(6)

    def move() -> None:
        for each in made:
            with transaction.atomic():
                Onboarding.objects.select_for_update().get(pk=each.pk)

    work = expired_secrets.destroy_expired_secrets
    answers, failed = split(race(work, work, move))
    assert failed == []
    assert answers
    told = Event.objects.filter(name=EventName.SECRETS_DESTROYED, onboarding_id__in=[e.pk for e in made])
    assert told.count() == 6
    assert list(find_chain_faults()) == []


def _due_now() -> Any:
    return StepRecord.objects.due_for_reminder(clock.now())


def test_reminding_of_many_steps_takes_as_many_statements_as_of_few(seeded: None) -> None:
    pks = list(_due_now().values_list("pk", flat=True))
    assert len(pks) > 3
    StepRecord.objects.filter(pk__in=pks[2:]).update(next_reminder_at=clock.now() + timedelta(hours=1))
    few = _count_statements(lambda: reminders.remind_of_due_steps())
    with travel(clock.now() + timedelta(hours=2)):
        assert _due_now().count() > 1
        assert _count_statements(lambda: reminders.remind_of_due_steps()) == few <= 10
        assert _due_now().count() == 0
    for record in StepRecord.objects.filter(pk__in=pks, onboarding__status="active"):
        assert OutboxEmail.objects.filter(key__contains=f":{record.pk}:{record.version}").exists()
