"""mTLS certificates ordered through the account API: what they are for, and which CSRs are refused."""

from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.atlas.sandbox.api_client import Company, csr_of, pem_of_key, rsa_key


def test_an_mtls_certificate_is_for_five_years_and_for_clients_only(company: Company) -> None:
    made = company.credential(company.verified())
    found = company.certificate([made["api_credential_id"]], rsa_key())
    certificate = x509.load_pem_x509_certificate(found["certificate"].encode())
    assert certificate.subject.rfc4514_string() == "CN=onboarding_key"
    assert certificate.public_key() == rsa_key().public_key()
    start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    assert (end.year - start.year, end.month, end.day) in {(5, start.month, start.day), (5, 2, 28)}
    assert found["not_after"] == end.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert start <= datetime.now(UTC)
    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    issuer, root = (x509.load_pem_x509_certificate(pem.encode()) for pem in found["chain"])
    certificate.verify_directly_issued_by(issuer)
    issuer.verify_directly_issued_by(root)
    assert found["chain"][1] == company.api.sandbox.root_path.read_text()
    (listed,) = company.get("/mtls-certificates")
    assert listed["status"] == "ISSUED"
    assert company.get("/api-credentials")[0]["certificate_serials"] == [found["serial"]]


@pytest.mark.parametrize(
    ("csr", "reason"),
    [
        ("hello", "invalid encoding"),
        (csr_of(ec.generate_private_key(ec.SECP256R1())), "unsupported key type: RSA"),
        (csr_of(rsa_key(1024)), "key length must be at least 2048"),
        (csr_of(rsa_key()) + csr_of(rsa_key()), "invalid encoding"),
        (pem_of_key(rsa_key()).decode(), "is a private key, not a certificate request"),
    ],
    ids=["no CSR", "EC", "short", "two", "private key"],
)
def test_a_csr_is_refused_with_a_reason(company: Company, csr: str, reason: str) -> None:
    made = company.credential(company.verified())
    body = {"csr": csr, "api_credential_ids": [made["api_credential_id"]]}
    answer = company.call("POST", "/mtls-certificates", body)
    assert answer.status_code == 422
    assert answer.json()["errors"] == {"csr": reason}


def test_a_csr_whose_signature_does_not_fit_is_refused(company: Company) -> None:
    made = company.credential(company.verified())
    lines = csr_of(rsa_key()).splitlines()
    lines[-3] = ("A" if lines[-3][0] != "A" else "B") + lines[-3][1:]
    body = {"csr": "\n".join(lines), "api_credential_ids": [made["api_credential_id"]]}
    answer = company.call("POST", "/mtls-certificates", body)
    assert answer.json()["errors"]["csr"] in {"invalid signature", "invalid encoding"}


def test_a_certificate_is_not_bound_to_the_credential_of_another_company(company: Company) -> None:
    company.verified()
    other = Company(company.api)
    foreign = other.credential(other.verified())
    body = {"csr": csr_of(rsa_key()), "api_credential_ids": [foreign["api_credential_id"]]}
    answer = company.call("POST", "/mtls-certificates", body)
    assert answer.json()["errors"] == {"api_credential_ids": "invalid value"}
