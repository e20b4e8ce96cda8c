"""Which tests are about PostgreSQL itself. All others of the rooms pass on SQLite, too (DATABASE_URL=sqlite:///FILE)."""

import pytest
from django.db import connection

on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql",
    reason="about PostgreSQL: several processes, its locks or its catalogue",
)
