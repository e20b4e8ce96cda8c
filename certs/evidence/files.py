"""Files of evidence in the vault: sealed when they come, opened for whoever may, destroyed with the case's secrets.

What may be kept at all is judged in inspection.py.
"""

import hashlib
from uuid import UUID, uuid4

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from certs import vault
from certs.choices import SecretPurpose
from certs.models import EvidenceFile

PURPOSE = SecretPurpose.EVIDENCE_FILE


@sensitive_variables()
def store(*, company_id: UUID, case_id: UUID, content: bytes) -> EvidenceFile:
    """Seal a file. Raises VaultError for one that is empty or larger than the vault takes."""
    evidence_file = EvidenceFile(id=uuid4(), company_id=company_id, case_id=case_id)
    with transaction.atomic():
        evidence_file.secret = vault.seal(
            purpose=PURPOSE, company_id=company_id, record_id=evidence_file.id, plaintext=content
        )
        evidence_file.save(force_insert=True)
    return evidence_file


@sensitive_variables()
def content_of(evidence_file: EvidenceFile) -> bytes:
    """The file as it came. Raises VaultError once it was destroyed."""
    return vault.open_secret(evidence_file.secret)


def fingerprint(content: bytes) -> str:
    """SHA-256 in lower-case hexadecimal, 64 characters."""
    return hashlib.sha256(content).hexdigest()
