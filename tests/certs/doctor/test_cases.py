"""Every case that people really have gets its answer, and so do other versions, languages and shells.

What the texts become on their way is tried in test_metamorphic.py.
"""

from __future__ import annotations

import pytest

from certs.doctor.examiner import examine_or_raise
from tests.certs.doctor import openssl_members, reader_members
from tests.certs.doctor.case_table import CASES, FOLDER, Case
from tests.certs.doctor.member import Member
from tests.certs.x509_factories import codes

MEMBERS = (*openssl_members.MEMBERS, *reader_members.MEMBERS)
REMARKS = {"text-tidied", "pem-repaired", "chain-kept", "csv-formula", "proof-no-fingerprint"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.file)
def test_a_case_gets_its_answer_and_no_other_cause(case: Case) -> None:
    seen = examine_or_raise(case.data, case.file)
    found = codes(seen.findings)
    assert case.code in found
    others = {"chain-incomplete", "certificate-good", "credentials-good"} | REMARKS
    assert set(found) - {case.code} <= others


def test_each_file_has_its_row() -> None:
    assert {case.file for case in CASES} == {path.name for path in FOLDER.iterdir()}


def test_a_chain_without_its_root_gets_no_warning() -> None:
    (case,) = (case for case in CASES if case.file.startswith("x01"))
    assert {one.severity for one in examine_or_raise(case.data).findings} == {"info"}


@pytest.mark.parametrize("member", MEMBERS, ids=lambda member: member.name)
def test_a_further_member_gets_the_same_answer(member: Member) -> None:
    assert codes(examine_or_raise(member.text.encode()).findings) == [member.code]
