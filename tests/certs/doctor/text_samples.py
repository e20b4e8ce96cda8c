"""Samples: text that was damaged on its way, files of another kind, and the CSV of the API credentials.

The base is a good CSR, certificate or CSV; what happens to it is what clipboards, mails and spreadsheets do.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.certs.doctor.sample import CER, CLEAN_COPY, CSR, Sample, just, made_by
from tests.certs.x509_factories import csr_der, csr_pem

KEY, SECRET = "0a1b2c3d4e5f6071", "00112233445566778899aabbccddeeff00112233"
HEAD = "API Key,API Secret\r\n"


def changed(by: Callable[[str], str | bytes]) -> Callable[[Path], bytes]:
    def make(folder: Path) -> bytes:
        text = by(csr_pem().decode())
        return text if isinstance(text, bytes) else text.encode()

    return make


def _bare(text: str) -> str:
    return "".join(text.splitlines(keepends=True)[1:-1])


def repaired(words: str, by: Callable[[str], str | bytes], code: str = "pem-repaired") -> Sample:
    return Sample(words, "text", code, changed(by), CSR, CLEAN_COPY)


def csv(words: str, code: str, text: str) -> Sample:
    return Sample(words, "text", code, just(text), "apicert.csv")


SAMPLES = (
    repaired("Everything on one line", lambda text: text.replace("\n", " ")),
    repaired("Spaces before each line", lambda text: text.replace("\n", "\n    ")),
    repaired(
        "Quoted in an email", lambda text: "Dear team,\n\n> " + text.replace("\n", "\n> ") + "\nRegards"
    ),
    repaired("Line ends written out as \\n", lambda text: json.dumps(text)),
    repaired("Dashes replaced by longer ones", lambda text: text.replace("-----", "—————")),
    repaired(
        "Old header NEW CERTIFICATE REQUEST",
        lambda text: text.replace("CERTIFICATE REQ", "NEW CERTIFICATE REQ"),
    ),
    repaired("BEGIN and END lines missing", _bare),
    repaired("END line missing", lambda text: text.rpartition("-----END")[0]),
    repaired("Saved as UTF-16", lambda text: text.encode("utf-16"), "pem-utf16"),
    repaired("Byte-order mark before it", lambda text: b"\xef\xbb\xbf" + text.encode(), "text-tidied"),
    repaired("Line ends of Windows", lambda text: text.replace("\n", "\r\n"), "text-tidied"),
    Sample("End not copied", "text", "pem-cut", changed(lambda text: text[: len(text) // 2])),
    Sample(
        "A letter changed to a foreign one",
        "text",
        "pem-bad-character",
        changed(lambda text: text[:200] + "ß" + text[201:]),
    ),
    Sample(
        "Nothing between BEGIN and END",
        "text",
        "pem-empty",
        changed(lambda text: text.replace(_bare(text), "")),
    ),
    Sample(
        "Two things between BEGIN and END", "cryptography", "pem-extra", lambda folder: csr_der() + csr_der()
    ),
    Sample("A web page", "text", "wrong-kind-document", just("<!doctype html><p>Sign in</p>")),
    Sample(
        "A Word document", "text", "wrong-kind-document", just(b"PK\x03\x04\x14\0\x06\0word/document.xml")
    ),
    Sample("A greeting", "text", "unknown-input", just("Good morning, please find the file attached.")),
    Sample("An empty file", "text", "nothing-given", just("\r\n")),
    Sample("A file of more than a megabyte", "text", "too-large", just("x" * (1024 * 1024 + 1))),
    Sample(
        "A bare public key",
        "openssl",
        "wrong-kind-public-key",
        made_by("openssl pkey -in apicert.key -pubout -out a.pub", "a.pub"),
        CER,
    ),
    csv("Good credentials", "credentials-good", f"{HEAD}{KEY},{SECRET}\r\n"),
    csv("Column of the secret missing", "csv-column-missing", f"API Key,Name\r\n{KEY},api secret of May\r\n"),
    csv("Headings and nothing under them", "csv-no-row", HEAD),
    csv("Two pairs in one file", "csv-several", f"{HEAD}{KEY},{SECRET}\r\n{KEY[::-1]},{SECRET[::-1]}\r\n"),
    csv("Key turned into a number by a spreadsheet", "csv-spreadsheet", f"{HEAD}1.23E+15,{SECRET}\r\n"),
    csv("Key and secret swapped", "credentials-swapped", f"{HEAD}{SECRET},{KEY}\r\n"),
    csv("Last character of the secret lost", "credentials-length", f"{HEAD}{KEY},{SECRET[:-1]}\r\n"),
    csv("Letter O for a zero", "credentials-character", f"{HEAD}{KEY},O{SECRET[1:]}\r\n"),
    csv("Secret missing", "credentials-missing", f"{HEAD}{KEY},\r\n"),
    csv("Quotes of a chat around the secret", "credentials-trimmed", f"{HEAD}{KEY},“{SECRET}”\r\n"),
)
