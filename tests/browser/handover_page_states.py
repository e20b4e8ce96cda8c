"""The pages of handing over, in every state: to a colleague, and to somebody outside the company, who is Charlie here.

The other scenes are in page_states.py.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page

from certs.secret_sharing import What
from onboarding.handover import offers, secret_sharing
from onboarding.handover.models import Grant, Offer
from onboarding.handover.secret_sharing import join_credentials
from tests.browser.page_setup import PageSetup, PageState
from tests.handover.factories import make_offer, make_outside_offer

LONG = "I am away from Monday on and the certificate is needed before the end of the month. " * 4


def _press(button: str) -> Callable[[Page], None]:
    def do(tab: Page) -> None:
        tab.get_by_role("main").get_by_role("button", name=button, exact=True).click()

    return do


def _filled(tab: Page) -> None:
    tab.get_by_label("Somebody outside the company", exact=True).check()
    tab.get_by_label("Email address of the person outside the company").fill(f"{'d' * 60}@dcp.example")
    tab.get_by_label("Why do you hand it over?", exact=True).fill(LONG)
    tab.get_by_role("main").get_by_role("button", name="Preview", exact=True).click()


def _remind(tab: Page) -> None:
    tab.locator(".app-now").get_by_role("button", name="Remind").click()


def handing_over(setup: PageSetup) -> Iterator[PageState]:
    """From the form to the answer, to a colleague."""
    setup.start()
    setup.bring_to("api-credentials")
    setup.onboarding.steps.filter(slug="csr").update(state="open", draft={"way": "own"})
    yield PageState("hand-over, empty form", "bob", setup.path("csr", "hand-over"))
    yield PageState(
        "hand-over, nothing chosen",
        "bob",
        setup.path("csr", "hand-over"),
        200,
        _press("Preview"),
    )
    yield PageState("hand-over, before sending", "bob", setup.path("csr", "hand-over"), press=_filled)
    offer = make_offer(
        setup.onboarding, setup.people.bob, setup.people.alice, "api-credentials", reason=LONG, note=LONG
    )
    yield from _sides(offer, "bob", "alice", "offered")
    yield PageState("step, offered", "rhea", setup.path("api-credentials"))
    for who in ("alice", "rhea"):
        yield PageState(f"journey, offered, {who}", who, setup.path())
    yield PageState("journey, reminded", "rhea", setup.path(), press=_remind)
    yield PageState("step, reminded", "olga", setup.path("api-credentials"))
    yield PageState("tasks, reminded", "rhea", "/?stay")
    yield PageState("tasks, with an offer", "alice", "/?stay")
    yield PageState("tasks, handed over", "bob", "/?stay")
    for verb, who in (("decline", "alice"), ("withdraw", "bob")):
        yield PageState(f"offer, {verb}", who, f"/handovers/{offer.pk}/{verb}/")
    offers.accept(offer, actor=setup.people.alice)
    yield from _sides(offer, "bob", "alice", "accepted")
    yield PageState("step, handed to me", "alice", setup.path("api-credentials"))
    yield PageState("offer, return", "alice", f"/handovers/{offer.pk}/return/")
    yield from _passing_on(setup, Offer.objects.get(pk=offer.pk))
    yield PageState("offer, accepted twice", "alice", f"/handovers/{offer.pk}/decline/", 409)
    offers.return_(offer, actor=setup.people.alice, reason=LONG)
    yield from _sides(offer, "bob", "alice", "returned")


def _passing_on(setup: PageSetup, offer: Offer) -> Iterator[PageState]:
    """Bob passes an API key and secret on to Alice."""
    path = f"/handovers/{offer.pk}/secrets/"
    yield PageState("pass on", "bob", path, fresh=True)
    yield PageState("pass on, wrong", "bob", path, 422, _press("Share it"), fresh=True)
    until = timezone.now() + timedelta(days=7)
    both = join_credentials("0123456789abcdef", "00112233445566778899aabbccddeeff00112233")
    row = secret_sharing.share(offer, What.API_CREDENTIALS, both, until=until, actor=setup.people.bob)
    yield from _sides(offer, "bob", "alice", "with a secret")
    yield PageState("open a secret", "alice", f"{path}{row.pk}/", fresh=True)
    yield PageState(
        "open a secret, shown", "alice", f"{path}{row.pk}/", press=_press("Show them once"), fresh=True
    )
    yield PageState("open a secret, again", "alice", f"{path}{row.pk}/", 409, fresh=True)
    yield from _sides(offer, "bob", "alice", "with an opened secret")


def _sides(offer: Offer, one: str, other: str, name: str) -> Iterator[PageState]:
    for who in (one, other):
        yield PageState(f"offer, {name}, for {who}", who, f"/handovers/{offer.pk}/")


def letting_in(setup: PageSetup) -> Iterator[PageState]:
    """Somebody from outside, until the access is revoked."""
    setup.start()
    setup.bring_to("api-credentials")
    setup.onboarding.steps.filter(slug="csr").update(state="open")
    yield PageState("grants, none", "bob", setup.path("grants"))
    offer = make_outside_offer(
        setup.onboarding, setup.people.bob, setup.people.charlie.email, "csr", "pfx", reason=LONG
    )
    yield from _sides(offer, "bob", "charlie", "outside")
    offers.accept(offer, actor=setup.people.charlie)
    yield PageState("journey, from outside", "charlie", setup.path())
    yield PageState("step, from outside", "charlie", setup.path("csr"))
    yield PageState("step, locked, from outside", "charlie", setup.path("pfx"))
    yield PageState("history, from outside", "charlie", setup.path("history"), 403)
    yield PageState("tasks, from outside", "charlie", "/?stay")
    grant = Grant.objects.get()
    yield PageState("grants", "bob", setup.path("grants"))
    yield PageState("grant, extend", "bob", f"{setup.path('grants')}{grant.pk}/extend/", fresh=True)
    yield PageState("grant, revoke", "bob", f"{setup.path('grants')}{grant.pk}/revoke/", fresh=True)
    Grant.objects.update(revoked_at=timezone.now() - timedelta(minutes=1), revoked_by=setup.people.bob)
    yield PageState("grants, ended", "bob", setup.path("grants"))
    yield PageState("step, no access any more", "charlie", setup.path("csr"), 404)
