"""Destroy every secret of a case once it has served; fingerprints, names and dates stay.

When that is due is decided elsewhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
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


def destroy_case(case_id: UUID) -> DestroyedCounts:
    """Destroy a case's private keys, API keys and secrets, PFX files and passwords, passed and evidence files.

    Again gives zeros. Permissions to see one of them end as well.
    """
    mine = {"case_id": case_id}
    owners = [
        *ApiCredential.objects.filter(**mine).values_list("pk", flat=True),
        *Bundle.objects.filter(**mine).values_list("pk", flat=True),
    ]
    with transaction.atomic():
        one_time_grants.revoke_grants(owners)
        return DestroyedCounts(
            private_keys=_destroy(SigningRequest.objects.filter(**mine), "key"),
            credentials=_destroy(ApiCredential.objects.filter(**mine), "key", "secret"),
            bundles=_destroy(Bundle.objects.filter(**mine), "secret", "password"),
            passed=_destroy(SharedSecret.objects.filter(**mine), "secret"),
            evidence=_destroy(EvidenceFile.objects.filter(**mine), "secret"),
        )


def cases_with_secrets(among: "QuerySet[Any]") -> set[UUID]:
    """Those of the cases whose ids `among` finds of which any secret still lives."""
    columns: tuple[tuple[type[Model], str], ...] = (
        (SigningRequest, "key"),
        (EvidenceFile, "secret"),
        (SharedSecret, "secret"),
        (Bundle, "secret"),
        (ApiCredential, "secret"),
    )
    found: set[UUID] = set()
    for model, column in columns:
        living: dict[str, Any] = {f"{column}__isnull": False, f"{column}__destroyed_at": None}
        rows = model._default_manager.filter(**living, case_id__in=among)
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
