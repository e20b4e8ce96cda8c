"""Samples: one of the further messages for each finding that no other chapter has, and the files of odd makers."""

from __future__ import annotations

from tests.certs.doctor import (
    certificate_samples,
    csr_samples,
    error_message_samples,
    openssl_members,
    pfx_samples,
    reader_members,
    text_samples,
)
from tests.certs.doctor.artifact_members import CREDENTIALS, REQUESTS, STORES
from tests.certs.doctor.case_table import CASES
from tests.certs.doctor.sample import Sample, just

_OTHERS = (
    *certificate_samples.SAMPLES,
    *csr_samples.SAMPLES,
    *error_message_samples.SAMPLES,
    *pfx_samples.SAMPLES,
    *text_samples.SAMPLES,
)
_HAVE = {sample.code for sample in _OTHERS}
_MADE = (
    *(
        Sample(f"{case.source} ({case.code})", "recreated", case.code, just(case.data), case.file)
        for case in CASES
    ),
    *(
        Sample(f"{member.words} ({member.code})", "as printed", member.code, just(member.text), "message.txt")
        for member in (*openssl_members.MEMBERS, *reader_members.MEMBERS)
    ),
    *(
        Sample(f"{words} ({code})", "cryptography", code, just(data), "apicert")
        for words, (data, code) in (*REQUESTS.items(), *STORES.items())
    ),
    *(
        Sample(f"{words} ({code})", "text", code, just(text), "apicert.csv")
        for words, (text, code) in CREDENTIALS.items()
    ),
)
_FIRST = {sample.code: sample for sample in reversed(_MADE) if sample.code not in _HAVE}
SAMPLES = tuple(sample for sample in _MADE if _FIRST.get(sample.code) is sample)
