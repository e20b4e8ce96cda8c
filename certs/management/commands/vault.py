"""`manage.py vault rotate|verify`: renew the key that wraps all secrets; prove that everything opens where it lies.

The work is in certs/vault.py and certs/vault_maintenance.py.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from certs import vault, vault_maintenance


class Command(BaseCommand):
    """Both may run while the portal works, and again. Exit status 1 when a secret is not well."""

    help = "Wrap every secret with the newest key of VAULT_KEYS (rotate), or prove that every secret opens (verify)."

    def add_arguments(self, parser: CommandParser) -> None:
        """One word: what to do."""
        parser.add_argument("verb", choices=["rotate", "verify"])

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it; raises CommandError with the ids of secrets that are not well."""
        self._rotate() if options["verb"] == "rotate" else self._verify()

    def _rotate(self) -> None:
        done = vault.rewrap()
        self.stdout.write(f"Wrapped with the newest key now: {done.moved}. Already before: {done.current}.")
        if done.failed:
            ids = ", ".join(str(pk) for pk in done.failed)
            raise CommandError(f"{len(done.failed)} could not be opened and were left as they are: {ids}")
        self.stdout.write("Older keys can be taken out of VAULT_KEYS.")

    def _verify(self) -> None:
        found = vault_maintenance.verify()
        for pk, sentence in found.damages.items():
            self.stderr.write(f"{pk}: {sentence}")
        if found.damages:
            raise CommandError(f"{len(found.damages)} secrets are not well; {found.intact} are.")
        self.stdout.write(f"Secrets that open where they belong: {found.intact}, which is all.")
