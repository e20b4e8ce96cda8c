"""Every page of the portal: a scene sets the stage, shows a page, moves something, shows the next one.

The pages of the steps are in step_scenes.py; what is looked for on a page is in eyes.py.
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
from tests.browser.handover_scenes import handing_over, letting_in
from tests.browser.people_scenes import (
    emergencies,
    inviting_people,
    leaving_people,
    reviewing_people,
    the_primary,
)
from tests.browser.refusal_scenes import refusals
from tests.browser.secret_scenes import secrets
from tests.browser.sign_in_scenes import second_factors, sessions_and_organisation
from tests.browser.stage import Stage, View
from tests.browser.step_scenes import step_scene
from tests.journey import step_actions

Scene = Callable[[Stage], Iterator[View]]


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


def signing_in(stage: Stage) -> Iterator[View]:
    """What a stranger meets on the way in."""
    alice = stage.people.alice
    yield View("sign in", "", "/accounts/login/")
    yield View("sign in, wrong", "", "/accounts/login/", press=press("Sign in", {"Email": "a@b.example"}))
    yield View("sign up is closed", "", "/accounts/signup/")
    yield View("closed account", "", "/accounts/inactive/")
    yield View("new password", "", "/accounts/password/reset/")
    yield View("new password, wrong", "", "/accounts/password/reset/", press=press("Send me the link"))
    yield View("new password, sent", "", "/accounts/password/reset/done/")
    yield View("new password, bad link", "", "/accounts/password/reset/key/1-wrong/", 409)
    link = urlsplit(make_reset_link(alice)).path
    yield View("new password, link", "", link)
    yield View("new password, choose", "", link, press=press("Continue"))
    yield View("new password, wrong", "", urlsplit(make_reset_link(alice)).path, 422, _choose_nothing)
    yield View("new password, link that was used", "", _used(make_reset_link(alice)), 409)
    yield View("new password, saved", "", "/accounts/password/reset/key/done/")
    yield View("confirm an address, sent", "", "/accounts/confirm-email/")


def own_account(stage: Stage) -> Iterator[View]:
    """One's own account."""
    yield View("sign out", "alice", "/accounts/logout/")
    yield View("change password", "alice", "/accounts/password/change/")
    yield View(
        "change password, wrong", "alice", "/accounts/password/change/", press=press("Change the password")
    )
    yield View("show that it is you", "alice", "/accounts/reauthenticate/?next=/")
    wrong = press("Continue", {"Password": "wrong"})
    yield View("show that it is you, wrong", "alice", "/accounts/reauthenticate/?next=/", press=wrong)
    yield View("new password, signed in", "alice", "/accounts/password/reset/")
    stage.people.bob.set_unusable_password()
    stage.people.bob.save()
    yield View("first password", "bob", "/accounts/password/set/")
    yield View("first password, wrong", "bob", "/accounts/password/set/", press=press("Save the password"))


def help_pages(stage: Stage) -> Iterator[View]:
    """Guides and the catalogue, as strangers and as people read them."""
    guides = ("before-you-start", "roles", "accessibility", "about", "openssl-and-key-vault")
    for path in ("", "?q=password", "?q=zebra", *(f"{guide}/" for guide in guides)):
        yield View(f"help {path}", "", f"/help/{path}")
    codes = (
        "vetting-late",
        "certificate-mismatch",
        "key-exposed",
        "atlas-down",
        "openssl-legacy",
        "vault-name",
    )
    for code in codes:
        yield View(f"help {code}", "alice", f"/help/{code}/")


def check_a_file(stage: Stage) -> Iterator[View]:
    """The doctor tied to no step: the form, refused, and its answers."""
    answers = {
        "a message": "Mac verify error: invalid password?",
        "nothing known": "Good morning",
    }
    yield View("check a file", "tess", "/check/")
    yield View("check a file, empty", "tess", "/check/", 422, press=press("Check it"))
    for name, text in answers.items():
        yield View(
            f"check a file, {name}", "olga", "/check/", press=press("Check it", {"Paste the text": text})
        )


def companies(stage: Stage) -> Iterator[View]:
    """Desks, companies and teams, from nothing at all to work in every list."""
    one, two, people = stage.people.one, stage.people.two, stage.people
    yield View("tasks, nothing under way", "alice", "/")
    yield View("company, empty", "alice", f"/companies/{one.slug}/")
    yield View("company, empty, a reader", "rhea", f"/companies/{one.slug}/")
    yield View("company, as ops", "olga", f"/companies/{one.slug}/")
    yield View("team", "bob", f"/companies/{one.slug}/team/")
    yield View("team, thin cover", "charlie", f"/companies/{two.slug}/team/")
    start = press("Start the onboarding in UIT")
    yield View("journey, just started", "charlie", f"/companies/{two.slug}/", press=start)
    stage.start()
    yield View("company, one onboarding", "alice", f"/companies/{one.slug}/")
    Membership.objects.create(user=people.alice, company=two, role=Role.ADMIN)
    yield View("journey, of several companies", "alice", stage.path())
    stage.bring_to("identity-profile")
    yield View("tasks, waiting", "tess", "/?stay")
    stage.finish("identity-profile")
    yield View("tasks, full", "alice", "/?stay")
    stage.fail("csr")
    yield View("tasks, a problem", "tess", "/?stay")
    Membership.objects.filter(user=people.rhea).delete()
    yield View("tasks, no company", "rhea", "/")


def ops(stage: Stage) -> Iterator[View]:
    """The board: empty, full, narrowed; adding a company."""
    yield View("board, empty", "olga", "/ops/")
    yield View("add a company", "olga", "/companies/add/")
    yield View("add a company, wrong", "olga", "/companies/add/", 422, press=press("Add the company"))
    stage.start()
    progress.start(stage.people.two, environment="uit", actor=stage.people.charlie)
    stage.bring_to("verification")
    stage.make_late("verification")
    stage.onboarding = stage.start("production")
    stage.fail("register")
    yield View("board, full", "olga", "/ops/")
    for query in ("with=trouble", "with=companies", "with=us", "stage=Vetting", "stage=PFX"):
        yield View(f"board, {query}", "olga", f"/ops/?{query}")
    yield View("journey, a problem, as ops", "olga", stage.path())


def journey(stage: Stage) -> Iterator[View]:
    """The journey in each stage until it is complete."""
    stage.start()
    for row in STEPS:
        first_of_stage = row == next(each for each in STEPS if each.stage == row.stage)
        stage.bring_to(row.slug)
        if first_of_stage:
            for who in ("alice", "tess"):
                yield View(f"journey, {row.stage}, {who}", who, stage.path())
        if row.slug == "csr":
            _hand_about(stage)
            yield View("journey, a step is held", "rhea", stage.path())
    stage.finish_all()
    yield View("journey, complete", "alice", stage.path())
    yield View("tasks, complete", "alice", "/?stay")
    yield View("history", "rhea", stage.path("history"))
    yield View("history, second page", "rhea", stage.path("history") + "?page=2")
    Onboarding.objects.filter(pk=stage.onboarding.pk).update(secrets_destroyed_at=timezone.now())
    yield View("journey, complete, secrets destroyed", "bob", stage.path())


def _hand_about(stage: Stage) -> None:
    """Tess takes the step and gives it back, until the history has more than one page; then she keeps it."""
    for _ in range(8):
        claims.claim(stage.record("csr"), actor=stage.people.tess)
        claims.unclaim(stage.record("csr"), actor=stage.people.tess)
    claims.claim(stage.record("csr"), actor=stage.people.tess)


def ending(stage: Stage) -> Iterator[View]:
    """Withdrawing, taking back, and what is said when a reason is missing."""
    stage.start()
    claims.claim(stage.record("register"), actor=stage.people.alice)
    yield View("withdraw", "alice", stage.path("withdraw"))
    yield View("withdraw, wrong", "alice", stage.path("withdraw"), 422, press=press("Withdraw it"))
    stage.bring_to("verification")
    claims.claim(stage.record("csr"), actor=stage.people.tess)
    back = stage.path("csr", "take-back")
    yield View("take back", "bob", back)
    yield View("take back, wrong", "bob", back, 422, press=press("Take it back"))
    unfold = partial(
        _unfold_and_press, summary="Report a problem with this step", button="Report the problem"
    )
    yield View("report a problem, wrong", "tess", stage.path("csr"), 422, press=unfold)
    stage.fail("verification")
    unfold = partial(_unfold_and_press, summary="Have an earlier step done again", button="Send back")
    yield View("send back, wrong", "alice", stage.path("verification"), 422, press=unfold)
    done = press("Withdraw it", {"Reason": "The company is not joining after all."})
    yield View("company, just withdrawn", "alice", stage.path("withdraw"), press=done)
    if Onboarding.objects.get(pk=stage.onboarding.pk).is_active:
        progress.withdraw(stage.onboarding, actor=stage.people.alice, reason="Not joining.")
    yield View("journey, withdrawn", "alice", stage.path())
    yield View("step, withdrawn", "tess", stage.path("csr"))


def _unfold_and_press(tab: Page, summary: str, button: str) -> None:
    tab.get_by_text(summary, exact=True).click()
    tab.get_by_role("button", name=button, exact=True).click()


def checking(stage: Stage) -> Iterator[View]:
    """Check your answers, a kept draft, and evidence with a note."""
    stage.start()
    for slug in ("register", "identity-profile"):
        stage.bring_to(slug)
        if BY_SLUG[slug].before:
            stage.perform(slug, waits=True)
        fill = partial(fill_in, data=_answers(slug), button="Check your answers")
        yield View(f"check your answers, {slug}", "alice", stage.path(slug), press=fill)
        draft = partial(fill_in, data=_answers(slug), button="Save for later")
        yield View(f"draft, {slug}", "alice", stage.path(slug), press=draft)
        stage.perform(slug)
    stage.confirm_with_a_file("verification")
    yield View("evidence", "bob", stage.path("verification"))


def _answers(slug: str) -> dict[str, str]:
    return step_actions.step_action(slug).data()


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
            check_a_file,
            companies,
            ops,
            journey,
            ending,
            handing_over,
            letting_in,
            inviting_people,
            emergencies,
            leaving_people,
            the_primary,
            reviewing_people,
            checking,
            secrets,
            refusals,
        )
    },
    **{f"step {row.slug}": partial(step_scene, slug=row.slug) for row in STEPS},
}
__all__ = ["SCENES", "Scene"]
