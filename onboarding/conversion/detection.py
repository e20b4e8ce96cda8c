"""Whether a database has the earlier layout. Reads only the list of applied migrations."""

from typing import Any

from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from onboarding.conversion.layout import APPS


def has_earlier_layout(connection: Any) -> bool:
    """Whether migrations of ours were applied to it that the first migration of each app has replaced.

    `connection` is a connection of Django's; a database without tables answers no.
    """
    applied = set(MigrationRecorder(connection).applied_migrations())
    known = set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
    return any(app in APPS and (app, name) not in known for app, name in applied)
