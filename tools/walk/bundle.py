"""The end of a walk: what the company takes to the DIP, fetched with a fresh sign-in, and what it says about itself.

The file is read here as any program would read it; nothing is asked of the portal but its pages.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import pkcs12

from tools.walk.atlas import read_csv
from tools.walk.browser import Page, WalkFailed
from tools.walk.people import sign_in_afresh
from tools.walk.steps import Steps


@dataclass(frozen=True)
class Bundle:
    """The PFX and its certificate; fingerprints in small hexadecimal digits, `not_after` in ISO 8601 (UTC)."""

    data: bytes
    sha256: str
    certificate_sha256: str
    serial: str
    not_after: str


def fetch(steps: Steps, page: Page) -> Bundle:
    """Have key and secret shown, download the PFX, compare both with what Atlas gave. WalkFailed if they differ."""
    sign_in_afresh(steps.browser, steps.company.admin)
    _see_credentials(steps, page)
    if not steps.portal_keeps_pfx:
        return read(steps.computer.only(".pfx")[1])
    offer = steps.browser.open(page.link("Download the PFX"))
    return read(steps.browser.press(offer, "Download the PFX without a password").content)


def _see_credentials(steps: Steps, page: Page) -> None:
    offer = steps.browser.open(page.link("Show the API key and secret once"))
    shown = steps.browser.press(offer, "Show them once")
    seen = tuple(code.get_text() for code in shown.soup.select(".govuk-summary-list code"))
    if seen != read_csv(steps.csv):
        raise WalkFailed("The API key and secret that the portal shows are not those of Atlas's CSV.")


def read(data: bytes) -> Bundle:
    """Open a PFX without a password. WalkFailed if it does not open, or holds no key with its certificate."""
    try:
        key, certificate, _ = pkcs12.load_key_and_certificates(data, b"")
    except ValueError as error:
        raise WalkFailed(f"The PFX does not open without a password: {error}") from None
    if key is None or certificate is None or key.public_key() != certificate.public_key():
        raise WalkFailed("The PFX does not hold a private key and the certificate that belongs to it.")
    return Bundle(
        data,
        hashlib.sha256(data).hexdigest(),
        certificate.fingerprint(hashes.SHA256()).hex(),
        _serial(certificate),
        certificate.not_valid_after_utc.isoformat(),
    )


def _serial(certificate: x509.Certificate) -> str:
    """As OpenSSL writes it: whole bytes."""
    digits = f"{certificate.serial_number:X}"
    return digits.zfill(len(digits) + len(digits) % 2)


def write(path: Path, data: bytes) -> None:
    """Write the PFX so that only its owner can read it."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        os.fchmod(file.fileno(), 0o600)  # a file that was there before keeps its mode otherwise
        file.write(data)
