"""The programme's rules up to the verification email that the portal enforces by itself, as people meet them.

What comes after it is in test_programme_rules_after_vetting.py; what the pages tell, in test_guidance.py.
"""

from datetime import timedelta

import pytest

from onboarding.journey.deadlines import reminders
from onboarding.journey.models import Evidence, Onboarding, StepRecord
from onboarding.journey.steps import STEPS
from onboarding.notifications.models import OutboxEmail
from tests.journey.form_client import sentences_of, soup
from tests.journey.step_actions import StepAction, bring_to, day, step_action
from tests.journey.step_pages import faulty_fields, see, send
from tests.people_fixtures import People, client_of, shows_errors, step
from tests.rules.marker import rule
from tests.time_travel import travel

pytestmark = pytest.mark.django_db

REGISTER, PROFILE = step_action("register"), step_action("identity-profile")
VERIFIED = step_action("verification", waits=True)
PRIMARYS_OWN = ("register", "invitation", "payment-method", "quote", "identity-profile")


@rule("R1")
@pytest.mark.parametrize("slug", PRIMARYS_OWN)
def test_only_the_primary_certificate_admin_does_what_is_tied_to_the_vetted_person(
    people: People, onboarding: Onboarding, slug: str
) -> None:
    """Another Certificate Admin does not."""
    bring_to(onboarding, people, step_action(slug))
    refused = send(people.bob, onboarding, step_action(slug))
    assert refused.status_code == 403
    assert "It is tied to the person whom GlobalSign vets." in sentences_of(refused)
    assert step(onboarding, slug).state == "open"
    assert send(people.alice, onboarding, step_action(slug)).status_code == 302


@rule("R7")
@pytest.mark.parametrize("name", ["tess", "rhea", "olga"])
@pytest.mark.parametrize("slug", [*PRIMARYS_OWN, "verification"])
def test_who_is_no_certificate_admin_sets_up_nothing_of_the_account(
    people: People, onboarding: Onboarding, slug: str, name: str
) -> None:
    filled = step_action(slug, waits=slug == "verification")
    bring_to(onboarding, people, filled)
    refused = send(getattr(people, name), onboarding, filled)
    assert refused.status_code == 403
    assert "Certificate Admin" in sentences_of(refused)
    assert step(onboarding, slug).state == ("waiting" if slug == "verification" else "open")


@rule("R2")
@pytest.mark.parametrize("slug", [row.slug for row in STEPS if row.slug != "register"])
def test_nothing_else_can_be_done_before_the_account_is_registered(
    people: People, onboarding: Onboarding, slug: str
) -> None:
    assert step(onboarding, "register").state == "open"
    assert step(onboarding, slug).state == "locked"
    for waits in (False, True):
        path = f"/onboardings/{onboarding.code}/{slug}/{'confirm/' if waits else ''}"
        assert client_of(people.alice).post(path, {"action": "send"}).status_code == 409
    assert "Cannot start yet" in sentences_of(see(people.alice, onboarding, slug))


@pytest.mark.parametrize(
    ("left_out", "said"),
    [
        pytest.param("name", "", marks=rule("R10")),
        pytest.param("job_title", "", marks=rule("R10")),
        pytest.param("email", "", marks=rule("R11")),
        pytest.param("mailbox_readers", "", marks=rule("R12", "T14")),
        pytest.param("phone", "", marks=rule("R13")),
        pytest.param("reception_briefed", "", marks=rule("R4", "T16")),
        pytest.param(
            "full_time_employee",
            "GlobalSign only verifies a current full-time employee",
            marks=rule("R15", "T15"),
        ),
    ],
)
def test_a_registration_without_what_the_vetting_needs_is_not_sent(
    people: People, onboarding: Onboarding, left_out: str, said: str
) -> None:
    answer = send(people.alice, onboarding, REGISTER, **{left_out: ""})
    assert shows_errors(answer)
    assert faulty_fields(answer) == [left_out]
    assert said in sentences_of(answer)
    assert step(onboarding, "register").state == "open"


@rule("R10", "R11", "R12", "R13", "R15", "R4", "T14", "T15")
def test_a_complete_registration_is_shown_once_more_and_then_kept_as_it_was_sent(
    people: People, onboarding: Onboarding
) -> None:
    """It cannot be changed later."""
    given = {name: value for name, value in REGISTER.data().items() if not name.startswith("submitted_on")}
    checked = sentences_of(send(people.alice, onboarding, REGISTER, action="save"))
    assert [
        value for name, value in given.items() if {**given, "full_time_employee": "Yes"}[name] not in checked
    ] == []
    assert step(onboarding, "register").state == "open"
    assert send(people.alice, onboarding, REGISTER).status_code == 302
    sent = step(onboarding, "register")
    assert sent.state == "done"
    kept = {name: value for name, value in sent.answers.items() if name != "submitted_on"}
    assert kept == {**given, "full_time_employee": True}
    assert send(people.alice, onboarding, REGISTER, name="Another").status_code == 409


@rule("R16")
def test_the_wait_for_the_emails_ends_only_when_both_have_come(
    people: People, onboarding: Onboarding
) -> None:
    mails = step_action("invitation", waits=True)
    bring_to(onboarding, people, mails)
    assert "Usually within 30 minutes" in sentences_of(see(people.alice, onboarding, "invitation"))
    for missing in ("invitation_on", "confirmation_on"):
        answer = send(people.alice, onboarding, mails, **dict.fromkeys(day(missing), ""))
        assert shows_errors(answer)
        assert step(onboarding, "invitation").state == "waiting"
    assert send(people.alice, onboarding, mails).status_code == 302
    assert step(onboarding, "invitation").state == "open"
    assert Evidence.objects.count() == 1


@rule("R23")
@pytest.mark.parametrize("wrong", [{"amount": "120.00"}, {"quotation": ""}, {"msa": ""}], ids=str)
def test_a_quotation_that_is_not_zero_or_not_ticked_twice_is_not_taken(
    people: People, onboarding: Onboarding, wrong: dict[str, str]
) -> None:
    bring_to(onboarding, people, step_action("quote"))
    answer = send(people.alice, onboarding, step_action("quote"), **wrong)
    assert shows_errors(answer)
    assert faulty_fields(answer) == list(wrong)
    assert send(people.alice, onboarding, step_action("quote")).status_code == 302


@rule("R22")
def test_the_quotation_cannot_be_accepted_before_its_email_has_come(
    people: People, onboarding: Onboarding
) -> None:
    bring_to(onboarding, people, step_action("quote", waits=True))
    assert send(people.alice, onboarding, step_action("quote")).status_code == 409
    assert send(people.alice, onboarding, step_action("quote", waits=True)).status_code == 302
    assert send(people.alice, onboarding, step_action("quote")).status_code == 302


@rule("R25")
def test_the_identity_profile_cannot_be_started_before_the_tile_is_ready(
    people: People, onboarding: Onboarding
) -> None:
    """The step waits first, and its form is refused until somebody saw the tile."""
    bring_to(onboarding, people, step_action("identity-profile", waits=True))
    assert "Usually within 30 minutes" in sentences_of(see(people.alice, onboarding, "identity-profile"))
    assert send(people.alice, onboarding, PROFILE).status_code == 409
    assert send(people.alice, onboarding, step_action("identity-profile", waits=True)).status_code == 302
    assert send(people.alice, onboarding, PROFILE).status_code == 302


@rule("R26")
@pytest.mark.parametrize("left_out", [name for name in PROFILE.data() if not name.startswith("submitted_on")])
def test_an_identity_profile_with_an_empty_field_is_not_sent(
    people: People, onboarding: Onboarding, left_out: str
) -> None:
    bring_to(onboarding, people, PROFILE)
    answer = send(people.alice, onboarding, PROFILE, **{left_out: ""})
    assert shows_errors(answer)
    assert faulty_fields(answer) == [left_out]
    assert step(onboarding, "identity-profile").state == "open"


@rule("R26")
def test_an_identity_profile_is_about_the_employee_and_the_company_of_the_registration(
    people: People, onboarding: Onboarding
) -> None:
    """GlobalSign verifies the named employee by it: they are filled in, and somebody else is refused."""
    bring_to(onboarding, people, PROFILE)
    page = soup(see(people.alice, onboarding, "identity-profile"))
    expected = {"organization": "One Energy Ltd", "company_number": "01111111", "contact_name": "Alice Test"}
    shown = {name: page.select_one(f"input[name={name}]") for name in expected}
    assert {name: box["value"] for name, box in shown.items() if box} == expected
    answer = send(people.alice, onboarding, PROFILE, contact_name="Bob Jones")
    assert shows_errors(answer)
    assert faulty_fields(answer) == ["contact_name"]
    assert "The registration names Alice Test" in sentences_of(answer)
    spelt_otherwise = send(people.alice, onboarding, PROFILE, contact_name="Alice M. TEST")
    assert "The registration has the name “Alice Test”" in sentences_of(spelt_otherwise)
    assert faulty_fields(spelt_otherwise)[0].startswith("difference-")
    assert send(people.alice, onboarding, PROFILE, contact_name="ALICE test").status_code == 302


@pytest.mark.parametrize("api_set", [False, True], ids=["without the account API", "with it"])
@pytest.mark.parametrize(
    "action",
    [
        pytest.param(step_action("register"), marks=rule("R2", "T18")),
        pytest.param(VERIFIED, marks=rule("R28", "R29", "T18")),
    ],
    ids=lambda each: each.slug,
)
def test_nothing_that_rests_on_it_goes_on_before_it_is_done(
    people: People, onboarding: Onboarding, action: StepAction, api_set: bool, request: pytest.FixtureRequest
) -> None:
    """The verification email before the API credentials and everything that needs them."""
    bring_to(onboarding, people, action)
    if api_set:
        request.getfixturevalue("with_api")
    for slug in ("api-credentials", "certificate", "proof", "dip-upload"):
        assert send(people.alice, onboarding, _last_of(slug)).status_code == 409
        assert "Cannot start yet" in sentences_of(see(people.alice, onboarding, slug))
        assert step(onboarding, slug).state == "locked"


def _last_of(slug: str) -> StepAction:
    return step_action(slug, waits=slug in ("certificate", "proof"))


@rule("R28", "R29", "T18")
def test_the_verification_email_opens_the_api_credentials(people: People, onboarding: Onboarding) -> None:
    bring_to(onboarding, people, VERIFIED)
    undated = send(people.alice, onboarding, VERIFIED, **dict.fromkeys(day("verified_on"), ""))
    assert shows_errors(undated)
    assert step(onboarding, "api-credentials").state == "locked"
    assert send(people.alice, onboarding, VERIFIED).status_code == 302
    assert step(onboarding, "api-credentials").state == "open"


@rule("R28")
@pytest.mark.parametrize("status", ["processed", "queued"])
def test_processed_is_not_taken_for_verified(people: People, onboarding: Onboarding, status: str) -> None:
    """The release is still to come."""
    bring_to(onboarding, people, VERIFIED)
    answer = send(people.alice, onboarding, VERIFIED, atlas_status=status)
    assert shows_errors(answer)
    assert "not released yet" in sentences_of(answer)
    assert step(onboarding, "api-credentials").state == "locked"


@rule("R5", "R27", "T22")
def test_vetting_shows_what_is_usual_and_the_limit_apart(people: People, onboarding: Onboarding) -> None:
    record = bring_to(onboarding, people, VERIFIED)
    assert record.due_at is not None
    assert record.due_at - record.since == timedelta(hours=72)
    page = sentences_of(see(people.alice, onboarding, "verification"))
    assert "Usually within 24 hours, at most 72 hours" in page


@pytest.mark.parametrize(
    ("slug", "hours"),
    [
        pytest.param("invitation", 24, marks=rule("R16")),
        pytest.param("quote", 24, marks=rule("R22")),
        pytest.param("identity-profile", 24, marks=rule("R25")),
        pytest.param("verification", 72, marks=rule("R27", "R5")),
    ],
)
def test_the_admins_are_told_once_when_a_wait_is_past_its_limit(
    people: People, onboarding: Onboarding, slug: str, hours: int
) -> None:
    record = bring_to(onboarding, people, step_action(slug, waits=True))
    late = OutboxEmail.objects.filter(key__startswith="late:")
    for passed, told in ((timedelta(hours=hours) - timedelta(minutes=1), 0), (timedelta(hours=hours), 2)):
        with travel(record.since + passed + timedelta(seconds=1)):
            reminders.remind_of_due_steps()
            reminders.remind_of_due_steps()
        assert late.count() == told
    assert set(late.values_list("to", flat=True)) == {people.alice.pk, people.bob.pk}
    assert StepRecord.objects.get(pk=record.pk).state == "waiting"
