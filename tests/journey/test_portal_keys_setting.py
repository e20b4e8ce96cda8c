"""Where operators forbid it (PORTAL_KEYS=0) the portal keeps no private key, in whatever it comes.

That it makes none either is tested with the key vault's ways in tests/certs/azure_key_vault/test_step_pages.py.
"""

from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.test import Client
from django.utils import timezone

from certs.models import Bundle, Secret, SharedSecret
from onboarding.handover import offers
from tests.certs import x509_factories
from tests.handover.factories import make_offer, open_steps
from tests.journey import step_actions
from tests.people_fixtures import client_of, fresh_client_of, shows_errors, step


@pytest.fixture(autouse=True)
def forbidden(settings: Any) -> None:
    settings.PORTAL = settings.PORTAL.model_copy(update={"portal_keys": False})


@pytest.fixture
def tess(people) -> Client:
    return client_of(people.tess)


@pytest.fixture
def at_pfx(onboarding, people) -> str:
    step_actions.bring_to(onboarding, people, step_actions.step_action("pfx"))
    return step_actions.step_action("pfx").path(onboarding)


def bring(tess: Client, at_pfx: str, **more: str) -> Any:
    return tess.post(at_pfx, {"way": "own", "pfx": step_actions.upload("a.pfx", step_actions.pfx()), **more})


@pytest.mark.parametrize("asked", [{}, {"keep": "keep"}, {"keep": "forget"}])
def test_a_pfx_that_is_brought_is_checked_and_forgotten(onboarding, tess, at_pfx, asked) -> None:
    assert bring(tess, at_pfx, **asked).status_code == 302
    bundle = Bundle.objects.get(case_id=onboarding.pk)
    assert bundle.secret is None
    assert step(onboarding, "pfx").facts["held"] is False
    assert not Secret.objects.filter(purpose="pfx").exists()
    assert step(onboarding, "proof").state == "waiting"  # a person runs the command, as without keeping


def test_the_page_offers_no_keeping(tess, at_pfx) -> None:
    page = tess.get(f"{at_pfx}ways/openssl/").content.decode()
    assert "May the portal keep it" not in page
    assert "it keeps no private keys" in page
    assert "ways/portal/" not in tess.get(f"{at_pfx}ways/").content.decode()


def test_a_key_and_a_pfx_are_not_passed_on(people, onboarding) -> None:
    open_steps(onboarding, "csr", "pfx")
    offer = offers.accept(make_offer(onboarding, people.bob, people.tess, "pfx"), actor=people.tess)
    path, bob = f"/handovers/{offer.pk}/secrets/", fresh_client_of(people.bob)
    page = bob.get(path).content.decode()
    assert "A private key, from a file" not in page
    assert "cannot be shared here" in page
    assert "An API key and secret" in page
    key = x509_factories.rsa_key("one").private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    day = step_actions.day("until", timezone.localdate() + timedelta(days=3))
    for source, name, content in (("private-key", "key_file", key), ("pfx", "pfx_file", step_actions.pfx())):
        refused = bob.post(path, {"source": source, name: step_actions.upload("a.key", content), **day})
        assert shows_errors(refused)
    assert not SharedSecret.objects.exists()
