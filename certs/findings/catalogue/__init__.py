"""Every sentence that this room can say about an artifact, by code, with the commands that fix it.

Readers decide what is wrong and name the code; no input is read here. Facts put into a sentence are never secret.
"""

from certs.findings import Command, Finding, Part
from certs.findings.catalogue import (
    atlas_sign_in,
    azure_messages,
    bundles,
    certificates,
    credentials,
    examined_files,
    openssl_messages,
    pasted_text,
    pfx_reader_messages,
    pfx_remarks,
    signing_requests,
)
from certs.findings.catalogue.catalogue_entry import CatalogueEntry
from certs.findings.codes import FindingCode

MAX_FACT_LENGTH = 160  # characters of a foreign string shown in a sentence

CATALOGUE: dict[FindingCode, CatalogueEntry] = {
    **pasted_text.ENTRIES,
    **signing_requests.ENTRIES,
    **certificates.ENTRIES,
    **credentials.ENTRIES,
    **bundles.ENTRIES,
    **atlas_sign_in.ENTRIES,
    **examined_files.ENTRIES,
    **openssl_messages.ENTRIES,
    **azure_messages.ENTRIES,
    **pfx_reader_messages.ENTRIES,
    **pfx_remarks.ENTRIES,
}


def finding(
    code: FindingCode,
    commands: tuple[Command, ...] | None = None,
    about: Part | None = None,
    **facts: object,
) -> Finding:
    """The finding of that code, its sentences filled in with `facts`.

    `commands` replace the entry's own. The sentences of a finding about a part name it as {about}. Raises KeyError for
    a missing fact.
    """
    entry = CATALOGUE[code]
    shown = {name: _shown(value) for name, value in facts.items()}
    if about is not None:
        shown["about"] = about.value
    seen, why, fix = (words.format_map(shown) for words in (entry.seen, entry.why, entry.fix))
    commands = entry.commands() if commands is None else commands
    return Finding(code, entry.severity, seen, why, fix, commands, about)


def example(code: FindingCode) -> Finding:
    """The finding of that code for a page about it: facts of a file that nobody has given are "…"."""
    entry = CATALOGUE[code]
    shown = dict.fromkeys(entry.facts, "\N{HORIZONTAL ELLIPSIS}")
    seen, why, fix = (words.format_map(shown) for words in (entry.seen, entry.why, entry.fix))
    return Finding(code, entry.severity, seen, why, fix, entry.commands())


def _shown(value: object) -> str:
    """One line of printable text: what comes from outside may hold anything."""
    text = str(value)
    if not text.isprintable():
        text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return text if len(text) <= MAX_FACT_LENGTH else text[: MAX_FACT_LENGTH - 1] + "\N{HORIZONTAL ELLIPSIS}"
