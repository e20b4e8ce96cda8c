"""The maintenance of the vault: is every key there, does everything open where it belongs, what is left to rotate?

Ciphers are in vault.py; keys are renewed by its rewrap().
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError
from django.db.models import Count
from django.views.decorators.debug import sensitive_variables

from certs import credentials, csr, pfx, secret_sharing, vault
from certs.evidence import files
from certs.models import Secret
from certs.signals import answers, secret_fingerprint_requested, secret_owner_requested

# (purpose, the relation from a secret to the row that owns it)
OWNER_RELATIONS = (
    (csr.KEY_PURPOSE, "signing_request"),
    (credentials.KEY_PURPOSE, "credential_key"),
    (credentials.SECRET_PURPOSE, "credential_secret"),
    (pfx.PURPOSE, "stored_bundle"),
    (pfx.PASSWORD_PURPOSE, "bundle_password"),
    (secret_sharing.PURPOSE, "shared_secret"),
    (files.PURPOSE, "evidence_file"),
)


@dataclass(frozen=True)
class SecretCounts:
    """Living secrets by the key that wraps them. `unknown` are those whose key is not in VAULT_KEYS."""

    newest: int
    older: int
    unknown: int


@dataclass(frozen=True)
class Verification:
    """What verify() found: how many secrets are intact, and a sentence for each that is not."""

    intact: int
    damages: dict[UUID, str]


def count_secrets() -> SecretCounts:
    """How many living secrets the newest key wraps, older ones, and ones that are not configured."""
    counts = _by_key()
    newest, *older = (name for name, _ in settings.PORTAL.vault_keys)
    known = sum(counts.get(name, 0) for name in older)
    return SecretCounts(counts.get(newest, 0), known, sum(counts.values()) - known - counts.get(newest, 0))


def missing_keys() -> list[str]:
    """Names of keys that wrap living secrets and are not in VAULT_KEYS, in alphabetical order."""
    return sorted(set(_by_key()) - {name for name, _ in settings.PORTAL.vault_keys})


def require_keys() -> None:
    """Stop the start (SystemExit 2, with a sentence) when a key is missing that stored secrets need.

    A database that does not answer, or is not migrated yet, is somebody else's to report.
    """
    try:
        missing = missing_keys()
    except DatabaseError:
        return
    if missing:
        sys.stderr.write(
            f"The portal cannot start:\n  VAULT_KEYS lacks {', '.join(missing)}, which stored secrets need. "
            "Put it back behind the newest key; `manage.py vault rotate` then makes it superfluous.\n"
        )
        raise SystemExit(2)


def verify() -> Verification:
    """Open every living secret where it lies, and look whether the row that owns it is the one it was sealed for.

    What opens must be what the rooms above noted of it when it came.

    Nothing that was opened is kept. Safe to run while the portal works.
    """
    intact, damages = 0, dict[UUID, str]()
    for secret in Secret.objects.filter(destroyed_at=None).iterator(chunk_size=200):
        damage = _find_damage(secret)
        if damage and _still_there(secret):
            damages[secret.pk] = damage
        intact += not damage
    return Verification(intact, damages)


def _by_key() -> dict[str, int]:
    living = Secret.objects.filter(destroyed_at=None).order_by()
    return dict(living.values_list("key_id").annotate(Count("pk")))


@sensitive_variables("content")
def _find_damage(secret: Secret) -> str:
    try:
        content = vault.open_secret(secret)
    except vault.VaultError as error:
        return str(error)
    owners = list(_owners(secret))
    if not owners:
        return "No row owns this secret."
    if owners != [(secret.purpose, secret.record_id, secret.company_id)]:
        return "The row that owns this secret is not the one it was sealed for."
    noted = set(answers(secret_fingerprint_requested, Secret, secret=secret))
    if noted - {files.fingerprint(content)}:
        return "The content is not the one whose fingerprint was noted when it came."
    return ""


def _owners(secret: Secret) -> Iterator[tuple[str, UUID, UUID]]:
    """(purpose, id, company) of each row that refers to the secret."""
    for purpose, relation in OWNER_RELATIONS:
        try:
            owner = getattr(secret, relation)
        except ObjectDoesNotExist:
            continue
        yield purpose, owner.pk, owner.company_id
    yield from answers(secret_owner_requested, Secret, secret=secret)


def _still_there(secret: Secret) -> bool:
    """Whether it was not destroyed or wrapped again while we looked."""
    same = {"destroyed_at": None, "wrapped_key": secret.wrapped_key}
    return Secret.objects.filter(pk=secret.pk, **same).exists()
