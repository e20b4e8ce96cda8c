"""Texts and archives made to break whoever takes their encodings off: each is read or refused, and nothing is raised.

What is found under honest encodings is tested in doctor/test_metamorphic.py.
"""

import io
import sys
import zipfile

import pytest

from certs import pem
from certs.artifact_type import ArtifactType
from certs.doctor.examiner import examine_or_raise
from certs.findings import InvalidArtifact
from certs.undoing import undo
from tests.certs.x509_factories import csr_der, ec_key

CSR = pem.to_pem(csr_der(ec_key()), ArtifactType.CSR)


def test_json_that_is_nested_to_the_limit_is_refused_as_any_other_text() -> None:
    """Around Python's own limit: one level more or less decides who of several readers meets it."""
    limit = sys.getrecursionlimit()
    for depth in range(limit - 150, limit + 5):
        with pytest.raises(InvalidArtifact):
            pem.read_one(b'{"a":' * depth + b"1" + b"}" * depth, ArtifactType.CSR)


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2], ids=["LZMA", "bzip2"])
def test_a_member_of_an_archive_that_is_packed_in_a_rare_way_is_passed_over(method: int) -> None:
    """LZMA takes as much memory as the file says, and its errors are of a kind of their own."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "words " * 200, method)
        archive.writestr("b.csr", CSR, zipfile.ZIP_DEFLATED)
    data = bytearray(packed.getvalue())
    data[50:60] = b"\xff" * 10
    assert next(undo(bytes(data), archives=True)).data == CSR.encode()
    assert examine_or_raise(bytes(data)).kind == "csr"
