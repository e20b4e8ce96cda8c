"""`manage.py doctor [--json] FILE...`: say what is wrong with files on this computer, and how to fix them.

Reading is certs/doctor's business. Exit status 0 if there is no error in any of them, 1 if there is one.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.views.decorators.debug import sensitive_variables

from certs.artifact_type import ArtifactType, detect_artifact_type
from certs.doctor.examiner import Examination
from certs.doctor.file_comparison import examine_files
from certs.findings import Finding
from certs.findings.catalogue import finding
from certs.findings.codes import FindingCode
from certs.pem import LIMIT

_MARKS = {"error": "Needs fixing", "warning": "Check this", "info": "For your information"}


class Command(BaseCommand):
    """Prints what the doctor says, as text or as JSON."""

    help = (
        "Say what is wrong with CSRs, certificates, PFX files, CSVs or error messages, and how to fix them."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Files, and `--json`."""
        parser.add_argument("files", nargs="+", metavar="FILE", help="a file, or - for what is piped in")
        parser.add_argument("--json", action="store_true", help="print a JSON list, one object for each file")

    @sensitive_variables()
    def handle(self, *args: Any, **options: Any) -> None:
        """Exits with 1 if anything must be fixed."""
        contents = {name: _content(name) for name in options["files"]}
        readable = {name: data for name, data in contents.items() if data is not None}
        seen = {
            name: _KEY if _is_key_alone(readable[name]) else each
            for name, each in examine_files(readable).items()
        }
        results = {name: seen.get(name, _UNREADABLE) for name in contents}
        self.stdout.write(_as_json(results) if options["json"] else _as_text(results))
        if not all(each.ok for each in results.values()):
            sys.exit(1)


_KEY = Examination("private-key", (finding(FindingCode.KEY_HERE),))
_KEY_BLOCK = re.compile(
    rb"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[^-]+-----END [A-Z0-9 ]*PRIVATE KEY-----|-----BEGIN EC PARAMETERS-----[^-]+"
    rb"-----END EC PARAMETERS-----"
)
_UNREADABLE = Examination("unreadable", (finding(FindingCode.FILE_UNREADABLE),))


@sensitive_variables()
def _is_key_alone(data: bytes) -> bool:
    """Here a key is where it belongs, unlike in a page; one among other things is on its way to somebody."""
    return detect_artifact_type(data) is ArtifactType.PRIVATE_KEY or (
        b"PRIVATE KEY" in data and not _KEY_BLOCK.sub(b"", data).strip()
    )


@sensitive_variables()
def _content(name: str) -> bytes | None:
    """At most a byte more than is ever read; None for what cannot be opened."""
    if name == "-":
        return sys.stdin.buffer.read(LIMIT + 1)
    try:
        with Path(name).open("rb") as file:
            return file.read(LIMIT + 1)
    except (OSError, ValueError):
        return None


def _as_json(results: dict[str, Examination]) -> str:
    return json.dumps(
        [
            {"file": name, "kind": each.kind, "findings": [_plain(one) for one in each.findings]}
            for name, each in results.items()
        ],
        indent=2,
    )


def _plain(one: Finding) -> dict[str, Any]:
    return {
        "code": one.code,
        "severity": one.severity,
        "seen": one.seen,
        "why": one.why,
        "fix": one.fix,
        "commands": [{"shell": command.shell, "text": command.text} for command in one.commands],
    }


def _as_text(results: dict[str, Examination]) -> str:
    parts = []
    for name, each in results.items():
        parts.append(f"{name}: {each.kind}")
        parts += [_paragraph(one) for one in each.findings]
    return "\n\n".join(parts)


def _paragraph(one: Finding) -> str:
    lines = [f"  {_MARKS[one.severity]} ({one.code})", f"  {one.seen}", f"  {one.why}", f"  {one.fix}"]
    for command in one.commands:
        lines += [f"    {command.title}:", *(f"      {line}" for line in command.text.splitlines())]
    return "\n".join(lines)
