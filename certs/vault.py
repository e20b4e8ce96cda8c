"""The only file that encrypts or decrypts: AES-256-GCM, a fresh data key per secret, wrapped by a key of the operator.

Who may see a secret, and the record that somebody did, are the caller's.
"""

import os
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac
from django.views.decorators.debug import sensitive_variables

from certs import clock
from certs.models import Secret
from certs.signals import secret_not_opened

VERSION = b"v1"
KEY_BYTES = 32  # AES-256
NONCE_BYTES = 12  # NIST SP 800-38D section 5.2.1.1
LARGEST = 1024 * 1024  # bytes
_PURPOSE = re.compile(r"[a-z][a-z0-9-]{0,39}")


class VaultError(Exception):
    """A secret cannot be sealed or opened; the sentence says why and never shows any of it."""


@dataclass(frozen=True)
class RewrapResult:
    """What rewrap() did: how many secrets got the newest key, had it already, or could not be opened."""

    moved: int
    current: int
    failed: tuple[UUID, ...]


@sensitive_variables()
def seal(*, purpose: str, company_id: UUID, record_id: UUID, plaintext: bytes) -> Secret:
    """encrypt(), and store. Raises as it does."""
    secret = encrypt(purpose=purpose, company_id=company_id, record_id=record_id, plaintext=plaintext)
    secret.save(force_insert=True)
    return secret


@sensitive_variables()
def encrypt(*, purpose: str, company_id: UUID, record_id: UUID, plaintext: bytes) -> Secret:
    """Encrypt, for a caller who stores many at once. It opens only as a secret of this purpose, company and record.

    `purpose` is a short word such as `api-secret`; `record_id` is the row that the secret belongs to.
    Raises VaultError for an empty or too large plaintext, ValueError for a bad purpose.
    """
    if not _PURPOSE.fullmatch(purpose):
        raise ValueError("a purpose is a short word of small letters, digits and hyphens")
    if not 0 < len(plaintext) <= LARGEST:
        raise VaultError("Nothing, or too much, was given to keep.")
    secret = Secret(purpose=purpose, company_id=company_id, record_id=record_id)
    data_key, key_id = AESGCM.generate_key(KEY_BYTES * 8), settings.PORTAL.vault_keys[0][0]
    secret.key_id = key_id
    secret.ciphertext = _encrypt(data_key, plaintext, _bound(secret, b"data"))
    secret.wrapped_key = _encrypt(_wrapping_key(key_id), data_key, _bound(secret, b"key", key_id))
    return secret


@sensitive_variables()
def open_secret(secret: Secret) -> bytes:
    """Decrypt. Raises VaultError if it was destroyed, moved, changed, or its wrapping key is not configured."""
    if secret.destroyed_at or secret.ciphertext is None or secret.wrapped_key is None:
        raise VaultError("This secret was destroyed. It cannot be shown or used any more.")
    try:
        return _decrypt(_data_key(secret), bytes(secret.ciphertext), _bound(secret, b"data"))
    except VaultError:
        secret_not_opened.send(Secret, secret=secret)
        raise


def destroy(secret: Secret) -> datetime:
    """Remove ciphertext and wrapped key for good; purpose and dates stay. Again changes nothing.

    Answers when it was destroyed.
    """
    now = clock.now()
    Secret.objects.filter(pk=secret.pk, destroyed_at=None).update(
        ciphertext=None, wrapped_key=None, destroyed_at=now
    )
    secret.refresh_from_db()
    return secret.destroyed_at or now


def destroy_all(secrets: "QuerySet[Secret]") -> int:
    """destroy() for many; answers how many there still were."""
    return secrets.filter(destroyed_at=None).update(
        ciphertext=None, wrapped_key=None, destroyed_at=clock.now()
    )


def destroy_found(ids: Iterable[UUID]) -> set[UUID]:
    """destroy() for many, locked in one order; answers which of them there still were. Inside a transaction."""
    living = Secret.objects.select_for_update().filter(pk__in=list(ids), destroyed_at=None).order_by("pk")
    found = set(living.values_list("pk", flat=True))
    if found:
        destroy_all(Secret.objects.filter(pk__in=found))
    return found


def rewrap() -> RewrapResult:
    """Wrap every living secret's data key with the newest key, so that older ones can be taken out.

    Ciphertexts stay as they are. Safe to run while the portal works, and again; a secret that cannot be
    opened is left alone and named in the answer.
    """
    newest = settings.PORTAL.vault_keys[0][0]
    living = Secret.objects.filter(destroyed_at=None)
    current = living.filter(key_id=newest).count()
    moved, failed = 0, []
    for secret in living.exclude(key_id=newest).iterator(chunk_size=200):
        try:
            moved += _rewrap_one(secret, newest)
        except VaultError:
            failed.append(secret.pk)
    return RewrapResult(moved, current, tuple(failed))


@sensitive_variables()
def encrypt_for_cache(purpose: str, plaintext: bytes) -> str:
    """What may lie in the cache for a while (base64): nobody there reads it, or puts words of their own in its place.

    Not for a secret. Its key comes from SECRET_KEY, so nothing has to be wrapped anew when VAULT_KEYS change.
    """
    return b64encode(_encrypt(_cache_key(), plaintext, purpose.encode())).decode()


@sensitive_variables()
def decrypt_from_cache(purpose: str, encrypted: str) -> bytes:
    """The same, read back. Raises VaultError for what was not encrypted here for this purpose."""
    try:
        content = b64decode(encrypted)
    except ValueError:
        raise VaultError("This is nothing that was encrypted here.") from None
    return _decrypt(_cache_key(), content, purpose.encode())


@sensitive_variables()
def _cache_key() -> bytes:
    return salted_hmac("certs.vault.cache", b"", algorithm="sha256").digest()


@sensitive_variables()
def _rewrap_one(secret: Secret, newest: str) -> int:
    before = secret.wrapped_key
    wrapped = _encrypt(_wrapping_key(newest), _data_key(secret), _bound(secret, b"key", newest))
    same = Secret.objects.filter(pk=secret.pk, key_id=secret.key_id, wrapped_key=before)
    return same.update(key_id=newest, wrapped_key=wrapped)


@sensitive_variables()
def _data_key(secret: Secret) -> bytes:
    bound = _bound(secret, b"key", secret.key_id)
    return _decrypt(_wrapping_key(secret.key_id), bytes(secret.wrapped_key or b""), bound)


@sensitive_variables()
def _wrapping_key(key_id: str) -> bytes:
    keys: dict[str, bytes] = dict(settings.PORTAL.vault_keys)
    if key_id not in keys:
        raise VaultError(f"The vault key named {key_id} is not configured. Put it back into VAULT_KEYS.")
    return keys[key_id]


def _bound(secret: Secret, layer: bytes, key_id: str = "") -> bytes:
    """Associated data: where this layer belongs. Its parts hold no bar, so no two places give the same bytes."""
    place = (secret.purpose, str(secret.company_id), str(secret.record_id), key_id)
    return b"|".join((VERSION, layer, *(part.encode() for part in place)))


@sensitive_variables()
def _encrypt(key: bytes, plaintext: bytes, bound: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, bound)


@sensitive_variables()
def _decrypt(key: bytes, encrypted: bytes, bound: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(encrypted[:NONCE_BYTES], encrypted[NONCE_BYTES:], bound)
    except (InvalidTag, ValueError):
        raise VaultError(
            "This secret does not open here: it was changed, or moved from another place."
        ) from None
