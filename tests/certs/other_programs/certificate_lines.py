"""Programs that give out no PFX without their windows, or none at all: the certificate as they write or print it.

The lines read KEY_FILE, CER_FILE and STEM-chain.cer and write STEM-out.txt.
"""

from __future__ import annotations

from certs.programs.csr_makers import CsrMaker

XCA = "xca --no-gui --print --pem CER_FILE STEM-chain.cer > STEM-out.txt"
PKI = """\
pki --gen --type rsa --size 2048 --outform pem > STEM-ca.key &&
pki --self --in STEM-ca.key --dn "CN=Our issuing CA" --ca --outform pem > STEM-ca.cer &&
pki --issue --cacert STEM-ca.cer --cakey STEM-ca.key --type priv --in KEY_FILE --dn CN=onboarding_key \\
--flag clientAuth --outform pem > STEM-own.cer && cat STEM-own.cer STEM-ca.cer > STEM-out.txt"""
GPGSM = """\
export GNUPGHOME=$PWD/STEM-gpg && mkdir -m 700 $GNUPGHOME &&
gpgsm --batch --disable-dirmngr --import CER_FILE STEM-chain.cer && gpgsm --armor --export > STEM-out.txt &&
gpgconf --kill all"""
OPENSSL = "openssl x509 -in CER_FILE -text -pubkey > STEM-out.txt && cat STEM-chain.cer >> STEM-out.txt"
# The program, and the command that prints its version.
PRINTERS: tuple[tuple[CsrMaker, str], ...] = (
    (CsrMaker("xca", "XCA, --print --pem", XCA), "xca --version | sed -n 's/^Version //p'"),
    (
        CsrMaker("strongswan", "strongSwan, pki --issue", PKI),
        "pki --help 2>/dev/null | sed -n 's/strongSwan \\([^ ]*\\).*/\\1/p'",
    ),
    (CsrMaker("gpgsm", "gpgsm, --export --armor", GPGSM), "gpgsm --version | sed -n '1s/.* //p'"),
    (CsrMaker("openssl", "OpenSSL, x509 -text -pubkey", OPENSSL), "openssl version | cut -d' ' -f2"),
)
