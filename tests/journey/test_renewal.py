"""A renewal: the same environment once more, with the API credential kept, whose secret is gone, or made anew.

What is carried over in general is in test_carry_over.py.
"""

from datetime import datetime, timedelta
from io import StringIO
from typing import Any

from django.core.management import call_command

from onboarding.journey import carry_over, progress
from onboarding.journey.models import Onboarding
from onboarding.journey.polling import expiring
from onboarding.notifications.models import OutboxEmail
from tests.journey.form_client import sentences_of
from tests.journey.step_actions import bring_to, perform, step_action
from tests.notifications.email_reader import read_email
from tests.people_fixtures import People, client_of, record_roles, shows_errors, step
from tests.rules.marker import rule
from tests.time_travel import travel

UIT = "/companies/one/start/?environment=uit"


def _renew(people: People, finished: Onboarding, credential: str) -> Onboarding:
    address = f"{UIT}&after={finished.code}"
    browser = client_of(people.bob)
    assert "API secret" in sentences_of(browser.get(address))
    assert shows_errors(browser.post(address, {"confirmed": "carry"}))
    assert browser.post(address, {"confirmed": "carry", "credential": credential}).status_code == 302
    return Onboarding.objects.latest("started_at")


def test_a_renewal_with_a_new_credential_has_the_step_open(people: People, finished: Onboarding) -> None:
    made = _renew(people, finished, "new")
    assert made.environment == finished.environment
    assert step(made, "api-credentials").state == "open"


def _remind(onboarding: Onboarding, at: datetime) -> int:
    """How many emails about the end of its certificate there are, once workers have looked then."""
    with travel(at):
        expiring.remind_expiring()
    return OutboxEmail.objects.filter(key__startswith=f"expiring:{onboarding.pk}").count()


@rule("T25")
def test_a_renewal_that_keeps_the_credential_goes_to_its_end_without_the_secret(
    people: People, finished: Onboarding, settings: Any
) -> None:
    record_roles(people)
    made = _renew(people, finished, "keep")
    kept = step(made, "api-credentials")
    assert kept.facts == {"name": "dip", "key_last4": "CDEF", "carried_from": finished.code}
    bring_to(made, people, step_action("pfx"))
    ends = carry_over.read_moment(step(finished, "certificate").facts["not_after"])
    assert ends is not None
    assert _remind(finished, ends - timedelta(days=89)) == 2  # the new one is not proved yet
    link = OutboxEmail.objects.filter(key__startswith=f"expiring:{finished.pk}").first()
    assert link is not None
    assert f"{UIT}&after={finished.code}" in read_email(link).text
    settings.PORTAL = settings.PORTAL.model_copy(update={"portal_keys": True})
    perform(made, people, step_action("pfx"))
    page = sentences_of(client_of(people.tess).get(f"/onboardings/{made.code}/proof/"))
    assert f"The API credential is that of {finished.code}." in page
    assert "runs the test sign-in and brings its answer" in page
    assert "Create API credentials" in sentences_of(
        client_of(people.bob).get(f"/onboardings/{made.code}/proof/")
    )
    perform(made, people, step_action("proof", waits=True))
    assert _remind(finished, ends - timedelta(days=29)) == 2  # no more
    said = sentences_of(client_of(people.bob).get(f"/onboardings/{made.code}/dip-upload/"))
    assert "This portal does not have its secret" in said
    perform(made, people, step_action("dip-upload"))
    made.refresh_from_db()
    assert made.status == "completed"
    call_command("audit_check", stdout=StringIO())
    call_command("check_projection", stdout=StringIO())


def test_a_secret_that_nobody_has_leads_back_to_a_new_credential(
    people: People, finished: Onboarding
) -> None:
    made = _renew(people, finished, "keep")
    record = bring_to(made, people, step_action("proof", waits=True))
    progress.send_back(record, actor=people.bob, to="api-credentials", reason="nobody has it")
    fresh = step(made, "api-credentials")
    assert (fresh.state, fresh.facts, fresh.witness) == ("open", {}, "")
    perform(made, people, step_action("api-credentials"))
    assert step(made, "certificate").state == "waiting"
