"""Samples: PFX files and keystores of every encryption, from openssl, keytool and pk12util.

Sections 5.2 of the facts: what "without a password" can mean.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.certs.doctor.sample import NEW_PFX, PFX, Sample, made_by
from tests.certs.pfx_factories import ONE, TWO, Style
from tests.certs.x509_factories import intermediate, leaf, rsa_key

FROM = "-inkey apicert.key -in apicert.cer -certfile apicert-chain.cer -out apicert.pfx"
PASSWORDS = "-srcstorepass '' -deststorepass horses"
EMPTY = f"openssl pkcs12 -export {FROM} -passout pass:horses -name a"


def pfx(options: str, source: str = FROM) -> Sample.make:
    return made_by(f"openssl pkcs12 -export {source} {options}", PFX)


def keystore(kind: str, name: str) -> Sample.make:
    given = "-srckeystore apicert.pfx -srcstoretype PKCS12 -srcstorepass horses -destkeystore made -deststorepass horses"
    made = f"keytool -importkeystore {given} -deststoretype {kind}; rm apicert.pfx; mv made {name}"
    return made_by(f"{EMPTY}; {made}", name)


NSS = (
    f"{EMPTY} && mkdir db && certutil -N -d db --empty-password && pk12util -i apicert.pfx -d db -W horses"
    " && rm apicert.pfx && pk12util -o apicert.pfx -d db -n a -W horses"
)


def written(
    style: Style, key_id: bytes | None = ONE, leaf_id: bytes | None = ONE, ca_id: bytes | None = None
):
    """As programs write it that leave their users the choice."""

    def make(folder: Path) -> bytes:
        certificates = [(leaf(), leaf_id), (intermediate().certificate, ca_id)]
        return style.write([(rsa_key(), key_id)], certificates)

    return make


def others(words: str, tool: str, code: str, make: Callable[[Path], bytes]) -> Sample:
    return Sample(words, tool, code, make, PFX, NEW_PFX)


def case(name: str) -> Callable[[Path], bytes]:
    """A file that somebody had, made again with the program that wrote it."""
    return lambda folder: (CASES / name).read_bytes()


CASES = Path(__file__).parents[1] / "cases"
NEW_KEY = "openssl req -x509 -newkey rsa:2048 -nodes -keyout small.key -subj /CN=onboarding_key -days 900 -out small.cer"

SAMPLES = (
    Sample(
        "PFX with a password",
        "openssl",
        "pfx-password",
        pfx("-passout pass:horses"),
        PFX,
        NEW_PFX,
        "horses\n",
    ),
    Sample(
        "PFX of keytool with a password",
        "keytool",
        "pfx-password",
        keystore("PKCS12", PFX),
        PFX,
        NEW_PFX,
        "horses\n",
    ),
    Sample(
        "PFX of pk12util with a password",
        "pk12util",
        "pfx-password",
        made_by(NSS, PFX),
        PFX,
        NEW_PFX,
        "horses\n",
    ),
    Sample(
        "PFX without a key",
        "openssl",
        "pfx-no-key",
        pfx("-nokeys -passout pass:", "-in apicert.cer -out apicert.pfx"),
        PFX,
        PFX,
    ),
    Sample(
        "PFX without a certificate",
        "openssl",
        "pfx-no-certificate",
        pfx("-nocerts -passout pass:", "-inkey apicert.key -out apicert.pfx"),
        PFX,
        PFX,
    ),
    Sample("PFX without a MAC", "openssl", "pfx-no-mac", pfx("-nomac -passout pass:"), PFX, NEW_PFX),
    Sample(
        "PFX with the key in clear",
        "openssl",
        "pfx-plain",
        pfx("-keypbe NONE -certpbe NONE -passout pass:"),
        PFX,
        NEW_PFX,
    ),
    Sample("PFX with RC2", "openssl", "pfx-rc2", pfx("-legacy -passout pass:"), PFX, NEW_PFX),
    Sample("PFX with AES", "openssl", "pfx-aes", pfx("-passout pass:"), PFX, NEW_PFX),
    Sample(
        "PFX without the issuers",
        "openssl",
        "pfx-no-chain",
        pfx("-passout pass:", "-inkey apicert.key -in apicert.cer -out apicert.pfx"),
        PFX,
    ),
    Sample(
        "PFX with too many rounds", "openssl", "pfx-rounds", pfx("-iter 1500000 -passout pass:"), PFX, NEW_PFX
    ),
    others(
        "PFX with more rounds than Windows takes",
        "openssl",
        "pfx-many-rounds",
        pfx("-iter 600001 -passout pass:"),
    ),
    Sample(
        "PFX with many rounds in all",
        "certtool",
        "pfx-rounds-in-all",
        case("p30-certtool-empty.pfx.bin"),
        PFX,
    ),
    others("PFX without localKeyID", "Bouncy Castle", "pfx-key-id-missing", written(Style(), None, None)),
    others(
        "PFX with its localKeyID at every certificate",
        "Bouncy Castle",
        "pfx-key-id-on-all",
        written(Style(), ONE, ONE, ONE),
    ),
    others(
        "PFX with its localKeyID at the issuer",
        "Bouncy Castle",
        "pfx-key-id-elsewhere",
        written(Style(), ONE, TWO, ONE),
    ),
    others("PFX with the null password", ".NET", "pfx-null-password", written(Style(null=True))),
    others("PFX with PBMAC1", "OpenSSL 3.4", "pfx-pbmac1", written(Style(cipher="aes", mac="pbmac1"))),
    Sample(
        "PFX whose key has a password of its own",
        "Java",
        "pfx-key-password",
        case("p26-java-keypass-differs.pfx.bin"),
        PFX,
    ),
    Sample(
        "PFX from the company's own CA", "openssl", "certificate-issuer", case("p40-internal-ca.pfx.bin"), PFX
    ),
    Sample("Keystore of Bouncy Castle", "keytool", "keystore-bks", case("p27-bks.keystore"), "a.bks"),
    Sample(
        "PFX as base64 text",
        "openssl",
        "pfx-base64",
        made_by(f"openssl pkcs12 -export {FROM} -passout pass: && base64 apicert.pfx >a.txt", "a.txt"),
        PFX,
        NEW_PFX,
    ),
    Sample(
        "PFX with a small key of its own making",
        "openssl",
        "certificate-self-signed",
        made_by(
            f"{NEW_KEY}; openssl pkcs12 -export -inkey small.key -in small.cer -out apicert.pfx -passout pass:",
            PFX,
        ),
        PFX,
    ),
    Sample(
        "PFX that was cut",
        "openssl",
        "pfx-unreadable",
        made_by(
            f"openssl pkcs12 -export {FROM} -passout pass: && head -c 900 apicert.pfx >cut.pfx", "cut.pfx"
        ),
        PFX,
        PFX,
    ),
    Sample(
        "Java keystore (JKS)",
        "keytool",
        "keystore-found",
        keystore("JKS", "apicert.jks"),
        "apicert.jks",
        NEW_PFX,
        "horses\nhorses\nhorses\n",
    ),
    Sample(
        "Java keystore (JCEKS)", "keytool", "keystore-found", keystore("JCEKS", "apicert.jks"), "apicert.jks"
    ),
    Sample(
        "Truststore of keytool without a key",
        "keytool",
        "pfx-no-key",
        made_by(
            "keytool -importcert -noprompt -alias a -file apicert.cer -keystore t.p12 -storetype PKCS12 -storepass horses && openssl pkcs12 -in t.p12 -passin pass:horses -nokeys -out t.pem && openssl pkcs12 -export -nokeys -in t.pem -passout pass: -out apicert.pfx",
            PFX,
        ),
        PFX,
        PFX,
    ),
)
