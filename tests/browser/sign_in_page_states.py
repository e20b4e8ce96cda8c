"""The pages of one's own account and its second factor: nothing set up, everything set up, demanded.

Pages that come between password and first page are looked at in test_sign_in.py, which passes through them.
"""

from collections.abc import Iterator
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.utils import timezone
from playwright.sync_api import Page

from onboarding.people import second_factor
from onboarding.people.models import Membership, User
from tests.browser.page_setup import PageSetup, PageState

OWN = "/accounts/"
FACTOR = "/accounts/2fa/"


def _wrong_code(tab: Page) -> None:
    tab.get_by_label("Code that the app shows now").fill("000000")
    tab.get_by_role("button", name="Set it up").click()


def _no_code(tab: Page) -> None:
    tab.get_by_role("button", name="Continue").click()


def second_factors(setup: PageSetup) -> Iterator[PageState]:
    """Before and after one is set up."""
    yield PageState("your account", "alice", OWN)
    yield PageState("second proof, none", "alice", FACTOR)
    yield PageState("set up a code app", "alice", f"{FACTOR}totp/activate/", fresh=True)
    yield PageState(
        "set up a code app, wrong", "alice", f"{FACTOR}totp/activate/", press=_wrong_code, fresh=True
    )
    yield PageState("add a passkey", "alice", f"{FACTOR}webauthn/add/", fresh=True)
    yield PageState("no passkeys", "alice", f"{FACTOR}webauthn/")
    yield PageState("show that it is you, by passkey", "alice", f"{FACTOR}webauthn/reauthenticate/?next=/")
    key = _give_everything(setup.people.alice)
    yield PageState("your account, with everything", "alice", OWN)
    yield PageState("second proof, all", "alice", FACTOR)
    yield PageState("passkeys", "alice", f"{FACTOR}webauthn/")
    yield PageState("rename a key", "alice", f"{FACTOR}webauthn/keys/{key.pk}/edit/", fresh=True)
    yield PageState("remove a key", "alice", f"{FACTOR}webauthn/keys/{key.pk}/remove/", fresh=True)
    yield PageState("remove the code app", "alice", f"{FACTOR}totp/deactivate/", fresh=True)
    yield PageState("recovery codes", "alice", f"{FACTOR}recovery-codes/", fresh=True)
    yield PageState("recovery codes, once more", "alice", f"{FACTOR}recovery-codes/", fresh=True)
    yield PageState("new recovery codes", "alice", f"{FACTOR}recovery-codes/generate/", fresh=True)
    yield PageState("show that it is you, by code", "alice", f"{FACTOR}reauthenticate/?next=/")
    yield PageState(
        "show that it is you, no code", "alice", f"{FACTOR}reauthenticate/?next=/", press=_no_code
    )
    yield from _demanded(setup)


def _give_everything(user: User) -> Authenticator:
    kept = {
        name: second_factor.seal_secret(user, second_factor.STORED, "AB" * 16) for name in ("secret", "seed")
    }
    Authenticator.objects.create(user=user, type="totp", data={"secret": kept["secret"]})
    Authenticator.objects.create(
        user=user, type="recovery_codes", data={"seed": kept["seed"], "used_mask": 1}
    )
    shown = {"name": "The laptop at the office in the second floor", "credential": {}}
    return Authenticator.objects.create(user=user, type="webauthn", data=shown)


def _demanded(setup: PageSetup) -> Iterator[PageState]:
    plain = setup.settings.PORTAL
    setup.settings.PORTAL = plain.model_copy(update={"second_factor": True, "second_factor_grace_days": 14})
    yield PageState("tasks, a second factor is demanded soon", "bob", "/?stay")
    Membership.objects.update(since=timezone.now() - timedelta(days=15))
    yield PageState("your account, held", "bob", OWN)
    yield PageState("second proof, held", "bob", FACTOR)
    setup.settings.PORTAL = plain


def _wrong_number(tab: Page) -> None:
    tab.get_by_label("Telephone (optional)", exact=True).fill("ask reception")
    tab.get_by_role("main").get_by_role("button", name="Save", exact=True).click()


def sessions_and_organisation(setup: PageSetup) -> Iterator[PageState]:
    """One's telephone numbers, where one is signed in, and the organisation's own sign-in."""
    yield PageState("your account, with numbers", "alice", OWN)
    yield PageState("telephone numbers", "alice", f"{OWN}telephone/", fresh=True)
    yield PageState("telephone numbers, wrong", "alice", f"{OWN}telephone/", press=_wrong_number, fresh=True)
    yield PageState("where you are signed in", "alice", f"{OWN}sessions/")
    yield PageState("where you are signed in, twice", "alice", f"{OWN}sessions/", fresh=True)
    yield PageState("the organisation's sign-in, not linked", "alice", f"{OWN}organisation/", fresh=True)
    yield PageState("the organisation's sign-in, stopped", "", f"{OWN}organisation/login/cancelled/")
    yield PageState("the organisation's sign-in, failed", "", f"{OWN}organisation/login/error/")
