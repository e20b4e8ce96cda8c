"""The pages on which a secret leaves the vault: of a key that the portal made, and of one that the company brought.

What leaves, and to whom, is tested with the journey; here the pages are looked at.
"""

from collections.abc import Callable, Iterator

from cryptography import x509
from playwright.sync_api import Page

from onboarding.journey import case_files, progress
from onboarding.journey.forms import CertificateForm
from onboarding.journey.forms.keys import PfxForm
from onboarding.journey.polling import portal as portal_pollers
from tests.browser.page_setup import PageSetup, PageState
from tests.certs import x509_factories
from tests.journey import step_actions


def secrets(setup: PageSetup) -> Iterator[PageState]:
    """The PFX, its password, API key and secret; before that the page that asks who it is."""
    setup.start()
    bundle, credentials = setup.path("download"), setup.path("show-credentials")
    yield PageState("bundle, none", "bob", bundle, fresh=True)
    _made_here(setup)
    yield PageState("bundle, sign in again", "bob", bundle)
    yield PageState("bundle, key made here", "tess", bundle, fresh=True)
    password = _press("Download with a password, AES-256")
    yield PageState("bundle, its password", "tess", bundle, press=password, fresh=True)
    yield PageState("credentials, asked for", "bob", credentials, fresh=True)
    yield PageState("credentials, shown", "bob", credentials, press=_press("Show them once"), fresh=True)
    yield PageState(
        "credentials, shown already", "bob", credentials, 409, _press("Show them once"), fresh=True
    )
    yield PageState("credentials, a technician", "tess", credentials, 403, fresh=True)
    yield PageState("bundle, a reader", "rhea", bundle, 403, fresh=True)
    _brought(setup)
    yield PageState("bundle, key brought", "bob", setup.path("download"), fresh=True)


def _press(button: str) -> Callable[[Page], None]:
    return lambda tab: tab.get_by_role("button", name=button, exact=True).click()


def _made_here(setup: PageSetup) -> None:
    """Key and PFX made by the portal, with a certificate of the tests' own authority."""
    setup.bring_to("csr")
    setup.leave_to_the_worker("csr")
    record = setup.record("csr")
    progress.settle(record, portal_pollers.make_key(record), witness="portal")
    csr = x509.load_pem_x509_csr(case_files.require_signing_request(setup.onboarding).csr_pem.encode())
    issued = x509_factories.issue(csr.public_key(), x509_factories.intermediate())  # type: ignore[arg-type]  # it is RSA
    record, bob = setup.record("certificate"), setup.people.bob
    form = CertificateForm(
        {"certificate_text": x509_factories.pem_of(issued).decode()}, record=record, user=bob
    )
    assert form.is_valid(), form.errors
    progress.confirm(record, actor=bob, effect=form.effect, seen_on=form.seen_on())
    setup.leave_to_the_worker("pfx")
    record = setup.record("pfx")
    progress.settle(record, portal_pollers.build_pfx(record), witness="portal")


def _brought(setup: PageSetup) -> None:
    """A second onboarding, whose PFX the company brought and lets the portal keep."""
    setup.start("production")
    record = setup.bring_to("pfx")
    step_action, tess = step_actions.step_action("pfx"), setup.people.tess
    form = PfxForm(
        {"way": "own", "keep": "keep"}, {"pfx": step_action.filled()["pfx"]}, record=record, user=tess
    )
    assert form.is_valid(), form.errors
    progress.submit(record, actor=tess, effect=form.effect)
