"""How long it is from one poll of a step to the next, and how long a worker may have a step to itself.

When a given record is polled next is in schedule.py.
"""

from datetime import timedelta

from django.conf import settings

FIRST_POLL = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=15)
JITTER = 0.2  # a pause is up to so much shorter or longer
LONGEST_ASKED = timedelta(hours=1)  # of a Retry-After we take no more: one that means a day is asked 24 times
PUBLISH_LEASE = timedelta(minutes=1)  # a row whose own task has not begun by then is claimed again
ASK_AGAIN = timedelta(seconds=10)  # so long after a poll nobody brings the next one forward
LEASE = timedelta(minutes=3)  # longer than a task's hard time limit: a row is polled by one worker


def scale_interval(pause: timedelta) -> timedelta:
    """An interval at the installation's poll speed, never under half a second."""
    return max(pause / settings.PORTAL.poll_speed, timedelta(seconds=0.5))


def longest_interval() -> timedelta:
    """The longest time that a record's next poll is ever ahead."""
    return max(scale_interval(LONGEST_PAUSE * (1 + JITTER)), LONGEST_ASKED, LEASE)
