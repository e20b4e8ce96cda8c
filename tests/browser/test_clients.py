"""A technician of a DCP takes five clients from accepted grants to five proven PFX files, with the pages for many.

Keys and PFX files are made by the downloaded scripts, with OpenSSL; what the clients' own people do is done beside.
"""

import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from atlas.sandbox.server import Sandbox
from onboarding.journey import progress
from onboarding.journey.forms import step_form
from onboarding.journey.models import Onboarding
from onboarding.people.models import User
from tests.browser.computer import openssl_opens
from tests.browser.person import Person, reload_until
from tests.browser.workers import Workers
from tests.certs.atlas_customer import Customer, customer
from tests.handover.factories import make_dana, make_grant
from tests.journey.step_actions import upload
from tests.people_fixtures import make_company, make_user, step

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

COUNT = 5
BEFORE = ("register", "invitation", "payment-method", "quote", "identity-profile", "verification")


def _begin(number: int, at_atlas: Customer, dana: User) -> Onboarding:
    """A company that is known at Atlas, whose lead has let Dana in to the technical steps."""
    lead = make_user(f"lead-{number}@client.example", f"Lead {number}")
    company = make_company(f"client-{number}", f"O'Client & Sons {number}", lead)
    case = progress.start(company, environment="uit", actor=lead)
    case.steps.filter(slug__in=BEFORE).update(state="done")
    case.steps.filter(slug="register").update(facts={"account_id": at_atlas.account_id})
    case.steps.filter(slug__in=("api-credentials", "csr")).update(state="open")
    make_grant(case, lead, dana, "csr", "pfx", "proof")
    made = at_atlas.credential
    csv = f"API Key,API Secret\r\n{made.api_key},{made.api_secret}\r\n".encode()
    record = step(case, "api-credentials")
    form: Any = step_form(record.definition)
    act = form({"name": made.name, "way": "csv"}, {"csv": upload("c.csv", csv)}, record=record, user=lead)
    assert act.is_valid(), act.errors
    progress.submit(record, actor=lead, effect=act.effect)
    return case


def _all(cases: list[Onboarding], slug: str, state: str) -> Callable[[], bool]:
    return lambda: [step(case, slug).state for case in cases] == [state] * len(cases)


def _run(folder: Path, script: str) -> str:
    ran = subprocess.run(["sh", script], cwd=folder, capture_output=True, text=True, timeout=600, check=False)
    assert ran.returncode == 0, ran.stderr + ran.stdout
    return ran.stdout


def _send(dana: Person, files: list[Path], button: str) -> None:
    dana.tab.locator("input[type=file]").set_input_files(files)
    dana.press(button)
    expect(dana.tab.get_by_role("heading", level=1)).to_have_text("What became of your files")
    expect(dana.tab.get_by_text(f"{COUNT} accepted, 0 not sent.")).to_be_visible()


def test_five_clients_from_grants_to_proven_pfx_files(
    db: None, with_api: Sandbox, browse: Callable[..., Page], tmp_path: Path
) -> None:
    user = make_dana()
    cases = [_begin(number, customer(with_api), user) for number in range(COUNT)]
    dana = Person(user, browse(accept_downloads=True))
    dana.sign_in(then="/clients/")
    expect(
        dana.tab.get_by_text(f"{COUNT} of {COUNT} clients have something for you to do now.")
    ).to_be_visible()
    dana.press("Create the CSRs")
    dana.fetch(dana.tab.get_by_role("link", name="Script for Linux, macOS or Git Bash"), tmp_path)
    _run(tmp_path, "make-csrs.sh")
    _send(dana, sorted(tmp_path.glob("*.csr")), "Check and send the CSRs")
    with Workers():
        reload_until(_all(cases, "pfx", "open"), "the certificates")
    dana.tab.goto("/clients/")
    dana.press("Build the PFX files")
    certificates = dana.fetch(dana.tab.get_by_role("link", name="Certificates in one zip"), tmp_path)
    with zipfile.ZipFile(certificates) as archive:
        archive.extractall(tmp_path)
    dana.fetch(dana.tab.get_by_role("link", name="Script for Linux, macOS or Git Bash"), tmp_path)
    _run(tmp_path, "make-pfxs.sh")
    bundles = sorted(tmp_path.glob("*.pfx"))
    for each in bundles:
        openssl_opens(each)
    _send(dana, bundles, "Check and send the PFX files")
    with Workers():
        reload_until(_all(cases, "proof", "done"), "the proofs")
    dana.tab.goto("/clients/")
    expect(
        dana.tab.get_by_text(f"You have done everything that was yours for {COUNT} clients.")
    ).to_be_visible()
