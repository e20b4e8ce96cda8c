"""Wrong things in the right places, through the pages: each is refused with a sentence that says how to fix it.

Every refusal is a 4xx, nothing moves, and what is secret is stored nowhere. Drafts are in test_form_recovery.py.
"""

from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PrivateFormat, pkcs7

from certs.models import ApiCredential, Bundle, Certificate, SigningRequest
from onboarding.audit.models import Event
from onboarding.journey.models import Evidence, Onboarding
from tests.certs import x509_factories
from tests.journey.form_client import sentences_of
from tests.journey.step_actions import (
    API_KEY,
    API_SECRET,
    STEP_ACTIONS,
    StepAction,
    bring_to,
    csr,
    day,
    pfx,
    step_action,
    upload,
)
from tests.journey.storage_scan import places_of
from tests.people_fixtures import People, client_of, shows_errors, step

MEGABYTE = 1024 * 1024


def _key(form: PrivateFormat = PrivateFormat.PKCS8) -> str:
    return x509_factories.key_pem(x509_factories.rsa_key(), form).decode()


def _middle(pem: str) -> str:
    """A piece of the key that is in nothing public."""
    return "".join(pem.splitlines()[-8:-4])


def _send(onboarding: Onboarding, people: People, to: StepAction, **data: Any) -> Any:
    """Send the form of an action with these changes, and see that nothing moved."""
    record = bring_to(onboarding, people, to)
    events = Event.objects.count()
    answer = client_of(to.doer(people)).post(to.path(onboarding), {**to.filled(), **data})
    assert shows_errors(answer) or answer.status_code in (400, 409)
    assert step(onboarding, to.slug).version == record.version
    assert Event.objects.count() == events
    return answer


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
@pytest.mark.parametrize("as_file", [False, True], ids=["pasted", "as a file"])
def test_a_private_key_in_place_of_the_csr_is_refused_and_stored_nowhere(
    people: People, onboarding: Onboarding, form: PrivateFormat, as_file: bool
) -> None:
    key = _key(form)
    data = {"csr_text": "", "csr_file": upload("my.csr", key.encode())} if as_file else {"csr_text": key}
    answer = _send(onboarding, people, step_action("csr"), **data)
    assert shows_errors(answer)
    assert "new key" in sentences_of(answer)
    assert _middle(key) not in answer.content.decode().replace("\n", "").replace("\r", "")
    assert places_of(_middle(key)) == []
    assert not SigningRequest.objects.exists()


def test_a_private_key_beside_the_csr_is_refused_too(people: People, onboarding: Onboarding) -> None:
    answer = _send(onboarding, people, step_action("csr"), csr_text=f"{csr().decode()}\n{_key()}")
    assert "new key" in sentences_of(answer)
    assert places_of(_middle(_key())) == []


@pytest.mark.parametrize("to", [each for each in STEP_ACTIONS if each.waits], ids=lambda each: each.name)
def test_evidence_with_a_private_key_is_refused_and_stored_nowhere(
    people: People, onboarding: Onboarding, to: StepAction
) -> None:
    bring_to(onboarding, people, to)
    kept = Evidence.objects.count()
    answer = _send(onboarding, people, to, evidence_file=upload("mail.txt", _key().encode()))
    assert shows_errors(answer)
    assert "make a new key" in sentences_of(answer)
    assert places_of(_middle(_key())) == []
    assert Evidence.objects.count() == kept


@pytest.mark.parametrize("text", [f"the secret is {API_SECRET}", "KEY"])
def test_a_secret_in_a_note_is_refused_because_others_read_it(
    people: People, onboarding: Onboarding, text: str
) -> None:
    answer = _send(
        onboarding, people, step_action("verification", waits=True), note=_key() if text == "KEY" else text
    )
    assert shows_errors(answer)
    assert "Take it out: others can read this" in sentences_of(answer)
    assert API_SECRET not in answer.content.decode()
    assert places_of(API_SECRET, _middle(_key())) == []


@pytest.mark.parametrize("verb", ["problem", "send-back"])
def test_a_secret_in_a_reason_is_refused(people: People, onboarding: Onboarding, verb: str) -> None:
    bring_to(onboarding, people, step_action("dip-upload"))
    data = {"code": "dip-refused", "detail": API_SECRET, "to": "pfx", "reason": API_SECRET}
    page = f"/onboardings/{onboarding.code}/dip-upload/{verb}/"
    answer = client_of(people.bob).post(page, data)
    assert shows_errors(answer)
    assert "Take it out" in sentences_of(answer)
    assert step(onboarding, "dip-upload").state == "open"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig"])
def test_a_csr_saved_by_windows_is_repaired(people: People, onboarding: Onboarding, encoding: str) -> None:
    bring_to(onboarding, people, step_action("csr"))
    file = upload("my.csr", csr().decode().replace("\n", "\r\n").encode(encoding))
    page = f"/onboardings/{onboarding.code}/csr/"
    answer = client_of(people.tess).post(page, {"way": "own", "csr_file": file})
    assert answer.status_code == 302
    kept = SigningRequest.objects.get()
    assert x509.load_pem_x509_csr(kept.csr_pem.encode()).is_signature_valid


@pytest.mark.parametrize(
    ("to", "data", "said"),
    [
        (step_action("csr"), {"csr_text": ""}, "Paste the CSR or choose its file."),
        (step_action("csr"), {"csr_text": "hello"}, ""),
        (step_action("csr"), {"way": "magic"}, ""),
        (
            step_action("certificate", waits=True),
            {"certificate_text": " "},
            "Paste the certificate or choose its file.",
        ),
        (step_action("certificate", waits=True), {"certificate_text": "hello"}, ""),
        (step_action("pfx"), {"pfx": ""}, "Choose the PFX file."),
        (step_action("pfx"), {"pfx": upload("a.pfx", b"hello")}, ""),
        (step_action("pfx"), {"way": "portal"}, ""),
        (step_action("proof", waits=True), {"answer": "hello"}, ""),
        (step_action("proof", waits=True), {"answer": '{"description": "Unauthorized"}'}, ""),
        (step_action("api-credentials"), {"csv": ""}, ""),
        (step_action("api-credentials"), {"way": "paste", "api_key": "", "api_secret": ""}, ""),
        (step_action("dip-upload"), {"copies": ["csv"]}, "Put away or delete every copy"),
        (
            step_action("dip-upload"),
            day("uploaded_on", None) | {"uploaded_on_year": "2999"},
            "must be today or in the past",
        ),
        (step_action("verification", waits=True), {"atlas_status": "processed"}, "The profile is not released yet."),
        (step_action("quote"), {"amount": "-1"}, ""),
        (step_action("register"), {"action": "send", "phone": "ring me"}, "Enter the telephone number alone"),
        (step_action("register"), {"action": "send", "name": "a\x00b"}, ""),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_at_its_field(
    people: People, onboarding: Onboarding, to: StepAction, data: dict[str, Any], said: str
) -> None:
    answer = _send(onboarding, people, to, **data)
    assert shows_errors(answer)
    assert "There is a problem" in sentences_of(answer)
    assert said in sentences_of(answer)


def test_a_csr_in_place_of_the_certificate_is_told_from_it(people: People, onboarding: Onboarding) -> None:
    answer = _send(
        onboarding, people, step_action("certificate", waits=True), certificate_text=csr().decode()
    )
    assert "CSR" in sentences_of(answer)
    assert not Certificate.objects.exists()


def test_the_certificate_of_another_key_is_refused(people: People, onboarding: Onboarding) -> None:
    other = x509_factories.issue(x509_factories.ec_key("other").public_key(), x509_factories.intermediate())
    wrong = x509_factories.pem_of(other).decode()
    answer = _send(onboarding, people, step_action("certificate", waits=True), certificate_text=wrong)
    assert shows_errors(answer)
    assert not Certificate.objects.exists()


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
def test_a_certificate_that_came_as_pkcs7(people: People, onboarding: Onboarding, encoding: Encoding) -> None:
    """Taken if it holds the one certificate for the CSR, or refused with the command that takes it out; never a 500."""
    to = step_action("certificate", waits=True)
    bring_to(onboarding, people, to)
    packed = pkcs7.serialize_certificates(
        [x509_factories.leaf(), x509_factories.intermediate().certificate], encoding
    )
    data = {"certificate_file": upload("my.p7b", packed)}
    answer = client_of(people.bob).post(to.path(onboarding), data)
    assert answer.status_code == 302 or shows_errors(answer)
    if shows_errors(answer):
        assert "There is a problem" in sentences_of(answer)
        assert "PKCS#7" in sentences_of(answer) or ".p7b" in sentences_of(answer)
    else:
        assert Certificate.objects.get().sha256


def test_a_pfx_in_place_of_the_certificate_is_refused_and_stored_nowhere(
    people: People, onboarding: Onboarding
) -> None:
    file = upload("my.cer", pfx())
    answer = _send(
        onboarding, people, step_action("certificate", waits=True), certificate_text="", certificate_file=file
    )
    assert shows_errors(answer)
    assert places_of(pfx()[100:160]) == []


@pytest.mark.parametrize(
    ("to", "name"),
    [
        (step_action("csr"), "csr_file"),
        (step_action("certificate", waits=True), "certificate_file"),
        (step_action("pfx"), "pfx"),
        (step_action("api-credentials"), "csv"),
        (step_action("verification", waits=True), "evidence_file"),
    ],
)
def test_a_file_that_is_too_large_or_empty_is_refused_with_one_sentence(
    people: People, onboarding: Onboarding, to: StepAction, name: str
) -> None:
    large = _send(onboarding, people, to, **{name: upload("large.bin", b"x" * (3 * MEGABYTE))})
    assert shows_errors(large)
    assert "The file has 3.0\xa0MB. It must have 1.0\xa0MB or less." in large.content.decode()
    summary = sentences_of(large).split("There is a problem")[1].split("Standing")[0]
    assert "or choose its file" not in summary
    empty = _send(onboarding, people, to, **{name: upload("empty.bin", b"")})
    assert shows_errors(empty)
    assert "The file is empty. Choose another one." in sentences_of(empty)
    huge = _send(onboarding, people, to, **{name: upload("huge.bin", b"x" * (20 * MEGABYTE))})
    assert huge.status_code in (400, 413)
    assert "far too large" in sentences_of(huge)


@pytest.mark.parametrize(
    "content",
    [
        f"API Secret,API Key\r\n{API_SECRET},{API_KEY}\r\n",
        f"API Key,API Secret\r\n{API_SECRET},{API_KEY}\r\n",
        f"{API_SECRET},{API_KEY}\r\n",
    ],
)
def test_swapped_columns_are_put_right_or_named(people: People, onboarding: Onboarding, content: str) -> None:
    to = step_action("api-credentials")
    record = bring_to(onboarding, people, to)
    answer = client_of(people.bob).post(
        to.path(onboarding), {"name": "dip", "way": "csv", "csv": upload("c.csv", content.encode())}
    )
    assert answer.status_code == 302 or shows_errors(answer)
    if answer.status_code == 302:
        assert ApiCredential.objects.get().key_last4 == API_KEY[-4:]
    else:
        assert "have changed places" in sentences_of(answer)
        assert step(onboarding, "api-credentials").version == record.version
    assert places_of(API_SECRET) == []


@pytest.mark.parametrize("name", [API_KEY, API_SECRET, f" {API_SECRET} "])
def test_the_key_or_the_secret_is_not_taken_for_the_familiar_name(
    people: People, onboarding: Onboarding, name: str
) -> None:
    answer = _send(onboarding, people, step_action("api-credentials"), name=name)
    assert "not the name you gave the credential in Atlas" in sentences_of(answer)
    assert API_SECRET not in answer.content.decode()
    assert places_of(API_SECRET) == []


def test_credentials_that_were_typed_are_not_on_the_page_again(
    people: People, onboarding: Onboarding
) -> None:
    typed = {"way": "paste", "name": "", "api_key": API_KEY, "api_secret": API_SECRET, "csv": ""}
    answer = _send(onboarding, people, step_action("api-credentials"), **typed)
    assert API_KEY not in answer.content.decode()
    assert API_SECRET not in answer.content.decode()


def test_a_token_in_the_pasted_answer_is_refused_and_not_shown_again(
    people: People, onboarding: Onboarding
) -> None:
    leaked = f'{{"access_token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.canary"}}\n{API_SECRET}'
    answer = _send(onboarding, people, step_action("proof", waits=True), answer=leaked)
    assert shows_errors(answer)
    assert API_SECRET not in answer.content.decode()
    assert places_of(API_SECRET) == []
    assert Bundle.objects.get().secret is None
