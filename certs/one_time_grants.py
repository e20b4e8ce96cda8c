"""OneTimeGrant: one person may be shown one secret, once, within ten minutes.

Whether that person may have a grant, the fresh sign-in and the audit trail are the caller's.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from certs import clock
from certs.findings import InvalidArtifact
from certs.findings.catalogue import finding
from certs.findings.codes import FindingCode
from certs.models import OneTimeGrant

LIFETIME = timedelta(minutes=10)


def create_grant(kind: str, record_id: UUID, person_id: object, sign_in: str = "") -> OneTimeGrant:
    """A permission for `person_id` to be shown the secret of that record.

    With `sign_in`, which names one fresh sign-in, it is the same one however often and at once it is asked for.
    """
    whose: dict[str, Any] = {
        "kind": kind,
        "record_id": record_id,
        "person_id": str(person_id),
        "sign_in": sign_in,
    }
    if sign_in:
        return OneTimeGrant.objects.get_or_create(**whose)[0]
    return OneTimeGrant.objects.create(**whose)


def use_grant(grant_id: UUID, kind: str, person_id: object) -> UUID:
    """Use a grant up and answer its record. Exactly one of two racers gets it.

    Raises InvalidArtifact: `reveal-gone` (no such grant of this kind for this person), `reveal-used`, `reveal-expired`.
    Inside a transaction that is rolled back, the grant stays unused.
    """
    now = clock.now()
    mine = OneTimeGrant.objects.filter(pk=grant_id, kind=kind, person_id=str(person_id))
    # One statement finds it unused and marks it: between a question and a mark another request would fit.
    if mine.filter(used_at=None, granted_at__gt=now - LIFETIME).update(used_at=now):
        return mine.values_list("record_id", flat=True).get()
    left = mine.first()
    if left is None:
        raise InvalidArtifact([finding(FindingCode.REVEAL_GONE)])
    if left.used_at:
        raise InvalidArtifact([finding(FindingCode.REVEAL_USED)])
    raise InvalidArtifact([finding(FindingCode.REVEAL_EXPIRED, minutes=LIFETIME.seconds // 60)])


def usable_grants(kind: str) -> "QuerySet[OneTimeGrant]":
    """Grants of this kind that can still be used."""
    return OneTimeGrant.objects.filter(kind=kind, used_at=None, granted_at__gt=clock.now() - LIFETIME)


def revoke_grants(record_ids: list[UUID]) -> int:
    """Use up every open grant of these records unseen; answers how many there were."""
    return OneTimeGrant.objects.filter(record_id__in=record_ids, used_at=None).update(used_at=clock.now())
