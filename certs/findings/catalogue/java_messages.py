"""What is said about messages of Java and its keytool, and about Java's keystores of other kinds.

Which words betray them is in messages/reader_rows.py.
"""

from certs.findings.catalogue.catalogue_entry import CatalogueEntry
from certs.findings.codes import FindingCode
from certs.findings.keytool_commands import import_issuer, list_keystore
from certs.findings.openssl_commands import check_pfx, make_pfx, remake_pfx, remake_pfx_with_password

ENTRIES = {
    FindingCode.KEYSTORE_PASSWORD: CatalogueEntry(
        "error",
        "Keytool did not open the keystore: the password is wrong, or the file is damaged.",
        "Keytool also says this about a PFX whose password is empty, if one is typed.",
        "Try the password again; or read the file with OpenSSL and the empty password.",
        check_pfx,
    ),
    FindingCode.JAVA_OLD: CatalogueEntry(
        "error",
        "This Java is too old for the PFX.",
        "The PFX is protected with AES or a MAC with SHA-256; Java 8 before update 301 and Java 11 before "
        "11.0.12 do not know them.",
        "Write it again with triple DES and a MAC with SHA-1, as this command does, or use a newer Java.",
        remake_pfx,
    ),
    FindingCode.JAVA_KEY_PASSWORD: CatalogueEntry(
        "error",
        "The key in the keystore has a password of its own.",
        "Java opens the store with one password and the key with another; other programs know one for both.",
        "Give the key's password to the program, or make the PFX again from key and certificate.",
        make_pfx,
    ),
    FindingCode.JAVA_KEYSTORE_TYPE: CatalogueEntry(
        "error",
        "The keystore is of another kind than the program was told.",
        "A PFX is the type PKCS12; JKS and BKS are others, and the file's name does not say which it is.",
        "Check the file here: we say what it is. Then name its type: -storetype PKCS12 for a PFX.",
        check_pfx,
    ),
    FindingCode.KEYTOOL_CHAIN: CatalogueEntry(
        "error",
        "Keytool does not take the certificate, because it does not know its issuer.",
        "It builds the chain from what is in the keystore or in the file.",
        "Download the issuing CA's certificate in Atlas and put it into the keystore first, as here; or "
        "give keytool one "
        "file with yours and the issuer's.",
        import_issuer,
    ),
    FindingCode.KEYTOOL_ALIAS: CatalogueEntry(
        "error",
        "There is no entry of this name in the keystore.",
        "Keytool finds a key by its alias, and the one in the command is not there, or it holds no key.",
        "List the keystore to see the names, then use the one of your key (PrivateKeyEntry).",
        list_keystore,
    ),
    FindingCode.KEYTOOL_EXISTS: CatalogueEntry(
        "error",
        "The keystore has an entry of this name already.",
        "Keytool replaces nothing, so the key of an earlier try is still there. A CSR of that key may be "
        "at Atlas.",
        "Go on with that key if its CSR is the one in Atlas; if not, use another file name for a new keystore.",
        list_keystore,
    ),
    FindingCode.KEYTOOL_PASSWORD_SHORT: CatalogueEntry(
        "error",
        "Keytool wants a password of six characters or more.",
        "It makes no keystore without one; the DIP wants a PFX without a password.",
        "Give the keystore a password now. At the end this command takes it off.",
        remake_pfx_with_password,
    ),
    FindingCode.KEYTOOL_NOT_A_CERTIFICATE: CatalogueEntry(
        "error",
        "Java was given something that is no certificate.",
        "It may be the CSR, a key, a web page, or a certificate whose text was damaged on its way.",
        "Check the file here: we fix what can be fixed and show a clean copy. Then name that.",
        import_issuer,
    ),
    FindingCode.KEYSTORE_OTHER: CatalogueEntry(
        "error",
        "This is {kind}, and the DIP reads PFX files only.",
        "Only the program that wrote it can take the key out of it.",
        "Export key and certificate as PKCS#12 (PFX) with {program}, then give that.",
    ),
}
