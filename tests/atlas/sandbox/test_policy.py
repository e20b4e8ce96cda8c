"""What HVCA issues and refuses under a validation policy, with the texts of the field."""

import base64
import time
from collections.abc import Callable, Iterator

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding

from atlas.sandbox.server import Sandbox
from tests.atlas.sandbox.api_client import Hvca, csr_of, refused, rsa_key, wanted


@pytest.mark.parametrize(
    ("change", "description"),
    [
        ({"subject_dn": {}}, "subject_dn.common_name: is required"),
        ({"subject_dn": None}, "subject_dn.common_name: is required"),
        ({"subject_dn": {"common_name": "a.b", "country": "GB"}}, "subject_dn.country: is static"),
        ({"subject_dn": {"common_name": "a.b", "email": "a@b.example"}}, "subject_dn.email: is forbidden"),
        ({"subject_dn": {"common_name": "x" * 65}}, "subject_dn.common_name: invalid value"),
        (
            {"subject_dn": {"common_name": "a.b", "organizational_unit": ["IT"]}},
            "subject_dn.organizational_unit: is forbidden",
        ),
        ({"validity": {}}, "validity.not_before: is required"),
        ({"validity": {"not_before": 1}}, "validity.not_before: invalid value"),
        ({"san": {"dns_names": ["nodot"]}}, "san.dns_names: invalid value"),
        ({"san": {"dns_names": ["a.b"] * 21}}, "san.dns_names: invalid value"),
        ({"san": {"dns_names": ["a.b"], "emails": ["a@b.example"]}}, "san.emails: is forbidden"),
        ({"key_usages": {"digital_signature": True}}, "key_usages.digital_signature: is static"),
        ({"key_usages": {"crl_sign": True}}, "key_usages.crl_sign: is static"),
        ({"extended_key_usages": ["1.3.6.1.5.5.7.3.9"]}, "extended_key_usages: invalid value"),
        ({"custom_extensions": {"1.2.3": "NIL"}}, "custom_extensions: is forbidden"),
        ({"signature": {"hash_algorithm": "SHA-512"}}, "signature.hash_algorithm: invalid value"),
        ({"public_key": None}, "public_key: is required"),
        ({"public_key": "hello"}, "public_key: invalid encoding"),
        (
            {"public_key": csr_of(ec.generate_private_key(ec.SECP256R1()))},
            "public_key: unsupported key type: RSA",
        ),
        ({"public_key": csr_of(rsa_key(1024))}, "public_key: unsupported key length"),
        ({"public_key_signature": "AAAA"}, "public_key_signature: is forbidden"),
    ],
)
def test_a_request_outside_the_policy_is_422(hvca: Hvca, change: dict[str, object], description: str) -> None:
    refused(hvca.call("POST", "/certificates", wanted(**change)), 422, description)


@pytest.mark.parametrize(
    "body",
    [
        list,
        lambda: "x",
        lambda: 7,
        lambda: {"unheard": 1},
        lambda: wanted(validity=7),  # made when it is sent: it holds the time, and the tests take minutes
        lambda: wanted(san={"dns_names": [1]}),
        lambda: wanted(subject_dn={"x": 1}),
    ],
)
def test_what_is_no_certificate_request_is_400(hvca: Hvca, body: Callable[[], object]) -> None:
    refused(hvca.call("POST", "/certificates", body()), 400, "Invalid certificate issuance request")


def test_the_validity_lies_between_the_bounds_of_the_policy(hvca: Hvca) -> None:
    now = int(time.time())
    for seconds, status in ((60, 201), (59, 422), (199 * 86_400, 201), (199 * 86_400 + 1, 422)):
        validity = {"not_before": now, "not_after": now + seconds}
        assert hvca.call("POST", "/certificates", wanted(validity=validity)).status_code == status


def test_empty_members_count_as_absent(hvca: Hvca) -> None:
    empty = {
        "signature": {"algorithm": "", "hash_algorithm": ""},
        "public_key_signature": "",
        "custom_extensions": {},
    }
    assert hvca.call("POST", "/certificates", wanted(**empty)).status_code == 201
    assert hvca.call("POST", "/certificates", wanted(signature={})).status_code == 201
    assert (
        hvca.call("POST", "/certificates", wanted(signature={"hash_algorithm": "SHA-384"})).status_code == 201
    )


@pytest.fixture(scope="module")
def bare_keys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hvca]:
    """HVCA whose policy asks for bare keys with a proof of possession."""
    sandbox = Sandbox(tmp_path_factory.mktemp("pkcs8"), speed=864_000, policy="PKCS8")
    sandbox.start()
    client = Hvca(sandbox)
    client.login()
    yield client
    sandbox.stop()


def test_a_bare_key_needs_a_signature_over_itself(bare_keys: Hvca) -> None:
    policy = bare_keys.call("GET", "/validationpolicy").json()
    assert (policy["public_key"]["key_format"], policy["public_key_signature"]) == ("PKCS8", "REQUIRED")
    form = (serialization.PublicFormat.SubjectPublicKeyInfo,)
    pem = rsa_key().public_key().public_bytes(serialization.Encoding.PEM, *form).decode()
    der = rsa_key().public_key().public_bytes(serialization.Encoding.DER, *form)
    proof = base64.b64encode(rsa_key().sign(der, padding.PKCS1v15(), hashes.SHA256())).decode()
    found = bare_keys.issued(wanted(public_key=pem.rstrip("\n"), public_key_signature=proof))
    certificate = x509.load_pem_x509_certificate(found["certificate"].encode())
    assert certificate.public_key() == rsa_key().public_key()
    for bad, reason in ((None, "is required"), ("!", "invalid value"), (proof[4:], "invalid value")):
        answer = bare_keys.call("POST", "/certificates", wanted(public_key=pem, public_key_signature=bad))
        refused(answer, 422, f"public_key_signature: {reason}")
    refused(bare_keys.call("POST", "/certificates", wanted()), 422, "public_key: invalid encoding")


def test_the_policy_takes_what_clients_in_the_field_send(hvca: Hvca) -> None:
    """GlobalSign's hvclient 1.5.0 (client_int_test.go) sends a common name alone, its atlas-cert-manager (signer.go of
    2024) no extended key usage, its atlas-hashicorp-vault (pkg/atlas/issue_cert.go of 2021) every usage that is not
    static, as true or false; Keyfactor's policy class names all nine usages."""
    usages = hvca.call("GET", "/validationpolicy").json()["key_usages"]
    assert len(usages) == 9
    unlike_static = {name: False for name, rule in usages.items() if rule == "OPTIONAL"}
    body = wanted(subject_dn={"common_name": "testsubject"}, key_usages=unlike_static)
    for absent in ("san", "extended_key_usages"):
        del body[absent]
    certificate = x509.load_pem_x509_certificate(hvca.issued(body)["certificate"].encode())
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.digital_signature, usage.key_encipherment, usage.key_agreement) == (True, False, False)
