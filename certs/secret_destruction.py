"""Destroy every secret of a case once it has served; fingerprints, names and dates stay.

When that is due is decided elsewhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

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
    owners = [
        *ApiCredential.objects.filter(case_id=case_id).values_list("pk", flat=True),
        *Bundle.objects.filter(case_id=case_id).values_list("pk", flat=True),
    ]
    with transaction.atomic():
        one_time_grants.revoke_grants(owners)
        return DestroyedCounts(
            private_keys=_destroy(Q(signing_request__in=SigningRequest.objects.filter(case_id=case_id))),
            credentials=_destroy(
                Q(credential_key__in=ApiCredential.objects.filter(case_id=case_id))
                | Q(credential_secret__in=ApiCredential.objects.filter(case_id=case_id))
            ),
            bundles=_destroy(
                Q(stored_bundle__in=Bundle.objects.filter(case_id=case_id))
                | Q(bundle_password__in=Bundle.objects.filter(case_id=case_id))
            ),
            passed=_destroy(Q(shared_secret__in=SharedSecret.objects.filter(case_id=case_id))),
            evidence=_destroy(Q(evidence_file__in=EvidenceFile.objects.filter(case_id=case_id))),
        )


def cases_with_secrets() -> set[UUID]:
    """The cases of which any secret still lives."""
    living = Secret.objects.filter(destroyed_at=None)
    found: set[UUID] = set(SigningRequest.objects.filter(key__in=living).values_list("case_id", flat=True))
    found |= set(EvidenceFile.objects.filter(secret__in=living).values_list("case_id", flat=True))
    found |= set(SharedSecret.objects.filter(secret__in=living).values_list("case_id", flat=True))
    found |= set(Bundle.objects.filter(secret__in=living).values_list("case_id", flat=True))
    return found | set(ApiCredential.objects.filter(secret__in=living).values_list("case_id", flat=True))


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
            _destroy(Q(signing_request__in=SigningRequest.objects.filter(**mine)))
            + _destroy(Q(credential_key__in=ApiCredential.objects.filter(**mine)))
            + _destroy(Q(credential_secret__in=ApiCredential.objects.filter(**mine)))
            + _destroy(Q(stored_bundle__in=Bundle.objects.filter(**mine)))
            + _destroy(Q(bundle_password__in=Bundle.objects.filter(**mine)))
        )


def _destroy(owned: Q) -> int:
    ids = list(Secret.objects.filter(owned).values_list("pk", flat=True))
    return vault.destroy_all(Secret.objects.filter(pk__in=ids))
