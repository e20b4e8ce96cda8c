"""The pages of handing over, in every state: to a colleague, and to somebody outside the company, who is Charlie here.

The other scenes are in scenes.py.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page

from certs.secret_sharing import What
from onboarding.handover import offers, secret_sharing
from onboarding.handover.models import Grant, Offer
from onboarding.handover.secret_sharing import join_credentials
from tests.browser.stage import Stage, View
from tests.handover.factories import make_offer, make_outside_offer

LONG = "I am away from Monday on and the certificate is needed before the end of the month. " * 4


def _press(button: str) -> Callable[[Page], None]:
    def do(tab: Page) -> None:
        tab.get_by_role("main").get_by_role("button", name=button, exact=True).click()

    return do


def _filled(tab: Page) -> None:
    tab.get_by_label("Somebody outside the company", exact=True).check()
    tab.get_by_label("E-mail address of the person outside the company").fill(f"{'d' * 60}@dcp.example")
    tab.get_by_label("Why do you hand it over?", exact=True).fill(LONG)
    tab.get_by_role("main").get_by_role("button", name="Look before you send", exact=True).click()


def handing_over(stage: Stage) -> Iterator[View]:
    """From the form to the answer, to a colleague."""
    stage.start()
    stage.bring_to("api-credentials")
    stage.onboarding.steps.filter(slug="csr").update(state="open", draft={"way": "own"})
    yield View("hand-over, empty form", "bob", stage.path("csr", "hand-over"))
    yield View(
        "hand-over, nothing chosen",
        "bob",
        stage.path("csr", "hand-over"),
        422,
        _press("Look before you send"),
    )
    yield View("hand-over, before sending", "bob", stage.path("csr", "hand-over"), press=_filled)
    offer = make_offer(
        stage.onboarding, stage.people.bob, stage.people.alice, "api-credentials", reason=LONG, note=LONG
    )
    yield from _sides(offer, "bob", "alice", "offered")
    yield View("step, offered", "rhea", stage.path("api-credentials"))
    yield View("tasks, with an offer", "alice", "/?stay")
    yield View("tasks, handed over", "bob", "/?stay")
    for verb, who in (("decline", "alice"), ("withdraw", "bob")):
        yield View(f"offer, {verb}", who, f"/handovers/{offer.pk}/{verb}/")
    offers.accept(offer, actor=stage.people.alice)
    yield from _sides(offer, "bob", "alice", "accepted")
    yield View("step, handed to me", "alice", stage.path("api-credentials"))
    yield View("offer, return", "alice", f"/handovers/{offer.pk}/return/")
    yield from _passing_on(stage, Offer.objects.get(pk=offer.pk))
    yield View("offer, accepted twice", "alice", f"/handovers/{offer.pk}/decline/", 409)
    offers.return_(offer, actor=stage.people.alice, reason=LONG)
    yield from _sides(offer, "bob", "alice", "returned")


def _passing_on(stage: Stage, offer: Offer) -> Iterator[View]:
    """Bob passes an API key and secret on to Alice."""
    path = f"/handovers/{offer.pk}/secrets/"
    yield View("pass on", "bob", path, fresh=True)
    yield View("pass on, wrong", "bob", path, 422, _press("Pass it on"), fresh=True)
    until = timezone.now() + timedelta(days=7)
    both = join_credentials("0123456789abcdef", "00112233445566778899aabbccddeeff00112233")
    row = secret_sharing.share(offer, What.API_CREDENTIALS, both, until=until, actor=stage.people.bob)
    yield from _sides(offer, "bob", "alice", "with a secret")
    yield View("open a secret", "alice", f"{path}{row.pk}/", fresh=True)
    yield View(
        "open a secret, shown", "alice", f"{path}{row.pk}/", press=_press("Show them once"), fresh=True
    )
    yield View("open a secret, again", "alice", f"{path}{row.pk}/", 409, fresh=True)
    yield from _sides(offer, "bob", "alice", "with an opened secret")


def _sides(offer: Offer, one: str, other: str, name: str) -> Iterator[View]:
    for who in (one, other):
        yield View(f"offer, {name}, for {who}", who, f"/handovers/{offer.pk}/")


def letting_in(stage: Stage) -> Iterator[View]:
    """Somebody from outside, until the access is revoked."""
    stage.start()
    stage.bring_to("api-credentials")
    stage.onboarding.steps.filter(slug="csr").update(state="open")
    yield View("grants, none", "bob", stage.path("grants"))
    offer = make_outside_offer(
        stage.onboarding, stage.people.bob, stage.people.charlie.email, "csr", "pfx", reason=LONG
    )
    yield from _sides(offer, "bob", "charlie", "outside")
    offers.accept(offer, actor=stage.people.charlie)
    yield View("journey, from outside", "charlie", stage.path())
    yield View("step, from outside", "charlie", stage.path("csr"))
    yield View("step, locked, from outside", "charlie", stage.path("pfx"))
    yield View("history, from outside", "charlie", stage.path("history"), 403)
    yield View("tasks, from outside", "charlie", "/?stay")
    grant = Grant.objects.get()
    yield View("grants", "bob", stage.path("grants"))
    yield View("grant, extend", "bob", f"{stage.path('grants')}{grant.pk}/extend/", fresh=True)
    yield View("grant, revoke", "bob", f"{stage.path('grants')}{grant.pk}/revoke/", fresh=True)
    Grant.objects.update(revoked_at=timezone.now() - timedelta(minutes=1), revoked_by=stage.people.bob)
    yield View("grants, ended", "bob", stage.path("grants"))
    yield View("step, no access any more", "charlie", stage.path("csr"), 404)
