"""`manage.py rewrap_secrets`: wrap every secret's data key with the newest key of VAULT_KEYS.

The work is in certs/vault.py.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from certs import vault


class Command(BaseCommand):
    """Run it after a new key was put first in VAULT_KEYS and every process was restarted; then drop the old one."""

    help = "Wrap every secret with the newest vault key, so that older keys can be taken out of VAULT_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        done = vault.rewrap()
        self.stdout.write(f"{done.moved} secrets got the newest key; {done.current} had it already.")
        if done.failed:
            ids = ", ".join(str(pk) for pk in done.failed)
            raise CommandError(f"{len(done.failed)} could not be opened and were left as they are: {ids}")
