"""Whose each file is: by its name, as the scripts and the steps' pages write it. What is in doubt is asked, or refused.

What is in a file is judged in sending.py by the step's own form; here only a private key is looked for, first of all.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from certs import csr
from certs.artifact_type import ArtifactType, detect_artifact_type
from certs.findings import InvalidArtifact
from certs.findings.catalogue import finding
from certs.findings.codes import FindingCode
from certs.private_key_detection import contains_private_key
from onboarding.clients.bulk_steps import BulkStep
from onboarding.clients.given_files import GivenFile, shorten
from onboarding.clients.targets import Target

CODE = re.compile(r"(?<![a-z0-9])[a-z0-9]{4}-[a-z0-9]{4}(?![a-z0-9])")
MAX_ASKED = 60  # files of which one page asks whose they are; each takes three fields of DATA_UPLOAD_MAX_NUMBER_FIELDS


@dataclass(frozen=True)
class Assigned:
    """A file and the one client whose it is."""

    name: str
    content: bytes = field(repr=False)
    target: Target


@dataclass(frozen=True)
class Asked:
    """A CSR of which somebody has to say whose it is; `suggested` is the code of a client that its name may mean."""

    name: str
    pem: str
    suggested: str = ""


@dataclass(frozen=True)
class Refused:
    """A file that is not sent, with the sentence that says why and how to fix it."""

    name: str
    sentence: str
    client: str = ""
    is_needless: bool = False


@dataclass
class Matches:
    """Every file in exactly one of three lists."""

    assigned: list[Assigned] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def describe_findings(invalid: InvalidArtifact) -> str:
    """The errors in the words of the step's form."""
    return " ".join(f"{each.seen} {each.fix}" for each in invalid.findings if each.severity == "error")


def match_files(work: BulkStep, given: Iterable[GivenFile], targets: Sequence[Target]) -> Matches:
    """Find the client of each file. A PFX is never asked about: it would have to be shown in the page again."""
    found = Matches()
    by_name = {each.sent: each for each in targets}
    for file in given:
        target = by_name.get(file.name.lower())
        if file.refusal:
            found.refused.append(Refused(file.name, file.refusal, target.title if target else ""))
        elif sentence := _describe_exposed(file.content, work.with_key):
            found.refused.append(Refused(file.name, sentence, target.title if target else ""))
        elif target:
            found.assigned.append(Assigned(file.name, file.content, target))
        elif work.shows_again:
            _ask(found, file, targets)
        else:
            found.refused.append(Refused(file.name, _describe_unknown_pfx(file.name, targets)))
    return _settle_doubles(found)


def _describe_exposed(content: bytes, with_key: ArtifactType | None = None) -> str:
    """A private key that was sent counts as known to others, unless it came in what the step asks for: a PFX."""
    if with_key and detect_artifact_type(content) == with_key:
        return ""
    if not contains_private_key(content):
        return ""
    exposed = finding(FindingCode.PRIVATE_KEY_PASTED)
    return f"{exposed.seen} {exposed.why} {exposed.fix}"


def _suggest(name: str, targets: Sequence[Target]) -> Target | None:
    """The one client of the person's whose code is in the name. Of anybody else's code nothing is known here."""
    codes = set(CODE.findall(name.lower()))
    mine = [each for each in targets if each.code.lower() in codes]
    return mine[0] if len(mine) == 1 else None


def _ask(found: Matches, file: GivenFile, targets: Sequence[Target]) -> None:
    try:
        reading = csr.read(file.content)
    except InvalidArtifact as invalid:
        found.refused.append(Refused(file.name, describe_findings(invalid)))
        return
    if len(found.asked) >= MAX_ASKED:
        sentence = (
            "Its name tells no client, as too many others. Name it as the script does and send it again."
        )
        found.refused.append(Refused(file.name, sentence))
        return
    suggested = _suggest(file.name, targets)
    found.asked.append(Asked(file.name, reading.pem, suggested.code if suggested else ""))


def _describe_unknown_pfx(name: str, targets: Sequence[Target]) -> str:
    if suggested := _suggest(name, targets):
        return (
            f"Its name is not the one that the PFX of {suggested.title} has now, {suggested.sent}. If it is that "
            "one, give it this name and send it again."
        )
    return (
        "Its name tells no client of yours. Name it as the script does, for example apicert-nw7k-42qd.pfx, "
        "and send it again."
    )


def _settle_doubles(found: Matches) -> Matches:
    """The same file twice is sent once; of two different files for one client neither is: only a person knows which."""
    by_code: dict[str, list[Assigned]] = defaultdict(list)
    for each in found.assigned:
        by_code[each.target.code].append(each)
    found.assigned = []
    for files in by_code.values():
        if len({each.content for each in files}) == 1:
            found.assigned.append(files[0])
            found.refused += [_needless(each.name, files[0].name, each.target.title) for each in files[1:]]
        else:
            found.refused += [_contradicting(each, files) for each in files]
    return _drop_asked_twice(found)


def _needless(name: str, first: str, client: str = "") -> Refused:
    same = "It was given twice" if name == first else f"It is the same file as {first}"
    return Refused(name, f"{same}, so it was left out.", client, is_needless=True)


def _contradicting(file: Assigned, files: Sequence[Assigned]) -> Refused:
    sentence = (
        f"{len(files)} different files were given for this client, so none of them was sent. "
        "Send the one that belongs to the key that you keep."
    )
    return Refused(file.name, sentence, file.target.title)


def _drop_asked_twice(found: Matches) -> Matches:
    """A CSR without a known name is asked about once, and not at all if it came under a client's name as well."""
    seen = {_digest(each.content): each.name for each in found.assigned}
    asked, found.asked = found.asked, []
    for each in asked:
        digest = _digest(each.pem.encode())
        if digest in seen:
            found.refused.append(_needless(each.name, seen[digest]))
        else:
            seen[digest] = each.name
            found.asked.append(each)
    return found


def _digest(content: bytes) -> str:
    """Of the letters alone: line ends differ from computer to computer."""
    return hashlib.sha256(b"".join(content.split())).hexdigest()


def assign_files(
    names: Sequence[str], pems: Sequence[str], codes: Sequence[str], targets: Sequence[Target]
) -> Matches:
    """What somebody answered about the files that were asked about. Raises ValueError if the lists do not fit."""
    found = Matches()
    by_code = {each.code: each for each in targets}
    for name, text, code in zip(names, pems, codes, strict=True):
        name, content = shorten(name), text.encode(errors="replace")
        if sentence := _describe_exposed(content):
            found.refused.append(Refused(name, sentence))
        elif not code:
            found.refused.append(Refused(name, "You chose no client for it, so it was not sent."))
        elif code not in by_code:
            found.refused.append(
                Refused(name, "The client that was chosen is none of yours, so it was not sent.")
            )
        else:
            found.assigned.append(Assigned(name, content, by_code[code]))
    return _settle_doubles(found)
