"""Evidence with a file: stored sealed, and shown with what became of it.

certs/evidence/ decides what a file may be; progress.py makes the move that it belongs to; secret_downloads.py opens it.
"""

from datetime import datetime
from typing import Any

from django.core.management import CommandError
from django.db import transaction
from django.db.models import F, QuerySet
from django.views.decorators.debug import sensitive_variables

from certs.evidence import files
from certs.evidence.file_types import NotEvidence, detect_file_type
from certs.prepared_queries import prepare_query
from certs.vault import VaultError
from onboarding.journey import answers
from onboarding.journey.models import Evidence, Onboarding, StepRecord
from onboarding.journey.refusals import SentForm
from onboarding.people.models import User


@sensitive_variables("file", "content")
def add(
    record: StepRecord,
    *,
    by: User,
    seen_on: datetime,
    note: str,
    file: tuple[str, bytes] | None,
    sent: SentForm | None = None,
) -> Evidence:
    """Store what a person saw, inside the move's transaction; `file` is (name, content). Raises VaultError."""
    row = Evidence(record=record, by=by, seen_on=seen_on, note=note)
    if file:
        name, content = file
        _seal(row, name, content)
    row.save()
    answers.keep(record, sent, by=by, evidence=row)
    return row


@sensitive_variables("content")
def _seal(row: Evidence, name: str, content: bytes) -> None:
    case = row.record.onboarding
    row.file_name, row.file_kind, row.file_size = name, _kind(content), len(content)
    row.file_sha256 = files.fingerprint(content)
    row.stored_file = files.store(company_id=case.company_id, case_id=case.pk, content=content)
    row.file = None


def _kind(content: bytes) -> str:
    """Blank for what would not be taken today."""
    try:
        return detect_file_type(content)
    except NotEvidence:
        return ""


def list_of_record(record: StepRecord) -> list[Evidence]:
    """A step's evidence, oldest first, each with `destroyed_at` of its file; no file itself is fetched."""
    rows = _read_of_record(record.pk)
    for each in rows:
        each.record = record
    return rows


@prepare_query
def _read_of_record(record: int) -> QuerySet[Evidence]:
    rows = Evidence.objects.filter(record=record).select_related("by").defer("file")
    return rows.annotate(destroyed_at=F("stored_file__secret__destroyed_at"))


def list_plain_files() -> list[int]:
    """Evidence whose file an older version stored in the clear."""
    return list(Evidence.objects.exclude(file=None).values_list("pk", flat=True))


@sensitive_variables("row")
def seal_plain(pk: int) -> bool:
    """Seal that file and empty its column. Safe to run again and at any time.

    Raises VaultError, with the number of the row, when it cannot be sealed; it stays then as it is.
    """
    with transaction.atomic():
        rows = Evidence.objects.select_for_update(of=("self",)).select_related("record__onboarding")
        row = rows.get(pk=pk)
        if row.file is None:
            return False
        if row.file and row.stored_file is None:
            try:
                _seal(row, row.file_name, bytes(row.file))
            except VaultError as error:
                raise VaultError(f"The file of evidence {pk} cannot be sealed. {error}") from None
        row.file = None
        row.save()
        # However long ago its case's secrets were destroyed: now there is one again.
        Onboarding.objects.filter(pk=row.record.onboarding_id).update(secrets_gone_at=None)
    return True


def seal_after_migrate(*, apps: Any = None, **_: Any) -> None:
    """After every `migrate`: what an older version stored in the clear goes into the vault.

    Not a migration, because the vault needs today's tables and keys. Raises CommandError with a sentence.
    """
    if apps is None:  # the signal of `flush`, which leaves nothing
        return
    try:
        apps.get_model("certs", "EvidenceFile")
        apps.get_model("journey", "Evidence")._meta.get_field("stored_file")
    except LookupError:  # migrated to a state before this one
        return
    try:
        for pk in list_plain_files():
            seal_plain(pk)
    except VaultError as error:
        raise CommandError(
            f"{error} The tables are migrated and no file is lost. Put VAULT_KEYS right and run migrate again."
        ) from None
