"""How states, moments, lengths of time and waits are said and drawn.

Which state a step is in is the journey's business.
"""

from datetime import UTC, datetime, timedelta

import pytest

from onboarding.ui import formatting, wait_progress
from tests.time_travel import travel

NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(seconds=-5), "less than a minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=59, seconds=59), "59 minutes"),
        (timedelta(minutes=60, seconds=59), "1 hour"),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(minutes=120), "2 hours"),
        (24 * HOUR, "24 hours"),
        (72 * HOUR, "72 hours"),
        (96 * HOUR, "4 days"),
        (19.5 * 3600, "19 hours"),
    ],
)
def test_a_length_of_time_is_said_in_one_unit_and_rounded_down(length, said) -> None:
    assert formatting.duration(length) == said


@travel(NOW, tick=False)
def test_a_moment_is_said_with_its_weekday_and_with_the_year_only_if_it_is_another() -> None:
    assert formatting.when(NOW) == "Monday 23 November, 14:05"
    assert (
        formatting.when(NOW - timedelta(days=400)) == "Sunday 19 October 2025, 15:05"
    )  # British Summer Time
    assert formatting.when(NOW.date()) == "Monday 23 November"
    assert formatting.when_short(NOW) == "23 Nov, 14:05"


@pytest.mark.parametrize(
    ("gap", "said"),
    [(2 * HOUR, "2 hours ago"), (-72 * HOUR, "in 72 hours"), (timedelta(seconds=10), "just now")],
)
def test_relative_times_look_back_and_ahead(gap, said) -> None:
    assert formatting.ago(NOW - gap, NOW) == said


def test_an_unknown_state_is_a_fault_and_not_an_empty_tag() -> None:
    with pytest.raises(KeyError):
        formatting.state_text("nearly")


@pytest.mark.parametrize(
    ("elapsed", "usual", "limit", "sentence", "late"),
    [
        (19 * HOUR, 24 * HOUR, 72 * HOUR, "19 hours so far, usually 24 hours, at most 72 hours.", False),
        (80 * HOUR, 24 * HOUR, 72 * HOUR, "80 hours so far, usually 24 hours, at most 72 hours: 8 hours late.", True),
        (2 * HOUR, None, 24 * HOUR, "2 hours so far, at most 24 hours.", False),
        (2 * HOUR, None, None, "2 hours so far.", False),
        (-1 * HOUR, HOUR, None, "Less than a minute so far, usually 1 hour.", False),
    ],
)  # fmt: skip
def test_a_wait_is_said_in_one_sentence(elapsed, usual, limit, sentence, late) -> None:
    wait = wait_progress.measure_wait(NOW - elapsed, usual, limit, NOW)
    assert wait.sentence == sentence
    assert wait.late is late


@pytest.mark.parametrize("hours", [0, 1, 24, 71, 72, 73, 10_000])
@pytest.mark.parametrize("usual", [None, 24 * HOUR])
@pytest.mark.parametrize("limit", [None, 72 * HOUR])
def test_the_bar_never_leaves_its_frame(hours, usual, limit) -> None:
    wait = wait_progress.measure_wait(NOW - hours * HOUR, usual, limit, NOW)
    assert 0 <= wait.gone <= wait_progress.WIDTH
    assert wait.usual_mark is None or 0 <= wait.usual_mark <= wait_progress.WIDTH - wait_progress.MARK
