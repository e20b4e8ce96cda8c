"""The table of contents of the catalogue: problems by stage and step, findings by what they are found in.

What each says is in journey/problems and certs/findings.
"""

from dataclasses import dataclass

from certs.findings import Finding
from certs.findings.catalogue import (
    CATALOGUE,
    atlas_sign_in,
    azure_messages,
    bundles,
    certificates,
    connections,
    credentials,
    examined_files,
    example,
    java_messages,
    openssl_messages,
    openssl_options,
    pasted_text,
    pfx_reader_messages,
    pfx_remarks,
    signing_requests,
    unusual_requests,
    windows_messages,
)
from onboarding.journey.problems import atlas, list_problems, portal
from onboarding.journey.problems.shape import ProblemDefinition
from onboarding.journey.steps import Stage, list_stage

FOUND_IN = (
    ("Pasted text", pasted_text),
    ("CSRs", signing_requests),
    ("CSRs that strict programs refuse", unusual_requests),
    ("Certificates and chains", certificates),
    ("API credentials and their CSV", credentials),
    ("PFX files", bundles),
    ("PFX files as other programs see them", pfx_remarks),
    ("The test sign-in to Atlas", atlas_sign_in),
    ("The connection to Atlas", connections),
    ("Keys, keystores and other files", examined_files),
    ("Messages of OpenSSL", openssl_messages),
    ("OpenSSL's options and versions", openssl_options),
    ("Messages of Windows", windows_messages),
    ("Messages of Java and keystores", java_messages),
    ("Messages of Azure Key Vault", azure_messages),
    ("Messages of other programs that read a PFX", pfx_reader_messages),
)


@dataclass(frozen=True)
class Chapter:
    """A step, or no step in particular (`title` empty), with its problems."""

    title: str
    problems: tuple[ProblemDefinition, ...]


@dataclass(frozen=True)
class Part:
    """A stage of the journey with a chapter for each of its steps."""

    title: str
    chapters: tuple[Chapter, ...]


def build_parts() -> tuple[Part, ...]:
    """The problems by stage; what can happen whenever the portal does its part comes last, once."""
    anywhere = (*atlas.PROBLEMS, *portal.PROBLEMS)
    own = tuple(
        Part(
            stage.value,
            tuple(
                Chapter(row.title, tuple(each for each in list_problems(row.slug) if each not in anywhere))
                for row in list_stage(stage)
            ),
        )
        for stage in Stage
    )
    return (*own, Part("At any step", (Chapter("", anywhere),)))


def list_findings() -> tuple[Finding, ...]:
    """Everything that the doctor can say about a file or a message, in the order of its catalogue."""
    return tuple(example(code) for code in CATALOGUE)


def group_findings() -> tuple[tuple[str, tuple[Finding, ...]], ...]:
    """(heading, findings): the same by what they are found in."""
    return tuple((title, tuple(example(code) for code in each.ENTRIES)) for title, each in FOUND_IN)
