"""What a browser says of a key that it made: the CSR is checked like any other, a PFX only with its proof.

The browser itself is in tests/browser/test_browser_key.py.
"""

import base64

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from django.test import Client

from certs.models import Bundle, Certificate, SigningRequest
from onboarding.journey.forms import in_browser
from tests.certs import makers
from tests.journeys import deeds
from tests.people import client_of, step

SHA256 = "ab" * 32
CSR_BOX, PFX_BOX = "browser_csr", "browser_pfx"


@pytest.fixture
def tess(people) -> Client:
    return client_of(people.tess)


@pytest.fixture
def at_csr(onboarding, people) -> str:
    deeds.bring_to(onboarding, people, deeds.deed("csr"))
    return deeds.deed("csr").path(onboarding)


@pytest.fixture
def at_pfx(onboarding, people, tess, at_csr) -> str:
    tess.post(at_csr, {"way": "browser", CSR_BOX: deeds.csr().decode()})
    deeds.bring_to(onboarding, people, deeds.deed("pfx"))
    return deeds.deed("pfx").path(onboarding)


def proof(onboarding, sha256: str = SHA256, key: str = "one", code: str | None = None) -> str:
    """As the browser makes it."""
    words = in_browser.words(step(onboarding, "pfx")).replace(onboarding.code, code or onboarding.code)
    certificate = Certificate.objects.get(case_id=onboarding.pk).sha256
    signed = f"{words}\n{certificate}\n{SHA256}".encode()
    signature = makers.rsa_key(key).sign(signed, padding.PKCS1v15(), hashes.SHA256())
    return f"{sha256} {base64.b64encode(signature).decode()}"


def test_a_csr_of_a_browser_is_stored_as_such_and_without_a_key(onboarding, tess, at_csr) -> None:
    assert tess.post(at_csr, {"way": "browser", CSR_BOX: deeds.csr().decode()}).status_code == 302
    request = SigningRequest.objects.get(case_id=onboarding.pk)
    assert (request.origin, request.key) == ("browser", None)
    assert step(onboarding, "csr").facts["origin"] == "made in a browser of the company"


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ("", "Make the key in this browser first"),
        ("nonsense", "CSR"),
        (lambda: makers.csr_pem(makers.rsa_key("small", 2048)).decode(), "2048"),
        (lambda: makers.csr_pem(name=makers.common("other")).decode(), "other"),
    ],
)
def test_a_csr_of_a_browser_passes_the_same_checks_as_any_other(onboarding, tess, at_csr, sent, said) -> None:
    answer = tess.post(at_csr, {"way": "browser", CSR_BOX: sent() if callable(sent) else sent})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert step(onboarding, "csr").state == "open"


def test_a_pfx_of_a_browser_ends_the_step_with_its_fingerprint_only(onboarding, tess, at_pfx) -> None:
    assert tess.post(at_pfx, {"way": "browser", PFX_BOX: proof(onboarding)}).status_code == 302
    bundle = Bundle.objects.get(case_id=onboarding.pk)
    assert (bundle.sha256, bundle.source, bundle.held) == (SHA256, "browser", None)
    facts = step(onboarding, "pfx").facts
    assert (facts["bundle_sha256"], facts["held"]) == (SHA256, False)
    assert step(onboarding, "proof").state == "waiting"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"key": "two"}, "does not hold"),
        ({"sha256": "cd" * 32}, "does not hold"),
        ({"code": "AAAA-AAAA"}, "does not hold"),
        ({"sha256": "AB" * 32}, "does not hold"),
        (None, "Build the PFX in this browser first"),
    ],
)
def test_a_pfx_of_a_browser_needs_a_proof_made_with_the_key_for_this_file_and_case(
    onboarding, tess, at_pfx, changed, said
) -> None:
    sent = "" if changed is None else proof(onboarding, **changed)
    answer = tess.post(at_pfx, {"way": "browser", PFX_BOX: sent})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Bundle.objects.exists()


def test_who_made_the_key_elsewhere_is_not_offered_to_build_the_pfx_in_a_browser(
    onboarding, people, tess
) -> None:
    deeds.bring_to(onboarding, people, deeds.deed("pfx"))
    path = deeds.deed("pfx").path(onboarding)
    assert "Build it in this browser" not in tess.get(path).content.decode()
    assert tess.post(path, {"way": "browser", PFX_BOX: proof(onboarding)}).status_code == 422


def test_the_worker_may_reach_nothing_and_pages_may_start_only_our_workers(tess) -> None:
    worker = tess.get("/static/key-worker.js")
    assert worker["Content-Security-Policy"] == "default-src 'none'"
    assert "worker-src 'self'" in tess.get("/help/")["Content-Security-Policy"]
