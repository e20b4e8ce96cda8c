"""What shows of a certificate after it was issued: dry runs, rekey, revocation in GET, CRL and OCSP, rate limit."""

import subprocess
import time
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID

from tests.atlas.sandbox.api_client import Hvca, csr_of, refused, rsa_key, until, wanted


def _issued(client: Hvca) -> tuple[str, x509.Certificate]:
    path = client.call("POST", "/certificates", wanted()).headers["Location"].removeprefix("/v2")
    found = until(lambda: client.call("GET", path), lambda seen: seen.status_code == 200).json()
    return path, x509.load_pem_x509_certificate(found["certificate"].encode())


def _addresses(certificate: x509.Certificate) -> tuple[str, str, str]:
    """(CRL, OCSP, issuer)."""
    points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    places = {item.access_method: item.access_location.value for item in access}
    return (
        points[0].full_name[0].value,
        places[AuthorityInformationAccessOID.OCSP],
        places[AuthorityInformationAccessOID.CA_ISSUERS],
    )


def test_a_dry_run_checks_and_issues_nothing(hvca: Hvca) -> None:
    before = hvca.call("GET", "/counters/certificates/issued").json()
    answer = hvca.call("POST", "/certificates", wanted(), headers={"mode": "domain-validation"})
    assert (answer.status_code, answer.content, "Location" in answer.headers) == (204, b"", False)
    answer = hvca.call("POST", "/certificates", wanted(subject_dn={}), headers={"mode": "domain-validation"})
    refused(answer, 422, "subject_dn.common_name: is required")
    assert hvca.call("GET", "/counters/certificates/issued").json() == before


def test_the_issuer_the_crl_and_ocsp_answer_where_the_certificate_says(hvca: Hvca) -> None:
    path, certificate = _issued(hvca)
    crl_url, ocsp_url, issuer_url = _addresses(certificate)
    answer = requests.get(issuer_url, timeout=10)
    assert answer.headers["Content-Type"] == "application/pkix-cert"
    issuer = x509.load_der_x509_certificate(answer.content)
    certificate.verify_directly_issued_by(issuer)

    def crl() -> x509.CertificateRevocationList:
        found = requests.get(crl_url, timeout=10)
        assert found.headers["Content-Type"] == "application/pkix-crl"
        loaded = x509.load_der_x509_crl(found.content)
        assert loaded.is_signature_valid(issuer.public_key())
        return loaded

    assert crl().get_revoked_certificate_by_serial_number(certificate.serial_number) is None
    moment = int(time.time()) - 60
    body = {
        "revocation_reason": "keyCompromise",
        "revocation_time": moment,
        "key_compromise_attestation": csr_of(rsa_key()),
    }
    assert hvca.call("PATCH", path, body).status_code == 204
    entry = crl().get_revoked_certificate_by_serial_number(certificate.serial_number)
    assert entry.revocation_date_utc.timestamp() == moment
    reason = entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
    assert reason == x509.ReasonFlags.key_compromise
    assert hvca.call("GET", path).json()["status"] == "REVOKED"

    asked = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA1()).build()
    data = asked.public_bytes(serialization.Encoding.DER)
    found = ocsp.load_der_ocsp_response(requests.post(ocsp_url, data=data, timeout=10).content)
    assert found.certificate_status == ocsp.OCSPCertStatus.REVOKED
    assert found.revocation_time_utc.timestamp() == moment
    assert found.revocation_reason == x509.ReasonFlags.key_compromise


@pytest.mark.interop
def test_openssl_believes_the_ocsp_answer_and_the_crl(hvca: Hvca, tmp_path: Path) -> None:
    path, certificate = _issued(hvca)
    crl_url, ocsp_url, _ = _addresses(certificate)
    pems = hvca.call("GET", "/trustchain").json()
    (tmp_path / "issuer.pem").write_text(pems[0])
    (tmp_path / "root.pem").write_text(pems[1])
    (tmp_path / "leaf.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def asked() -> str:
        command = [
            "openssl",
            "ocsp",
            "-issuer",
            "issuer.pem",
            "-cert",
            "leaf.pem",
            "-url",
            ocsp_url,
            "-CAfile",
            "root.pem",
        ]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=20, check=True)
        assert "Response verify OK" in done.stderr
        return done.stdout

    assert "leaf.pem: good" in asked()
    assert hvca.call("PATCH", path, {"revocation_reason": "superseded"}).status_code == 204
    text = asked()
    assert "leaf.pem: revoked" in text
    assert "Reason: superseded" in text
    (tmp_path / "crl.der").write_bytes(requests.get(crl_url, timeout=10).content)
    subprocess.run(
        ["openssl", "crl", "-inform", "DER", "-in", "crl.der", "-out", "crl.pem"], cwd=tmp_path, check=True
    )
    command = [
        "openssl",
        "verify",
        "-crl_check",
        "-CRLfile",
        "crl.pem",
        "-CAfile",
        "root.pem",
        "-untrusted",
        "issuer.pem",
        "leaf.pem",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=20, check=False)
    assert "certificate revoked" in done.stderr


def test_ocsp_answers_by_get_and_says_unknown_and_malformed(hvca: Hvca) -> None:
    _, certificate = _issued(hvca)
    _, ocsp_url, issuer_url = _addresses(certificate)
    issuer = x509.load_der_x509_certificate(requests.get(issuer_url, timeout=10).content)
    chain = [x509.load_pem_x509_certificate(pem.encode()) for pem in hvca.call("GET", "/trustchain").json()]
    import base64
    from urllib.parse import quote

    def status(leaf: x509.Certificate, signer: x509.Certificate) -> ocsp.OCSPCertStatus:
        builder = ocsp.OCSPRequestBuilder().add_certificate(leaf, signer, hashes.SHA256())
        data = (
            builder.add_extension(x509.OCSPNonce(b"nonce"), critical=False)
            .build()
            .public_bytes(serialization.Encoding.DER)
        )
        answer = requests.get(f"{ocsp_url}/{quote(base64.b64encode(data), safe='')}", timeout=10)
        assert answer.headers["Content-Type"] == "application/ocsp-response"
        found = ocsp.load_der_ocsp_response(answer.content)
        assert found.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce == b"nonce"
        return found.certificate_status

    assert status(certificate, issuer) == ocsp.OCSPCertStatus.GOOD
    assert status(chain[0], issuer) == ocsp.OCSPCertStatus.UNKNOWN
    assert status(certificate, chain[1]) == ocsp.OCSPCertStatus.UNKNOWN
    for broken in (
        requests.post(ocsp_url, data=b"x", timeout=10),
        requests.get(ocsp_url + "/!!", timeout=10),
    ):
        found = ocsp.load_der_ocsp_response(broken.content)
        assert found.response_status == ocsp.OCSPResponseStatus.MALFORMED_REQUEST


def test_rekeying_gives_the_same_certificate_for_another_key(hvca: Hvca) -> None:
    path, old = _issued(hvca)
    key = rsa_key(number=2)
    body = {"public_key": csr_of(key), "public_key_signature": "", "signature": None}
    answer = hvca.call("POST", f"{path}/rekey", body)
    assert (answer.status_code, answer.content) == (201, b"")
    look = answer.headers["Location"].removeprefix("/v2")
    assert look != path
    found = until(lambda: hvca.call("GET", look), lambda seen: seen.status_code == 200).json()
    new = x509.load_pem_x509_certificate(found["certificate"].encode())
    assert new.public_key() == key.public_key()
    assert (new.subject, new.not_valid_after_utc) == (old.subject, old.not_valid_after_utc)
    san = x509.SubjectAlternativeName
    assert new.extensions.get_extension_for_class(san) == old.extensions.get_extension_for_class(san)
    assert hvca.call("GET", path).json()["status"] == "ISSUED"


def test_only_an_issued_certificate_is_rekeyed_and_only_for_a_good_key(hvca: Hvca) -> None:
    path, _ = _issued(hvca)
    refused(hvca.call("POST", f"{path}/rekey", {}), 422, "public_key: is required")
    refused(hvca.call("POST", f"{path}/rekey", {"public_key": "x"}), 422, "public_key: invalid encoding")
    answer = hvca.call("POST", f"{path}/rekey", {"public_key": csr_of(rsa_key()), "san": {}})
    refused(answer, 400, "Invalid certificate issuance request")
    hvca.call("DELETE", path)
    answer = hvca.call("POST", f"{path}/rekey", {"public_key": csr_of(rsa_key())})
    refused(answer, 409, "Cannot rekey a REVOKED certificate")
    refused(hvca.call("POST", "/certificates/01AB/rekey", {"public_key": "x"}), 404, "Not Found")


def test_revoking_twice_is_a_conflict_if_that_was_chosen(start) -> None:
    client = Hvca(start(speed=864_000, revoke_twice="conflict"))
    client.login()
    path, _ = _issued(client)
    assert client.call("DELETE", path).status_code == 204
    refused(client.call("DELETE", path), 409, "Cannot revoke a REVOKED certificate")
    refused(
        client.call("PATCH", path, {"revocation_reason": "unspecified"}),
        409,
        "Cannot revoke a REVOKED certificate",
    )


def test_an_attestation_must_be_a_csr(hvca: Hvca) -> None:
    path, _ = _issued(hvca)
    body = {"revocation_reason": "keyCompromise", "key_compromise_attestation": "hello"}
    refused(hvca.call("PATCH", path, body), 422, "key_compromise_attestation: invalid encoding")


def test_a_rate_limit_is_429_without_a_hint_and_passes(start) -> None:
    client = Hvca(start(rate_limit=3))
    client.login()
    answers = [client.call("GET", "/quotas/issuance") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    refused(answers[3], 429, "Rate Limit Reached")
    assert "Retry-After" not in answers[3].headers
    until(lambda: client.call("GET", "/quotas/issuance"), lambda seen: seen.status_code == 200)
