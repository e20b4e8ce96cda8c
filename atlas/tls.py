"""One TLS context per connection to Atlas: whom we trust, and the client certificate straight from memory.
Not here: HTTP, and where the key comes from.

Python's ssl module reads a private key from a named file only. The key must never stand on a disk, so:

* Linux: certificate and key go into an anonymous memory file (memfd_create(2)), which OpenSSL reads through
  /proc/self/fd/N and which is closed at once. It has no name in any folder and is gone with the process.
* everywhere else (macOS, Windows, a Linux without /proc): the key is first encrypted (PKCS#8, AES-256) under
  a random passphrase that is used once and only ever in memory; that file has mode 0600, lives for the moment
  of loading, and is deleted whatever happens. If a crash or a disk image keeps it, it cannot be opened.
"""

import os
import secrets
import ssl
import sys
import tempfile
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization

from atlas.errors import Refused
from atlas.types import ClientIdentity


def client_context(identity: ClientIdentity | None = None, root: Path | None = None) -> ssl.SSLContext:
    """A context that checks the server's chain and host name and shows `identity`, if there is one.

    `root` is a PEM bundle of the only roots to trust; None means the system's. Raises Refused for a
    certificate and key that cannot be used together, ValueError for a root file that holds no certificate.
    """
    # Not ssl.create_default_context: it obeys SSLKEYLOGFILE, which would write our session keys to a file.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.hostname_checks_common_name = False
    if root is None:
        _trust_system(context)
    else:
        _trust_root(context, root)
    if identity is not None:
        load_identity(context, identity)
    return context


def _trust_root(context: ssl.SSLContext, root: Path) -> None:
    try:
        context.load_verify_locations(cafile=root)
    except OSError:  # ssl.SSLError is one
        raise ValueError(f"{root} cannot be read, or holds no certificate in PEM form.") from None


def _trust_system(context: ssl.SSLContext) -> None:
    # The places that OpenSSL was built with: load_default_certs would let SSL_CERT_FILE replace them.
    built_in = ssl.get_default_verify_paths()
    cafile, capath = Path(built_in.openssl_cafile), Path(built_in.openssl_capath)
    if sys.platform == "win32" or not (cafile.is_file() or capath.is_dir()):
        context.load_default_certs(ssl.Purpose.SERVER_AUTH)
        return
    if cafile.is_file():
        context.load_verify_locations(cafile=cafile)
    if capath.is_dir():
        context.load_verify_locations(capath=capath)


def load_identity(context: ssl.SSLContext, identity: ClientIdentity) -> None:
    """Give `context` certificate, chain and key; raises Refused if they cannot be used together."""
    try:
        load_from_memory(context, identity)
        return
    except ssl.SSLError as error:
        reason = error.reason or "not PEM"
    except ValueError:  # ssl takes 1024 bytes at most
        reason = "the passphrase is too long"
    except (AttributeError, OSError):  # no memfd_create on this system, or /proc is not to be read
        load_from_encrypted_file(context, identity)
        return
    raise _unusable(reason)


def load_from_memory(context: ssl.SSLContext, identity: ClientIdentity) -> None:
    """The way for Linux; raises AttributeError or OSError where it does not exist."""
    memory = os.memfd_create("client-identity")
    with os.fdopen(memory, "wb") as file:
        file.write(_join(identity.certificate_pem, identity.chain_pem, identity.private_key_pem))
        file.flush()
        # Without one it is empty, so that an encrypted key fails: None would ask on the terminal.
        context.load_cert_chain(f"/proc/self/fd/{memory}", password=identity.passphrase)


def load_from_encrypted_file(context: ssl.SSLContext, identity: ClientIdentity) -> None:
    """The way for every system; raises Refused if certificate and key cannot be used together."""
    passphrase = secrets.token_hex(32).encode()
    sealed = _seal(identity, passphrase)
    handle, name = tempfile.mkstemp(prefix="client-identity-")  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_join(identity.certificate_pem, identity.chain_pem, sealed))
        context.load_cert_chain(name, password=passphrase)
        return
    except ssl.SSLError as error:
        reason = error.reason or "not PEM"
    finally:
        Path(name).unlink()
    raise _unusable(reason)


def _seal(identity: ClientIdentity, passphrase: bytes) -> bytes:
    pem = identity.private_key_pem
    own = identity.passphrase if b"ENCRYPTED" in pem else None
    try:
        key = serialization.load_pem_private_key(pem, own)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        pass
    else:
        return key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(passphrase),
        )
    raise _unusable("the key could not be read")


def _join(*blocks: bytes) -> bytes:
    return b"\n".join(block.strip() for block in blocks) + b"\n"


def _unusable(reason: str) -> Refused:
    plain = reason.replace("_", " ").lower()
    return Refused(f"The client certificate and its private key cannot be used together ({plain}).")
