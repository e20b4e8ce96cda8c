"""ProblemCode: the codes of everything that can go wrong in a step.

A code is stored in step records and events and is part of an address, so its spelling stays. What each means is in the
files beside this one.
"""
# ruff: noqa: S105  codes that speak of passwords; none of them is one

from enum import StrEnum


class ProblemCode(StrEnum):
    """One member for each problem; PROBLEMS has a definition for each (a test compares them)."""

    # register to verification
    REGISTRATION_REFUSED = "registration-refused"
    REGISTRATION_UNCLEAR = "registration-unclear"
    E_MAILS_LATE = "e-mails-late"
    INVITATION_LOCKED_OUT = "invitation-locked-out"
    PAYMENT_METHOD_STUCK = "payment-method-stuck"
    QUOTE_LATE = "quote-late"
    QUOTE_NOT_ZERO = "quote-not-zero"
    TILE_LATE = "tile-late"
    IDENTITY_REFUSED = "identity-refused"
    IDENTITY_UNCLEAR = "identity-unclear"
    IDENTITY_REJECTED = "identity-rejected"
    VETTING_LATE = "vetting-late"
    VETTING_MISSED_CALL = "vetting-missed-call"

    # API credentials and CSR
    SERVICE_MISSING = "service-missing"
    NO_ATLAS_USER = "no-atlas-user"
    CREDENTIAL_LOST = "credential-lost"
    CREDENTIAL_EXPOSED = "credential-exposed"
    OPENSSL_FAILED = "openssl-failed"
    CSR_REJECTED = "csr-rejected"
    KEY_MADE_FAILED = "key-made-failed"
    KEY_EXPOSED = "key-exposed"

    # a company's own Azure Key Vault
    KEY_VAULT_REFUSED = "key-vault-refused"
    KEY_VAULT_MERGE_FAILED = "key-vault-merge-failed"
    KEY_VAULT_EXPORT_FAILED = "key-vault-export-failed"

    # certificate
    CERTIFICATE_REFUSED = "certificate-refused"
    CERTIFICATE_LATE = "certificate-late"
    CERTIFICATE_MISMATCH = "certificate-mismatch"
    CERTIFICATE_DAMAGED = "certificate-damaged"
    ORDER_UNKNOWN = "order-unknown"
    CERTIFICATE_NOT_FOR_SIGN_IN = "certificate-not-for-sign-in"

    # PFX, proof and upload
    PFX_BUILD_FAILED = "pfx-build-failed"
    KEY_LOST = "key-lost"
    PFX_WITHOUT_KEY = "pfx-without-key"
    PFX_HAS_PASSWORD = "pfx-has-password"
    PFX_UNREADABLE_ELSEWHERE = "pfx-unreadable-elsewhere"
    PROOF_REFUSED = "proof-refused"
    PROOF_UNREACHABLE = "proof-unreachable"
    PROOF_POLICY_UNREADABLE = "proof-policy-unreadable"
    DIP_REFUSED = "dip-refused"

    # Atlas, wherever in the journey
    ATLAS_DOWN = "atlas-down"
    ATLAS_UNEXPECTED = "atlas-unexpected"

    # the portal itself
    PORTAL_LOOK_ENDED = "portal-look-ended"
