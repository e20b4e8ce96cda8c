"""HVCA as the API document 2.1 and its clients in the field describe it, over real mutual TLS."""

import base64
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.x509.oid import NameOID

from atlas.sandbox.server import Sandbox
from tests.atlas.sandbox.driver import Hvca, csr_of, rsa_key, until, wanted

PROBLEM = "application/problem+json;charset=utf-8"


def refused(answer: requests.Response, status: int, description: str) -> None:
    """Fails unless this is the refusal."""
    assert (answer.status_code, answer.json()) == (status, {"description": description})
    assert answer.headers["Content-Type"] == PROBLEM


def test_signing_in_gives_a_different_token_each_time_and_both_are_good(hvca: Hvca) -> None:
    tokens = {hvca.login().json()["access_token"] for _ in range(2)}
    assert len(tokens) == 2
    for token in tokens:
        hvca.session.headers["Authorization"] = f"Bearer {token}"
        assert hvca.call("GET", "/quotas/issuance").status_code == 200


def test_a_wrong_key_or_secret_is_401(hvca: Hvca) -> None:
    refused(hvca.login(api_secret="0" * 40), 401, "Unauthorized")
    refused(hvca.login(api_key="0" * 16), 401, "Unauthorized")


def test_a_malformed_login_is_refused_as_the_document_says(hvca: Hvca) -> None:
    bodies: list[object] = [
        {},
        [],
        {"api_key": 7, "api_secret": None},
        {"api_key": "zz", "api_secret": "0" * 40},
    ]
    for body in bodies:
        refused(hvca.call("POST", "/login", body), 422, "Invalid login request")
    refused(hvca.call("POST", "/login", {}, data="{"), 400, "Bad Request")
    refused(hvca.call("POST", "/login", {}, data=""), 411, "Content-Length required")
    for kind in ("application/json", "text/plain;charset=utf-8", ""):
        answer = hvca.call("POST", "/login", {}, headers={"Content-Type": kind})
        refused(answer, 415, "Bad Content-Type")


def test_the_content_type_is_compared_as_clients_in_the_field_write_it(hvca: Hvca) -> None:
    body = {name: hvca.credential[name] for name in ("api_key", "api_secret")}
    for kind in ("application/json; charset=UTF-8", "Application/JSON;charset=utf-8"):
        assert hvca.call("POST", "/login", body, headers={"Content-Type": kind}).status_code == 200


def test_a_trailing_slash_an_empty_bearer_and_a_foreign_serial_header_change_nothing(hvca: Hvca) -> None:
    body = {name: hvca.credential[name] for name in ("api_key", "api_secret")}
    headers = {"Authorization": "Bearer ", "X-SSL-Client-Serial": "01FF"}
    assert hvca.call("POST", "/login/", body, headers=headers).status_code == 200
    assert (
        hvca.call("GET", "/validationpolicy/", headers={"Content-Type": "application/json"}).status_code
        == 200
    )


def test_a_missing_wrong_or_stale_token_is_401(start) -> None:
    client = Hvca(start(token_seconds=0.2))
    refused(client.call("GET", "/trustchain"), 401, "Unauthorized")
    assert client.login().ok
    assert client.call("GET", "/trustchain").ok
    time.sleep(0.25)
    refused(client.call("GET", "/trustchain"), 401, "Unauthorized")
    client.session.headers["Authorization"] = "Bearer nonsense"
    refused(client.call("POST", "/certificates", wanted()), 401, "Unauthorized")


def test_unknown_paths_are_404_and_wrong_methods_405(hvca: Hvca) -> None:
    refused(hvca.call("GET", "/nothing"), 404, "Not Found")
    answer = hvca.call("PUT", "/login", {})
    refused(answer, 405, "Method Not Allowed")
    assert answer.headers["Allow"] == "POST"
    assert hvca.call("FROBNICATE", "/login").status_code == 405


def test_the_policy_has_every_block_that_clients_dereference(hvca: Hvca) -> None:
    answer = hvca.call("GET", "/validationpolicy")
    assert answer.headers["Content-Type"] == "application/json;charset=utf-8"
    policy = answer.json()
    assert policy["subject_dn"]["organization"] == {
        "presence": "STATIC",
        "format": "Harbour Lantern Energy Ltd",
    }
    assert {"common_name", "serial_number", "email"} <= set(policy["subject_dn"])
    assert {"dns_names", "ip_addresses", "emails", "uris", "other_names"} <= set(policy["san"])
    assert policy["public_key"]["key_format"] == "PKCS10"
    assert policy["public_key_signature"] == "FORBIDDEN"
    assert policy["signature"]["hash_algorithm"]["list"] == ["SHA-256", "SHA-384"]


def test_a_certificate_is_issued_as_asked_with_the_static_values(hvca: Hvca) -> None:
    request = wanted()
    answer = hvca.call("POST", "/certificates", request)
    assert (answer.status_code, answer.content) == (201, b"")
    assert answer.headers["Content-Length"] == "0"
    location = answer.headers["Location"]
    serial = location.removeprefix("/v2/certificates/")
    assert len(serial) == 32
    assert serial.startswith("01")
    look = f"/certificates/{serial.lstrip('0').lower()}/"
    found = until(lambda: hvca.call("GET", look), lambda seen: seen.status_code == 200).json()
    assert set(found) == {"certificate", "status", "updated_at"}
    assert found["status"] == "ISSUED"
    certificate = x509.load_pem_x509_certificate(found["certificate"].encode())
    assert f"{certificate.serial_number:032X}" == serial
    assert certificate.not_valid_before_utc.timestamp() == request["validity"]["not_before"]
    names = {attribute.oid: attribute.value for attribute in certificate.subject}
    assert names[NameOID.ORGANIZATION_NAME] == "Harbour Lantern Energy Ltd"
    assert names[NameOID.COMMON_NAME] == "dip.northwind.example"
    san = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert san.get_values_for_type(x509.DNSName) == ["dip.northwind.example"]
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.digital_signature, usage.key_encipherment, usage.key_agreement) == (True, True, False)
    chain = [x509.load_pem_x509_certificate(pem.encode()) for pem in hvca.call("GET", "/trustchain").json()]
    certificate.verify_directly_issued_by(chain[0])
    chain[0].verify_directly_issued_by(chain[1])


def test_a_certificate_that_is_being_issued_is_202_in_plain_json(slow: Sandbox) -> None:
    client = Hvca(slow)
    client.login()
    answer = client.call("POST", "/certificates", wanted())
    look = client.call("GET", answer.headers["Location"].removeprefix("/v2"))
    assert (look.status_code, look.json()) == (202, {"description": "Operation in progress"})
    assert look.headers["Content-Type"] == "application/json;charset=utf-8"
    early = client.call("DELETE", answer.headers["Location"].removeprefix("/v2"))
    assert early.status_code == 409


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
        ({"san": {}}, "san.dns_names: is required"),
        ({"san": {"dns_names": ["nodot"]}}, "san.dns_names: invalid value"),
        ({"san": {"dns_names": ["a.b"] * 21}}, "san.dns_names: invalid value"),
        ({"san": {"dns_names": ["a.b"], "emails": ["a@b.example"]}}, "san.emails: is forbidden"),
        ({"key_usages": {"digital_signature": True}}, "key_usages.digital_signature: is static"),
        ({"key_usages": {"crl_sign": True}}, "key_usages.crl_sign: is forbidden"),
        ({"extended_key_usages": []}, "extended_key_usages: is required"),
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
        [],
        "x",
        7,
        {"unheard": 1},
        wanted(validity=7),
        wanted(san={"dns_names": [1]}),
        wanted(subject_dn={"x": 1}),
    ],
)
def test_what_is_no_certificate_request_is_400(hvca: Hvca, body: object) -> None:
    refused(hvca.call("POST", "/certificates", body), 400, "Invalid certificate issuance request")


def test_the_validity_lies_between_the_bounds_of_the_policy(hvca: Hvca) -> None:
    now = int(time.time())
    for seconds, status in ((86_400, 201), (86_399, 422), (199 * 86_400, 201), (199 * 86_400 + 1, 422)):
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


def test_serial_numbers_are_read_leniently_but_not_blindly(hvca: Hvca) -> None:
    refused(hvca.call("GET", "/certificates/01AB"), 404, "Not Found")
    refused(hvca.call("GET", "/certificates/hello"), 422, "invalid serial number format")
    separated = ":".join(["01"] * 16)
    refused(hvca.call("GET", f"/certificates/{separated}"), 422, "invalid serial number length")


def test_revoking_is_remembered_and_may_be_repeated(hvca: Hvca) -> None:
    path = hvca.call("POST", "/certificates", wanted()).headers["Location"].removeprefix("/v2")
    until(lambda: hvca.call("GET", path), lambda seen: seen.status_code == 200)
    moment = int(time.time()) - 60
    body = {"revocation_reason": "superseded", "revocation_time": moment}
    assert hvca.call("PATCH", path, body).status_code == 204
    assert hvca.call("PATCH", path, {"revocation_reason": "unspecified"}).status_code == 204
    assert hvca.call("DELETE", path).status_code == 204
    found = hvca.call("GET", path).json()
    assert (found["status"], found["updated_at"]) == ("REVOKED", moment)


def test_a_revocation_is_refused_with_a_reason(hvca: Hvca) -> None:
    path = hvca.call("POST", "/certificates", wanted()).headers["Location"].removeprefix("/v2")
    refused(hvca.call("PATCH", path, {}), 422, "revocation_reason: is required")
    refused(hvca.call("PATCH", path, {"revocation_reason": "bored"}), 422, "revocation_reason: invalid value")
    body = {"revocation_reason": "unspecified", "revocation_time": int(time.time()) + 900}
    refused(hvca.call("PATCH", path, body), 422, "revocation_time: invalid value")
    refused(hvca.call("DELETE", "/certificates/01AB"), 404, "Not Found")
    refused(hvca.call("DELETE", "/certificates/xy"), 422, "invalid serial number format")


def test_a_request_that_the_backend_refuses_afterwards_is_422_when_collected(hvca: Hvca) -> None:
    name = "ca-validation-error.northwind.example"
    path = hvca.call("POST", "/certificates", wanted(subject_dn={"common_name": name})).headers["Location"]
    path = path.removeprefix("/v2")
    answer = until(lambda: hvca.call("GET", path), lambda seen: seen.status_code != 202)
    refused(answer, 422, "CA validation error")
    refused(hvca.call("DELETE", path), 409, "Cannot revoke a REJECTED certificate")


def test_the_quota_counts_down_and_ends_with_402(start) -> None:
    client = Hvca(start(quota=2, speed=864_000))
    client.login()

    def value(path: str) -> int:
        return int(client.call("GET", path).json()["value"])

    assert value("/quotas/issuance") == 2
    for _ in range(2):
        serial = client.call("POST", "/certificates", wanted()).headers["Location"]
    assert (value("/quotas/issuance"), value("/counters/certificates/issued")) == (0, 2)
    refused(client.call("POST", "/certificates", wanted()), 402, "Quota Reached")
    until(lambda: client.call("DELETE", serial.removeprefix("/v2")), lambda seen: seen.status_code == 204)
    assert value("/counters/certificates/revoked") == 1
    assert value("/counters/certificates/issued") == 2


def test_the_files_for_clients_are_in_place_and_private(fast: Sandbox) -> None:
    folder: Path = fast.directory
    for name in ("client.key", "client.json", "account.json", "root.key", "issuing.key", "state.sqlite3"):
        assert (folder / name).stat().st_mode & 0o077 == 0, name
    assert (folder / "client.pem").read_text().count("BEGIN CERTIFICATE") == 1
