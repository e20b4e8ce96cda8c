"""A person's hands on the panel of a key in the browser, and ears on everything that the browser sends.

What is done with it is in test_browser_key.py.
"""

import base64
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
from playwright.sync_api import Locator, Page, Request, expect

from certs import pfx_reading
from certs.pfx_encryption import BUILDABLE
from tests.browser import computer
from tests.browser.person import take_way
from tests.certs import x509_factories

IN_BROWSER = "In this browser"
PASSPHRASE = "correct horse battery stäple"
KEY_TAKES = 90_000  # milliseconds until a key that is not there is a failure; most take two or three seconds
WINDOW = 24  # bytes: so many of a key in a row are no accident


class Ears:
    """Every request of a browser, worker and downloads included: address, headers and body."""

    def __init__(self, tab: Page) -> None:
        self.heard: list[bytes] = []
        self.posted: list[bytes] = []
        tab.context.on("request", self._hear)

    def _hear(self, request: Request) -> None:
        body = request.post_data_buffer or b""
        self.posted += [body] * bool(body)
        headers = "\n".join(f"{name}: {value}" for name, value in request.headers.items())
        self.heard.append(f"{request.url}\n{headers}\n".encode() + body)

    def holds(self, secret: bytes) -> bool:
        """Whether any part of `secret` went out: as bytes, in hex, or in base64 in any phase."""
        everything = b"\n".join(self.heard)
        plain = everything.replace(b"\r", b"").replace(b"\n", b"").replace(b"%2B", b"+").replace(b"%2F", b"/")
        parts = [secret[start : start + WINDOW] for start in range(0, len(secret) - WINDOW + 1, WINDOW)]
        shapes = [shape for part in parts for shape in _shapes(part)]
        return any(shape in everything or shape in plain for shape in shapes)


def _shapes(part: bytes) -> list[bytes]:
    phases = [base64.b64encode(part[phase : phase + 18])[:24] for phase in range(3)]
    return [part, part.hex().encode(), part.hex().upper().encode(), *phases]


def secret_numbers(key: RSAPrivateKey) -> list[bytes]:
    """What must not leave the browser: the private exponent, the primes, and what is derived from them."""
    numbers = key.private_numbers()
    found = [numbers.d, numbers.p, numbers.q, numbers.dmp1, numbers.dmq1, numbers.iqmp]
    return [each.to_bytes((each.bit_length() + 7) // 8, "big") for each in found]


def key_der(key: RSAPrivateKey) -> bytes:
    """The key as it is in no file that leaves the browser."""
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def make_key(tab: Page) -> None:
    """Choose the way if it is not, think of a passphrase, make the key, and wait for it."""
    if not tab.locator(".app-browser-key").count():
        take_way(tab, IN_BROWSER)
    tab.get_by_label("Passphrase", exact=True).fill(PASSPHRASE)
    tab.get_by_label("Passphrase once more").fill(PASSPHRASE)
    tab.get_by_role("button", name="Make the key").click()
    expect(status(tab)).to_contain_text("The key is made and kept in this browser", timeout=KEY_TAKES)


def load_backup(tab: Page, file: Path) -> None:
    """Unfold it, choose the file, enter the passphrase."""
    tab.get_by_text("Load a key from its backup").click()
    tab.get_by_label("Backup file").set_input_files(file)
    tab.get_by_label("Passphrase of the backup").fill(PASSPHRASE)
    tab.get_by_role("button", name="Load the key").click()


def fetch(tab: Page, button: str, folder: Path) -> Path:
    """Press a button that hands a file to the browser's downloads."""
    with tab.expect_download() as download:
        tab.get_by_role("button", name=button, exact=True).click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def status(tab: Page) -> Locator:
    """What the panel says."""
    return tab.locator(".app-browser-key [data-part=status]")


def build_other_kinds(tab: Page, key: RSAPrivateKey, folder: Path) -> None:
    """The same kinds as the portal's own; the step notes none of them."""
    for encryption in BUILDABLE[1:]:
        tab.get_by_label("Kind of PFX").select_option(encryption.value)
        tab.get_by_label("Passphrase of the key").fill(PASSPHRASE)
        file = fetch(tab, "Build the PFX", folder)
        expect(status(tab)).to_contain_text("It is not for the DIP")
        said = (status(tab).text_content() or "").partition("only now: ")[2]
        assert pfx_reading.read(file.read_bytes(), said).encryption is encryption
        require_contents(file, key, said)
        assert tab.locator("[data-browser-key-answer]").input_value() == ""
    tab.get_by_label("Kind of PFX").select_option("passwordless")


def require_contents(pfx: Path, key: RSAPrivateKey, password: str = "") -> None:
    """Key, certificate and issuer are in it; without a password OpenSSL opens it."""
    if not password:
        computer.openssl_opens(pfx)
    found, certificate, chain = pkcs12.load_key_and_certificates(pfx.read_bytes(), password.encode())
    assert isinstance(found, RSAPrivateKey)
    assert certificate is not None
    assert found.private_numbers() == key.private_numbers()
    assert certificate.public_key() == key.public_key()
    assert [each.subject for each in chain] == [x509_factories.intermediate().certificate.subject]
