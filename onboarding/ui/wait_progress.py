"""The arithmetic of a wait: how much of the usual time and of the limit is gone, as numbers and as a sentence.

Who waits for whom, and what follows when it is late, is the journey's business.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from onboarding.ui.formatting import duration

WIDTH = 1000  # units of the drawing's own coordinate system
MARK = 6  # width of the line that marks the usual time, same units
_OVERSHOOT = 1.15  # without a limit the bar ends a little after the usual time


@dataclass(frozen=True)
class Wait:
    """A wait as it is drawn.

    gone, usual: positions on the bar, 0..WIDTH (usual is None when unknown); late: the limit has passed;
    over: the usual time has passed; elapsed, usual_text, limit_text: lengths in words; sentence: all of it in words.
    """

    gone: int
    usual: int | None
    late: bool
    over: bool
    elapsed: str
    usual_text: str
    limit_text: str
    sentence: str

    @property
    def usual_mark(self) -> int | None:
        """Left edge of the mark for the usual time, so that all of the mark is on the bar."""
        return None if self.usual is None else min(self.usual, WIDTH - MARK)


def measure_wait(since: datetime, usual: timedelta | None, limit: timedelta | None, now: datetime) -> Wait:
    """How far a wait has come at `now`; `since` and `now` are aware, `usual` and `limit` lengths from `since`."""
    elapsed = max(now - since, timedelta(0))
    span = _span(elapsed, usual, limit)
    late = limit is not None and elapsed > limit
    over = usual is not None and elapsed > usual
    return Wait(
        gone=_place(elapsed, span),
        usual=None if usual is None else _place(usual, span),
        late=late,
        over=over and not late,
        elapsed=duration(elapsed),
        usual_text="" if usual is None else duration(usual),
        limit_text="" if limit is None else duration(limit),
        sentence=_sentence(elapsed, usual, limit),
    )


def _span(elapsed: timedelta, usual: timedelta | None, limit: timedelta | None) -> timedelta:
    expected = limit or (usual or elapsed) * _OVERSHOOT
    return max(expected, elapsed, timedelta(seconds=1))


def _place(length: timedelta, span: timedelta) -> int:
    return min(WIDTH, round(WIDTH * (length / span)))


def _sentence(elapsed: timedelta, usual: timedelta | None, limit: timedelta | None) -> str:
    words = f"{duration(elapsed)} so far"
    if usual is not None:
        words += f", usually {duration(usual)}"
    if limit is not None:
        words += f", at most {duration(limit)}"
    if limit is not None and elapsed > limit:
        words += f": {duration(elapsed - limit)} late"
    return words[0].upper() + words[1:] + "."
