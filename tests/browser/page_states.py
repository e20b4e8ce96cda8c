"""Every page of the portal: a scene sets the stage, shows a page, moves something, shows the next one.

The pages of the steps are in step_page_states.py; what is looked for on a page is in page_assertions.py.
"""

from collections.abc import Callable, Iterator
from functools import partial
from urllib.parse import urlsplit

from django.utils import timezone
from playwright.sync_api import Page

from onboarding.handover import claims
from onboarding.journey import progress
from onboarding.journey.models import Onboarding
from onboarding.journey.steps import BY_SLUG, STEPS
from onboarding.people import reset_links
from onboarding.people.models import Membership, Role
from onboarding.people.reset_links import make_reset_link
from tests.browser.board_page_states import board
from tests.browser.carry_over_page_states import carrying_over
from tests.browser.clients_page_states import clients
from tests.browser.deadline_page_states import deadlines
from tests.browser.handover_page_states import handing_over, letting_in
from tests.browser.help_page_states import help_pages
from tests.browser.ops_page_states import companies_for_ops
from tests.browser.page_setup import PageSetup, PageState
from tests.browser.people_page_states import (
    emergencies,
    inviting_people,
    leaving_people,
    reviewing_people,
    the_primary,
)
from tests.browser.question_page_states import questions_to_ops
from tests.browser.refusal_page_states import refusals
from tests.browser.secret_page_states import secrets
from tests.browser.sign_in_page_states import second_factors, sessions_and_organisation
from tests.browser.start_page_states import coming_in
from tests.browser.step_page_states import step_scene
from tests.browser.task_page_states import your_tasks
from tests.journey import step_actions

Scene = Callable[[PageSetup], Iterator[PageState]]


def press(button: str, fills: dict[str, str] | None = None) -> Callable[[Page], None]:
    """Fill these fields of the page, then press the button of this name."""

    def do(tab: Page) -> None:
        for label, text in (fills or {}).items():
            tab.get_by_label(label, exact=True).fill(text)
        tab.get_by_role("main").get_by_role("button", name=button, exact=True).click()

    return do


def _choose_nothing(tab: Page) -> None:
    press("Continue")(tab)
    press("Save the new password")(tab)


def _used(link: str) -> str:
    """The path of a link that somebody else has used."""
    uid, _, token = link.rstrip("/").rsplit("/", 1)[1].partition("-")
    seen = reset_links.read_link(uid, token)
    assert seen is not None
    assert reset_links.use_link(seen) is not None
    return urlsplit(link).path


def signing_in(setup: PageSetup) -> Iterator[PageState]:
    """What a stranger meets on the way in."""
    alice = setup.people.alice
    yield PageState("sign in", "", "/accounts/login/")
    yield PageState(
        "sign in, wrong", "", "/accounts/login/", press=press("Sign in", {"Email": "a@b.example"})
    )
    yield PageState("sign up is closed", "", "/accounts/signup/")
    yield PageState("closed account", "", "/accounts/inactive/")
    yield PageState("new password", "", "/accounts/password/reset/")
    yield PageState("new password, wrong", "", "/accounts/password/reset/", press=press("Send me the link"))
    yield PageState("new password, sent", "", "/accounts/password/reset/done/")
    yield PageState("new password, bad link", "", "/accounts/password/reset/key/1-wrong/", 409)
    link = urlsplit(make_reset_link(alice)).path
    yield PageState("new password, link", "", link)
    yield PageState("new password, choose", "", link, press=press("Continue"))
    yield PageState("new password, wrong", "", urlsplit(make_reset_link(alice)).path, 422, _choose_nothing)
    yield PageState("new password, link that was used", "", _used(make_reset_link(alice)), 409)
    yield PageState("new password, saved", "", "/accounts/password/reset/key/done/")
    yield PageState("confirm an address, sent", "", "/accounts/confirm-email/")


def own_account(setup: PageSetup) -> Iterator[PageState]:
    """One's own account."""
    yield PageState("sign out", "alice", "/accounts/logout/")
    yield PageState("change password", "alice", "/accounts/password/change/")
    yield PageState(
        "change password, wrong", "alice", "/accounts/password/change/", press=press("Change the password")
    )
    yield PageState("show that it is you", "alice", "/accounts/reauthenticate/?next=/")
    wrong = press("Continue", {"Password": "wrong"})
    yield PageState("show that it is you, wrong", "alice", "/accounts/reauthenticate/?next=/", press=wrong)
    yield PageState("new password, signed in", "alice", "/accounts/password/reset/")
    setup.people.bob.set_unusable_password()
    setup.people.bob.save()
    yield PageState("first password", "bob", "/accounts/password/set/")
    yield PageState(
        "first password, wrong", "bob", "/accounts/password/set/", press=press("Save the password")
    )


def check_a_file(setup: PageSetup) -> Iterator[PageState]:
    """The doctor tied to no step: the form, refused, and its answers."""
    answers = {
        "a message": "Mac verify error: invalid password?",
        "nothing known": "Good morning",
    }
    yield PageState("check a file", "tess", "/check/")
    yield PageState("check a file, empty", "tess", "/check/", 422, press=press("Check it"))
    for name, text in answers.items():
        yield PageState(
            f"check a file, {name}", "olga", "/check/", press=press("Check it", {"Paste the text": text})
        )


def companies(setup: PageSetup) -> Iterator[PageState]:
    """Desks, companies and teams, from nothing at all to work in every list."""
    one, two, people = setup.people.one, setup.people.two, setup.people
    yield PageState("tasks, nothing under way", "alice", "/")
    yield PageState("company, empty", "alice", f"/companies/{one.slug}/")
    yield PageState("company, empty, a reader", "rhea", f"/companies/{one.slug}/")
    yield PageState("company, as ops", "olga", f"/companies/{one.slug}/")
    yield PageState("team", "bob", f"/companies/{one.slug}/team/")
    yield PageState("team, thin cover", "charlie", f"/companies/{two.slug}/team/")
    start = press("Start the onboarding in UIT")
    yield PageState("registration, just started", "charlie", f"/companies/{two.slug}/", press=start)
    setup.start()
    yield PageState("company, one onboarding", "alice", f"/companies/{one.slug}/")
    Membership.objects.create(user=people.alice, company=two, role=Role.ADMIN)
    yield PageState("journey, of several companies", "alice", setup.path())
    setup.bring_to("identity-profile")
    yield PageState("tasks, waiting", "tess", "/?stay")
    setup.finish("identity-profile")
    yield PageState("tasks, full", "alice", "/?stay")
    setup.fail("csr")
    yield PageState("tasks, a problem", "tess", "/?stay")
    Membership.objects.filter(user=people.rhea).delete()
    yield PageState("tasks, no company", "rhea", "/")


def journey(setup: PageSetup) -> Iterator[PageState]:
    """The journey in each stage until it is complete."""
    setup.start()
    yield PageState("certificates, none", "alice", f"/companies/{setup.people.one.slug}/certificates/")
    for row in STEPS:
        first_of_stage = row == next(each for each in STEPS if each.stage == row.stage)
        setup.bring_to(row.slug)
        if first_of_stage:
            for who in ("alice", "tess"):
                yield PageState(f"journey, {row.stage}, {who}", who, setup.path())
        if row.slug == "csr":
            _hand_about(setup)
            yield PageState("journey, a step is held", "rhea", setup.path())
    setup.finish_all()
    yield PageState("journey, complete", "alice", setup.path())
    yield PageState("tasks, complete", "alice", "/?stay")
    certificates = f"/companies/{setup.people.one.slug}/certificates/"
    for who in ("alice", "rhea"):
        yield PageState(f"certificates, {who}", who, certificates)
    yield PageState("briefing for reception", "alice", setup.path("reception"))
    yield PageState("history", "rhea", setup.path("history"))
    yield PageState("history, second page", "rhea", setup.path("history") + "?page=2")
    Onboarding.objects.filter(pk=setup.onboarding.pk).update(secrets_destroyed_at=timezone.now())
    yield PageState("journey, complete, secrets destroyed", "bob", setup.path())


def _hand_about(setup: PageSetup) -> None:
    """Tess takes the step and gives it back, until the history has more than one page; then she keeps it."""
    for _ in range(8):
        claims.claim(setup.record("csr"), actor=setup.people.tess)
        claims.unclaim(setup.record("csr"), actor=setup.people.tess)
    claims.claim(setup.record("csr"), actor=setup.people.tess)


def ending(setup: PageSetup) -> Iterator[PageState]:
    """Withdrawing, taking back, and what is said when a reason is missing."""
    setup.start()
    claims.claim(setup.record("register"), actor=setup.people.alice)
    yield PageState("withdraw", "alice", setup.path("withdraw"))
    yield PageState("withdraw, wrong", "alice", setup.path("withdraw"), 200, press=press("Withdraw it"))
    setup.bring_to("verification")
    claims.claim(setup.record("csr"), actor=setup.people.tess)
    back = setup.path("csr", "take-back")
    yield PageState("take back", "bob", back)
    yield PageState("take back, wrong", "bob", back, 200, press=press("Take it back"))
    unfold = partial(
        _unfold_and_press, summary="Report a problem with this step", button="Report the problem"
    )
    yield PageState("report a problem, wrong", "tess", setup.path("csr"), 200, press=unfold)
    setup.fail("verification")
    unfold = partial(_unfold_and_press, summary="Have an earlier step done again", button="Send back")
    yield PageState("send back, wrong", "alice", setup.path("verification"), 200, press=unfold)
    again = {"to": "identity-profile", "reason": "The registered name is wrong."}
    progress.send_back(setup.record("verification"), actor=setup.people.bob, **again)
    yield PageState("done again, beside what was sent", "alice", setup.path("identity-profile"))
    done = press("Withdraw it", {"Reason": "The company is not joining after all."})
    yield PageState("company, just withdrawn", "alice", setup.path("withdraw"), press=done)
    if Onboarding.objects.get(pk=setup.onboarding.pk).is_active:
        progress.withdraw(setup.onboarding, actor=setup.people.alice, reason="Not joining.")
    yield PageState("journey, withdrawn", "alice", setup.path())
    yield PageState("step, withdrawn", "tess", setup.path("csr"))


def _unfold_and_press(tab: Page, summary: str, button: str) -> None:
    """The part may be open already, where it is the right way out."""
    sent = tab.get_by_role("button", name=button, exact=True)
    if not sent.is_visible():
        tab.get_by_text(summary, exact=True).click()
    sent.click()


def checking(setup: PageSetup) -> Iterator[PageState]:
    """Check your answers, a kept draft, and evidence with a note; the list of countries stands on the right one."""
    setup.start()
    for slug in ("register", "identity-profile"):
        setup.bring_to(slug)
        if BY_SLUG[slug].before:
            setup.perform(slug, waits=True)
        fill = partial(fill_in, data=_answers(slug), button="Check your answers")
        yield PageState(f"check your answers, {slug}", "alice", setup.path(slug), press=fill)
        draft = partial(fill_in, data=_answers(slug), button="Save for later")
        yield PageState(f"draft, {slug}", "alice", setup.path(slug), press=draft)
        setup.perform(slug)
    setup.confirm_with_a_file("verification")
    yield PageState("evidence", "bob", setup.path("verification"))


def _answers(slug: str) -> dict[str, str]:
    return {name: text for name, text in step_actions.step_action(slug).data().items() if name != "country"}


def fill_in(tab: Page, data: dict[str, str], button: str) -> None:
    """Type the answers into the fields of these names."""
    for name, value in data.items():
        box = tab.locator(f"[name='{name}']")
        box.check() if value == "on" else box.fill(value)
    tab.get_by_role("button", name=button, exact=True).click()


SCENES: dict[str, Scene] = {
    **{
        scene.__name__.replace("_", " "): scene
        for scene in (
            signing_in,
            own_account,
            second_factors,
            sessions_and_organisation,
            help_pages,
            questions_to_ops,
            check_a_file,
            companies,
            clients,
            board,
            companies_for_ops,
            journey,
            ending,
            deadlines,
            carrying_over,
            handing_over,
            letting_in,
            coming_in,
            inviting_people,
            emergencies,
            leaving_people,
            the_primary,
            reviewing_people,
            checking,
            secrets,
            refusals,
            your_tasks,
        )
    },
    **{f"step {row.slug}": partial(step_scene, slug=row.slug) for row in STEPS},
}
__all__ = ["SCENES", "Scene"]
