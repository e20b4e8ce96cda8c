"""The check that stops `migrate` on a database of the earlier layout, before it changes anything."""

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.db import connections

from onboarding.conversion.detection import has_earlier_layout


@checks.register(checks.Tags.database)
def refuse_earlier_layout(*, databases: Sequence[str] | None = None, **_: Any) -> list[checks.CheckMessage]:
    """An error for each database that `convert_database` has to bring over first."""
    return [
        checks.Error(
            "This database has the tables of an earlier version of the portal.",
            hint="Make a backup, stop the portal, and run `manage.py convert_database`.",
            id="conversion.E001",
        )
        for alias in databases or []
        if has_earlier_layout(connections[alias])
    ]
