"""The CSV of API credentials, taken apart: which cell is the key, which the secret.

What a key and a secret must look like is checked in credentials.py.
"""

import csv
import re
from collections.abc import Sequence

from django.views.decorators.debug import sensitive_variables

from certs.decoding import decode, looks_like_document
from certs.findings import Finding, InvalidArtifact, Part
from certs.findings.catalogue import finding
from certs.findings.codes import FindingCode

LIMIT = 64 * 1024  # bytes
DELIMITERS = ",;\t|"
COLUMNS = {Part.API_KEY: ("apikey", "key"), Part.API_SECRET: ("apisecret", "secret")}
_HEX = re.compile(r"[0-9A-Fa-f]{16}|[0-9A-Fa-f]{40}")
_BLOB = re.compile(r"(?:[A-Za-z0-9+/=\s]{200,}|-----BEGIN (?:PGP|CMS|PKCS7|ENCRYPTED).*)", re.DOTALL)
_WHAT = "the CSV with your API credentials"
Record = Sequence[str]


@sensitive_variables()
def key_and_secret(data: bytes) -> tuple[str, str, tuple[Finding, ...]]:
    """The two cells, as they stand, and remarks. Raises InvalidArtifact if we cannot tell which they are."""
    if len(data) > LIMIT:
        raise InvalidArtifact([finding(FindingCode.TOO_LARGE, size=len(data) // 1024, limit=LIMIT // 1024)])
    text, notes = decode(data)
    _refuse_other_files(text)
    records = _records(text)
    if not records:
        raise InvalidArtifact([*notes, finding(FindingCode.CSV_UNREADABLE)])
    pairs = _pairs(records)
    if len(set(pairs)) > 1:
        raise InvalidArtifact([*notes, finding(FindingCode.CSV_SEVERAL, count=len(set(pairs)))])
    return *pairs[0], notes


def _refuse_other_files(text: str) -> None:
    if looks_like_document(text):
        raise InvalidArtifact([finding(FindingCode.WRONG_KIND_DOCUMENT, expected=_WHAT)])
    if _BLOB.fullmatch(text.strip()):
        raise InvalidArtifact([finding(FindingCode.CSV_ENCRYPTED)])
    for label, code in (
        ("CERTIFICATE REQUEST-", FindingCode.WRONG_KIND_CSR),
        ("CERTIFICATE-", FindingCode.WRONG_KIND_CERTIFICATE),
    ):
        if label in text:
            raise InvalidArtifact([finding(code, expected=_WHAT)])


@sensitive_variables()
def _records(text: str) -> list[Record]:
    """Records that hold something; the delimiter is the one that the first of them has most of."""
    first = next((line for line in text.splitlines() if line.strip(' \t,;|"')), "")
    delimiter = max(DELIMITERS, key=first.count)
    try:
        table = list(csv.reader(text.splitlines(), delimiter=delimiter, skipinitialspace=True))
    except csv.Error:
        raise InvalidArtifact([finding(FindingCode.CSV_UNREADABLE)]) from None
    return [record for record in table if any(cell.strip() for cell in record)]


@sensitive_variables()
def _pairs(records: list[Record]) -> list[tuple[str, str]]:
    """One pair per record under the headings; or two records that begin with a heading; or no headings at all."""
    headings = [_plain(cell) for cell in records[0]]
    at = {what: _place(headings, names) for what, names in COLUMNS.items()}
    if _is_upright(records):
        return [_upright(records)]
    if all(place is None for place in at.values()):
        return [_bare(records)]
    if missing := [what for what, place in at.items() if place is None]:
        raise InvalidArtifact([finding(FindingCode.CSV_COLUMN_MISSING, about=missing[0])])
    if len(records) == 1:
        raise InvalidArtifact([finding(FindingCode.CSV_NO_ROW)])
    key, secret = at[Part.API_KEY] or 0, at[Part.API_SECRET] or 0
    return [(_cell(record, key), _cell(record, secret)) for record in records[1:]]


def _plain(cell: str) -> str:
    return re.sub(r"[^a-z]", "", cell.lower())


def _place(headings: list[str], names: tuple[str, ...]) -> int | None:
    """Where a heading stands: the full name first, the short one only if the full one is nowhere."""
    return next((headings.index(name) for name in names if name in headings), None)


def _cell(record: Record, place: int) -> str:
    return record[place] if place < len(record) else ""


def _is_upright(records: list[Record]) -> bool:
    """`API Key,...` in one record and `API Secret,...` in the next."""
    starts = [_plain(record[0]) for record in records]
    return {"apikey", "apisecret"} <= set(starts) and starts.index("apikey") != starts.index("apisecret")


@sensitive_variables()
def _upright(records: list[Record]) -> tuple[str, str]:
    values = {_plain(record[0]): _cell(record, 1) for record in records}
    return values["apikey"], values["apisecret"]


@sensitive_variables()
def _bare(records: list[Record]) -> tuple[str, str]:
    """No headings: the lengths of the two values tell them apart, so nothing is guessed."""
    values = [cell.strip() for record in records for cell in record if _HEX.fullmatch(cell.strip())]
    keys, secrets = ({v for v in values if len(v) == length} for length in (16, 40))
    if len(keys) == len(secrets) == 1:
        return keys.pop(), secrets.pop()
    if len(keys) > 1 or len(secrets) > 1:
        raise InvalidArtifact([finding(FindingCode.CSV_SEVERAL, count=max(len(keys), len(secrets)))])
    raise InvalidArtifact([finding(FindingCode.CSV_UNREADABLE)])
