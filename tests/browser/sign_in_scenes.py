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
from tests.browser.stage import Stage, View

OWN = "/accounts/"
FACTOR = "/accounts/2fa/"


def _wrong_code(tab: Page) -> None:
    tab.get_by_label("Code that the app shows now").fill("000000")
    tab.get_by_role("button", name="Set it up").click()


def _no_code(tab: Page) -> None:
    tab.get_by_role("button", name="Continue").click()


def second_factors(stage: Stage) -> Iterator[View]:
    """Before and after one is set up."""
    yield View("your account", "alice", OWN)
    yield View("second proof, none", "alice", FACTOR)
    yield View("set up a code app", "alice", f"{FACTOR}totp/activate/", fresh=True)
    yield View("set up a code app, wrong", "alice", f"{FACTOR}totp/activate/", press=_wrong_code, fresh=True)
    yield View("add a passkey", "alice", f"{FACTOR}webauthn/add/", fresh=True)
    yield View("no passkeys", "alice", f"{FACTOR}webauthn/")
    yield View("show that it is you, by passkey", "alice", f"{FACTOR}webauthn/reauthenticate/?next=/")
    key = _give_everything(stage.people.alice)
    yield View("your account, with everything", "alice", OWN)
    yield View("second proof, all", "alice", FACTOR)
    yield View("passkeys", "alice", f"{FACTOR}webauthn/")
    yield View("rename a key", "alice", f"{FACTOR}webauthn/keys/{key.pk}/edit/", fresh=True)
    yield View("remove a key", "alice", f"{FACTOR}webauthn/keys/{key.pk}/remove/", fresh=True)
    yield View("remove the code app", "alice", f"{FACTOR}totp/deactivate/", fresh=True)
    yield View("recovery codes", "alice", f"{FACTOR}recovery-codes/", fresh=True)
    yield View("recovery codes, once more", "alice", f"{FACTOR}recovery-codes/", fresh=True)
    yield View("new recovery codes", "alice", f"{FACTOR}recovery-codes/generate/", fresh=True)
    yield View("show that it is you, by code", "alice", f"{FACTOR}reauthenticate/?next=/")
    yield View("show that it is you, no code", "alice", f"{FACTOR}reauthenticate/?next=/", press=_no_code)
    yield from _demanded(stage)


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


def _demanded(stage: Stage) -> Iterator[View]:
    plain = stage.settings.PORTAL
    stage.settings.PORTAL = plain.model_copy(update={"second_factor": True, "second_factor_grace_days": 14})
    yield View("tasks, a second factor is demanded soon", "bob", "/?stay")
    Membership.objects.update(since=timezone.now() - timedelta(days=15))
    yield View("your account, held", "bob", OWN)
    yield View("second proof, held", "bob", FACTOR)
    stage.settings.PORTAL = plain


def sessions_and_organisation(stage: Stage) -> Iterator[View]:
    """Where one is signed in, and the organisation's own sign-in."""
    yield View("where you are signed in", "alice", f"{OWN}sessions/")
    yield View("where you are signed in, twice", "alice", f"{OWN}sessions/", fresh=True)
    yield View("the organisation's sign-in, not linked", "alice", f"{OWN}organisation/", fresh=True)
    yield View("the organisation's sign-in, stopped", "", f"{OWN}organisation/login/cancelled/")
    yield View("the organisation's sign-in, failed", "", f"{OWN}organisation/login/error/")
