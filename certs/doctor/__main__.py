"""`python -m certs.doctor [--json] FILE...`: the command of management/commands/doctor.py without the portal around it.

What the portal needs besides (its pages, its people, a database, its environment) takes two seconds to load, and no
file is examined with it. Of the environment only WEAK_KEYS is read, the list of keys that everybody knows.
"""

import os
import sys
from pathlib import Path
from types import SimpleNamespace

import django
from django.conf import settings


def main() -> None:
    """Examine the files named on the command line."""
    listed = os.environ.get("WEAK_KEYS")
    settings.configure(
        INSTALLED_APPS=["certs"],
        PORTAL=SimpleNamespace(weak_keys=Path(listed) if listed else None),
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        TIME_ZONE="Europe/London",
        USE_I18N=False,
    )
    django.setup()
    from certs.doctor.management.commands.doctor import Command

    Command().run_from_argv(["manage.py", "doctor", *sys.argv[1:]])


if __name__ == "__main__":
    main()
