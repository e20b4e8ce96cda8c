"""CSRs of odd makers, stores of keys, encodings around good files, and credentials in every shape get the right answer."""

from __future__ import annotations

import pytest

from certs.doctor.examiner import examine_or_raise
from certs.findings import errors
from certs.findings.catalogue import CATALOGUE
from tests.certs.doctor.artifact_members import AROUND, CREDENTIALS, FILES, ONE_ONLY, REQUESTS, STORES
from tests.certs.x509_factories import codes, csr_pem, key_pem, rsa_key

BESIDE = {"csr-key-small", "csr-subject-other", "text-tidied", "pem-repaired", "credentials-good"}


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_that_strict_readers_refuse_is_told_apart(name: str) -> None:
    data, code = REQUESTS[name]
    found = set(codes(examine_or_raise(data).findings))
    assert code in found
    assert found - {code} <= BESIDE


@pytest.mark.parametrize("name", STORES)
def test_a_store_of_keys_is_named(name: str) -> None:
    data, code = STORES[name]
    seen = examine_or_raise(data)
    assert (seen.kind, codes(seen.findings)) == ("keystore", [code])


@pytest.mark.parametrize("name", AROUND)
def test_a_good_file_is_found_in_whatever_is_around_it(name: str) -> None:
    for kind, (data, code) in FILES.items():
        if kind == "chain" and name in ONE_ONLY:
            continue
        seen = examine_or_raise(AROUND[name](data))
        assert code in codes(seen.findings), kind
        assert {one.severity for one in seen.findings} == {"info"}
        assert "BEGIN" in seen.artifacts[0].pem


@pytest.mark.parametrize("name", AROUND)
def test_a_private_key_is_found_in_whatever_is_around_it(name: str) -> None:
    key = key_pem(rsa_key("small", 1024))
    assert examine_or_raise(AROUND[name](key)).kind == "private-key"
    if name not in ONE_ONLY:
        assert examine_or_raise(AROUND[name](csr_pem() + key)).kind == "private-key"


@pytest.mark.parametrize("name", CREDENTIALS)
def test_credentials_are_found_by_their_shape(name: str) -> None:
    text, code = CREDENTIALS[name]
    seen = examine_or_raise(text.encode())
    assert seen.kind == "credentials"
    assert code in codes(seen.findings)
    assert len(errors(seen.findings)) == (CATALOGUE[code].severity == "error")


def test_a_thumbprint_is_no_secret() -> None:
    text = "Serial: 0a1b2c3d4e5f6071\nThumbprint: 00112233445566778899AABBCCDDEEFF00112233\n"
    assert "credentials-good" not in codes(examine_or_raise(text.encode()).findings)
