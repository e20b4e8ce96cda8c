"""Sample: one fault as people make it, with the script that makes it and the file in which its repair ends.

The samples themselves are in the files beside this one; catalogue.py writes docs/doctor.md from them.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.certs.x509_factories import csr_pem, intermediate, key_pem, leaf, pem_of, rsa_key

CSR, CER, PFX = "apicert.csr", "apicert.cer", "apicert.pfx"
NEW_CSR, NEW_PFX = "apicert-2*.csr", "apicert-new.pfx"  # where the commands put what they make
CLEAN_COPY = "the clean copy"  # repaired by the doctor himself
PRINTED = "what it prints"  # of commands that only look


@dataclass(frozen=True)
class Sample:
    """`make` writes into a folder with a good key, CSR, certificate and chain, and answers with the sample's bytes.

    `tool` made it. `code` is the finding. `file` is what it is called. `fixed` is the file in which the repair ends,
    CLEAN_COPY, PRINTED, or empty where no command repairs it; `typed` is what a person types when the command asks.
    """

    words: str
    tool: str
    code: str
    make: Callable[[Path], bytes]
    file: str = CSR
    fixed: str = ""
    typed: str = ""

    @property
    def name(self) -> str:
        """For the ids of tests."""
        return self.words.lower().replace(" ", "-")


def fill(folder: Path) -> None:
    """What a person has who has done everything right."""
    (folder / "apicert.key").write_bytes(key_pem(rsa_key()))
    (folder / CSR).write_bytes(csr_pem())
    (folder / CER).write_bytes(pem_of(leaf()))
    (folder / "apicert-chain.cer").write_bytes(pem_of(intermediate().certificate))


def shell(folder: Path, text: str, typed: str = "") -> bytes:
    """What bash prints for a command line, errors included, in a session without a terminal."""
    done = subprocess.run(
        ["bash", "-c", text],
        cwd=folder,
        input=typed.encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        check=False,
    )
    return done.stdout


def made_by(text: str, file: str, typed: str = "") -> Callable[[Path], bytes]:
    """The file that a command line writes."""

    def make(folder: Path) -> bytes:
        printed = shell(folder, text, typed)
        path = folder / file
        assert path.exists(), printed.decode()
        return path.read_bytes()

    return make


def printed_by(text: str, typed: str = "") -> Callable[[Path], bytes]:
    """What a command line prints."""
    return lambda folder: shell(folder, text, typed)


def just(content: str | bytes) -> Callable[[Path], bytes]:
    """A text as it was seen."""
    return lambda folder: content.encode() if isinstance(content, str) else content
