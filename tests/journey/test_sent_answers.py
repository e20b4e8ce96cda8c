"""What was sent stays visible: each answer, who sent it and when, also after it was rejected and sent again."""

from importlib import import_module
from typing import Any

from django.apps import apps

from onboarding.journey import progress
from onboarding.journey.answer_models import GIVEN, SentAnswers
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.outcomes import Done, Failed
from onboarding.journey.problems.codes import ProblemCode
from onboarding.journey.status_text import describe_status
from onboarding.journey.steps import Witness
from onboarding.journey.views import sent_answers
from tests.handover.factories import make_dana, make_grant
from tests.journey.form_client import soup
from tests.journey.step_actions import API_KEY, API_SECRET, bring_to, day, organisation, perform, step_action
from tests.journey.step_pages import see, send
from tests.people_fixtures import People, client_of, step

REASON = "GlobalSign says the company number is wrong"


def _cards(page: Any) -> list[tuple[str, dict[str, str]]]:
    """What was sent as the page shows it: title and answers of each card."""
    found = []
    for card in soup(page).select(".govuk-summary-card"):
        keys = [each.get_text(" ", strip=True) for each in card.select("dt")]
        values = [each.get_text(" ", strip=True) for each in card.select("dd")]
        title = card.select_one(".govuk-summary-card__title")
        found.append((title.get_text(strip=True) if title else "", dict(zip(keys, values, strict=True))))
    return found


def _reject(onboarding: Onboarding, people: People) -> None:
    """GlobalSign rejects the profile, and Bob sends it back."""
    rejected = Failed(ProblemCode.IDENTITY_REJECTED, "The register shows 02222222. Case GS-7.")
    progress.settle(step(onboarding, "verification"), rejected, witness=Witness.ATLAS)
    record = step(onboarding, "verification")
    progress.send_back(record, actor=people.bob, to="identity-profile", reason=REASON)


def test_a_done_step_shows_what_was_sent_by_whom_and_when(people: People, onboarding: Onboarding) -> None:
    perform(onboarding, people, step_action("register"))
    for who in (people.alice, people.rhea, people.olga):
        [(title, answers)] = _cards(see(who, onboarding, "register"))
        assert title.startswith("Sent by Alice Test on ")
        assert answers["Email address for vetting"] == "vetting@one.example"
        assert answers["Who can read this mailbox?"] == "Alice and Bob"
        assert answers["This person is a current full-time employee of the company"] == "Yes"
    assert see(people.charlie, onboarding, "register").status_code == 404


def test_evidence_is_shown_with_its_answers_and_its_note(people: People, onboarding: Onboarding) -> None:
    bring_to(onboarding, people, step_action("api-credentials"))
    client = client_of(people.bob)
    page = client.get(f"/onboardings/{onboarding.code}/verification/")
    [(title, answers)] = _cards(page)
    assert title.startswith("Sent by Bob Test on ")
    assert answers["What does Atlas show for the identity profile?"] == "Active"
    titles = [title for title, _ in _cards(see(people.alice, onboarding, "quote"))]
    assert [title.split(" on ")[0] for title in titles] == ["Sent by Alice Test"] * 2  # the form, the wait


def test_of_a_secret_and_of_a_file_only_that_it_was_given(people: People, onboarding: Onboarding) -> None:
    bring_to(onboarding, people, step_action("certificate", waits=True))
    page = see(people.bob, onboarding, "api-credentials")
    [(_, answers)] = _cards(page)
    assert answers["Familiar name of the credential"] == "dip"
    assert answers["CSV file"] == sent_answers.NOT_SHOWN
    assert API_KEY not in page.content.decode()
    assert API_SECRET not in page.content.decode()
    [(_, answers)] = _cards(see(people.tess, onboarding, "csr"))
    assert answers["Paste the CSR"] == sent_answers.NOT_SHOWN
    assert answers["Way"]
    stored = str(list(SentAnswers.objects.values_list("answers", flat=True)))
    assert "BEGIN" not in stored
    assert API_SECRET not in stored
    assert str(GIVEN) in stored


def test_after_a_rejection_the_earlier_answers_stand_beside_the_new_form(
    people: People, onboarding: Onboarding
) -> None:
    bring_to(onboarding, people, step_action("verification", waits=True))
    _reject(onboarding, people)
    page = soup(see(people.alice, onboarding, "identity-profile"))
    reasons = page.select_one("[aria-labelledby=done-again]").get_text(" ", strip=True)
    assert all(each in reasons for each in (REASON, "02222222", "Bob Test"))
    number = page.select_one("#id_company_number")
    assert number["value"] == "01111111"
    earlier = page.select_one("#id_company_number_earlier")
    assert earlier.get_text(" ", strip=True) == "Sent before: 01111111"
    assert earlier["id"] in number["aria-describedby"]
    assert "United Kingdom" in page.select_one("#id_country_earlier").get_text()
    wrong = send(people.alice, onboarding, step_action("identity-profile"), company_number="12")
    assert soup(wrong).select_one("#id_company_number_earlier")  # also where the new answers have an error


def test_a_second_sending_leaves_the_first_as_it_was(people: People, onboarding: Onboarding) -> None:
    bring_to(onboarding, people, step_action("verification", waits=True))
    _reject(onboarding, people)
    form_class: Any = sent_answers.find_form("IdentityProfileForm")
    record = step(onboarding, "identity-profile")
    answers = {**organisation(), **day("submitted_on"), "company_number": "02222222"}
    form = form_class(answers, record=record, user=people.alice)
    assert form.is_valid(), form.errors
    progress.submit(record, actor=people.alice, effect=form.send)
    cards = _cards(see(people.rhea, onboarding, "identity-profile"))
    numbers = [answers["Company number"] for _, answers in cards if "Company number" in answers]
    assert numbers == ["02222222", "01111111"]


def test_somebody_from_outside_sees_what_was_sent_in_their_step_and_no_other_steps_problem(
    people: People, onboarding: Onboarding
) -> None:
    bring_to(onboarding, people, step_action("pfx"))
    dana = make_dana()
    make_grant(onboarding, people.bob, dana, "pfx")
    assert send(dana, onboarding, step_action("pfx")).status_code == 302
    assert _cards(see(dana, onboarding, "pfx"))
    assert see(dana, onboarding, "api-credentials").status_code == 404
    progress.settle(
        step(onboarding, "proof"), Failed(ProblemCode.PROOF_REFUSED, "no"), witness=Witness.PORTAL
    )
    progress.send_back(step(onboarding, "proof"), actor=people.bob, to="pfx", reason="Build it anew")
    outside = see(dana, onboarding, "pfx").content.decode()
    inside = see(people.tess, onboarding, "pfx").content.decode()
    assert "Build it anew" in outside
    assert "Build it anew" in inside
    assert "no</p>" in inside
    assert "no</p>" not in outside


def test_an_old_case_says_that_nothing_is_on_record(people: People, onboarding: Onboarding) -> None:
    record = step(onboarding, "register")
    progress.submit(record, actor=people.alice, effect=lambda _: progress.Submission())
    assert sent_answers.NOT_ON_RECORD in see(people.alice, onboarding, "register").content.decode()
    progress.settle(step(onboarding, "invitation"), Done(), witness=Witness.ATLAS)
    progress.settle(step(onboarding, "invitation"), Done(), witness=Witness.ATLAS)
    assert sent_answers.NOTHING_SENT in see(people.alice, onboarding, "invitation").content.decode()


def test_what_the_portal_finished_names_the_person_who_sent_it(
    people: People, onboarding: Onboarding
) -> None:
    waits = progress.Submission(answers={"name": "Alice Test"}, waits=True)
    progress.submit(step(onboarding, "register"), actor=people.alice, effect=lambda _: waits)
    progress.settle(step(onboarding, "register"), Done({"account_id": "A-1"}), witness=Witness.ATLAS)
    said = describe_status(step(onboarding, "register"))
    assert said.startswith("Alice Test sent it, and the portal finished it on ")
    for path in ("", "register/"):
        page = client_of(people.rhea).get(f"/onboardings/{onboarding.code}/{path}")
        assert "Alice Test sent it, and the portal finished it" in page.content.decode()


def test_an_upgrade_keeps_what_older_records_say(people: People, onboarding: Onboarding) -> None:
    sent = progress.Submission(answers={"name": "Alice Test", "email": "a@one.example"})
    progress.submit(step(onboarding, "register"), actor=people.alice, effect=lambda _: sent)
    StepRecord.objects.update(submitted_by=None)
    import_module("onboarding.journey.migrations.0004_answers_on_record").keep_answers(apps, None)
    [kept] = SentAnswers.objects.all()
    assert (kept.form, kept.by, kept.answers["email"]) == ("RegisterForm", people.alice, "a@one.example")
    assert step(onboarding, "register").submitted_by == people.alice


def test_a_secret_that_an_older_version_kept_in_the_wrong_box_is_shown_to_nobody(
    people: People, onboarding: Onboarding
) -> None:
    """Older versions kept every plain answer as it was typed; what is sent now is looked at before it is kept."""
    perform(onboarding, people, step_action("register"))
    record = step(onboarding, "register")
    SentAnswers.objects.all().delete()
    StepRecord.objects.filter(pk=record.pk).update(answers={**record.answers, "name": f"see {API_SECRET}"})
    for who in (people.rhea, people.olga):
        page = see(who, onboarding, "register")
        [(_, answers)] = _cards(page)
        assert sent_answers.NOT_SHOWN in answers.values()
        assert API_SECRET not in page.content.decode()
