"""What is written besides the PFX for the DIP: what is refused, the PEM text, passwords and words.

Every kind that is written is read again in test_pfx.py, and opened by other programs in test_pfx_interop.py.
"""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from certs import pfx
from certs.pfx_encryption import PfxEncryption
from tests.certs.x509_factories import intermediate, leaf, rsa_key

KEY, LEAF = rsa_key(bits=2048), leaf(bits=2048)
CHAIN = [intermediate().certificate]


@pytest.mark.parametrize(
    ("encryption", "password"),
    [
        (PfxEncryption.PASSWORDLESS, "x"),
        (PfxEncryption.AES256_PASSWORD, None),
        (PfxEncryption.THREE_DES_PASSWORD, ""),
        (PfxEncryption.UNENCRYPTED, None),
        (PfxEncryption.NO_MAC, None),
    ],
)
def test_what_must_not_be_built_is_not(encryption: PfxEncryption, password: str | None) -> None:
    with pytest.raises(ValueError, match=r"password|written"):
        pfx.build(KEY, LEAF, [], encryption, password)


def test_a_key_and_a_strangers_certificate_are_not_built() -> None:
    with pytest.raises(ValueError, match="match"):
        pfx.build(rsa_key("two"), LEAF, [])


def test_as_pem_the_key_comes_first_then_certificate_and_issuers() -> None:
    text = pfx.export_pem(KEY, LEAF, CHAIN)
    assert load_pem_private_key(text, None).private_numbers() == KEY.private_numbers()  # type: ignore[union-attr]
    assert x509.load_pem_x509_certificates(text) == [LEAF, *CHAIN]
    assert text.index(b"PRIVATE KEY") < text.index(b"CERTIFICATE")


def test_passwords_are_long_unlike_and_easy_to_read_out() -> None:
    made = {pfx.generate_password() for _ in range(200)}
    assert len(made) == 200
    assert all(len(one) == 23 and one.count("-") == 3 for one in made)
    assert not set("01iloO") & set("".join(made))


def test_every_encryption_has_words() -> None:
    assert len({encryption.label for encryption in PfxEncryption}) == len(PfxEncryption)
