"""What is to be said about how a PFX is written: which programs refuse it, misread it, or take another certificate.

What is in it is read in pfx_reading.py; the sentences are in certs/findings/catalogue/pfx_remarks.py.
"""

from collections.abc import Iterator

from certs.findings import Command, Finding
from certs.findings.catalogue import finding
from certs.findings.codes import FindingCode
from certs.findings.pfx_commands import remake_pfx_of, remake_pfx_through_java
from certs.pfx_encryption import PfxEncryption
from certs.pfx_reader_client import PfxContents, Ties
from certs.pfx_structure import PLAIN, Structure

# What Windows and .NET take without a password: Microsoft KB5025823, and X509CertificateLoader's and
# X509Certificate2's limit for bytes where no password argument is given (dotnet/runtime, Pkcs12LoadLimits).
MOST_ROUNDS = 600_000
OLD_CIPHERS = frozenset({"rc2", "rc4"})  # which OpenSSL 3 reads with -legacy only
_REMARKS = {
    PfxEncryption.NO_MAC: FindingCode.PFX_NO_MAC,
    PfxEncryption.UNENCRYPTED: FindingCode.PFX_PLAIN,
    PfxEncryption.RC2_EMPTY: FindingCode.PFX_RC2,
    PfxEncryption.AES_EMPTY: FindingCode.PFX_AES,
}
_TIES = {
    Ties.MISSING: FindingCode.PFX_KEY_ID_MISSING,
    Ties.ALL: FindingCode.PFX_KEY_ID_ON_ALL,
    Ties.ELSEWHERE: FindingCode.PFX_KEY_ID_ELSEWHERE,
}


def classify_encryption(shape: Structure, password: bool) -> PfxEncryption:
    """The weakest trait names it: no MAC, then a key in clear, then the worst cipher."""
    if password:
        return _WITH_PASSWORD.get(shape.ciphers, PfxEncryption.OTHER_PASSWORD)
    if not shape.has_mac:
        return PfxEncryption.NO_MAC
    if PLAIN in shape.key_ciphers:
        return PfxEncryption.UNENCRYPTED
    if shape.ciphers & OLD_CIPHERS:
        return PfxEncryption.RC2_EMPTY
    if any(cipher.startswith("aes") for cipher in shape.ciphers):
        return PfxEncryption.AES_EMPTY
    if shape.key_ciphers == {"3des"} and PLAIN in shape.other_ciphers:
        return PfxEncryption.CERTIFICATES_IN_CLEAR
    return PfxEncryption.PASSWORDLESS if "3des" in shape.ciphers else PfxEncryption.OTHER


_WITH_PASSWORD = {
    frozenset({"3des"}): PfxEncryption.THREE_DES_PASSWORD,
    frozenset({"aes-256"}): PfxEncryption.AES256_PASSWORD,
}


def refuse_password(shape: Structure) -> Finding:
    """It does not open with the empty password; the command opens it with the one that its owner knows."""
    return finding(FindingCode.PFX_PASSWORD, commands=_remake(shape, password=True))


def remark(
    encryption: PfxEncryption, shape: Structure, contents: PfxContents, ties: Ties
) -> Iterator[Finding]:
    """Everything about its ciphers, its MAC, its rounds, and which certificate other programs give its key."""
    again = _remake(shape, password=encryption.has_password)
    if (
        contents.null and not shape.has_mac
    ):  # OpenSSL tries the null password only where a MAC tells that it is right
        again = remake_pfx_through_java()
    if encryption.has_password:
        yield finding(FindingCode.PFX_PASSWORD, commands=again)
    if encryption in _REMARKS:
        yield finding(_REMARKS[encryption], commands=again)
    if shape.has_pbmac1:
        yield finding(FindingCode.PFX_PBMAC1, commands=again)
    if contents.null:
        yield finding(FindingCode.PFX_NULL_PASSWORD, commands=again)
    if ties in _TIES and (contents.others or ties is Ties.MISSING):
        yield finding(_TIES[ties], commands=again)
    if not encryption.has_password:
        yield from _rounds(shape)
    keys = max(shape.keys, contents.keys)
    if keys > 1:
        yield finding(FindingCode.PFX_SEVERAL_KEYS, count=keys)


def _rounds(shape: Structure) -> Iterator[Finding]:
    if shape.most_rounds > MOST_ROUNDS:
        yield finding(FindingCode.PFX_MANY_ROUNDS, rounds=shape.most_rounds, commands=_remake(shape))
    elif shape.rounds > MOST_ROUNDS:
        yield finding(FindingCode.PFX_ROUNDS_IN_ALL, rounds=shape.rounds, commands=_remake(shape))


def _remake(shape: Structure, *, password: bool = False) -> tuple[Command, ...]:
    return remake_pfx_of(old=bool(shape.ciphers & OLD_CIPHERS), pbmac1=shape.has_pbmac1, password=password)
