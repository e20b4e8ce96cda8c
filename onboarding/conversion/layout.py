"""What the tables and columns of the earlier layout were called, where that differs from today's.

The earlier layout is the one whose migrations of one app went beyond 0001; who reads it is copying.py.
"""

# today's table: the table it is filled from
TABLES: dict[str, str] = {}

# today's table: {today's column: the column it is filled from}
COLUMNS: dict[str, dict[str, str]] = {}

# Labels of apps of ours in the earlier layout. Today's may differ.
APPS = frozenset({"people", "audit", "notices", "periodic", "journey", "handover", "certs"})
