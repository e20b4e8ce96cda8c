"""What the rooms above may want to know of.

Who listens is theirs.
"""

from django.dispatch import Signal

# A stored secret did not open: it was changed or moved, or its key is not configured. Argument: secret (its row).
secret_not_opened = Signal()
