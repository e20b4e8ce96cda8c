"""What is read back from the cache, where others may write: a value of another shape is as good as none."""

from datetime import UTC, datetime

YEARS = range(
    2000, 3000
)  # of which the portal writes: adding days to one, or its local time, is a moment too


def parse_moment(stored: object) -> datetime:
    """What `isoformat` wrote, in UTC. Raises ValueError for all else, also for a moment without a zone."""
    if not isinstance(stored, str):
        raise ValueError("no moment")
    try:
        moment = datetime.fromisoformat(stored)
        if moment.tzinfo is None or (utc := moment.astimezone(UTC)).year not in YEARS:
            raise ValueError("no moment of the portal")
    except OverflowError:
        raise ValueError("no moment of the portal") from None
    return utc
