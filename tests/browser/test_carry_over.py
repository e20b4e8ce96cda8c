"""Production after UIT, a renewal without the secret, a company that registered before: always one Atlas account.

The local Atlas is real and its account API set; pages that people see are seen in a browser, the rest is walked.
"""

import json
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from atlas.account_types import Contact, NewRegistration
from certs import clock
from certs.models import ApiCredential, Secret
from onboarding.journey import progress
from onboarding.journey.models import Onboarding
from onboarding.journey.polling import expired_secrets
from onboarding.journey.polling.client import get_account_api
from tests.atlas.response_samples import POLICY
from tests.browser.person import Person
from tests.journey.walk import Walk, register, walk_to_end, walk_to_identity_profile, walk_to_proof
from tests.people_fixtures import People, step
from tests.rules.marker import rule
from tests.time_travel import travel
from tests.workers import eager_workers

__all__ = ["eager_workers"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("eager_workers"),
]


@pytest.fixture
def alice(three: list[Person], with_api: object) -> Person:
    return three[0]


def _newest() -> Onboarding:
    return Onboarding.objects.latest("started_at")


def _accounts(walk: Walk) -> int:
    return len(get_account_api().find_accounts(walk.email))


@rule("R60", "T26", "T25")
def test_production_and_a_renewal_go_on_with_the_one_account(people: People, alice: Person) -> None:
    uit = progress.start(people.one, environment="uit", actor=people.alice)
    walk = Walk(people, uit, alice.user.email)
    register(walk)
    walk_to_identity_profile(walk)
    walk_to_proof(walk)
    walk_to_end(walk)
    alice.sign_in("/companies/one/")
    alice.press("Start the onboarding in Production")
    _sees_what_is_carried_over(alice, uit, walk.account)
    alice.press("Start in Production")
    expect(alice.tab.get_by_role("alert")).to_contain_text("has started")
    production = _newest()
    assert (production.environment, production.current_step) == ("production", "api-credentials")
    assert step(production, "register").facts["account_id"] == walk.account
    assert _accounts(walk) == 1
    _renew(people, alice, walk, uit)


def _sees_what_is_carried_over(alice: Person, uit: Onboarding, account: str) -> None:
    main = alice.tab.get_by_role("main")
    expect(main).to_contain_text(f"What {uit.code} (UIT) has of it is carried over. Do not register again.")
    expect(main).to_contain_text(f"Atlas account {account}.")
    expect(main.get_by_role("link", name="Review who has access, here and in Atlas")).to_be_visible()


def _renew(people: People, alice: Person, walk: Walk, uit: Onboarding) -> None:
    with travel(clock.now() + timedelta(days=8)):
        assert expired_secrets.destroy_expired_secrets() == 1
    assert not Secret.objects.filter(credential_secret__isnull=False, destroyed_at=None).exists()
    alice.tab.goto(f"/companies/one/start/?environment=uit&after={uit.code}")
    expect(alice.tab.get_by_role("main")).to_contain_text("lives on in Atlas")
    alice.tab.get_by_label("Keep it: we have its secret").check()
    alice.press("Start the renewal")
    renewal = Walk(people, _newest(), walk.email)
    assert renewal.onboarding.environment == "uit"
    # The worker knows the credential again by its name and the end of its key, and orders the certificate for it.
    renewal.fill("tess", "csr", {"way": "portal"})
    renewal.until("certificate", "done")
    credential = ApiCredential.objects.get(case_id=uit.pk).atlas_id
    listed = {each.api_credential_id: each for each in get_account_api().api_credentials(renewal.account)}
    assert len(listed) == 1
    assert len(listed[credential].certificate_serials) == 2
    renewal.fill("tess", "pfx", {"way": "portal"})
    renewal.until("pfx", "done")
    alice.tab.goto(renewal.page("proof"))
    expect(alice.tab.get_by_role("main")).to_contain_text(f"The API credential is that of {uit.code}.")
    expect(alice.tab.get_by_role("main")).to_contain_text("This needs a person.")
    digest = step(renewal.onboarding, "certificate").facts["certificate_sha256"]
    printed = f"sha256 Fingerprint={bytes.fromhex(digest).hex(':').upper()}\n{json.dumps(POLICY)}\n"
    alice.tab.get_by_label("Paste what the command printed").fill(printed)
    alice.press("Confirm")
    assert step(renewal.onboarding, "proof").facts["proved_by"] == "the company's own computer"
    assert _accounts(walk) == 1


def test_a_company_that_registered_before_the_portal_is_not_registered_again(
    people: People, alice: Person
) -> None:
    api, email = get_account_api(), alice.user.email
    contact = Contact("Alice Test", "Head of Data", email, "020 7946 0018")
    sent = NewRegistration("One Energy Ltd", contact, "01111111")
    account = api.register(sent, idempotency_key=email).account_id
    walk = Walk(people, progress.start(people.one, environment="uit", actor=people.alice), email)
    alice.sign_in(walk.page("register"))
    alice.follow("We have registered already")
    alice.tab.get_by_label("We have an Atlas account and can sign in to it").check()
    alice.tab.get_by_label("Atlas account number").fill(account)
    alice.tab.get_by_label("What did you see?").fill("The dashboard of One Energy Ltd")
    for box, number in (
        ("Day", clock.today().day),
        ("Month", clock.today().month),
        ("Year", clock.today().year),
    ):
        alice.tab.get_by_label(box).fill(str(number))
    alice.press("Confirm")
    expect(alice.tab.get_by_role("alert")).to_contain_text("The portal now looks in Atlas")
    api.accept_invitation(account, "a password for Atlas")
    api.set_payment_method(account)
    walk.until("payment-method", "done")
    walk.until("quote", "open")
    api.accept_quote(account)
    walk.until("identity-profile", "open")
    assert [step(walk.onboarding, slug).witness for slug in ("register", "quote")] == ["earlier", "atlas"]
    assert _accounts(walk) == 1
