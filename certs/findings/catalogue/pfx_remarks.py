"""What is said about how a PFX is written: what opens for one program and not, or wrongly, for another.

What each program does was measured with the programs themselves (docs/architecture.md names some, the tests run them).
"""

from certs.findings import Command
from certs.findings.catalogue.catalogue_entry import CatalogueEntry
from certs.findings.codes import FindingCode
from certs.findings.openssl_commands import remake_pfx
from certs.findings.pfx_commands import (
    bouncy_castle_to_pfx,
    remake_pfx_of,
    remake_pfx_with_key_password,
)

_AGAIN = "Write it again with this command, which ties them; the new file is apicert-new.pfx."


def _remake_pbmac1() -> tuple[Command, ...]:
    return remake_pfx_of(pbmac1=True)


ENTRIES = {
    FindingCode.PFX_KEY_ID_MISSING: CatalogueEntry(
        "warning",
        "Nothing in the PFX says which certificate belongs to the key (localKeyID).",
        "Java then shows a key without any certificate, and openssl pkcs12 -clcerts prints nothing. Bouncy Castle, "
        "for example, leaves it out unless it is told.",
        _AGAIN,
        remake_pfx,
    ),
    FindingCode.PFX_KEY_ID_ON_ALL: CatalogueEntry(
        "warning",
        "The PFX says of several certificates that they belong to the key (localKeyID).",
        "Java takes one of them, which may be the issuer's: then nobody can sign in with it.",
        _AGAIN,
        remake_pfx,
    ),
    FindingCode.PFX_KEY_ID_ELSEWHERE: CatalogueEntry(
        "warning",
        "The PFX says that the key belongs to another certificate than its own (localKeyID).",
        "Java gives the key the issuer's certificate, and nobody can sign in with that.",
        _AGAIN,
        remake_pfx,
    ),
    FindingCode.PFX_NULL_PASSWORD: CatalogueEntry(
        "info",
        "The PFX is written with no password at all (null), which is not the same as the empty one.",
        "Bouncy Castle and .NET write it so. OpenSSL, Node and Firefox open it; GnuTLS, GnuPG, strongSwan and wolfSSL "
        "do not with the empty password.",
        "You need do nothing unless a program refuses it; then write it again with the empty password.",
        remake_pfx,
    ),
    FindingCode.PFX_PBMAC1: CatalogueEntry(
        "warning",
        "The PFX has the newest kind of integrity check (PBMAC1, RFC 9579).",
        "Only programs from 2024 on read it, OpenSSL 3.4 or Node 26 for example; Java, .NET and Firefox say that the "
        "password is wrong, or that they do not know it.",
        "Write it again with the usual one.",
        _remake_pbmac1,
    ),
    FindingCode.PFX_MANY_ROUNDS: CatalogueEntry(
        "warning",
        "A part of the PFX has {rounds} rounds of key derivation.",
        "Without a password Windows refuses more than 600000 in one part, and .NET more than 600000 in all. Rounds "
        "protect a password, and there is none.",
        "Write it again with the usual number.",
        remake_pfx,
    ),
    FindingCode.PFX_ROUNDS_IN_ALL: CatalogueEntry(
        "info",
        "The PFX has {rounds} rounds of key derivation in all, for instance because GnuTLS wrote it.",
        "It opens in a second. Only .NET refuses more than 600000 in all, and only where a program gives it the bytes "
        "and no password argument.",
        'You need do nothing; in a .NET program, give the empty password as an argument: "".',
    ),
    FindingCode.PFX_KEY_PASSWORD: CatalogueEntry(
        "error",
        "The PFX opens with the empty password, and the key inside has another one of its own.",
        "Only Java programs write and read it so. OpenSSL and Windows know one password for all, and find no key.",
        "Write it again through keytool: it asks for a new password of at least six characters, then for the key's "
        "own. OpenSSL asks for the new one and takes it off; the file is apicert-java-new.pfx.",
        remake_pfx_with_key_password,
    ),
    FindingCode.PFX_CERTIFICATE_UNREADABLE: CatalogueEntry(
        "error",
        "The PFX opens, and a certificate in it is not written as the standard says.",
        "Strict programs refuse such a certificate, and we cannot tell whose it is.",
        "Take the certificate as Atlas gave it, check it here, and make the PFX from it and your key.",
    ),
    FindingCode.KEYSTORE_BKS: CatalogueEntry(
        "error",
        "This is a keystore of Bouncy Castle ({kind}), as Android and some Java programs use it.",
        "The DIP reads PFX files only, and keytool alone does not read it: it needs Bouncy Castle's own bcprov.jar.",
        "Put bcprov.jar beside it and turn it into a PFX with keytool, which asks for the passwords, then take the "
        "password off.",
        bouncy_castle_to_pfx,
    ),
}
