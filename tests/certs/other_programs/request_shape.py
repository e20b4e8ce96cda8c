"""How a CSR is written, in a few words: what makers differ in, and strict readers stumble over."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography import x509

from certs.tlv import OID, SET, Tlv, read

_STRINGS = {0x0C: "UTF8", 0x13: "Printable", 0x14: "Teletex", 0x16: "IA5", 0x1E: "BMP"}


@dataclass(frozen=True)
class Shape:
    """`text` is how the PEM is laid out: its label if it is the old one, what stands before, its line ends."""

    string: str
    digest: str
    extensions: str
    text: str

    @property
    def cells(self) -> tuple[str, ...]:
        return (self.string, self.digest, self.extensions, self.text)


def describe(data: bytes) -> Shape:
    """Raises ValueError for what is no CSR in PEM."""
    request = x509.load_pem_x509_csr(data)
    digest = request.signature_hash_algorithm
    assert digest is not None
    names = ", ".join(
        each.oid._name + (" (critical)" if each.critical else "") for each in request.extensions
    )
    return Shape(
        _string(read(request.tbs_certrequest_bytes)), digest.name.upper(), names or "none", _text(data)
    )


def _string(info: Tlv) -> str:
    (relative,) = info.children()[1].children()
    (attribute,) = relative.children()
    oid, value = attribute.children()
    assert (relative.tag, oid.tag) == (SET, OID)
    return _STRINGS[value.tag]


def _text(data: bytes) -> str:
    told = ["NEW" if b"BEGIN NEW " in data else ""]
    told.append("" if data.startswith(b"-----BEGIN") else "text before")
    ends = data.count(b"\r\n")
    told.append("CRLF" if ends == data.count(b"\n") else f"{ends} lines with CRLF" if ends else "LF")
    told.append("" if data.endswith(b"\n") else "no last line end")
    return ", ".join(filter(None, told))
