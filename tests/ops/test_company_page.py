"""A company's page for ops: whom to ring, what was said, what ops do about it; and none of it moves a step.

Editing a company is in tests/people/test_company_details.py.
"""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from selectolax.lexbor import LexborHTMLParser

from certs import clock, credentials
from certs.models import Secret
from onboarding.audit.models import Event
from onboarding.journey import progress
from onboarding.journey.deadlines import holds, reminders
from onboarding.journey.models import DeadlinePause, Onboarding, StepRecord
from onboarding.notifications.models import OutboxEmail
from onboarding.ops import archive
from onboarding.ops.models import CompanyNote
from onboarding.people import emergency, invitations
from onboarding.people.decisions import StateConflict
from onboarding.people.models import Company, Invitation, Role, User
from tests.handover.factories import make_dana
from tests.people_fixtures import People, client_of, fresh_client_of, step

PAGE = "/ops/companies/one/"


@pytest.fixture
def olga(people: People) -> Client:
    return fresh_client_of(people.olga)


def text_of(client: Client, address: str = PAGE, part: str = "main") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    found = LexborHTMLParser(answer.content).css(part)[0]
    return " ".join(found.text(separator=" ").split())


def test_the_page_says_whom_to_ring_and_when_they_were_here(
    olga: Client, people: People, onboarding: Onboarding
) -> None:
    User.objects.filter(pk=people.alice.pk).update(telephone="01632 960001", last_login=timezone.now())
    card = text_of(olga, part=".app-card")
    assert "Alice Test , Primary Certificate Admin" in card
    assert "01632 960001" in card
    assert "Signed in last just now" in card
    assert "Remind" in card
    assert "Alice Test started the onboarding" in text_of(olga)
    assert "Rhea Test Reader rhea@one.example Never" in text_of(olga, part="table")


def test_a_call_and_notes_are_read_by_whom_they_are_for(olga: Client, people: People) -> None:
    olga.post(f"{PAGE}call/", {"person": str(people.bob.pk), "result": "message", "text": "Back on Monday"})
    olga.post(f"{PAGE}note/", {"text": "They are slow", "audience": "ops"})
    olga.post(f"{PAGE}note/", {"text": "Send us the form", "audience": "company"})
    page = text_of(olga)
    for words in (
        "Olga Test rang Bob Test: I left a message",
        "Back on Monday",
        "They are slow",
        "Send us the form",
    ):
        assert words in page
    seen = text_of(client_of(people.alice), "/companies/one/")
    assert "Send us the form" in seen
    assert not {each for each in ("They are slow", "Back on Monday") if each in seen}
    assert not Event.objects.filter(data__icontains="slow").exists()


def test_no_secret_is_kept_in_a_note(olga: Client) -> None:
    secret = "00112233445566778899aabbccddeeff00112233"
    for address, data in (
        ("note/", {"text": secret, "audience": "ops"}),
        ("call/", {"person": "other", "result": "reached", "text": secret}),
        ("hold/", {"reason": secret}),
    ):
        assert "was not kept" in olga.post(f"{PAGE}{address}", data, follow=True).content.decode()
    assert not CompanyNote.objects.exists()
    assert not DeadlinePause.objects.exists()


def test_on_hold_nothing_is_late_nobody_is_reminded_and_the_portal_looks_on(
    olga: Client, people: People, onboarding: Onboarding
) -> None:
    now = timezone.now()
    late: dict[str, Any] = {"due_at": now, "next_check_at": now, "since": now, "next_reminder_at": now}
    StepRecord.objects.filter(onboarding=onboarding, slug="register").update(**late)
    Onboarding.objects.update(due_at=now)
    before = list(StepRecord.objects.order_by("pk").values())
    olga.post(f"{PAGE}hold/", {"reason": "They merge with another company"})
    assert not Onboarding.objects.stuck(timezone.now()).exists()
    assert reminders.remind_of_due_steps() == 0
    assert StepRecord.objects.due(timezone.now()).count() == 1
    assert (
        "on hold"
        in client_of(people.bob)
        .post(f"/onboardings/{onboarding.code}/register/remind/", follow=True)
        .content.decode()
    )
    assert "Remind" not in text_of(olga, part=".app-card")
    assert "They merge with another company" in text_of(client_of(people.rhea), "/companies/one/")
    second = olga.post(f"{PAGE}hold/", {"reason": "My own reason"}, follow=True).content.decode()
    assert "put One Energy Ltd on hold on" in second
    assert "My own reason" in second
    olga.post(f"{PAGE}hold/end/")
    assert Onboarding.objects.stuck(timezone.now()).exists()
    assert list(StepRecord.objects.order_by("pk").values()) == before
    assert reminders.remind_of_due_steps() == 1
    with pytest.raises(StateConflict, match="not on hold"):
        holds.end_hold(people.one, actor=people.olga)


def test_archived_is_what_has_nothing_open_and_no_secret_and_it_can_be_undone(
    olga: Client, people: People, onboarding: Onboarding
) -> None:
    invitations.invite(company=people.one, email="new@one.example", role=Role.READER, actor=people.alice)
    page = text_of(olga, f"{PAGE}archive/")
    assert onboarding.code in page
    assert "new@one.example" in page
    assert olga.post(f"{PAGE}archive/").status_code == 409
    assert "Archive it" not in text_of(olga)
    invitations.withdraw(people.one.invitations.get(), actor=people.alice)
    late = invitations.invite(
        company=people.one, email="late@one.example", role=Role.READER, actor=people.alice
    )
    Invitation.objects.filter(pk=late.pk).update(expires_at=clock.now())
    _keep_a_secret(onboarding)
    progress.withdraw(onboarding, actor=people.alice, reason="-")
    assert Secret.objects.filter(destroyed_at=None).exists()
    assert "Nothing of it comes back" in text_of(olga, f"{PAGE}archive/")
    olga.post(f"{PAGE}archive/")
    assert not Secret.objects.filter(destroyed_at=None).exists()
    assert Company.objects.get(pk=people.one.pk).archived_at
    with pytest.raises(StateConflict, match="archived"):
        progress.start(people.one, environment="uit", actor=people.alice)
    assert "Start the onboarding" not in text_of(client_of(people.alice), "/companies/one/")
    with pytest.raises(StateConflict, match="archived, so nobody can be invited"):
        invitations.invite(company=people.one, email="x@one.example", role=Role.READER, actor=people.alice)
    with pytest.raises(StateConflict, match="archived, so nobody can be invited"):
        invitations.resend(late, actor=people.alice)
    with pytest.raises(StateConflict, match="archived, so nobody can be invited"):
        emergency.ask(people.one, "x@one.example", reason="-", actor=people.olga)
    team = text_of(client_of(people.alice), "/companies/one/team/")
    assert "late@one.example" in team
    assert "Send it again" not in team
    assert "Invite somebody" not in team
    with pytest.raises(StateConflict, match="already"):
        archive.archive_company(people.one, actor=people.olga)
    olga.post(f"{PAGE}restore/")
    assert progress.start(people.one, environment="uit", actor=people.alice).is_active


def test_a_hold_ends_when_the_company_is_archived(
    olga: Client, people: People, onboarding: Onboarding
) -> None:
    olga.post(f"{PAGE}hold/", {"reason": "They merge"})
    progress.withdraw(onboarding, actor=people.alice, reason="-")
    olga.post(f"{PAGE}archive/")
    olga.post(f"{PAGE}restore/")
    assert "On hold since" not in text_of(olga)
    assert not Event.objects.order_by("-number")[1].name.startswith("company:hold:begun")
    assert progress.start(people.one, environment="uit", actor=people.alice).deadlines_paused_at is None


def test_whoever_destroys_what_does_not_come_back_shows_that_it_is_them(people: People) -> None:
    slept = client_of(people.olga)
    assert "Archive it" in text_of(slept, f"{PAGE}archive/")
    asked = slept.post(f"{PAGE}archive/", follow=True)
    assert "/accounts/reauthenticate/" in asked.request["PATH_INFO"]
    assert not Company.objects.filter(archived_at__isnull=False).exists()


def test_whoever_has_the_step_is_rung_also_from_outside_and_else_who_may_do_it(
    olga: Client, people: People, onboarding: Onboarding
) -> None:
    dana = make_dana()
    User.objects.filter(pk=dana.pk).update(telephone="01632 960777")
    record = StepRecord.objects.filter(onboarding=onboarding, slug="register")
    record.update(assignee=dana, assigned_at=timezone.now())
    card = text_of(olga, part=".app-card")
    assert "Dana" in card
    assert "01632 960777" in card
    assert "from outside the company" in card
    User.objects.filter(pk__in=[dana.pk, people.alice.pk]).update(is_active=False)
    assert "Bob Test" in text_of(olga, part=".app-card")


def _keep_a_secret(onboarding: Onboarding) -> None:
    found = credentials.read_pasted("0123456789abcdef", "00112233445566778899aabbccddeeff00112233")
    credentials.store(onboarding.company_id, onboarding.pk, found, "dip")


def test_the_welcome_goes_again_to_who_never_came_and_once_an_hour(olga: Client, people: People) -> None:
    assert olga.post(f"{PAGE}welcome/").status_code == 409
    assert "Send the welcome" not in text_of(olga)
    User.objects.filter(pk=people.alice.pk).update(password="!", last_login=None)
    assert "Send the welcome email again" in text_of(olga)
    olga.post(f"{PAGE}welcome/")
    assert OutboxEmail.objects.get().address == people.alice.email
    assert "the next can be sent from" in text_of(olga)
    assert olga.post(f"{PAGE}welcome/").status_code == 409
    assert OutboxEmail.objects.count() == 1


def test_an_edit_shows_the_old_name_in_the_history(olga: Client, people: People) -> None:
    page = LexborHTMLParser(olga.get("/companies/one/edit/").content)
    read = page.css("input[name=read]")[0].attributes["value"]
    new = {"name": "One Power Ltd", "number": "01111111", "country": "GB", "read": read}
    answer = olga.post("/companies/one/edit/", new, follow=True)
    assert answer.redirect_chain[-1][0] == PAGE
    assert "name: One Power Ltd, before: One Energy Ltd" in text_of(olga)
    assert OutboxEmail.objects.filter(key__startswith="company-changed").count() == 2
    second = fresh_client_of(people.olga).post(
        "/companies/one/edit/", {**new, "name": "One Gas Ltd"}, follow=True
    )
    assert "Somebody else changed this company" in second.content.decode()
    assert "One Gas Ltd" in second.content.decode()


def test_no_act_of_ops_moves_a_step(olga: Client, people: People, onboarding: Onboarding) -> None:
    before = list(StepRecord.objects.order_by("pk").values()), list(Onboarding.objects.values())
    for address, data in (
        ("note/", {"text": "x", "audience": "company"}), ("call/", {"person": "other", "result": "reached"}),
        ("hold/", {"reason": "x"}), ("hold/end/", {}), ("archive/", {}), ("restore/", {}), ("welcome/", {}),
    ):  # fmt: skip
        olga.post(f"{PAGE}{address}", data)
    assert (list(StepRecord.objects.order_by("pk").values()), list(Onboarding.objects.values())) == before
    assert step(onboarding, "register").state == "open"
