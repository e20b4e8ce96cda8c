"""Every OpenSSL command per shell and every click in Azure Key Vault, for the guide that shows them all.

The commands themselves are in certs/findings.
"""

from dataclasses import dataclass

from certs.findings import Command, azure_key_vault_instructions, openssl_commands
from onboarding.journey.step_commands import split_clicks


@dataclass(frozen=True)
class Recipe:
    """One thing to do on a command line: the same for every shell."""

    id: str
    title: str
    why: str
    commands: tuple[Command, ...]


def list_recipes() -> tuple[Recipe, ...]:
    """The OpenSSL commands in the order in which they are needed."""
    return (
        Recipe(
            "make-csr",
            "Make the key and the CSR",
            "Run it once. It does nothing if the key file is there already: a second key would not fit the CSR "
            "that you sent.",
            openssl_commands.make_request(openssl_commands.PLAIN),
        ),
        Recipe(
            "check-csr",
            "Read the CSR",
            "It must say RSA with 4096 bits and the subject CN = onboarding_key, without a full stop.",
            openssl_commands.check_request(),
        ),
        Recipe(
            "compare-keys",
            "Compare key, CSR and certificate",
            "Three equal lines mean that they belong together. The pages here show the same fingerprint.",
            openssl_commands.show_public_keys(),
        ),
        Recipe(
            "make-pfx",
            "Build the PFX",
            "Without a password, as the DIP wants it, and in a form that old and new programs read.",
            openssl_commands.make_pfx(),
        ),
        Recipe(
            "check-pfx",
            "Read the PFX",
            "It must open with the empty password and say that a MAC is there.",
            openssl_commands.check_pfx(),
        ),
        *_repair_recipes(),
    )


def _repair_recipes() -> tuple[Recipe, ...]:
    return (
        Recipe(
            "p7b",
            "Take the certificate out of a .p7b file",
            "Key Vault and OpenSSL want a certificate that begins with BEGIN CERTIFICATE.",
            openssl_commands.pkcs7_to_certificate(),
        ),
        Recipe(
            "base64",
            "Turn base64 text into a PFX",
            "For a PFX that came out of Key Vault as text, because --encoding base64 was left out.",
            openssl_commands.base64_to_file(),
        ),
        Recipe(
            "remake-pfx",
            "Write a PFX again, without a password",
            "For a PFX that another program cannot read. The open key is on your disk for a moment and is removed.",
            openssl_commands.remake_pfx(),
        ),
        Recipe(
            "remake-legacy",
            "Write an old PFX again",
            "For a PFX that OpenSSL 3 opens only with -legacy.",
            openssl_commands.remake_pfx_legacy(),
        ),
        Recipe(
            "remake-password",
            "Take the password off a PFX",
            "OpenSSL asks for the present password.",
            openssl_commands.remake_pfx_with_password(),
        ),
    )


def list_vault_clicks() -> tuple[tuple[str, list[str]], ...]:
    """(heading, clicks) for Azure Key Vault."""
    made = (
        ("Make the key and the CSR", azure_key_vault_instructions.make_request()),
        ("Merge the certificate", azure_key_vault_instructions.merge_certificate()),
        ("Download the PFX", azure_key_vault_instructions.download_pfx()),
    )
    return tuple((title, split_clicks(command.text)) for title, command in made)
