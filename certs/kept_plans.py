"""How many statements a connection lets PostgreSQL keep prepared. After how many times, config/databases.py says."""

from typing import Any

MOST_PLANS = 400


def keep_more_plans(connection: Any, **_: Any) -> None:
    """Connected to Django's signal of new connections in apps.py.

    psycopg keeps 100 and counts as many more. The pages ask for some 300: each would be forgotten before it came again.
    """
    if connection.vendor == "postgresql":
        connection.connection.prepared_max = MOST_PLANS
