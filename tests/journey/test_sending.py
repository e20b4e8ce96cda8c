"""Registration and identity profile are sent once: what Atlas has already decides, and where it cannot, a person.
The answers that are lost on the way are in tests/attacks/test_nothing_ordered_or_sent_twice.py.
"""

from collections.abc import Callable
from io import StringIO
from itertools import count
from typing import Any

import pytest
from django.core.management import call_command

from atlas.account_types import Account, Contact, IdentityProfileStatus, NewRegistration
from atlas.sandbox.server import Sandbox
from onboarding.audit.models import Event
from onboarding.journey import progress
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.polling import jobs
from onboarding.journey.polling.client import get_account_api
from tests.journey.form_client import press, sentences_of
from tests.journey.step_actions import day, organisation, registration
from tests.journey.walk import Walk, register, walk_to_identity_profile
from tests.people_fixtures import People, client_of, record_roles, shows_errors, step
from tests.workers import eager_workers

__all__ = ["eager_workers"]  # a fixture

pytestmark = pytest.mark.usefixtures("eager_workers")
_numbers = count(1)


@pytest.fixture
def email() -> str:
    """An address that Atlas has never seen."""
    return f"sending{next(_numbers)}@one.example"


def _submit(onboarding: Onboarding, slug: str, answers: dict[str, Any], people: People) -> StepRecord:
    """The form is sent and waits for a worker, as with the account API."""
    sent = progress.Submission(answers=answers, waits=True)
    progress.submit(step(onboarding, slug), actor=people.alice, effect=lambda _: sent)
    return step(onboarding, slug)


def _look(onboarding: Onboarding, slug: str) -> StepRecord:
    jobs.poll_step(step(onboarding, slug).pk)
    return step(onboarding, slug)


def _in_atlas(email: str, **other: str) -> str:
    """An account that somebody registered there already."""
    typed = registration(email) | other
    contact = Contact(typed["name"], typed["job_title"], email, typed["phone"])
    new = NewRegistration(
        other.get("company_name", "One Energy Ltd"), contact, other.get("company_number", "01111111")
    )
    return get_account_api().register(new, f"by-hand-{next(_numbers)}").account_id


def _accounts(email: str) -> list[str]:
    return [each.account_id for each in get_account_api().find_accounts(email)]


def _calls(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage().rsplit(" ", 3)[0] for record in caplog.records if record.name == "atlas"]


def test_a_first_registration_costs_one_look_and_one_sending(people, onboarding, with_api, email, caplog):
    _submit(onboarding, "register", registration(email), people)
    caplog.set_level("INFO", "atlas")
    record = _look(onboarding, "register")
    assert _calls(caplog) == ["GET /accounts", "POST /registrations"]
    assert (record.state, [record.facts["account_id"]]) == ("done", _accounts(email))


@pytest.mark.parametrize(
    "other",
    [{}, {"name": " ALICE  test "}, {"phone": "+44 (0)20 7946 0018"}],
    ids=["the same", "another case", "the same number, written otherwise"],
)
def test_an_account_that_is_certainly_this_registration_is_taken(
    people, onboarding, with_api, email, other
) -> None:
    there = _in_atlas(email, **other)
    _submit(onboarding, "register", registration(email), people)
    record = _look(onboarding, "register")
    assert (record.state, record.facts["account_id"]) == ("done", there)
    assert _accounts(email) == [there]


def test_an_account_of_another_company_with_the_same_contact_is_no_doubt(
    people, onboarding, with_api, email
) -> None:
    there = _in_atlas(email, company_name="Another Energy Ltd", company_number="09999999")
    _submit(onboarding, "register", registration(email), people)
    record = _look(onboarding, "register")
    assert record.state == "done"
    assert _accounts(email) == [there, record.facts["account_id"]]


UNLIKE = {
    "another name of the company": {"company_name": "One Energy Limited"},
    "another company number": {"company_number": "01111112"},
    "another person": {"name": "Anna Test"},
    "another telephone": {"phone": "020 7946 0019"},
}


@pytest.fixture(params=UNLIKE.values(), ids=UNLIKE.keys())
def in_doubt(request: Any, people: People, onboarding: Onboarding, with_api: Sandbox, email: str) -> str:
    """The id of an account that may be the registration; the step is a problem."""
    there = _in_atlas(email, **request.param)
    _submit(onboarding, "register", registration(email), people)
    record = _look(onboarding, "register")
    assert (record.state, record.problem_code) == ("problem", "registration-unclear")
    assert _accounts(email) == [there]
    return there


def test_a_person_says_that_it_is_theirs_and_nothing_is_sent(people, onboarding, email, in_doubt) -> None:
    browser, page = client_of(people.alice), f"/onboardings/{onboarding.code}/register/"
    assert in_doubt in sentences_of(browser.get(page))
    assert people.alice.email not in step(onboarding, "register").problem_detail
    empty = browser.post(f"{page}confirm/", {})
    assert shows_errors(empty)
    assert "Which one is yours" in sentences_of(empty)
    there = get_account_api().account(in_doubt)  # what is wrong here is corrected first, or it is refused
    onboarding.company.name, onboarding.company.number = there.company_name, there.company_number
    onboarding.company.save()
    answer = press(
        browser, page, f"{page}confirm/", {"atlas_id": in_doubt, **day("seen"), "note": "in Atlas"}
    )
    assert answer.status_code == 302
    record = step(onboarding, "register")
    assert (record.state, record.facts["account_id"], record.witness) == ("done", in_doubt, "person")
    assert record.evidence.get().note == "in Atlas"
    assert _accounts(email) == [in_doubt]


def test_a_person_has_it_sent_anew_after_reading_what_that_means(people, onboarding, email, in_doubt) -> None:
    browser, page = client_of(people.alice), f"/onboardings/{onboarding.code}/register/"
    assert "This cannot be undone" in sentences_of(browser.get(f"{page}send-again/"))
    assert shows_errors(browser.post(f"{page}send-again/", {"reason": ""}))
    answer = press(
        browser, f"{page}send-again/", f"{page}send-again/", {"reason": "an account of a former colleague"}
    )
    assert answer["Location"] == page
    event = Event.objects.filter(step="register").last()
    assert event.data["set_aside"] == [in_doubt]
    assert "former colleague" not in str(event.data)
    happened = sentences_of(browser.get(f"/onboardings/{onboarding.code}/history/"))
    assert "an account of a former colleague" in happened
    assert in_doubt in happened
    _demand_a_whole_trail(people)
    record = _look(onboarding, "register")
    assert record.state == "done"
    assert _accounts(email) == [in_doubt, record.facts["account_id"]]
    call_command("audit_check", stdout=StringIO())


def _demand_a_whole_trail(people: People) -> None:
    """What the tables say is what the events say, while the step waits again."""
    record_roles(people)
    call_command("audit_check", stdout=StringIO())


def test_only_who_may_do_the_step_ends_the_doubt(people, onboarding, email, in_doubt) -> None:
    page = f"/onboardings/{onboarding.code}/register/"
    for name, status in (("bob", 403), ("olga", 403), ("charlie", 404)):
        browser = client_of(getattr(people, name))
        assert browser.get(f"{page}send-again/").status_code == status
        assert browser.post(f"{page}send-again/", {"reason": "x"}).status_code == status
        said = {"atlas_id": in_doubt, **day("seen")}
        assert browser.post(f"{page}confirm/", said).status_code == status
    assert _accounts(email) == [in_doubt]


def test_there_is_nothing_to_send_anew_where_nothing_is_in_doubt(people, onboarding, without_api) -> None:
    browser, page = client_of(people.alice), f"/onboardings/{onboarding.code}/register/send-again/"
    assert browser.get(page).status_code == 409
    assert browser.post(page, {"reason": "x"}).status_code == 409


def test_a_forged_answer_names_no_other_account(people, onboarding, email, in_doubt) -> None:
    page = f"/onboardings/{onboarding.code}/register/"
    forged = client_of(people.alice).post(f"{page}confirm/", {"atlas_id": "A999", **day("seen")})
    assert shows_errors(forged)
    assert step(onboarding, "register").state == "problem"


def test_what_was_mended_and_sent_again_is_compared_once_more(people, onboarding, with_api, email) -> None:
    there = _in_atlas(email, phone="020 7946 0019")
    _submit(onboarding, "register", registration(email), people)
    assert _look(onboarding, "register").state == "problem"
    progress.reopen(step(onboarding, "register"), actor=people.alice)
    _submit(onboarding, "register", registration(email) | {"phone": "020 7946 0019"}, people)
    record = _look(onboarding, "register")
    assert (record.state, record.facts["account_id"]) == ("done", there)


def test_two_accounts_that_are_both_the_same_are_a_doubt(people, onboarding, with_api, email) -> None:
    both = [_in_atlas(email), _in_atlas(email)]
    _submit(onboarding, "register", registration(email), people)
    record = _look(onboarding, "register")
    assert record.problem_code == "registration-unclear"
    assert all(each in record.problem_detail for each in both)


def test_a_registration_with_a_mistake_is_sent_back_and_made_anew_without_a_question(
    people, onboarding, with_api, email
) -> None:
    """What became of the earlier submission is known: to register again is what the person asked for."""
    _submit(onboarding, "register", registration(email), people)
    first = _look(onboarding, "register").facts["account_id"]
    progress.send_back(
        step(onboarding, "invitation"), actor=people.alice, to="register", reason="wrong number"
    )
    _submit(onboarding, "register", registration(email) | {"phone": "020 7946 0019"}, people)
    record = _look(onboarding, "register")
    assert record.state == "done"
    assert _accounts(email) == [first, record.facts["account_id"]]


@pytest.fixture
def profiled(
    people: People, onboarding: Onboarding, with_api: Sandbox, email: str
) -> Callable[[], list[Any]]:
    """The identity profile is sent once; answers the profiles that Atlas has."""
    walk = Walk(people, onboarding, email)
    register(walk)
    walk_to_identity_profile(walk)
    return lambda: list(get_account_api().identity_profiles(walk.account))


def _again(onboarding: Onboarding, people: People, answers: dict[str, Any]) -> StepRecord:
    back = step(onboarding, "verification")
    progress.send_back(back, actor=people.alice, to="identity-profile", reason="look again")
    _submit(onboarding, "identity-profile", answers, people)
    return _look(onboarding, "identity-profile")


def test_a_profile_that_is_sent_back_unchanged_is_the_one_that_is_there(
    people, onboarding, email, profiled
) -> None:
    record = _again(onboarding, people, organisation(email))
    assert record.state == "done"
    assert [each.identity_profile_id for each in profiled()] == [record.facts["identity_profile_id"]]


def test_a_mended_profile_is_a_new_one_without_a_question(people, onboarding, email, profiled) -> None:
    record = _again(onboarding, people, organisation(email) | {"street_address": "2 Quay Street"})
    assert record.state == "done"
    assert profiled()[-1].identity_profile_id == record.facts["identity_profile_id"]
    assert len(profiled()) == 2


def test_a_profile_that_somebody_else_sent_is_a_doubt(people, onboarding, email, profiled) -> None:
    """The database does not know what became of the first sending, as after it was put back to an earlier day."""
    step(onboarding, "identity-profile").sendings.all().delete()
    record = _again(onboarding, people, organisation(email) | {"street_address": "2 Quay Street"})
    assert (record.state, record.problem_code) == ("problem", "identity-unclear")
    assert "street address" in record.problem_detail
    assert "Quay" not in record.problem_detail
    assert len(profiled()) == 1


def test_a_rejected_profile_is_sent_again_as_it_was(people, onboarding, with_api, email) -> None:
    """After the briefing of reception the same data may be vetted once more: a new profile, not the rejected one."""
    walk = Walk(people, onboarding, email)
    register(walk)
    get_account_api().set_scenario(walk.account, "vetting-rejected")
    walk_to_identity_profile(walk)
    while get_account_api().identity_profiles(walk.account)[0].status != IdentityProfileStatus.REJECTED:
        pass
    record = _again(onboarding, people, organisation(email))
    assert record.state == "done"
    profiles = get_account_api().identity_profiles(walk.account)
    assert len(profiles) == 2
    assert profiles[-1].identity_profile_id == record.facts["identity_profile_id"]


def test_without_the_account_api_nothing_is_looked_for(
    people: People, onboarding: Onboarding, without_api: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "atlas")
    typed = {**registration(), **day("submitted_on")}
    page = f"/onboardings/{onboarding.code}/register/"
    answer = press(client_of(people.alice), page, page, typed, action="send")
    assert answer.status_code == 302
    assert step(onboarding, "register").state == "done"
    assert _calls(caplog) == []


def test_the_words_of_an_account_name_no_person(people, onboarding, with_api, email) -> None:
    there: Account = get_account_api().account(_in_atlas(email, name="Anna Test"))
    _submit(onboarding, "register", registration(email), people)
    said = _look(onboarding, "register").problem_detail
    assert "Anna" not in said
    assert there.account_id in said
