"""`manage.py journey_diagram`: print the table of steps as docs/journey.md (a Mermaid diagram and a table).

`--write` writes the file; a test proves that it is up to date.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from onboarding.journey.diagram import page


class Command(BaseCommand):
    """Prints or writes docs/journey.md."""

    help = "Print the journey as a Mermaid diagram and a table."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--write`."""
        parser.add_argument(
            "--write", action="store_true", help="write docs/journey.md instead of printing it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print, or write."""
        if options["write"]:
            (Path(settings.BASE_DIR) / "docs" / "journey.md").write_text(page(), encoding="utf-8")
        else:
            self.stdout.write(page(), ending="")
