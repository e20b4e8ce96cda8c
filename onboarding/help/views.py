"""The help pages: the catalogues of problems and findings with their search, and the guides. Everybody may read them.

Nothing here knows a company; the guidance of a step is on the step's own page.
"""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from certs.findings import Command, Finding, azure_key_vault_instructions, openssl_commands
from certs.findings.catalogue import CATALOGUE, example
from certs.findings.codes import FindingCode
from certs.findings.known_messages import pieces_of_messages
from onboarding.journey.problems import (
    PROBLEMS,
    atlas,
    find_problem,
    list_problems,
    portal,
)
from onboarding.journey.problems.shape import ProblemDefinition
from onboarding.journey.step_commands import split_clicks
from onboarding.journey.steps import STEPS, get_definition

MAX_SEARCH_LENGTH = 100  # characters


@dataclass(frozen=True)
class Chapter:
    """A heading of the catalogue with its problems."""

    title: str
    problems: tuple[ProblemDefinition, ...]


@dataclass(frozen=True)
class Recipe:
    """One thing to do on a command line: the same for every shell."""

    id: str
    title: str
    why: str
    commands: tuple[Command, ...]


def build_chapters() -> tuple[Chapter, ...]:
    """The catalogue by step; what can happen whenever the portal does its part comes last, once."""
    anywhere = (*atlas.PROBLEMS, *portal.PROBLEMS)
    own = [
        Chapter(row.title, tuple(each for each in list_problems(row.slug) if each not in anywhere))
        for row in STEPS
    ]
    return (*own, Chapter("Whenever this portal does its part", anywhere))


def search_problems(words: str) -> tuple[ProblemDefinition, ...]:
    """The problems that mention every word, each once, in the order of the catalogue."""
    return tuple(each for each in PROBLEMS.values() if each.mentions(words))


def list_findings() -> tuple[Finding, ...]:
    """Everything that the doctor can say about a file or a message, in the order of its catalogue."""
    return tuple(example(code) for code in CATALOGUE)


def search_findings(words: str) -> tuple[Finding, ...]:
    """The findings that mention every word, in their own sentences or in the messages that betray them."""
    wanted = words.lower().split()
    return tuple(each for each in list_findings() if all(word in _text(each) for word in wanted))


def _text(one: Finding) -> str:
    return " ".join((one.code, str(one), *pieces_of_messages(one.code))).lower()


@require_safe
@login_not_required
def index(request: HttpRequest) -> HttpResponse:
    """Guides, search box, and either what was found or the whole catalogue."""
    words = request.GET.get("q", "").strip()[:MAX_SEARCH_LENGTH]
    context = {
        "q": words,
        "found": search_problems(words) if words else (),
        "found_findings": search_findings(words) if words else (),
        "chapters": build_chapters(),
        "findings": list_findings(),
    }
    return render(request, "help/index.html", context)


@require_safe
@login_not_required
def problem(request: HttpRequest, code: str) -> HttpResponse:
    """One problem of the journey: what happened, why it matters, what to do, who has to act; or one finding.

    Where both have the code, the problem says it all and more.
    """
    recognise_messages = find_problem(code)
    if recognise_messages is None and code in CATALOGUE:
        return render(request, "help/finding.html", {"finding": example(FindingCode(code))})
    if recognise_messages is None:
        raise Http404
    context = {
        "problem": recognise_messages,
        "next_actor": recognise_messages.next_actor.label_for_company,
        "steps": [get_definition(slug) for slug in recognise_messages.steps],
        "back_to": get_definition(recognise_messages.back_to) if recognise_messages.back_to else None,
    }
    return render(request, "help/problem.html", context)


@require_safe
@login_not_required
def guide(request: HttpRequest, name: str) -> HttpResponse:
    """A guide without data of its own; `name` is its template."""
    return render(request, f"help/{name}.html", {"steps": STEPS})


@require_safe
@login_not_required
def openssl_and_key_vault(request: HttpRequest) -> HttpResponse:
    """Every command, per shell, and every click in Key Vault."""
    return render(
        request, "help/openssl-and-key-vault.html", {"recipes": list_recipes(), "vault": list_vault_clicks()}
    )


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
