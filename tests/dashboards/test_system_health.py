"""What ops read of the portal itself: schedule, workers, pollers, quota and outbox, and what to do when one is behind.

What machines ask is in test_health.py.
"""

import re
from datetime import timedelta
from typing import Any

from django.utils import timezone

from onboarding.audit.chain import record_event
from onboarding.audit.event_names import EventName
from onboarding.dashboards.board import system_health
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.notifications.models import OutboxEmail
from onboarding.periodic import jobs
from onboarding.periodic.models import PeriodicJob
from tests.people_fixtures import People, client_of
from tests.time_travel import travel


def test_the_system_health_says_what_the_last_proof_was_told_of_the_quota(
    people: People, onboarding: Onboarding
) -> None:
    def told() -> str:
        rows = system_health.describe_system_health(people.olga)
        return next(row["value"] for row in rows if row["key"] == "Quota at GlobalSign")

    assert told() == "Not read in the last 30 days: the proof of a PFX reads it."
    for slug, data in (("proof", {"quota": 7}), ("proof", {}), ("csr", {"quota": 1})):
        about: dict[str, Any] = {"onboarding_id": onboarding.pk, "step": slug, "data": data}
        record_event(EventName.STEP_DONE, company=people.one, **about)
    assert told().startswith("One Energy Ltd had 7 certificates left when its PFX was proved on")
    with travel(timezone.now() + timedelta(days=31)):
        assert told().startswith("Not read")


def test_system_health_tells_what_is_behind(people: People, onboarding: Onboarding) -> None:
    StepRecord.objects.filter(onboarding=onboarding, slug="register").update(
        next_check_at=timezone.now() - timedelta(seconds=90.5)  # the database's clock may say a little less
    )
    OutboxEmail.objects.create(key="a", to=people.alice, delivery="failed")
    OutboxEmail.objects.create(key="b", to=people.alice, delivery="queued")
    rows = system_health.describe_system_health(people.olga)
    told = {row["key"]: row["value"] for row in rows}
    assert told["Polls that are due"] == "1, the oldest for 90 seconds"
    assert told["Emails waiting to be sent"] == "1"
    assert told["Emails that could not be sent"] == "1"
    StepRecord.objects.filter(next_check_at__isnull=False).update(
        next_check_at=timezone.now() - timedelta(hours=5, minutes=1)
    )
    told = {row["key"]: row["value"] for row in system_health.describe_pollers(people.olga)}
    assert told["Polls that are due"] == "1, the oldest for 5 hours"


def test_system_health_tells_when_the_schedule_last_asked_and_what_to_do_when_it_is_late(
    people: People,
) -> None:
    def told() -> dict[str, str]:
        page = client_of(people.olga).get("/ops/")
        assert page.status_code == 200
        return {row["key"]: row["value"] for row in page.context["pollers"]}

    assert "never. It asks several times a minute: start beat" in told()["Schedule"]
    jobs.record_request()
    jobs.record_end(jobs.ASK_FOR_JOBS)
    assert re.fullmatch(r"The schedule last asked on .+, \d\d:\d\d:\d\d\.", told()["Schedule"])
    assert re.fullmatch(r"Workers last answered on .+, \d\d:\d\d:\d\d\.", told()["Workers"])
    assert told()["Daily and hourly work"] == "All finished."
    PeriodicJob.objects.create(name="journey.destroy_expired_secrets", asked_at=timezone.now())
    with travel(timezone.now() + timedelta(minutes=2)):
        assert "read its log" in told()["Schedule"]
        assert "Start workers" in told()["Workers"]
        assert "Not finished: journey.destroy_expired_secrets." in told()["Daily and hourly work"]
