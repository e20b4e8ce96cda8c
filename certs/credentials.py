"""API credentials of GlobalSign: read the CSV that Atlas gives, or a pasted key and secret; keep them; show them once.

No sentence, log line or repr ever holds a value; how the CSV is taken apart is in csv_table.py.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from certs import credential_shapes, csv_table, one_time_grants, vault
from certs.decoding import decode
from certs.findings import Finding, InvalidArtifact, Part, refuse_errors
from certs.findings.catalogue import finding
from certs.findings.codes import FindingCode
from certs.models import ApiCredential, OneTimeGrant, Secret
from certs.pem import refuse_size
from certs.private_key_detection import refuse_private_key

KEY_LENGTH, SECRET_LENGTH = 16, 40  # hex digits (GlobalSign's pattern for /login)
KEY_PURPOSE, SECRET_PURPOSE = Secret.Purpose.API_KEY.value, Secret.Purpose.API_SECRET.value
GRANT = OneTimeGrant.Kind.API_CREDENTIAL.value
_HEX = re.compile(r"[0-9A-Fa-f]+")
_AROUND = " \t\r\n\xa0\u200b\ufeff\"'\u2018\u2019\u201c\u201d`"
_NUMBER = re.compile(r"[0-9][0-9.,]*E[+-]?[0-9]{1,3}|[0-9]{9,60}(?:[.,]0{1,3})?|#{3,}", re.I)
_TURNED = re.compile(
    r"(?<![0-9A-Za-z])[0-9][.,][0-9]{2,17}E[+-]?[0-9]{1,3}(?![0-9A-Za-z])|(?<!#)#{4,}(?!#)", re.I
)


@dataclass(frozen=True)
class Credentials:
    """An API key (16 hex digits) and API secret (40), in clear: pass on at once to store(), keep nowhere else."""

    api_key: str = field(repr=False)
    api_secret: str = field(repr=False)
    findings: tuple[Finding, ...] = ()


@sensitive_variables()
def read_csv(data: bytes) -> Credentials:
    """Read the CSV of Atlas: columns in any order and case, comma, semicolon or tab, with or without headings.

    Where that is not what was given, key and secret are looked for by their shape: in JSON, env files, YAML, Markdown,
    labels over values. Raises InvalidArtifact; its sentences name places and lengths, never values.
    """
    refuse_size(data)
    refuse_private_key(data)
    try:
        api_key, api_secret, notes = csv_table.key_and_secret(data)
        return _checked(api_key, api_secret, notes)
    except InvalidArtifact as refused:
        if len(data) > csv_table.LIMIT or _TELLING & set(refused.codes):
            raise
        text, _ = decode(data)
        if FindingCode.CSV_SEVERAL in refused.codes and credential_shapes.has_several(text):
            raise
        return _read_by_shape(text, refused)


_TELLING = frozenset(
    {
        FindingCode.CREDENTIALS_SWAPPED,
        FindingCode.CSV_ENCRYPTED,
        FindingCode.WRONG_KIND_DOCUMENT,
        FindingCode.WRONG_KIND_CSR,
        FindingCode.WRONG_KIND_CERTIFICATE,
    }
)
_VAGUE = frozenset({FindingCode.CSV_UNREADABLE, FindingCode.CSV_COLUMN_MISSING, FindingCode.CSV_NO_ROW})


@sensitive_variables()
def _read_by_shape(text: str, refused: InvalidArtifact) -> Credentials:
    """The pair by its shape; else what is wrong with what stands at the labels; else as the columns were refused."""
    if pair := credential_shapes.find_pair(text):
        notes = (finding(FindingCode.CSV_FORMULA),) if pair.is_formula else ()
        return _checked(pair.api_key, pair.api_secret, notes)
    if _TURNED.search(text) or credential_shapes.lost_digits(text):
        raise InvalidArtifact([finding(FindingCode.CSV_SPREADSHEET, about=Part.API_KEY)]) from None
    if _VAGUE & set(refused.codes) and (pair := credential_shapes.find_labelled(text)):
        return _checked(pair.api_key, pair.api_secret, ())
    raise refused from None


@sensitive_variables()
def read_pasted(api_key: str, api_secret: str) -> Credentials:
    """Read what was typed or pasted into two fields. Spaces and quotes around are left out, and said so.

    Raises InvalidArtifact; its sentences name places and lengths, never values.
    """
    both = f"{api_key}\n{api_secret}".encode(errors="replace")
    if len(both) > csv_table.LIMIT:
        raise InvalidArtifact(
            [finding(FindingCode.TOO_LARGE, size=len(both) // 1024, limit=csv_table.LIMIT // 1024)]
        )
    refuse_private_key(both)
    return _checked(api_key, api_secret, ())


@sensitive_variables()
def store(
    company_id: UUID, case_id: UUID, credentials: Credentials, name: str, atlas_id: str = ""
) -> ApiCredential:
    """Seal key and secret, each by itself; only the key's last four characters stay readable.

    `name` is the familiar name in Atlas (R35), `atlas_id` Atlas's own id of it if we know it.
    """
    row = ApiCredential(
        id=uuid4(),
        company_id=company_id,
        case_id=case_id,
        name=name.strip()[:100],
        atlas_id=atlas_id,
        key_last4=credentials.api_key[-4:],
    )
    bound = {"company_id": company_id, "record_id": row.id}
    with transaction.atomic():
        row.key = vault.seal(purpose=KEY_PURPOSE, plaintext=credentials.api_key.encode(), **bound)
        row.secret = vault.seal(purpose=SECRET_PURPOSE, plaintext=credentials.api_secret.encode(), **bound)
        row.save(force_insert=True)
    return row


@sensitive_variables()
def load(credential: ApiCredential) -> Credentials:
    """Key and secret in clear, for the portal's own sign-in (proof.py). Raises VaultError."""
    return Credentials(
        api_key=vault.open_secret(credential.key).decode(),
        api_secret=vault.open_secret(credential.secret).decode(),
    )


def grant_reveal(credential: ApiCredential, person_id: object, sign_in: str = "") -> OneTimeGrant:
    """Permission for this person to see key and secret once, or once per sign-in if that is named.

    The caller has checked who it is, just now.
    """
    return one_time_grants.create_grant(GRANT, credential.pk, person_id, sign_in)


@sensitive_variables()
def reveal_once(grant_id: UUID, person_id: object) -> Credentials:
    """Key and secret in clear, once per grant; the caller records it and tells the other admins.

    Raises InvalidArtifact (`reveal-used`, `reveal-expired`, `reveal-gone`). If they cannot be opened, the grant stays
    unused.
    """
    with transaction.atomic():
        record_id = one_time_grants.use_grant(grant_id, GRANT, person_id)
        credential = ApiCredential.objects.select_related("key", "secret").filter(pk=record_id).first()
        if credential is None or credential.secret.destroyed_at:
            raise InvalidArtifact([finding(FindingCode.REVEAL_GONE)])
        return load(credential)


@sensitive_variables()
def _checked(api_key: str, api_secret: str, notes: tuple[Finding, ...]) -> Credentials:
    key, secret = api_key.strip(_AROUND), api_secret.strip(_AROUND)
    named = ((Part.API_KEY, api_key, key), (Part.API_SECRET, api_secret, secret))
    trimmed = [
        finding(FindingCode.CREDENTIALS_TRIMMED, about=part)
        for part, given, kept in named
        if kept and given != kept
    ]
    if _swapped(key, secret):
        wrong = [finding(FindingCode.CREDENTIALS_SWAPPED)]
    else:
        wrong = [*_faults(Part.API_KEY, key, KEY_LENGTH), *_faults(Part.API_SECRET, secret, SECRET_LENGTH)]
    refuse_errors([*notes, *trimmed, *wrong])
    return Credentials(key, secret, (*notes, *trimmed))


def _swapped(key: str, secret: str) -> bool:
    return _is_hex(key, SECRET_LENGTH) and _is_hex(secret, KEY_LENGTH)


def _is_hex(text: str, length: int) -> bool:
    return len(text) == length and bool(_HEX.fullmatch(text))


@sensitive_variables()
def _faults(part: Part, value: str, length: int) -> Iterator[Finding]:
    """What is wrong with one value, in order of what explains most."""
    if not value:
        yield finding(FindingCode.CREDENTIALS_MISSING, about=part)
    elif _NUMBER.fullmatch(value) and not _is_hex(value, length):
        yield finding(FindingCode.CSV_SPREADSHEET, about=part)
    elif len(value) != length:
        yield finding(FindingCode.CREDENTIALS_LENGTH, about=part, length=len(value), wanted=length)
    elif not _is_hex(value, length):
        place = next(at for at, c in enumerate(value, 1) if not _HEX.fullmatch(c))
        yield finding(FindingCode.CREDENTIALS_CHARACTER, about=part, place=place)
