"""A whole journey as it happens: people press the portal's buttons, workers look at Atlas, and Atlas is a local one.

What is to be true at the end is said by the tests.
"""

import time
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from onboarding.journey.models import Onboarding
from onboarding.journey.polling import tasks
from onboarding.journey.polling.client import get_account_api, get_facts
from onboarding.notifications import tasks as letters
from tests.journey.form_client import press, sentences_of, sign_in
from tests.journey.step_actions import day, organisation, registration, upload
from tests.people_fixtures import People, client_of, shows_errors, step

PATIENCE = 60  # seconds; a key of 4096 bits may take some of them on a busy machine


@dataclass
class Walk:
    """One onboarding on its way. `pages` is everything that anybody was shown."""

    people: People
    onboarding: Onboarding
    email: str
    pages: list[tuple[str, str]] = field(default_factory=list)
    browsers: dict[str, Client] = field(default_factory=dict)

    def browser(self, name: str) -> Client:
        """The browser of Alice, Bob, Tess..., signed in."""
        if name not in self.browsers:
            self.browsers[name] = client_of(getattr(self.people, name))
        return self.browsers[name]

    def page(self, slug: str) -> str:
        """The address of a step."""
        return f"/onboardings/{self.onboarding.code}/{slug}/"

    def see(self, name: str, path: str) -> Any:
        """Open a page; what it shows is remembered."""
        answer = self.browser(name).get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        self.pages.append((f"{name} at {path}", answer.content.decode(errors="replace")))
        return answer

    def fill(self, name: str, slug: str, typed: dict[str, Any], *, confirm: bool = False) -> Any:
        """Fill in a step's form (or the one that ends its wait) and send it; the step must have moved."""
        page = self.page(slug)
        self.see(name, page)
        before = step(self.onboarding, slug).version
        path = f"{page}confirm/" if confirm else page
        answer = press(self.browser(name), page, path, typed, action="save")
        assert answer.status_code == 302, sentences_of(answer)
        assert step(self.onboarding, slug).version > before
        self.see(name, page)
        return answer

    def try_to(self, name: str, path: str, typed: dict[str, Any]) -> Any:
        """Send something that will be refused; the answer is remembered."""
        answer = self.browser(name).post(path, typed)
        refused = shows_errors(answer) or 400 <= answer.status_code < 500
        assert refused, f"{path}: {answer.status_code}"
        self.pages.append((f"{name} refused at {path}", answer.content.decode(errors="replace")))
        return answer

    def until(self, slug: str, state: str) -> None:
        """Let the workers work until the step is in this state."""
        end = time.monotonic() + PATIENCE
        while (record := step(self.onboarding, slug)).state != state:
            assert record.state != "problem", f"{slug}: {record.problem_code} {record.problem_detail}"
            assert time.monotonic() < end, f"{slug} is {record.state}: {record.last_poll_result}"
            tasks.poll_due_steps()
            letters.send_due()
            time.sleep(0.02)

    @property
    def account(self) -> str:
        """The company's account in Atlas."""
        return get_facts(self.onboarding, "register")["account_id"]


def register(walk: Walk) -> None:
    """The registration has reached Atlas."""
    walk.fill("alice", "register", registration(walk.email))
    walk.until("register", "done")


def walk_to_identity_profile(walk: Walk, **typed: str) -> None:
    """From the registration on: invitation, payment method, quote, identity profile, with these words in its form."""
    walk.until("invitation", "open")
    walk.see("alice", walk.page("invitation"))
    get_account_api().accept_invitation(walk.account, "a password for Atlas")
    walk.until("invitation", "done")
    get_account_api().set_payment_method(walk.account)
    walk.until("payment-method", "done")
    walk.until("quote", "open")
    get_account_api().accept_quote(walk.account)
    walk.until("quote", "done")
    walk.until("identity-profile", "open")
    walk.fill("alice", "identity-profile", {**organisation(walk.email), **typed})
    walk.until("identity-profile", "done")


def credentials_csv(walk: Walk) -> tuple[str, str, bytes]:
    """(API key, API secret, the CSV): made in Atlas, shown once."""
    profile = get_facts(walk.onboarding, "identity-profile")["identity_profile_id"]
    made = get_account_api().generate_api_credential(
        walk.account, "dip_onboarding", profile, f"walk-{walk.account}"
    )
    text = f"API Key,API Secret\r\n{made.api_key},{made.api_secret}\r\n"
    return made.api_key, made.api_secret, text.encode()


def walk_to_proof(walk: Walk) -> tuple[str, str]:
    """Key and CSR by the portal, credentials, certificate, PFX by the portal, proof. Returns API key and secret."""
    walk.fill("tess", "csr", {"way": "portal"})
    walk.until("verification", "done")
    key, secret, csv = credentials_csv(walk)
    walk.fill("bob", "api-credentials", {"name": "dip_onboarding", "way": "csv", "csv": upload("c.csv", csv)})
    walk.until("csr", "done")
    walk.until("certificate", "done")
    walk.fill("tess", "pfx", {"way": "portal"})
    walk.until("pfx", "done")
    walk.until("proof", "done")
    return key, secret


def walk_to_end(walk: Walk) -> None:
    """The upload to the DIP."""
    walk.fill("bob", "dip-upload", {**day("uploaded_on"), "copies": ["csv", "pfx"]})
    for path in ("", "history/", *(f"{slug}/" for slug in ("proof", "pfx", "certificate", "dip-upload"))):
        for name in ("alice", "tess", "rhea", "olga"):
            walk.see(name, f"/onboardings/{walk.onboarding.code}/{path}")


def fresh(walk: Walk, name: str) -> Client:
    """Sign in through the page, as what leaves the vault demands."""
    walk.browsers[name] = sign_in(getattr(walk.people, name))
    return walk.browsers[name]
