"""The commands that a step's page shows, with this onboarding's own file names.

The commands themselves are made in openssl_commands.py, keytool_commands.py and azure_key_vault_instructions.py of
certs/findings/ and in certs/proof_commands.py.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings

from certs import signing
from certs.findings import Command, Shell, azure_key_vault_instructions, keytool_commands, openssl_commands
from certs.findings.openssl_commands import FileNames
from certs.programs import csr_makers
from certs.proof import local_command
from onboarding.journey.definitions import KeyUse
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.page_files import PageFiles
from onboarding.journey.steps import State
from onboarding.ui.operating_systems import System


def get_file_names(record: StepRecord, files: PageFiles) -> FileNames:
    """One stem per key of this onboarding: a second CSR gets new names, so that no key is overwritten (T3)."""
    makes_another = record.definition.key is KeyUse.MAKES and record.state != State.DONE
    return _names(record.onboarding, len(files.requests) + int(makes_another))


def get_names_of_key(onboarding: Onboarding) -> FileNames:
    """The names of the files of the latest key. Downloads carry them, so that a command finds its files."""
    return _names(onboarding, signing.count_of(onboarding.pk))


def get_names(onboarding: Onboarding, files: PageFiles) -> FileNames:
    """The same names, where the page has read the case's files already."""
    return _names(onboarding, len(files.requests))


def _names(onboarding: Onboarding, ordinal: int) -> FileNames:
    suffix = f"-{ordinal}" if ordinal > 1 else ""
    return FileNames(f"apicert-{onboarding.code.lower()}{suffix}")


def list_commands(record: StepRecord, files: PageFiles) -> dict[str, Any]:
    """What the guidance of this step needs; nothing for steps without commands."""
    name = record.definition.commands
    return COMMANDS[name](get_file_names(record, files)) if name else {}


def list_csr_commands(names: FileNames) -> dict[str, Any]:
    """To make a key with its CSR, and to look at the CSR."""
    return {
        "make_request": openssl_commands.make_request(names),
        "check_request": openssl_commands.check_request(names),
        "make_request_with_keytool": keytool_commands.make_request(names),
        "other_makers": csr_makers.list_recipes(names),
        "key_vault_request": split_clicks(azure_key_vault_instructions.make_request().text),
    }


def list_pfx_commands(names: FileNames) -> dict[str, Any]:
    """To build the PFX, and to look at it."""
    return {
        "make_pfx": openssl_commands.make_pfx(names),
        "check_pfx": openssl_commands.check_pfx(names),
        "remake_pfx": openssl_commands.remake_pfx_with_password(names),
        "make_pfx_with_keytool": keytool_commands.make_pfx(names),
        "keystore_to_pfx": openssl_commands.keystore_to_pfx(names),
        "key_vault_merge": split_clicks(azure_key_vault_instructions.merge_certificate().text),
        "key_vault_download": split_clicks(azure_key_vault_instructions.download_pfx().text),
    }


def list_proof_commands(names: FileNames) -> dict[str, Any]:
    """To sign in to Atlas with the bundle, on the company's own computer."""
    return {"prove": local_command(settings.PORTAL.hvca_url, names, settings.PORTAL.hvca_root)}


COMMANDS: dict[str, Callable[[FileNames], dict[str, Any]]] = {
    each.__name__: each for each in (list_csr_commands, list_pfx_commands, list_proof_commands)
}


SHELLS: dict[System, Shell] = {
    System.POWERSHELL: "powershell",
    System.COMMAND_PROMPT: "cmd",
    System.MACOS: "bash",  # zsh reads the same words
    System.LINUX: "bash",
}


def pick_commands(commands: dict[str, Any], system: System | None) -> dict[str, Command]:
    """Of each command the one for the shell of this system; without a system the one for Git Bash."""
    shell = SHELLS[system] if system else "git-bash"
    return {
        name: command
        for name, shells in commands.items()
        for command in shells
        if isinstance(command, Command) and command.shell == shell
    }


def split_clicks(text: str) -> list[str]:
    """The numbered lines of a list of clicks, without their numbers."""
    return [line.split(". ", 1)[-1] for line in text.splitlines()]
