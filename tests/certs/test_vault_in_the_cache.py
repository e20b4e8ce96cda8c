"""What the vault encrypts for the cache: nobody reads it there, and it opens for its purpose alone."""

from base64 import b64decode

import pytest
from pytest_django.fixtures import Settings

from certs import vault
from certs.vault import VaultError

PLAINTEXT = b"the telephone numbers of the board"


def test_what_lies_in_the_cache_is_not_read_there_and_opens_for_its_purpose_alone(settings: Settings) -> None:
    lying = vault.encrypt_for_cache("board", PLAINTEXT)
    assert PLAINTEXT not in b64decode(lying)
    assert lying != vault.encrypt_for_cache("board", PLAINTEXT)
    assert vault.decrypt_from_cache("board", lying) == PLAINTEXT
    for purpose, text in (("list", lying), ("board", lying[:-8]), ("board", "no base64"), ("board", "é")):
        with pytest.raises(VaultError):
            vault.decrypt_from_cache(purpose, text)
    settings.SECRET_KEY = "of another installation, and just as long"
    with pytest.raises(VaultError):
        vault.decrypt_from_cache("board", lying)
