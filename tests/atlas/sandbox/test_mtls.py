"""Mutual TLS for real: no handshake without a certificate of this Atlas, no sign-in with that of another key."""

import socket
import ssl
import time
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from atlas.sandbox.server import Sandbox
from tests.atlas.sandbox.api_client import (
    Account,
    Company,
    Hvca,
    csr_of,
    pem_of_key,
    rsa_key,
    session,
    until,
    wanted,
)


def _saved(folder: Path, certificate: str, number: int) -> tuple[Path, Path]:
    pem, key = folder / f"{number}.pem", folder / f"{number}.key"
    pem.write_text(certificate)
    key.write_bytes(pem_of_key(rsa_key(2048, number)))
    return pem, key


def test_a_client_without_a_certificate_does_not_get_through_the_handshake(fast: Sandbox) -> None:
    with pytest.raises(requests.exceptions.ConnectionError):
        session(fast).get(f"{fast.url}/trustchain", timeout=10)


def test_a_certificate_of_another_authority_does_not_get_through_the_handshake(fast: Sandbox, start) -> None:
    other = start()
    cert = (other.directory / "client.pem", other.directory / "client.key")
    with pytest.raises(requests.exceptions.ConnectionError):
        session(fast, cert).get(f"{fast.url}/trustchain", timeout=10)


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
def test_old_tls_versions_are_refused(fast: Sandbox) -> None:
    context = ssl.create_default_context(cafile=fast.root_path)
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    port = int(fast.account_url.split(":")[2].split("/")[0])
    with (
        socket.create_connection(("127.0.0.1", port), timeout=5) as plain,
        pytest.raises(ssl.SSLError),
        context.wrap_socket(plain, server_hostname="localhost"),
    ):
        pass


def test_the_server_certificate_serves_every_name_of_this_host(start) -> None:
    sandbox = start(names=("atlas",))
    assert sandbox.url.startswith("https://atlas:")
    context = ssl.create_default_context(cafile=sandbox.root_path)
    port = int(sandbox.account_url.split(":")[2].split("/")[0])
    for name in ("localhost", "127.0.0.1", "::1", "atlas"):
        with (
            socket.create_connection(("127.0.0.1", port), timeout=5) as plain,
            context.wrap_socket(plain, server_hostname=name) as secured,
        ):
            assert secured.version() in {"TLSv1.2", "TLSv1.3"}


def test_a_slow_handshake_holds_up_nobody_and_is_ended(fast: Sandbox, hvca: Hvca) -> None:
    port = int(fast.url.split(":")[2].split("/")[0])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as silent:
        begun = time.monotonic()
        assert Hvca(fast).login().ok
        assert time.monotonic() - begun < 2
        assert silent.recv(1) == b""
        assert time.monotonic() - begun < 8


def test_a_certificate_made_from_a_csr_signs_in_with_its_credential_only(
    api: Account, tmp_path: Path
) -> None:
    company = Company(api)
    profile = company.verified()
    one, two = (company.credential(profile, name) for name in ("one", "two"))
    certificate = company.certificate([one["api_credential_id"]], rsa_key(2048, 1))
    cert = _saved(tmp_path, certificate["certificate"], 1)
    assert Hvca(api.sandbox, one, cert).login().status_code == 200
    assert Hvca(api.sandbox, two, cert).login().status_code == 401
    assert Hvca(api.sandbox, one).login().status_code == 401


def test_one_certificate_may_serve_several_credentials(api: Account, tmp_path: Path) -> None:
    company = Company(api)
    profile = company.verified()
    both = [company.credential(profile, name) for name in ("one", "two")]
    certificate = company.certificate([made["api_credential_id"] for made in both], rsa_key(2048, 1))
    cert = _saved(tmp_path, certificate["certificate"], 1)
    for made in both:
        client = Hvca(api.sandbox, made, cert)
        assert client.login().status_code == 200
        policy = client.call("GET", "/validationpolicy").json()
        assert policy["subject_dn"]["organization"]["format"] == "Northwind Energy Ltd"


def test_a_token_is_worth_nothing_over_another_certificate(api: Account, hvca: Hvca, tmp_path: Path) -> None:
    company = Company(api)
    made = company.credential(company.verified())
    certificate = company.certificate([made["api_credential_id"]], rsa_key(2048, 1))
    other = Hvca(api.sandbox, made, _saved(tmp_path, certificate["certificate"], 1))
    other.session.headers["Authorization"] = hvca.session.headers["Authorization"]
    assert other.call("GET", "/trustchain").status_code == 401


def test_a_certificate_issued_for_a_server_is_no_key_to_hvca(hvca: Hvca, tmp_path: Path) -> None:
    issued = hvca.issued(wanted(public_key=csr_of(rsa_key(2048, 1))))
    stranger = Hvca(hvca.sandbox, None, _saved(tmp_path, issued["certificate"], 1))
    assert stranger.login().status_code == 401


def test_certificates_of_one_key_are_not_seen_by_another(api: Account, hvca: Hvca, tmp_path: Path) -> None:
    company = Company(api)
    made = company.credential(company.verified())
    certificate = company.certificate([made["api_credential_id"]], rsa_key(2048, 1))
    other = Hvca(api.sandbox, made, _saved(tmp_path, certificate["certificate"], 1))
    assert other.login().ok
    path = hvca.call("POST", "/certificates", wanted()).headers["Location"].removeprefix("/v2")
    assert other.call("GET", path).status_code == 404
    assert other.call("DELETE", path).status_code == 404


def test_the_subject_of_the_csr_may_hold_whatever_x509_allows(api: Account) -> None:
    company = Company(api)
    made = company.credential(company.verified())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "GB"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Zoë & <Söhne>, Ltd"),
            x509.NameAttribute(NameOID.COMMON_NAME, "onboarding_key"),
        ]
    )
    csr = x509.CertificateSigningRequestBuilder().subject_name(name).sign(rsa_key(), hashes.SHA256())
    body = {
        "csr": csr.public_bytes(Encoding.PEM).decode(),
        "api_credential_ids": [made["api_credential_id"]],
    }
    serial = company.must("POST", "/mtls-certificates", body).json()["serial"]
    found = until(lambda: company.look_at(serial), lambda answer: answer.status_code == 200)
    issued = x509.load_pem_x509_certificate(found.json()["certificate"].encode())
    assert issued.subject == name
