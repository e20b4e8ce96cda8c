"""How long a step sleeps between two looks, and how long a worker may have it to itself.

When a given record is looked at next is in polling/schedule.py.
"""

from datetime import timedelta

from django.conf import settings

FIRST_POLL = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=15)
JITTER = 0.2  # a pause is up to so much shorter or longer
LONGEST_ASKED = timedelta(hours=1)  # of a Retry-After we take no more: one that means a day is asked 24 times
PUBLISH_LEASE = timedelta(minutes=1)  # a claimed row whose look has not begun by then is claimed again
LEASE = timedelta(minutes=3)  # longer than a task's hard time limit: a row is looked at by one worker


def scale_interval(pause: timedelta) -> timedelta:
    """A look-again interval at the installation's poll speed, never under half a second."""
    return max(pause / settings.PORTAL.poll_speed, timedelta(seconds=0.5))


def longest_interval() -> timedelta:
    """The longest time that a record's next look is ever ahead."""
    return max(scale_interval(LONGEST_PAUSE * (1 + JITTER)), LONGEST_ASKED, LEASE)
