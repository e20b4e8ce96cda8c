"""Which program opens which kind of PFX: one row for each reader, in the order of FLAVOURS in flavours.py.

test_matrix.py proves the rows of the readers that are always there, test_other_readers.py at night those of probes.py;
the other rows were measured once, with the versions that they name, on Debian 12 in November 2026.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reader:
    """`results` has a letter for each kind: o opens key, certificate and issuers; - opens and drops something;
    x refuses; ? not tried. `proved`: a test of every run proves it.
    """

    name: str
    version: str
    results: str
    remark: str = ""
    proved: bool = False


# fmt: off
# ruff: noqa: E501
READERS = (
    Reader("OpenSSL", "3.0.19", "oooooxoo", "", True),
    Reader("cryptography (Python), None and b\"\"", "50.0.2", "oooooooo", "", True),
    Reader("Java, empty char[]", "17.0.15, 25.0.2", "oooo-xoo", "a key in clear: 0 entries, no error", True),
    Reader("Java, null; system properties with an empty password", "17.0.15, 25.0.2", "-oxx-x-x", "the key without its chain: a client certificate is never sent, and no error is shown", True),
    Reader("NSS (Firefox, pk12util)", "3.87.1", "ooooxxoo", "", True),
    Reader("GnuTLS, certtool", "3.7.9", "ooooxxoo", "--empty-password, or --null-password for the last kind", True),
    Reader("gpgsm", "2.2.40", "o-xo-xxx", "triple DES only; with certificates in clear only the leaf is kept"),
    Reader("strongSwan, pki", "5.9.8 with its OpenSSL plugin", "xxooxxxx", "refuses the empty password"),
    Reader("Qt for Python (PySide6)", "6.12.0", "-?---x--", "the list of issuers stays empty"),
    Reader("GLib, glib-networking", "2.74.6, GnuTLS 3.7.9", "oooooxox", ""),
    Reader("Bouncy Castle, char[0]", "1.72", "oooo-xxo", "plain: the key is dropped; null instead of char[0]: NullPointerException"),
    Reader("node-forge", "1.4.3", "oooooxoo", "'' for the empty password; undefined for the null one"),
    Reader("Go, x/crypto Decode", "0.4.0", "xxxxxxxx", "“exactly two safe bags”; ToPEM opens triple DES"),
    Reader("Go, go-pkcs12", "0.7.3", "oooooooo", ""),
    Reader("Go, go-pkcs12 of Debian 12", "0.0~git20210415.c5206de-2", "ooooxxoo", ""),
    Reader("Ruby, OpenSSL gem", "3.1.2, 3.0.1", "oooooxoo", ""),
    Reader("PHP", "8.2.36", "oooooxoo", ""),
    Reader("Mono", "6.8.0.105", "-?xoxxx-", "the issuer is gone from the collection"),
    Reader("wolfSSL", "5.5.4", "oooooxox", "\"\", not NULL"),
    Reader("stunnel", "5.68", "-???-x--", "loads, sends the leaf only"),
    Reader("osslsigncode", "2.9", "oooooxoo", ""),
    Reader("xmlsec1, --pwd \"\"", "1.2.37 with OpenSSL", "ooooxxox", "without --pwd the empty password is not tried"),
    Reader("curl with OpenSSL", "7.88.1", "oooooxoo", "the chain is sent"),
    Reader("curl with GnuTLS", "7.88.1", "xxxxxxxx", "PEM only: “error reading X.509”"),
    Reader("requests-pkcs12, ''", "1.27", "oooooooo", ""),
    Reader("httpx-pkcs12", "2.0.1", "oooooooo", "needs httpx installed by hand"),
    Reader("PKI.js", "4.0.0", "xxoxxxox", "no triple DES; plain and PBMAC1 open only if the MAC is not checked"),
    Reader("oscrypto", "1.3.0", "xxxxxxxx", "“Error detecting the version of libcrypto”"),
    Reader("Python's ssl (paho, aiohttp, urllib3, kafka-python)", "3.11", "xxxxxxxx", "PEM only: “PEM lib”"),
    Reader("wget2", "1.99.1", "x???x???", "no reader; goes on without a client certificate, exit 0"),
    Reader("XCA", "2.4.0", "ooooxxox", "asks for the null password again and again"),
    Reader("Node", "20.20.2", "oooooxoo", ""),
    Reader("Node", "26.13.1", "oooooooo", "the whole chain is sent"),
    Reader("Deno", "2.9.8", "-?--xx-x", "the issuers are not sent"),
    Reader("Bun", "1.4.4", "ooooxxoo", "the chain is sent"),
    Reader(".NET", "8.0.4", "oooooxoo", "without, with null and with \"\""),
    Reader("signalr-zero", "1.0.0", "-?---x--", "takes the client certificate without its issuers"),
    Reader("OpenVPN", "2.6.14", "oooooxoo", ""),
    Reader("azure-identity, CertificateCredential", "1.27.0", "oooooooo", "no password needed"),
    Reader("Erlang/OTP", "25.2.3", "xxxxxxxx", "no reader"),
)
# fmt: on
