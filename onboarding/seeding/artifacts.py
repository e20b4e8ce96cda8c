"""What one seeded onboarding holds: API credentials, CSR, certificate and PFX, with their secrets in the vault.

Where the secrets' time is up they are destroyed already: dates and fingerprints are left.
"""

import hashlib
import random
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Model

from certs import vault
from certs.models import ApiCredential, Bundle, Certificate, Secret, SigningRequest
from onboarding.journey import case_files
from onboarding.seeding.key_material import PFX, IssuedCertificate, KeyMaterial
from onboarding.seeding.stories import VALIDITY

UNSEARCHED = 0.01  # of the certificates came without their issuers, and nobody has searched for them yet


@dataclass
class CaseArtifacts:
    """Makes them one after the other, as the steps need them. `destroyed_at` None: the secrets live."""

    company_id: UUID
    case_id: UUID
    material: KeyMaterial
    rng: random.Random
    destroyed_at: datetime | None
    rows: list[Model] = field(default_factory=list)
    secrets: int = 0

    def add_credential(self, at: datetime) -> dict[str, Any]:
        """An API key and secret; answers with the step's facts."""
        key, secret = secrets.token_hex(8), secrets.token_hex(20)
        row = ApiCredential(name="dip_onboarding", key_last4=key[-4:], **self._own(at))
        row.key = self._keep(row.pk, Secret.Purpose.API_KEY, at, key.encode())
        row.secret = self._keep(row.pk, Secret.Purpose.API_SECRET, at, secret.encode())
        self.rows.append(row)
        return {"credential_id": str(row.pk), "name": row.name, "key_last4": row.key_last4}

    def add_signing_request(self, at: datetime) -> dict[str, Any]:
        """A CSR, its key made by the portal or by the company; answers with the step's facts."""
        self._key = self.rng.choice(self.material.keys)
        made_here = self.rng.random() < 0.6
        origin = SigningRequest.Origin.PORTAL if made_here else SigningRequest.Origin.OWN
        row = self._request = SigningRequest(
            origin=origin,
            csr_pem=self._key.csr_pem,
            public_key_sha256=self._key.public_key_sha256,
            **self._own(at),
        )
        if made_here:
            row.key = self._keep(row.pk, Secret.Purpose.PRIVATE_KEY, at, self._key.der)
        self.rows.append(row)
        return case_files.csr_facts(row)

    def add_certificate(self, at: datetime) -> dict[str, Any]:
        """The certificate for it; answers with the step's facts."""
        issued = self._issued = self.material.issue(self._key, at, at + VALIDITY)
        is_whole = self.rng.random() >= UNSEARCHED
        row = self._certificate = Certificate(
            signing_request=self._request,
            pem=issued.pem,
            chain_pem=self.material.chain_pem if is_whole else "",
            chain_searched_at=at if is_whole else None,
            serial=issued.serial,
            not_before=issued.not_before,
            not_after=issued.not_after,
            sha256=issued.sha256,
            **self._own(at),
        )
        self.rows.append(row)
        return case_files.certificate_facts(row)

    def add_bundle(self, at: datetime) -> dict[str, Any]:
        """The PFX of both; answers with the step's facts."""
        made_here = self._request.key is not None
        row = Bundle(
            certificate=self._certificate,
            encryption=PFX,
            source=Bundle.Source.PORTAL if made_here else Bundle.Source.UPLOAD,
            **self._own(at),
        )
        content = self._build_pfx(self._issued) if made_here and not self.destroyed_at else b""
        row.sha256 = hashlib.sha256(content or secrets.token_bytes(16)).hexdigest()
        if made_here:
            row.secret = self._keep(row.pk, Secret.Purpose.PFX, at, content)
        self.rows.append(row)
        return case_files.bundle_facts(row)

    def make_proof_facts(self, at: datetime) -> dict[str, Any]:
        """What the test sign-in proves."""
        return {
            "public_key_sha256": self._key.public_key_sha256,
            "serial": self._issued.serial,
            "certificate_sha256": self._issued.sha256,
            "proved_at": at.isoformat(),
            "proved_by": "this portal",
            "policy": "RSA 4096 bits",
            "quota": 1000,
        }

    def _build_pfx(self, issued: IssuedCertificate) -> bytes:
        return self.material.build_pfx(self._key, issued)

    def _own(self, at: datetime) -> dict[str, Any]:
        return {"id": uuid4(), "company_id": self.company_id, "case_id": self.case_id, "created_at": at}

    def _keep(self, owner: UUID, purpose: str, at: datetime, plaintext: bytes) -> Secret:
        if self.destroyed_at:
            row = Secret(
                purpose=purpose,
                company_id=self.company_id,
                record_id=owner,
                key_id=self._key_id(),
                destroyed_at=self.destroyed_at,
            )
        else:
            row = vault.encrypt(
                purpose=purpose, company_id=self.company_id, record_id=owner, plaintext=plaintext
            )
        row.created_at = at
        self.secrets += 1
        self.rows.append(row)
        return row

    @staticmethod
    def _key_id() -> str:
        return "destroyed"
