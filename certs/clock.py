"""What time it is: the one function that the rooms ask, and the one that tests move.

Nothing here sleeps, schedules or measures how long something takes (that is time.monotonic's).
"""

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """The present moment, in UTC."""
    return timezone.now()
