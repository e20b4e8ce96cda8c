"""Destroy every secret of a case once it has served; fingerprints, names and dates stay.

When that is due is decided elsewhere.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Model, Q, QuerySet

from certs import one_time_grants, vault
from certs.models import ApiCredential, Bundle, EvidenceFile, Secret, SharedSecret, SigningRequest


@dataclass(frozen=True)
class DestroyedCounts:
    """How many living secrets were destroyed, by what they were."""

    private_keys: int
    credentials: int
    bundles: int
    passed: int = 0
    evidence: int = 0

    @property
    def total(self) -> int:
        """All of them; 0 if there was nothing left to destroy."""
        return self.private_keys + self.credentials + self.bundles + self.passed + self.evidence


class _Owner(NamedTuple):
    """Rows whose columns name secrets, what DestroyedCounts calls these, and whether people are shown them once."""

    name: str
    model: type[Model]
    columns: tuple[str, ...]
    is_shown: bool = False


OWNERS = (
    _Owner("private_keys", SigningRequest, ("key",)),
    _Owner("credentials", ApiCredential, ("key", "secret"), is_shown=True),
    _Owner("bundles", Bundle, ("secret", "password"), is_shown=True),
    _Owner("passed", SharedSecret, ("secret",)),
    _Owner("evidence", EvidenceFile, ("secret",)),
)


def destroy_case(case_id: UUID) -> DestroyedCounts:
    """Destroy a case's private keys, API keys and secrets, PFX files and passwords, passed and evidence files.

    Again gives zeros. Permissions to see one of them end as well.
    """
    return destroy_cases([case_id])[case_id]


def destroy_cases(case_ids: Collection[UUID]) -> dict[UUID, DestroyedCounts]:
    """The same for many cases, in as many statements as for one."""
    belongs: dict[UUID, tuple[UUID, str]] = {}  # a secret: the case, and what it is
    shown: list[UUID] = []
    for owner in OWNERS:
        names = (f"{column}_id" for column in owner.columns)
        rows = owner.model._default_manager.filter(case_id__in=case_ids).values_list("case_id", "pk", *names)
        for case_id, pk, *secrets in rows.order_by():
            belongs.update({secret: (case_id, owner.name) for secret in secrets if secret})
            shown += [pk] if owner.is_shown else []
    with transaction.atomic():
        one_time_grants.revoke_grants(shown)
        destroyed = Counter(belongs[pk] for pk in vault.destroy_found(belongs))
    return {
        case_id: DestroyedCounts(**{owner.name: destroyed[case_id, owner.name] for owner in OWNERS})
        for case_id in case_ids
    }


def cases_with_secrets(among: "QuerySet[Any, Any]") -> set[UUID]:
    """Those of the cases whose ids `among` finds of which any secret still lives.

    One statement for each kind of row that names secrets.
    """
    found: set[UUID] = set()
    for owner in OWNERS:
        first = owner.columns[0]  # the second of a row comes and goes with it
        living: dict[str, Any] = {f"{first}__isnull": False, f"{first}__destroyed_at": None}
        rows = owner.model._default_manager.filter(**living, case_id__in=among).order_by()
        found.update(rows.values_list("case_id", flat=True))
    return found


def destroy_replaced(case_id: UUID, owner_ids: Iterable[str]) -> int:
    """Destroy the secrets of those rows of a case that are to be made again; answers how many secrets.

    With a CSR or a PFX go all PFX files of the same certificate: those that were built beside it, with a password.
    """
    wanted = list(owner_ids)
    of_requests = Q(certificate__signing_request__in=wanted)
    beside = Q(certificate__in=Bundle.objects.filter(case_id=case_id, pk__in=wanted).values("certificate"))
    bundles = Bundle.objects.filter(of_requests | beside, case_id=case_id).values_list("pk", flat=True)
    wanted += [str(each) for each in bundles]
    mine: dict[str, Any] = {"case_id": case_id, "pk__in": wanted}
    with transaction.atomic():
        one_time_grants.revoke_grants([UUID(str(each)) for each in wanted])
        return (
            _destroy(SigningRequest.objects.filter(**mine), "key")
            + _destroy(ApiCredential.objects.filter(**mine), "key", "secret")
            + _destroy(Bundle.objects.filter(**mine), "secret", "password")
        )


def _destroy(owners: "QuerySet[Any]", *columns: str) -> int:
    """The secrets that these columns of a case's few rows name. By their ids: a join would read whole tables."""
    ids = {pk for row in owners.values_list(*(f"{column}_id" for column in columns)) for pk in row if pk}
    return vault.destroy_all(Secret.objects.filter(pk__in=ids)) if ids else 0
