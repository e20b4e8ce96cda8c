"""What a browser says of a key that it made: the CSR is checked like any other, a PFX only with its proof.

The browser itself is in tests/browser/test_browser_key.py.
"""

import base64

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from django.test import Client

from certs.models import Bundle, Certificate, SigningRequest
from onboarding.handover import claims
from onboarding.journey import progress
from onboarding.journey.forms import in_browser
from onboarding.journey.forms.keys import PfxForm
from onboarding.people.decisions import StateConflict
from tests.certs import x509_factories
from tests.journey import step_actions
from tests.people_fixtures import client_of, shows_errors, step

SHA256 = "ab" * 32
CSR_BOX, PFX_BOX = "browser_csr", "browser_pfx"


@pytest.fixture
def tess(people) -> Client:
    return client_of(people.tess)


@pytest.fixture
def at_csr(onboarding, people) -> str:
    step_actions.bring_to(onboarding, people, step_actions.step_action("csr"))
    return step_actions.step_action("csr").path(onboarding)


@pytest.fixture
def at_pfx(onboarding, people, tess, at_csr) -> str:
    tess.post(at_csr, {"way": "browser", CSR_BOX: step_actions.csr().decode()})
    step_actions.bring_to(onboarding, people, step_actions.step_action("pfx"))
    return step_actions.step_action("pfx").path(onboarding)


def proof(onboarding, sha256: str = SHA256, key: str = "one", code: str | None = None) -> str:
    """As the browser makes it."""
    words = in_browser.words(step(onboarding, "pfx")).replace(onboarding.code, code or onboarding.code)
    certificate = Certificate.objects.get(case_id=onboarding.pk).sha256
    signed = f"{words}\n{certificate}\n{SHA256}".encode()
    signature = x509_factories.rsa_key(key).sign(signed, padding.PKCS1v15(), hashes.SHA256())
    return f"{sha256} {base64.b64encode(signature).decode()}"


def test_a_csr_of_a_browser_is_stored_as_such_and_without_a_key(onboarding, tess, at_csr) -> None:
    assert tess.post(at_csr, {"way": "browser", CSR_BOX: step_actions.csr().decode()}).status_code == 302
    request = SigningRequest.objects.get(case_id=onboarding.pk)
    assert (request.origin, request.key) == ("browser", None)
    assert step(onboarding, "csr").facts["origin"] == "made in a browser of the company"


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ("", "Make the key in this browser first"),
        ("nonsense", "CSR"),
        (lambda: x509_factories.csr_pem(x509_factories.rsa_key("small", 2048)).decode(), "2048"),
        (lambda: x509_factories.csr_pem(name=x509_factories.common("other")).decode(), "other"),
    ],
)
def test_a_csr_of_a_browser_passes_the_same_checks_as_any_other(onboarding, tess, at_csr, sent, said) -> None:
    answer = tess.post(at_csr, {"way": "browser", CSR_BOX: sent() if callable(sent) else sent})
    assert shows_errors(answer)
    assert said in answer.content.decode()
    assert step(onboarding, "csr").state == "open"


def test_the_way_that_was_chosen_last_counts_for_a_key_that_comes_again(
    onboarding, people, tess, at_csr
) -> None:
    tess.post(at_csr, {"way": "own", "csr_text": step_actions.csr().decode()})
    step_actions.bring_to(onboarding, people, step_actions.step_action("pfx"))
    progress.send_back(step(onboarding, "pfx"), actor=people.bob, to="csr", reason="the wrong way was chosen")
    assert tess.post(at_csr, {"way": "browser", CSR_BOX: step_actions.csr().decode()}).status_code == 302
    assert SigningRequest.objects.get(case_id=onboarding.pk).origin == "browser"
    step_actions.bring_to(onboarding, people, step_actions.step_action("pfx"))
    at_pfx = step_actions.step_action("pfx").path(onboarding)
    assert 'data-browser-key="build"' in tess.get(f"{at_pfx}ways/browser/").content.decode()


@pytest.mark.parametrize("way", [("own", "csr_text"), ("browser", CSR_BOX)])
def test_a_key_that_others_may_have_seen_is_not_taken_again(
    onboarding, people, tess, at_pfx, at_csr, way
) -> None:
    progress.report_problem(step(onboarding, "pfx"), actor=people.tess, code="key-exposed")
    progress.send_back(step(onboarding, "pfx"), actor=people.bob, to="csr", reason="it was in an email")
    refused = tess.post(at_csr, {"way": way[0], way[1]: step_actions.csr().decode()})
    assert shows_errors(refused)
    assert "others may have seen" in refused.content.decode()
    assert "Delete the key from this browser" in refused.content.decode()
    assert step(onboarding, "csr").state == "open"
    other = x509_factories.csr_pem(x509_factories.rsa_key("two")).decode()
    assert tess.post(at_csr, {"way": way[0], way[1]: other}).status_code == 302


def test_with_a_key_that_others_may_have_seen_nobody_goes_on(onboarding, people, at_pfx) -> None:
    progress.report_problem(step(onboarding, "pfx"), actor=people.tess, code="key-exposed")
    ways = (
        (people.tess, "sends this step back to “Create the CSR”"),
        (people.bob, "Go back to “Create the CSR”"),
    )
    for who, way in ways:
        with pytest.raises(StateConflict, match="cannot be made safe again"):
            progress.reopen(step(onboarding, "pfx"), actor=who)
        page = client_of(who).get(at_pfx).content.decode()
        assert way in page
        assert "Try this step again" not in page


def test_a_key_that_nobody_said_was_seen_may_come_again(onboarding, people, tess, at_pfx, at_csr) -> None:
    progress.send_back(step(onboarding, "pfx"), actor=people.bob, to="csr", reason="another try")
    assert tess.post(at_csr, {"way": "browser", CSR_BOX: step_actions.csr().decode()}).status_code == 302


def test_who_cannot_send_the_csr_is_not_told_to_make_a_key(onboarding, people, tess, at_csr) -> None:
    way = f"{at_csr}ways/browser/"
    assert 'data-browser-key="make"' in tess.get(way).content.decode()
    assert "data-browser-key" not in client_of(people.rhea).get(way).content.decode()
    claims.claim(step(onboarding, "csr"), actor=people.bob)
    assert "data-browser-key" not in tess.get(way).content.decode()


def test_a_step_that_was_sent_back_meanwhile_takes_no_pfx(onboarding, people, tess, at_pfx) -> None:
    """Between the look at the step and the check of the proof somebody else was quicker."""
    record, sent = step(onboarding, "pfx"), proof(onboarding)
    progress.send_back(record, actor=people.bob, to="csr", reason="the key was lost")
    form = PfxForm({"way": "browser", PFX_BOX: sent}, {}, record=record, user=people.tess)
    assert not form.is_valid()
    with pytest.raises(progress.AlreadyMoved):
        progress.submit(record, actor=people.tess, effect=lambda r: progress.Submission())


def test_a_pfx_of_a_browser_ends_the_step_with_its_fingerprint_only(onboarding, tess, at_pfx) -> None:
    assert tess.post(at_pfx, {"way": "browser", PFX_BOX: proof(onboarding)}).status_code == 302
    bundle = Bundle.objects.get(case_id=onboarding.pk)
    assert (bundle.sha256, bundle.source, bundle.secret) == (SHA256, "browser", None)
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
    assert shows_errors(answer)
    assert said in answer.content.decode()
    assert not Bundle.objects.exists()


def test_who_made_the_key_elsewhere_is_not_offered_to_build_the_pfx_in_a_browser(
    onboarding, people, tess
) -> None:
    step_actions.bring_to(onboarding, people, step_actions.step_action("pfx"))
    path = step_actions.step_action("pfx").path(onboarding)
    assert "ways/browser/" not in tess.get(path).content.decode()
    assert tess.get(f"{path}ways/browser/").status_code == 409
    assert shows_errors(tess.post(path, {"way": "browser", PFX_BOX: proof(onboarding)}))


def test_the_worker_may_reach_nothing_and_pages_may_start_only_our_workers(tess) -> None:
    worker = tess.get("/static/key-worker.js")
    assert worker["Content-Security-Policy"] == "default-src 'none'"
    assert "worker-src 'self'" in tess.get("/help/")["Content-Security-Policy"]
