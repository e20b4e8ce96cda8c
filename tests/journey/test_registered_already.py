"""“We have registered already”: who may say so, what is done then, and what the portal makes sure of in Atlas."""

from io import StringIO
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command

from atlas.account_types import Contact, NewRegistration
from atlas.sandbox.server import Sandbox
from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.journey import progress
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.polling.client import get_account_api
from onboarding.journey.steps import Witness
from tests.journey.form_client import sentences_of
from tests.journey.step_actions import bring_to, day, perform, step_action, upload
from tests.people_fixtures import People, client_of, record_roles, shows_errors, step
from tests.rules.marker import rule

TYPED = {
    "how_far": "quote",
    "account": "ATL-77",
    "profile": "",
    "note": "The dashboard of One Energy Ltd",
    **day("seen"),
}


def _page(onboarding: Onboarding) -> str:
    return f"/onboardings/{onboarding.code}/registered/"


def _done(onboarding: Onboarding) -> dict[str, str]:
    found = StepRecord.objects.filter(onboarding=onboarding, state="done")
    return dict(found.values_list("slug", "witness"))


@rule("T26")
def test_the_primary_says_so_with_evidence_and_the_steps_up_to_there_are_done(
    people: People, onboarding: Onboarding
) -> None:
    record_roles(people)
    browser = client_of(people.alice)
    assert _page(onboarding) in browser.get(f"/onboardings/{onboarding.code}/register/").content.decode()
    file = upload("atlas.txt", b"The dashboard of One Energy Ltd")
    assert browser.post(_page(onboarding), {**TYPED, "evidence_file": file}).status_code == 302
    assert _done(onboarding) == dict.fromkeys(
        ("register", "invitation", "payment-method", "quote"), Witness.BEFORE
    )
    assert step(onboarding, "identity-profile").state == "waiting"
    register = step(onboarding, "register")
    assert register.facts["account_told"] == "ATL-77"
    assert register.evidence.get().note == "The dashboard of One Energy Ltd"
    shown = sentences_of(browser.get(f"/onboardings/{onboarding.code}/register/"))
    assert "Done before this portal was used, as Alice Test said on" in shown
    assert "Atlas account ATL-77, as told." in shown
    assert Event.objects.filter(name=EventName.STEP_DONE_BEFORE, onboarding_id=onboarding.pk).count() == 4
    again = browser.post(_page(onboarding), TYPED)
    assert again.status_code == 409
    call_command("audit_check", stdout=StringIO())
    call_command("check_projection", stdout=StringIO())


def test_ops_may_say_so_and_nobody_else(people: People, onboarding: Onboarding) -> None:
    for name, status in {"bob": 403, "tess": 403, "rhea": 403, "charlie": 404}.items():
        browser = client_of(getattr(people, name))
        assert browser.get(_page(onboarding)).status_code == status
        assert browser.post(_page(onboarding), TYPED).status_code == status
    assert client_of(people.olga).post(_page(onboarding), TYPED).status_code == 302
    assert step(onboarding, "quote").moved_by == people.olga


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(people: People, onboarding: Onboarding) -> None:
    browser = client_of(people.alice)
    answer = browser.post(_page(onboarding), {**TYPED, "account": "our account!", "note": "", **day("seen")})
    assert shows_errors(answer)
    assert "Enter the number as Atlas shows it" in sentences_of(answer)
    assert "our account!" in answer.content.decode()
    assert _done(onboarding) == {}


def test_one_step_on_at_a_time_and_a_wrong_number_can_be_put_right(
    people: People, onboarding: Onboarding
) -> None:
    browser = client_of(people.alice)
    browser.post(_page(onboarding), {**TYPED, "how_far": "invitation"})
    assert step(onboarding, "payment-method").state == "open"
    browser.post(
        _page(onboarding), {**TYPED, "how_far": "identity-profile", "account": "ATL-78", "profile": "IDP-9"}
    )
    assert step(onboarding, "register").facts["account_told"] == "ATL-78"
    assert step(onboarding, "identity-profile").facts["identity_profile_id"] == "IDP-9"
    assert (step(onboarding, "verification").state, step(onboarding, "csr").state) == ("waiting", "open")


def test_what_was_done_here_stays_as_it_was_done(people: People, onboarding: Onboarding) -> None:
    """One person's word, of ops even, replaces nothing that the portal has on record of the company's own act."""
    bring_to(onboarding, people, step_action("quote"))
    before = {slug: step(onboarding, slug) for slug in ("register", "invitation", "payment-method")}
    nothing = client_of(people.olga).post(_page(onboarding), {**TYPED, "how_far": "invitation"})
    assert nothing.status_code == 409
    assert "These steps are done here already" in sentences_of(nothing)
    assert client_of(people.olga).post(_page(onboarding), TYPED).status_code == 302
    for slug, was in before.items():
        now = step(onboarding, slug)
        assert (now.facts, now.witness, now.moved_by, now.version) == (
            was.facts,
            was.witness,
            was.moved_by,
            was.version,
        )
    assert step(onboarding, "quote").witness == Witness.BEFORE
    told = Event.objects.filter(name=EventName.STEP_DONE_BEFORE, onboarding_id=onboarding.pk)
    assert [event.step for event in told] == ["quote"]


def test_it_ends_a_problem_of_the_registration_and_is_refused_while_one_is_sent(
    people: People, onboarding: Onboarding, settings: Any
) -> None:
    StepRecord.objects.filter(onboarding=onboarding, slug="register").update(state="waiting")
    refused = client_of(people.alice).get(_page(onboarding))
    assert refused.status_code == 409
    assert "A registration is on its way to Atlas." in sentences_of(refused)
    StepRecord.objects.filter(onboarding=onboarding, slug="register").update(
        state="problem", problem_code="registration-unclear"
    )
    assert client_of(people.alice).post(_page(onboarding), TYPED).status_code == 302
    assert step(onboarding, "register").problem_code == ""


def test_of_a_withdrawn_onboarding_nothing_is_said_any_more(people: People, onboarding: Onboarding) -> None:
    progress.withdraw(onboarding, actor=people.alice, reason="we left")
    assert client_of(people.alice).post(_page(onboarding), TYPED).status_code == 409


def test_once_the_quote_is_accepted_there_is_nothing_to_say(people: People, onboarding: Onboarding) -> None:
    bring_to(onboarding, people, step_action("quote"))
    perform(onboarding, people, step_action("quote"))
    assert client_of(people.alice).get(_page(onboarding)).status_code == 409


def _account(company: str, number: str) -> str:
    contact = Contact("Alice Test", "Head of Data", f"{number}@one.example", "020 7946 0018")
    sent = NewRegistration(company, contact, number)
    return get_account_api().register(sent, idempotency_key=number).account_id


@pytest.mark.django_db(transaction=True)
def test_with_the_account_api_only_an_account_of_this_company_is_taken(
    people: People, with_api: Sandbox
) -> None:
    onboarding = progress.start(people.one, environment="uit", actor=people.alice)
    own, foreign = _account("One Energy Ltd", "01111111"), _account("Two Power Ltd", "02222222")
    browser = client_of(people.alice)
    for number in ("ATL-77", foreign):
        answer = browser.post(_page(onboarding), {**TYPED, "account": number})
        assert f"Atlas shows no account {number} of One Energy Ltd." in sentences_of(answer)
    none = browser.post(_page(onboarding), {**TYPED, "account": own, "how_far": "identity-profile"})
    assert "Atlas shows no identity profile of this account" in sentences_of(none)
    assert _done(onboarding) == {}
    done = browser.post(_page(onboarding), {**TYPED, "account": own, "how_far": "invitation"})
    assert "The portal now looks in Atlas whether “Set a payment method” is done" in sentences_of(
        browser.get(done.url)
    )
    assert step(onboarding, "register").facts["account_id"] == own
    assert step(onboarding, "payment-method").next_check_at is not None


def test_while_atlas_does_not_answer_no_account_is_taken(
    people: People, onboarding: Onboarding, settings: Any
) -> None:
    from pydantic import SecretStr

    away = {"account_api_url": "https://127.0.0.1:9/account", "account_api_token": SecretStr("a token")}
    settings.PORTAL = django_settings.PORTAL.model_copy(update=away)
    answer = client_of(people.alice).post(_page(onboarding), TYPED)
    assert "Atlas did not answer" in sentences_of(answer)
    assert "ATL-77" in answer.content.decode()
    assert _done(onboarding) == {}
