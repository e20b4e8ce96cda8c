"""What is in a PKCS#12 file: its certificates and its private keys, with the numbers that tie them (RFC 7292).

For the process that opens PFX files only (pfx_reader_process.py): keys that come out of here belong to others. The
ciphers are in pfx_decryption.py; what can be seen from outside, without a password, in pfx_structure.py.
"""

from dataclasses import dataclass, field

from certs.pfx_decryption import Spelling, Unsupported, WrongPassword, spellings
from certs.tlv import CONTEXT_0, OCTET_STRING, OID, SEQUENCE, Malformed, Tlv, definite, read

MAX_NESTED = 4  # bags of bags; nobody writes one
_DATA = bytes.fromhex("2a864886f70d010701")
_ENCRYPTED = bytes.fromhex("2a864886f70d010706")
_BAG = bytes.fromhex("2a864886f70d010c0a01")  # one more byte says which bag
_KEY, _LOCKED_KEY, _CERTIFICATE, _NESTED = 1, 2, 3, 6
_X509 = bytes.fromhex("2a864886f70d01091601")  # x509Certificate: DER in an octet string
_LOCAL_KEY_ID = bytes.fromhex("2a864886f70d010915")


@dataclass(frozen=True)
class Item:
    """A certificate, or a private key in PKCS#8, in DER; `key_id` is its localKeyID (RFC 2985), None without one."""

    der: bytes = field(repr=False)
    key_id: bytes | None


@dataclass
class Bags:
    """Everything in a file. `null`: it is written with the null password, which is not the empty one.

    `has_own_password`: a key did not open with what opened the file.
    """

    keys: list[Item] = field(default_factory=list, repr=False)
    certificates: list[Item] = field(default_factory=list)
    null: bool = False
    has_own_password: bool = False


def open_bags(data: bytes, password: bytes) -> Bags:
    """What is in a PFX (DER). Raises WrongPassword, Malformed, and Unsupported for what the library may know.

    The MAC is checked where there is one (RFC 7292 section 5.1); without one the first bag tells.
    """
    parts = read(data).children()
    if len(parts) < 2:
        raise Malformed("a PFX has a version and contents")
    kind, content = _content(parts[1])
    if kind != _DATA:
        raise Unsupported
    safe = content.octets()
    tried = list(spellings(password))
    if len(parts) > 2:
        tried = [each for each in tried if each.is_mac_right(parts[2], safe)][:1]
    for each in tried:
        try:
            return _Opening(each, has_mac=len(parts) > 2).opened(safe)
        except WrongPassword:
            continue
    raise WrongPassword


class _Opening:
    """One walk through a file with one password."""

    def __init__(self, spelling: Spelling, *, has_mac: bool) -> None:
        self.spelling, self.has_mac = spelling, has_mac
        self.found, self.decrypted = Bags(null=False), False

    def opened(self, safe: bytes) -> Bags:
        for info in read(definite(safe)).children():
            kind, content = _content(info)
            if kind == _DATA:
                self._contents(content.octets())
            elif kind == _ENCRYPTED:
                self._contents(self._decrypt_contents(content))
            else:
                raise Unsupported
        self.found.null = self.spelling.null and (self.has_mac or self.decrypted)
        return self.found

    def _decrypt_contents(self, content: Tlv) -> bytes:
        """EncryptedData (RFC 5652 section 8), its octets primitive or in pieces."""
        parts = content.children()
        inside = parts[1].children() if len(parts) > 1 else []
        if len(inside) < 3 or inside[2].tag not in (CONTEXT_0, CONTEXT_0 & ~0x20):
            raise Malformed("nothing encrypted")
        return self._decrypt(inside[1], inside[2].octets())

    def _decrypt(self, algorithm: Tlv, content: bytes) -> bytes:
        plain = self.spelling.decrypt(algorithm, content)
        if plain[:1] != bytes([SEQUENCE]):  # one wrong key of 256 leaves what looks like padding
            raise WrongPassword
        self.decrypted = True
        return plain

    def _contents(self, octets: bytes, nested: int = 0) -> None:
        self._bags(read(definite(octets)), nested)

    def _bags(self, contents: Tlv, nested: int) -> None:
        if nested > MAX_NESTED:
            raise Malformed("nested too deeply")
        for bag in contents.children():
            kind, value = _content(bag)
            if kind[:-1] != _BAG:
                raise Unsupported
            key_id = _key_id(bag.children())
            if kind[-1] == _KEY:
                self.found.keys.append(Item(value.der(), key_id))
            elif kind[-1] == _LOCKED_KEY:
                self._key(value, key_id)
            elif kind[-1] == _CERTIFICATE:
                form, one = _content(value)
                if form == _X509:
                    self.found.certificates.append(Item(one.octets(), key_id))
            elif kind[-1] == _NESTED:
                self._bags(value, nested + 1)

    def _key(self, value: Tlv, key_id: bytes | None) -> None:
        """EncryptedPrivateKeyInfo (RFC 5958 section 3)."""
        parts = value.children()
        if [part.tag for part in parts] != [SEQUENCE, OCTET_STRING]:
            raise Malformed("not an encrypted key")
        try:
            self.found.keys.append(Item(self._decrypt(parts[0], parts[1].octets()), key_id))
        except WrongPassword:
            if not (self.has_mac or self.decrypted):
                raise  # nothing has told yet that the password is right
            self.found.has_own_password = True


def _content(info: Tlv) -> tuple[bytes, Tlv]:
    """OID and content of a ContentInfo, SafeBag or CertBag: SEQUENCE { OID, [0] EXPLICIT content ... }."""
    parts = info.children()
    if [part.tag for part in parts[:2]] != [OID, CONTEXT_0]:
        raise Malformed("no content")
    inside = parts[1].children()
    if not inside:
        raise Malformed("no content")
    return parts[0].content, inside[0]


def _key_id(bag: list[Tlv]) -> bytes | None:
    """The attribute localKeyID of a bag: SET OF SEQUENCE { OID, SET { OCTET STRING } }."""
    for attribute in bag[2].children() if len(bag) > 2 else []:
        parts = attribute.children()
        if len(parts) == 2 and parts[0].content == _LOCAL_KEY_ID:
            values = parts[1].children()
            return values[0].octets() if values else None
    return None
