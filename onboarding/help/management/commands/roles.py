"""`manage.py roles`: print every permission and who has it as docs/roles.md.

`--write` writes the file; a test proves that it is up to date.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from onboarding.help.roles_document import build_roles_document


class Command(BaseCommand):
    """Prints or writes docs/roles.md."""

    help = "Print who may do what as tables."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--write`."""
        parser.add_argument("--write", action="store_true", help="write docs/roles.md instead of printing it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print, or write."""
        if options["write"]:
            (Path(settings.BASE_DIR) / "docs" / "roles.md").write_text(
                build_roles_document(), encoding="utf-8"
            )
        else:
            self.stdout.write(build_roles_document(), ending="")
