"""Secret and its owners: SigningRequest, Bundle, ApiCredential, SharedSecret, EvidenceFile; and what needs no secret.

No column but Secret's holds a secret, and that one is encrypted. Companies, cases and people are plain ids.
"""

import uuid
from typing import Any, TypeAlias

from django.db import models
from django.db.models import F, Q

from certs import choices, clock
from certs.constraints import demands, exactly_when, one_of
from certs.one_time_grant_models import OneTimeGrant as OneTimeGrant
from certs.pfx_encryption import PfxEncryption


def _id() -> "models.UUIDField[uuid.UUID, uuid.UUID]":
    return models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)


class Secret(models.Model):
    """One encrypted value. `destroyed_at` set: the value and its key are gone, only the dates are left."""

    Purpose: TypeAlias = choices.SecretPurpose

    id = _id()
    company_id = models.UUIDField()
    record_id = models.UUIDField(help_text="the row that the secret belongs to; bound into the encryption")
    purpose = models.CharField(max_length=40, choices=Purpose.choices)
    key_id = models.CharField(max_length=60, help_text="which of VAULT_KEYS wraps the data key")
    wrapped_key = models.BinaryField(null=True, editable=False)
    ciphertext = models.BinaryField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["key_id"], condition=Q(destroyed_at=None), name="living_secrets_by_key")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(destroyed_at=None, ciphertext__isnull=False, wrapped_key__isnull=False)
                | Q(destroyed_at__isnull=False, ciphertext=None, wrapped_key=None),
                name="a_secret_is_whole_or_destroyed",
            ),
            one_of("purpose", choices.SecretPurpose, "secrets_have_a_known_purpose"),
        ]

    def __str__(self) -> str:
        return "a secret"

    def __repr__(self) -> str:
        return "<Secret>"

    def __reduce__(self) -> Any:
        raise TypeError("A secret stays in the database; pass its owner's id on.")


class Owned(models.Model):
    """What every artifact has: an id, the company and the case that it belongs to, and its date (UTC)."""

    id = _id()
    company_id = models.UUIDField()
    case_id = models.UUIDField(db_index=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        abstract = True


def _secret(related_name: str, *, null: bool = False) -> Any:
    return models.OneToOneField(Secret, models.PROTECT, null=null, related_name=related_name)


class SigningRequest(Owned):
    """A CSR. `key` is there if a worker made it (origin portal); of one's own (own, browser) we see the CSR only."""

    Origin: TypeAlias = choices.SigningRequestOrigin

    origin = models.CharField(max_length=10, choices=Origin.choices)
    csr_pem = models.TextField()
    public_key_sha256 = models.CharField(max_length=64, db_index=True)
    key = _secret("signing_request", null=True)
    exposed_at = models.DateTimeField(
        null=True, help_text="when somebody said that others may have seen the private key"
    )

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["case_id", "public_key_sha256"], name="one_request_per_key_and_case"
            ),
            one_of("origin", choices.SigningRequestOrigin, "requests_have_a_known_origin"),
            demands(
                Q(key__isnull=False),
                Q(origin=choices.SigningRequestOrigin.PORTAL),
                "only_keys_made_here_are_stored",
            ),
        ]

    def __str__(self) -> str:
        return f"CSR {self.public_key_sha256[:12]}"


class Certificate(Owned):
    """An issued mTLS certificate, and its issuers' without the root (PEM, nearest first). All of it is public."""

    signing_request = models.ForeignKey(SigningRequest, models.PROTECT, related_name="certificates")
    pem = models.TextField()
    chain_pem = models.TextField(blank=True)
    chain_searched_at = models.DateTimeField(
        null=True, help_text="when the search for missing issuers ended, found or not"
    )
    chain_searches = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="searches begun so far"
    )
    unfinished_searches = models.PositiveSmallIntegerField(
        default=0,
        db_default=0,
        help_text="searches in a row that ended with their worker, or by a fault of ours",
    )
    chain_next_search_at = models.DateTimeField(
        null=True, help_text="when the next search is due; none was: at once"
    )
    serial = models.TextField(help_text="upper-case hex; RFC 5280 allows 20 octets, others wrote more")
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    sha256 = models.CharField(max_length=64, help_text="of the DER, lower-case hex")
    notice_state = models.CharField(
        max_length=40,
        blank=True,
        default="",
        db_default="",
        help_text="what held when it was last seen that its notices are written; the caller's words",
    )

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(fields=["case_id", "sha256"], name="one_row_per_certificate_and_case"),
            models.CheckConstraint(
                condition=Q(not_after__gt=F("not_before")), name="a_certificate_begins_before_it_ends"
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"], condition=Q(chain_searched_at=None), name="certificates_to_complete"
            ),
            # Which end when, and of one onboarding the newest, without reading any of them.
            models.Index(fields=["not_after", "case_id"], name="certificates_by_end"),
            models.Index(fields=["case_id", "not_after"], name="ends_of_certificates_of_a_case"),
        ]

    def __str__(self) -> str:
        return f"certificate {self.serial}"


class Bundle(Owned):
    """A PFX. `secret` is the file itself, if we store it; else only its fingerprint. `password` if it has one."""

    Source: TypeAlias = choices.BundleSource

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="bundles")
    sha256 = models.CharField(max_length=64, help_text="of the file, lower-case hex")
    encryption = models.CharField(max_length=40)
    source = models.CharField(max_length=10, choices=Source.choices)
    secret = _secret("stored_bundle", null=True)
    password = _secret("bundle_password", null=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            one_of("source", choices.BundleSource, "bundles_have_a_known_source"),
            one_of("encryption", PfxEncryption, "bundles_have_a_known_encryption"),
            demands(Q(password__isnull=False), Q(secret__isnull=False), "a_password_is_kept_with_its_bundle"),
        ]

    def __str__(self) -> str:
        return f"PFX {self.sha256[:12]}"


class ApiCredential(Owned):
    """An API key and secret of GlobalSign. Only the key's last four characters can be read here."""

    name = models.CharField(max_length=100, help_text="the familiar name in Atlas (R35)")
    atlas_id = models.CharField(max_length=64, blank=True, help_text="Atlas's own id, if we know it")
    key_last4 = models.CharField(max_length=4)
    key = _secret("credential_key")
    secret = _secret("credential_secret")

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return f"API credential {self.name}"


class SigningIntent(Owned):
    """That we want one certificate for one key, written before Atlas is asked (design: intent first)."""

    Purpose: TypeAlias = choices.SigningIntentPurpose

    Status: TypeAlias = choices.SigningIntentStatus

    OPEN = choices.OPEN_INTENTS

    purpose = models.CharField(max_length=20, choices=Purpose.choices, default=Purpose.MTLS)
    public_key_sha256 = models.CharField(max_length=64)
    signing_request = models.ForeignKey(SigningRequest, models.PROTECT, related_name="intents")
    account_id = models.CharField(max_length=64)
    api_credential_ids = models.JSONField(default=list)
    submission = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_default="",
        help_text="what the certificate is for, as the caller names it: one submission has one certificate",
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PLANNED)
    serial = models.CharField(max_length=40, blank=True)
    detail = models.CharField(max_length=300, blank=True, help_text="what Atlas said; never a secret")
    claimed_until = models.DateTimeField(
        null=True, help_text="a worker is talking to Atlas about it until then"
    )
    certificate = models.ForeignKey(Certificate, models.PROTECT, null=True, related_name="intents")

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "public_key_sha256"],
                condition=Q(status__in=choices.OPEN_INTENTS),
                name="one_open_intent_per_key",
            ),
            one_of("status", choices.SigningIntentStatus, "intents_have_a_known_status"),
            one_of("purpose", choices.SigningIntentPurpose, "intents_have_a_known_purpose"),
            exactly_when(
                Q(status=choices.SigningIntentStatus.COLLECTED),
                Q(certificate__isnull=False),
                "collected_intents_have_a_certificate",
            ),
            demands(
                Q(status__in=[choices.SigningIntentStatus.ORDERED, choices.SigningIntentStatus.COLLECTED]),
                ~Q(serial=""),
                "ordered_intents_have_a_serial",
            ),
        ]

    def __str__(self) -> str:
        return f"intent {self.public_key_sha256[:12]} {self.status}"


class SharedSecret(Owned):
    """A secret on its way from one person to another: opened once by the receiver, or destroyed unopened.

    Who may pass one on, and who may open it, is the caller's to judge; people and the handover are plain ids.
    """

    What: TypeAlias = choices.SharedSecretKind

    what = models.CharField(max_length=20, choices=What.choices)
    handover_id = models.UUIDField(db_index=True)
    from_id = models.CharField(max_length=64)
    to_id = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)
    secret = _secret("shared_secret")

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opened_at=None) | Q(taken_back_at=None),
                name="a_shared_secret_ends_once",
            ),
            one_of("what", choices.SharedSecretKind, "shared_secrets_are_of_a_known_kind"),
        ]

    def __str__(self) -> str:
        return f"shared: {self.what}"


class EvidenceFile(Owned):
    """A file that a person brought as evidence, sealed. Its name, kind, size and fingerprint are with the evidence."""

    secret = _secret("evidence_file")

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return "a file of evidence"
