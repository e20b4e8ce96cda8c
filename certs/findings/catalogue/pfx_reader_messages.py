"""What is said about messages of the programs that open a PFX: Windows, .NET, macOS, Node, Java.

Failure modes F26 to F30; which words betray them is in messages/reader_rows.py. What keytool says is in
java_messages.py.
"""

from certs.findings.catalogue.catalogue_entry import CatalogueEntry
from certs.findings.codes import FindingCode
from certs.findings.openssl_commands import pfx_to_pem, remake_pfx, remake_pfx_legacy, split_pfx

_ANEW = "Write it again with this command: triple DES and SHA-1, which old and new programs read."

ENTRIES = {
    FindingCode.NODE_UNSUPPORTED: CatalogueEntry(
        "error",
        "Node does not know the old cipher of this PFX.",
        "Node 17 and newer are built on OpenSSL 3, which leaves RC2 out.",
        "Write it again; the command reads the old file with -legacy.",
        remake_pfx_legacy,
    ),
    FindingCode.WINDOWS_PASSWORD: CatalogueEntry(
        "error",
        "Windows says that the password is wrong.",
        "Windows Server 2016 and older say so of any PFX with AES, even when the password is right or empty.",
        _ANEW,
        remake_pfx,
    ),
    FindingCode.MACOS_MAC: CatalogueEntry(
        "error",
        "A Mac says that the password of the PFX is wrong.",
        "It does not read PFX files with AES, and knows only one of the two ways to write an empty password.",
        _ANEW + " For the keychain of a Mac give it a password.",
        remake_pfx,
    ),
    FindingCode.MACOS_DECODE: CatalogueEntry(
        "error",
        "A Mac cannot decode the PFX.",
        "The key in it is not encrypted at all, which macOS 15 refuses.",
        _ANEW,
        remake_pfx,
    ),
    FindingCode.GO_OLD: CatalogueEntry(
        "error",
        "Go's x/crypto package does not know how this PFX is protected.",
        "It reads triple DES with SHA-1 only, and this PFX has AES or SHA-256.",
        _ANEW,
        remake_pfx,
    ),
    FindingCode.GO_ISSUERS: CatalogueEntry(
        "error",
        "Go's x/crypto package refuses the PFX, because it holds the issuers' certificates too.",
        "Its Decode takes one certificate and one key, nothing more. The PFX is as it should be.",
        "Use DecodeChain of software.sslmate.com/src/go-pkcs12, or ToPEM, or give the program PEM files "
        "as here.",
        split_pfx,
    ),
    FindingCode.GO_PARTS: CatalogueEntry(
        "error",
        "The Go program wants the PFX in two parts, and it has another number of them.",
        "One part for the certificates and one for the key is what OpenSSL writes; the standard allows others.",
        _ANEW,
        remake_pfx,
    ),
    FindingCode.DENO_PFX: CatalogueEntry(
        "error",
        "Deno cannot use the PFX.",
        "It reads no key in clear, some versions read no AES, and none of them sends the issuers of a PFX.",
        "Give it a PEM file, which this command writes. The key lies open in it: delete it when you are done.",
        pfx_to_pem,
    ),
    FindingCode.GPGSM_PFX: CatalogueEntry(
        "error",
        "Gpgsm does not know how this PFX is protected.",
        "Version 2.2 reads triple DES only, and this PFX has AES.",
        _ANEW,
        remake_pfx,
    ),
    FindingCode.BOUNCY_CASTLE_AES: CatalogueEntry(
        "error",
        "Bouncy Castle refuses the empty password, because this PFX has AES.",
        "With AES it takes no empty password; with triple DES it does.",
        _ANEW + " Give Bouncy Castle the empty password as new char[0].",
        remake_pfx,
    ),
}
