"""Passing a secret on: sealed when it is given, opened once by its receiver and destroyed in the same moment.

Who may give and who may open, the fresh sign-in, the audit trail and the letters are the caller's.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q
from django.views.decorators.debug import sensitive_variables

from certs import clock, vault
from certs.artifact_type import ArtifactType, detect_artifact_type
from certs.models import Secret, SharedSecret
from certs.pem import LIMIT
from certs.private_key_detection import contains_private_key
from certs.rows import update_rows

What = SharedSecret.What
PURPOSE = Secret.Purpose.SHARED.value
LONGEST = timedelta(days=14)


class Gone(Exception):
    """It was opened, taken back or destroyed before; the row says which."""

    def __init__(self, row: SharedSecret) -> None:
        super().__init__("a passed secret is gone")
        self.row = row


@dataclass(frozen=True)
class Opened:
    """What was inside, in clear: for one answer to one person, and kept nowhere."""

    row: SharedSecret
    content: bytes = field(repr=False)


@sensitive_variables()
def matches_kind(what: str, content: bytes) -> bool:
    """Whether `content` is what it is said to be: a private key (PEM or DER, encrypted or not) or a PFX (RFC 7292)."""
    if not 0 < len(content) <= LIMIT:
        return False
    is_pfx = detect_artifact_type(content) is ArtifactType.PFX
    return is_pfx if what == What.PFX else contains_private_key(content) and not is_pfx


@sensitive_variables()
def share(
    what: str,
    content: bytes,
    *,
    company_id: UUID,
    case_id: UUID,
    handover_id: UUID,
    from_id: object,
    to_id: object,
    until: datetime,
) -> SharedSecret:
    """Seal it for its receiver. `until` (aware) is when it is destroyed unopened, at most LONGEST from now.

    Raises VaultError for an empty or too large content, ValueError for a later `until`.
    """
    if until > clock.now() + LONGEST + timedelta(days=1):
        raise ValueError("a passed secret lives for two weeks at most")
    row = SharedSecret(
        id=uuid4(),
        company_id=company_id,
        case_id=case_id,
        what=What(what),
        handover_id=handover_id,
        from_id=str(from_id),
        to_id=str(to_id),
        expires_at=until,
    )
    with transaction.atomic():
        row.secret = vault.seal(purpose=PURPOSE, company_id=company_id, record_id=row.id, plaintext=content)
        row.save(force_insert=True)
    return row


def list_shared_secrets(handover_id: UUID) -> list[SharedSecret]:
    """Everything shared in one handover, oldest first; what is gone, too."""
    return list(SharedSecret.objects.filter(handover_id=handover_id))


def find_shared_secret(handover_id: UUID, pk: UUID) -> SharedSecret | None:
    """One of them."""
    return SharedSecret.objects.filter(handover_id=handover_id, pk=pk).first()


@sensitive_variables()
def open_once(pk: UUID, person_id: object) -> Opened:
    """What is inside, for its receiver; of two that ask at once, one gets it. Destroyed in the same transaction.

    Raises Gone, or VaultError when it does not open: then it stays as it is. Anybody but the receiver meets
    SharedSecret.DoesNotExist.
    """
    with transaction.atomic():
        row = SharedSecret.objects.select_for_update().get(pk=pk, to_id=str(person_id))
        secret = Secret.objects.get(pk=row.secret_id)
        if not can_be_opened(row) or secret.destroyed_at:
            raise Gone(row)
        content = vault.open_secret(secret)
        row.opened_at = vault.destroy(secret)
        row.save(update_fields=["opened_at"])
    return Opened(row, content)


def destroy_unopened(pk: UUID) -> SharedSecret:
    """Destroy it unopened. Raises Gone when somebody was faster."""
    with transaction.atomic():
        row = SharedSecret.objects.select_for_update().get(pk=pk)
        if not can_be_opened(row):
            raise Gone(row)
        _destroy([row])
    return row


def destroy_all_unopened(handover_ids: Iterable[UUID]) -> list[SharedSecret]:
    """Destroy whatever of these handovers is still unopened, and answer it. Inside the caller's transaction."""
    found = SharedSecret.objects.select_for_update().filter(_unopened(), handover_id__in=list(handover_ids))
    rows = list(found.order_by("pk"))
    _destroy(rows)
    return rows


def list_past(now: datetime) -> list[UUID]:
    """What nobody opened in time, the longest past first."""
    found = SharedSecret.objects.filter(_unopened(), expires_at__lte=now).order_by("expires_at", "pk")
    return list(found.values_list("pk", flat=True))


def destroy_past(pks: Collection[UUID], now: datetime) -> list[SharedSecret]:
    """Destroy those of them that are still unopened and past, and answer them. Inside the caller's transaction.

    One that somebody has locked is being opened or taken back; it is for the next run if it is not.
    """
    found = SharedSecret.objects.select_for_update(skip_locked=True)
    rows = list(found.filter(_unopened(), expires_at__lte=now, pk__in=pks).order_by("pk"))
    _destroy(rows)
    return rows


def can_be_opened(row: SharedSecret) -> bool:
    """Whether it can still be opened."""
    return row.opened_at is None and row.taken_back_at is None and row.expires_at > clock.now()


def _unopened() -> Q:
    return Q(opened_at=None, taken_back_at=None)


def _destroy(rows: Sequence[SharedSecret]) -> None:
    """In three statements for any number; of a secret that is gone already its own date stays."""
    if not rows:
        return
    secrets = Secret.objects.filter(pk__in=[row.secret_id for row in rows])
    vault.destroy_all(secrets)
    destroyed_at = dict(secrets.values_list("pk", "destroyed_at"))
    for row in rows:
        row.taken_back_at = destroyed_at[row.secret_id]
    update_rows(rows, ("taken_back_at",))
