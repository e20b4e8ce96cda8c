"""Destroy every secret of a case once it has served; fingerprints, names and dates stay.

When that is due is decided elsewhere.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from certs import reveal, vault
from certs.models import ApiCredential, Bundle, Secret, SigningRequest


@dataclass(frozen=True)
class Destroyed:
    """How many living secrets were destroyed, by what they were."""

    private_keys: int
    credentials: int
    bundles: int

    @property
    def total(self) -> int:
        """All of them; 0 if there was nothing left to destroy."""
        return self.private_keys + self.credentials + self.bundles


def destroy_case(case_id: UUID) -> Destroyed:
    """Destroy the private keys, API keys and secrets, PFX files and their passwords of a case. Again gives zeros.

    Permissions to see one of them end as well.
    """
    owners = [
        *ApiCredential.objects.filter(case_id=case_id).values_list("pk", flat=True),
        *Bundle.objects.filter(case_id=case_id).values_list("pk", flat=True),
    ]
    with transaction.atomic():
        reveal.withdraw(owners)
        return Destroyed(
            private_keys=_destroy(Q(signing_request__in=SigningRequest.objects.filter(case_id=case_id))),
            credentials=_destroy(
                Q(credential_key__in=ApiCredential.objects.filter(case_id=case_id))
                | Q(credential_secret__in=ApiCredential.objects.filter(case_id=case_id))
            ),
            bundles=_destroy(
                Q(held_bundle__in=Bundle.objects.filter(case_id=case_id))
                | Q(bundle_password__in=Bundle.objects.filter(case_id=case_id))
            ),
        )


def _destroy(owned: Q) -> int:
    ids = list(Secret.objects.filter(owned).values_list("pk", flat=True))
    return vault.destroy_all(Secret.objects.filter(pk__in=ids))
