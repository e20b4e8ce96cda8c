"""The lists from which columns of models.py take their words; the constraints there are made from them.

What a word means for a row is said by the model.
"""

from django.db import models


class SecretPurpose(models.TextChoices):
    """What a secret is; bound into its encryption."""

    PRIVATE_KEY = "private-key", "the private key of a CSR"
    API_KEY = "api-key", "an API key"
    API_SECRET = "api-secret", "an API secret"
    PFX = "pfx", "a PFX"
    PFX_PASSWORD = "pfx-password", "the password of a PFX"
    SHARED = "passed-on", "a secret on its way to another person"
    SECOND_FACTOR = "second-factor", "a person's second factor"
    SECOND_FACTOR_DRAFT = "second-factor-draft", "a second factor that is being set up"
    EVIDENCE_FILE = "evidence-file", "a file of evidence"


class SigningRequestOrigin(models.TextChoices):
    """Who made the key of a CSR."""

    PORTAL = "portal", "made by the portal"
    OWN = "own", "made by the company"
    BROWSER = "browser", "made in a browser of the company"
    AZURE_KEY_VAULT = "key-vault", "made in the company's Azure Key Vault"


class BundleSource(models.TextChoices):
    """Where a PFX comes from."""

    PORTAL = "portal", "made by the portal"
    UPLOAD = "upload", "uploaded"
    BROWSER = "browser", "made in a browser of the company"
    AZURE_KEY_VAULT = "key-vault", "exported from the company's Azure Key Vault"


class SigningIntentPurpose(models.TextChoices):
    """What a certificate is for."""

    MTLS = "mtls", "to sign in to Atlas"


class SigningIntentStatus(models.TextChoices):
    """How far an order is."""

    PLANNED = "planned", "not ordered yet"
    UNKNOWN = "unknown", "asked, answer not received"
    ORDERED = "ordered", "ordered, being signed"
    COLLECTED = "collected", "collected"
    REFUSED = "refused", "refused by Atlas"


OPEN_INTENTS = (SigningIntentStatus.PLANNED, SigningIntentStatus.UNKNOWN, SigningIntentStatus.ORDERED)


class SharedSecretKind(models.TextChoices):
    """What one person passes on to another."""

    PRIVATE_KEY = "private-key", "the private key"
    API_CREDENTIALS = "api-credentials", "the API key and secret"
    PFX = "pfx", "the PFX"


class OneTimeGrantKind(models.TextChoices):
    """What may be shown once."""

    API_CREDENTIAL = "api-credential", "an API key and secret"
    PFX = "pfx", "a PFX"
