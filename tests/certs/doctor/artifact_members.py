"""Further members of the kinds of files in cases/: CSRs of odd makers, stores of keys, encodings around a good file, credentials.

All of them are made here, from what each maker writes; messages are in openssl_members.py and reader_members.py.
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import quopri
import urllib.parse
import zipfile
from collections.abc import Callable

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from tests.certs.der_mutations import parts, tlv
from tests.certs.doctor.case_table import FOLDER
from tests.certs.doctor.text_samples import KEY, SECRET
from tests.certs.x509_factories import csr_der, csr_pem, rsa_key

_CN = bytes.fromhex("0603550403")
_SMALL = rsa_key("small", 1024)


def _signed(info: bytes, by: hashes.HashAlgorithm | None = None, whole: bytes = b"") -> bytes:
    """A CSR around these fields, signed as it says or `by` another hash; `whole` follows the signature."""
    signature = _SMALL.sign(info, PKCS1v15(), by or hashes.SHA256())
    algorithm = parts(csr_der(_SMALL))[1]
    return tlv(0x30, info + algorithm + tlv(0x03, b"\0" + signature) + whole)


def _request(
    name: bytes = b"", version: bytes = b"\x02\x01\x00", attributes: bytes = b"\xa0\x00", more: bytes = b""
) -> bytes:
    _, subject, key, _ = parts(parts(csr_der(_SMALL))[0])
    return tlv(0x30, version + (name or subject) + key + attributes + more)


def _named(kind: int, value: bytes) -> bytes:
    return _signed(_request(tlv(0x30, tlv(0x31, tlv(0x30, _CN + tlv(kind, value))))))


def _cmc() -> bytes:
    """certreq with RequestType = CMC: SignedData around PKIData (RFC 5272)."""
    data = tlv(0x30, bytes.fromhex("06082b06010505070c02") + tlv(0xA0, tlv(0x04, csr_der(_SMALL))))
    signed = tlv(0x30, b"\x02\x01\x03" + tlv(0x31, b"") + data + tlv(0x31, b""))
    return tlv(0x30, bytes.fromhex("06092a864886f70d010702") + tlv(0xA0, signed))


def _text(label: str, der: bytes) -> bytes:
    return f"-----BEGIN {label}-----\n{base64.encodebytes(der).decode()}-----END {label}-----\n".encode()


REQUESTS: dict[str, tuple[bytes, str]] = {
    "PrintableString with an at sign": (_named(0x13, b"key@example"), "csr-string-type"),
    "IA5String with an accent": (_named(0x16, "clé".encode("latin-1")), "csr-string-type"),
    "UTF8String in Latin-1": (_named(0x0C, "clé".encode("latin-1")), "csr-string-type"),
    "BMPString with an odd byte": (_named(0x1E, b"\0k\0e\0"), "csr-string-type"),
    "version 2": (_signed(_request(version=b"\x02\x01\x01")), "csr-version"),
    "version 4": (_signed(_request(version=b"\x02\x01\x03")), "csr-version"),
    "version 3 as text": (_text("NEW CERTIFICATE REQUEST", _signed(_request(version=b"\x02\x01\x02"))), "csr-version"),
    "no attributes, DER": (_signed(_request(attributes=b"")), "csr-no-attributes"),
    "no attributes, text": (_text("CERTIFICATE REQUEST", _signed(_request(attributes=b""))), "csr-no-attributes"),
    "no attributes, base64 in JSON": (json.dumps({"csr": base64.b64encode(_signed(_request(attributes=b""))).decode()}).encode(), "csr-no-attributes"),
    "gpgsm's empty attribute": (_signed(_request(attributes=bytes.fromhex("a0023000"))), "csr-empty-attribute"),
    "attribute with an empty set": (_signed(_request(attributes=tlv(0xA0, tlv(0x30, bytes.fromhex("06092a864886f70d01090e") + b"\x31\x00")))), "csr-empty-attribute"),
    "attribute without a set": (_signed(_request(attributes=tlv(0xA0, tlv(0x30, bytes.fromhex("06092a864886f70d01090e"))))), "csr-empty-attribute"),
    "a field too many": (_signed(_request(more=b"\x05\x00")), "csr-trailing"),
    "bytes after the end": (_text("CERTIFICATE REQUEST", csr_der(_SMALL) + b"\x05\x00\x07"), "csr-trailing"),
    "signed with SHA-512, called SHA-256": (_signed(_request(), hashes.SHA512()), "csr-signature-label"),
    "signed with SHA-384, called SHA-256": (_signed(_request(), hashes.SHA384()), "csr-signature-label"),
    "CMC of certreq": (_text("NEW CERTIFICATE REQUEST", _cmc()), "wrong-kind-cmc"),
    "CMC, DER": (_cmc(), "wrong-kind-cmc"),
    "CMC, base64 alone": (base64.encodebytes(_cmc()), "wrong-kind-cmc"),
    "length left open": (b"\x30\x80" + b"".join(parts(csr_der(_SMALL))) + b"\0\0", "csr-not-der"),
}  # fmt: skip

STORES: dict[str, tuple[bytes, str]] = {
    "JCEKS": (b"\xce\xce\xce\xce" + b"\0" * 40, "keystore-found"),
    "Oracle wallet": (b"\xa1\xf8\x4e\x36" + b"\0" * 60, "keystore-other"),
    "keychain": (b"kych" + b"\0" * 60, "keystore-other"),
    "key4.db": (b"SQLite format 3\0" + b"CREATE TABLE nssPrivate" + b"\0" * 60, "keystore-other"),
}  # fmt: skip


def _mailed(data: bytes) -> bytes:
    head = (
        b"From: a@example.com\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: "
    )
    return head + b"quoted-printable\r\n\r\n" + quopri.encodestring(data)


def _mailed_in_parts(data: bytes) -> bytes:
    return (
        b'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\n'
        b"Hello, see below.\n--b\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(data)
        + b"--b--\n"
    )


def _zipped(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("certs/file.txt", data)
    return out.getvalue()


def _wrapped(data: bytes, width: int = 21) -> bytes:
    text = data.decode()
    return "\n".join(
        line[at : at + width] for line in text.split("\n") for at in range(0, len(line) or 1, width)
    ).encode()


def _bare(data: bytes) -> str:
    return "".join(line for line in data.decode().splitlines() if not line.startswith("-"))


def _listed(data: bytes) -> bytes:
    return "\n".join(
        f"{number:6}\t{line}" for number, line in enumerate(data.decode().splitlines(), 1)
    ).encode()


AROUND: dict[str, Callable[[bytes], bytes]] = {
    "quoted-printable mail": _mailed,
    "quoted-printable alone": quopri.encodestring,
    "mail with an attachment": _mailed_in_parts,
    "percent signs": lambda data: urllib.parse.quote(data.decode()).encode(),
    "a form": lambda data: b"csr=" + urllib.parse.quote_plus(data.decode()).encode() + b"&go=1",
    "base64 of the text": base64.b64encode,
    "base64 of the text, in lines": base64.encodebytes,
    "JSON of HVCA": lambda data: json.dumps({"certificate": data.decode(), "status": "ISSUED", "updated_at": 1}).encode(),
    "JSON with plus signs written out": lambda data: json.dumps({"csr": data.decode()}).replace("+", "\\u002B").encode(),
    "JSON of az": lambda data: json.dumps({"attributes": {"enabled": True}, "cer": _bare(data), "kid": None}, indent=2).encode(),
    "a log line": lambda data: b'2026-11-29T10:00:00Z INFO response={"value":"' + _bare(data).encode() + b'"}\n',
    "PowerShell's list": lambda data: ("Name : x\nCertificateSigningRequest : " + _bare(data) + "\nStatus : inProgress\n").encode(),
    "a web page's source": lambda data: b"<p>Your certificate:</p><pre>" + data.replace(b"\n", b"<br>\n").replace(b"+", b"&#43;") + b"</pre>",
    "a listing with numbers": _listed,
    "colours": lambda data: b"".join(b"\x1b[32m" + line + b"\x1b[0m\n" for line in data.splitlines()),
    "quoted twice": lambda data: b"".join(b"> > " + line + b"\n" for line in data.splitlines()),
    "broken at 21 columns": _wrapped,
    "a zip file": _zipped,
    "a gzip file": lambda data: gzip.compress(data, mtime=0),
    "a sentence before and behind": lambda data: b"Dear all,\n\nplease find it here: " + _bare(data).encode() + b"\n\nKind regards,\nAnn\n",
}  # fmt: skip
FILES: dict[str, tuple[bytes, str]] = {
    "csr": (csr_pem(), "csr-good"),
    "chain": ((FOLDER / "x01-leaf-ica.cer").read_bytes(), "certificate-good"),
}
ONE_ONLY = {
    "JSON of az",
    "a log line",
    "PowerShell's list",
    "a sentence before and behind",
}  # bare base64 of one

CREDENTIALS: dict[str, tuple[str, str]] = {
    "env": (f"HVCA_API_KEY={KEY}\nHVCA_API_SECRET='{SECRET}'\n", "credentials-good"),
    "export": (f'export API_KEY="{KEY}"\nexport API_SECRET="{SECRET}"\n', "credentials-good"),
    "YAML": (f"atlas:\n  api_key: {KEY}\n  api_secret: {SECRET}\n", "credentials-good"),
    "Markdown table": (f"| API Key | API Secret |\n| --- | --- |\n| `{KEY}` | `{SECRET}` |\n", "credentials-good"),
    "Markdown list": (f"- **API Key:** `{KEY}`\n- **API Secret:** `{SECRET}`\n", "credentials-good"),
    "nested JSON": (json.dumps({"data": [{"apiKey": KEY, "apiSecret": SECRET, "name": "May"}]}, indent=1), "credentials-good"),
    "XML": (f"<c><apiKey>{KEY}</apiKey><apiSecret>{SECRET}</apiSecret></c>", "credentials-good"),
    "labels over values with blank lines": (f"Familiar name\nMay\nAPI Key\n\n{KEY}\n\nAPI Secret\n\n{SECRET}\nCopy\n", "credentials-good"),
    "one column": (f"{KEY}\n{SECRET}\n", "credentials-good"),
    "one column under one heading": (f"Credentials\n{KEY}\n{SECRET}\n", "credentials-good"),
    "a sentence": (f"Hi, the key is {KEY} and the secret is {SECRET}.", "credentials-good"),
    "formula with semicolons": (f'API Key;API Secret\r\n="{KEY}";="{SECRET}"\r\n', "csv-formula"),
    "formula, quoted as CSV does": (f'API Key,API Secret\r\n"=""{KEY}""","=""{SECRET}"""\r\n', "csv-formula"),
    "a console that broke the secret": (f"API Key: {KEY}\nAPI Secret: {SECRET[:20]}\n{SECRET[20:]}\n", "credentials-good"),
    "fewer digits, labelled": (f"API Key: 123456789012345\nAPI Secret: {SECRET}\n", "csv-spreadsheet"),
    "a number in JSON": (f'{{"api_key": 12345678901234, "api_secret": "{SECRET}"}}', "csv-spreadsheet"),
    "exponent of LibreOffice": (f"API Key;API Secret\r\n1,79769313486232E+308;{SECRET}\r\n", "csv-spreadsheet"),
    "exponent with commas between": (f"API Key,API Secret\r\n1,79769313486232E+308,{SECRET}\r\n", "csv-spreadsheet"),
    "a column too narrow": (f"API Key,API Secret\r\n########,{SECRET}\r\n", "csv-spreadsheet"),
    "labels say that they are swapped": (f"api_key={SECRET}\napi_secret={KEY}\n", "credentials-swapped"),
    "secret one short, in env": (f"API_KEY={KEY}\nAPI_SECRET={SECRET[:-1]}\n", "credentials-length"),
}  # fmt: skip
