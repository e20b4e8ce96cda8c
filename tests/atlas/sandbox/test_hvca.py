"""HVCA as the API document 2.1 and its clients in the field describe it, over real mutual TLS."""

import time
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID

from atlas.sandbox.server import Sandbox
from tests.atlas.sandbox.api_client import Hvca, refused, until, wanted


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
    client = Hvca(start(token_seconds=1.0))
    refused(client.call("GET", "/trustchain"), 401, "Unauthorized")
    assert client.login().ok
    assert client.call("GET", "/trustchain").ok
    time.sleep(1.1)
    # On these words GlobalSign's hvclient of March to June 2021 (api_error.go) signs in again.
    refused(client.call("GET", "/trustchain"), 401, "Token is expired")
    old = client.session.headers["Authorization"]
    assert client.login().ok
    refused(client.call("GET", "/trustchain", headers={"Authorization": old}), 401, "Token is expired")
    client.session.headers["Authorization"] = "Bearer nonsense"
    refused(client.call("POST", "/certificates", wanted()), 401, "Signature is invalid")


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
