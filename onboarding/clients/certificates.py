"""The certificates of many clients in one zip, under the names that the commands of the PFX expect.

Who may have which is decided in access.py: whoever was let in to a step of an onboarding may fetch its certificate.
"""

import zipfile
from collections.abc import Sequence
from io import BytesIO

from onboarding.clients.access import read_certificates, read_key_files
from onboarding.clients.client import Client
from onboarding.journey import step_commands


def build_zip(clients: Sequence[Client], codes: Sequence[str]) -> bytes:
    """Each certificate with its issuers, as the step's page gives it; of all clients if no code is named.

    Empty when none of them has a certificate.
    """
    wanted = {code.upper() for code in codes}
    named = [each for each in clients if not wanted or each.case.code in wanted]
    chosen = sorted(named, key=lambda each: (each.case.company.casefold(), each.case.code))
    found = read_certificates(chosen)
    files = read_key_files(chosen)
    if not found:
        return b""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for client in chosen:
            if issued := found.get(client.onboarding.pk):
                names = step_commands.get_names(client.onboarding, files[client.onboarding.pk])
                archive.writestr(names.cer, f"{issued.pem}{issued.chain_pem}")
    return packed.getvalue()
