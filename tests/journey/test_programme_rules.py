"""The programme's rules that the portal enforces by itself, as a person meets them: on the pages.

Each test names the rule it proves; docs/rules.md points here. What the pages tell is in test_guidance.py.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from onboarding.journey.models import Evidence, Onboarding, StepRecord
from onboarding.journey.polling import jobs
from onboarding.journey.steps import ORDER, STEPS
from onboarding.journey.steps import get_definition as definition_of
from onboarding.notifications.models import OutboxEmail
from onboarding.people.models import User
from tests.people_fixtures import People, client_of, step
from tests.time_travel import travel

pytestmark = pytest.mark.django_db

REGISTRATION = {
    "name": "Alice Test",
    "job_title": "Head of Data",
    "email": "vetting@one.example",
    "mailbox_readers": "Alice and Bob",
    "phone": "020 7946 0018",
    "reception_briefed": "Rhea at the front desk",
    "full_time_employee": "on",
}
PROFILE = {
    "profile_name": "One Energy",
    "organization": "One Energy Ltd",
    "company_number": "01111111",
    "street_address": "1 Quay Street",
    "locality": "Falmouth",
    "postal_code": "TR11 3HU",
    "country": "GB",
    "phone": "020 7946 0000",
    "contact_name": "Alice Test",
    "contact_job_title": "Head of Data",
    "contact_email": "vetting@one.example",
}
CSV = b"API Key,API Secret\r\n0123456789ABCDEF,0123456789abcdef0123456789abcdef01234567\r\n"
SECRET = "0123456789abcdef0123456789abcdef01234567"


def _at(onboarding: Onboarding, slug: str, state: str) -> StepRecord:
    """The onboarding as it is when everything before this step is done."""
    earlier = [row.slug for row in STEPS if ORDER[row.slug] < ORDER[slug]]
    StepRecord.objects.filter(onboarding=onboarding, slug__in=earlier).update(state="done")
    StepRecord.objects.filter(onboarding=onboarding, slug=slug).update(state=state)
    return step(onboarding, slug)


def _post(user: User, onboarding: Onboarding, slug: str, data: dict[str, Any], verb: str = "") -> Any:
    return client_of(user).post(f"/onboardings/{onboarding.code}/{slug}/{verb}", data)


def _day(name: str, day: date | None = None) -> dict[str, str]:
    day = day or datetime.now(UTC).date() - timedelta(days=1)
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


@pytest.mark.parametrize("slug", ["register", "invitation", "payment-method", "quote", "identity-profile"])
def test_only_the_primary_certificate_admin_does_what_is_tied_to_the_vetted_person(
    people: People, onboarding: Onboarding, slug: str
) -> None:
    """R1, R7."""
    _at(onboarding, slug, "open")
    answer = _post(people.bob, onboarding, slug, {})
    assert answer.status_code == 403
    assert "Only the Primary Certificate Admin may do this" in answer.content.decode()


@pytest.mark.parametrize(
    ("left_out", "said"),
    [
        ("name", ""),  # R10
        ("job_title", ""),  # R10
        ("email", ""),  # R11
        ("mailbox_readers", ""),  # R12, T14
        ("phone", ""),  # R13
        ("reception_briefed", ""),  # R4, T16
        ("full_time_employee", "GlobalSign only verifies a current full-time employee"),  # R15, T15
    ],
)
def test_a_registration_without_what_the_vetting_needs_is_not_sent(
    people: People, onboarding: Onboarding, left_out: str, said: str
) -> None:
    """R10 to R13, R15, R4, T14 to T16."""
    given = {**REGISTRATION, **_day("submitted_on"), "action": "send"}
    del given[left_out]
    answer = _post(people.alice, onboarding, "register", given)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert step(onboarding, "register").state == "open"


def test_a_complete_registration_is_shown_once_more_before_it_is_sent(
    people: People, onboarding: Onboarding
) -> None:
    """R10 to R15: it cannot be changed later."""
    given = {**REGISTRATION, **_day("submitted_on")}
    checked = _post(people.alice, onboarding, "register", {**given, "action": "save"})
    assert "Rhea at the front desk" in checked.content.decode()
    assert step(onboarding, "register").state == "open"
    _post(people.alice, onboarding, "register", {**given, "action": "send"})
    assert step(onboarding, "register").state != "open"


def test_the_wait_for_the_e_mails_ends_only_when_both_have_come(
    people: People, onboarding: Onboarding
) -> None:
    """R16."""
    _at(onboarding, "invitation", "waiting")
    one = _post(people.alice, onboarding, "invitation", _day("invitation_on"), "confirm/")
    assert one.status_code == 422
    both = {**_day("invitation_on"), **_day("confirmation_on")}
    assert _post(people.alice, onboarding, "invitation", both, "confirm/").status_code == 302
    assert step(onboarding, "invitation").state == "open"
    assert Evidence.objects.count() == 1


def test_a_quotation_that_is_not_zero_or_not_ticked_twice_is_not_taken(
    people: People, onboarding: Onboarding
) -> None:
    """R23."""
    _at(onboarding, "quote", "open")
    good = {"amount": "0.00", "quotation": "on", "msa": "on", **_day("accepted_on")}
    for wrong in ({**good, "amount": "120.00"}, {**good, "quotation": ""}, {**good, "msa": ""}):
        assert _post(people.alice, onboarding, "quote", wrong).status_code == 422
    assert _post(people.alice, onboarding, "quote", good).status_code == 302


def test_the_identity_profile_cannot_be_started_before_the_tile_is_ready(
    people: People, onboarding: Onboarding
) -> None:
    """R25: the step waits first, and its form is refused until somebody saw the tile."""
    _at(onboarding, "identity-profile", "waiting")
    assert (
        _post(people.alice, onboarding, "identity-profile", {**PROFILE, "action": "send"}).status_code == 409
    )
    assert _post(people.alice, onboarding, "identity-profile", _day("seen"), "confirm/").status_code == 302
    assert step(onboarding, "identity-profile").state == "open"


@pytest.mark.parametrize("left_out", PROFILE)
def test_an_identity_profile_with_an_empty_field_is_not_sent(
    people: People, onboarding: Onboarding, left_out: str
) -> None:
    """R26: each field is used to verify the company and the person."""
    _at(onboarding, "identity-profile", "open")
    given = {**PROFILE, **_day("submitted_on"), left_out: "", "action": "send"}
    assert _post(people.alice, onboarding, "identity-profile", given).status_code == 422
    assert step(onboarding, "identity-profile").state == "open"


def test_nothing_goes_on_before_the_verification_e_mail(people: People, onboarding: Onboarding) -> None:
    """R28, R29, T18."""
    _at(onboarding, "verification", "waiting")
    assert _post(people.alice, onboarding, "api-credentials", {"name": "dip"}).status_code == 409
    page = client_of(people.alice).get(f"/onboardings/{onboarding.code}/api-credentials/").content.decode()
    assert "Cannot start yet" in page
    assert step(onboarding, "api-credentials").state == "locked"


def test_processed_is_not_taken_for_verified(people: People, onboarding: Onboarding) -> None:
    """R28: the release is still to come."""
    _at(onboarding, "verification", "waiting")
    processed = {**_day("verified_on"), "atlas_status": "processed"}
    answer = _post(people.alice, onboarding, "verification", processed, "confirm/")
    assert answer.status_code == 422
    assert "not released yet" in answer.content.decode()
    active = {**processed, "atlas_status": "active"}
    assert _post(people.alice, onboarding, "verification", active, "confirm/").status_code == 302
    assert step(onboarding, "api-credentials").state == "open"


def test_vetting_shows_what_is_usual_and_the_limit_apart(people: People, onboarding: Onboarding) -> None:
    """R5, R27, T22."""
    record = _at(onboarding, "verification", "waiting")
    StepRecord.objects.filter(pk=record.pk).update(due_at=record.since + timedelta(hours=72))
    wait = definition_of("verification").before
    assert wait is not None
    assert (wait.usual, wait.limit) == (timedelta(hours=24), timedelta(hours=72))
    page = client_of(people.alice).get(f"/onboardings/{onboarding.code}/verification/").content.decode()
    assert "Usually within 24 hours, at most 72 hours" in page


@pytest.mark.parametrize("slug", ["invitation", "quote", "identity-profile", "verification"])
def test_the_admins_are_told_once_when_a_wait_is_past_its_limit(
    people: People, onboarding: Onboarding, slug: str
) -> None:
    """R16, R22, R25, R27: the waits W1 to W4 have a clock."""
    record = _at(onboarding, slug, "waiting")
    StepRecord.objects.filter(pk=record.pk).update(due_at=record.since + timedelta(hours=72))
    jobs.remind_late()
    assert OutboxEmail.objects.count() == 0
    with travel(record.since + timedelta(hours=73)):
        jobs.remind_late()
        jobs.remind_late()
    assert set(OutboxEmail.objects.values_list("to", flat=True)) == {people.alice.pk, people.bob.pk}
    assert OutboxEmail.objects.count() == 2


def test_credentials_are_brought_by_a_certificate_admin_only(people: People, onboarding: Onboarding) -> None:
    """R32, R48: the primary or an additional one; a technician is refused."""
    _at(onboarding, "api-credentials", "open")
    assert _post(people.tess, onboarding, "api-credentials", {"name": "dip"}).status_code == 403
    pasted = {"name": "dip", "way": "paste", "api_key": "0123456789ABCDEF", "api_secret": SECRET}
    assert _post(people.bob, onboarding, "api-credentials", pasted).status_code == 302


def test_the_step_is_not_done_without_key_secret_and_familiar_name(
    people: People, onboarding: Onboarding
) -> None:
    """R35 to R37, T7: the secret is shown once, so having it is what finishes the step."""
    _at(onboarding, "api-credentials", "open")
    nothing = {"name": "dip", "way": "csv"}
    unnamed = {"name": "", "way": "paste", "api_key": "0123456789ABCDEF", "api_secret": SECRET}
    for given in (nothing, unnamed):
        assert _post(people.alice, onboarding, "api-credentials", given).status_code == 422
    assert step(onboarding, "api-credentials").state == "open"


def test_the_secret_is_never_on_a_page_of_the_journey(people: People, onboarding: Onboarding) -> None:
    """T7, T8: not after a mistake either."""
    _at(onboarding, "api-credentials", "open")
    wrong = {"name": "", "way": "paste", "api_key": "0123456789ABCDEF", "api_secret": SECRET}
    assert SECRET not in _post(people.alice, onboarding, "api-credentials", wrong).content.decode()
    _post(people.alice, onboarding, "api-credentials", {**wrong, "name": "dip"})
    page = client_of(people.alice).get(f"/onboardings/{onboarding.code}/api-credentials/").content.decode()
    assert "CDEF" in page
    assert SECRET not in page


def test_a_technician_may_make_the_csr_while_globalsign_is_vetting(
    people: People, onboarding: Onboarding
) -> None:
    """R30, R38: the technical part needs no Certificate Admin."""
    _at(onboarding, "verification", "waiting")
    StepRecord.objects.filter(onboarding=onboarding, slug="csr").update(state="open")
    assert _post(people.tess, onboarding, "csr", {"way": "portal"}).status_code == 302
    assert step(onboarding, "csr").state == "waiting"


def test_each_key_of_an_onboarding_has_file_names_of_its_own(people: People, onboarding: Onboarding) -> None:
    """T3: a second command with the same names would replace the key of the CSR that was sent."""
    _at(onboarding, "csr", "open")
    page = client_of(people.tess).get(f"/onboardings/{onboarding.code}/csr/").content.decode()
    assert f"apicert-{onboarding.code.lower()}.key" in page


def test_the_upload_is_a_step_of_its_own_after_the_bundle(people: People, onboarding: Onboarding) -> None:
    """T12: a Certificate Admin's, and locked until the bundle is proved."""
    assert definition_of("dip-upload").needs == ("proof",)
    _at(onboarding, "dip-upload", "open")
    assert _post(people.tess, onboarding, "dip-upload", {}).status_code == 403


def test_the_upload_is_not_done_while_copies_of_the_secrets_lie_about(
    people: People, onboarding: Onboarding
) -> None:
    """T8, A33."""
    _at(onboarding, "dip-upload", "open")
    given = {**_day("uploaded_on"), "copies": ["csv"]}
    answer = _post(people.alice, onboarding, "dip-upload", given)
    assert answer.status_code == 422
    assert "delete every copy" in answer.content.decode()
