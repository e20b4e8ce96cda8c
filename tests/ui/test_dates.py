"""Dates and times that people type: what is understood, what is refused, and with which sentence.

How the boxes look is proved in test_fields.py.
"""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from certs import clock
from onboarding.ui.fields import DatePartsField
from tests.time_travel import travel

WHAT = "the date of the email"


def _refusal(field: DatePartsField, *texts: str) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        field.clean(list(texts))
    return caught.value


@pytest.mark.parametrize("month", ["11", "November", "nov"])
def test_a_month_may_be_a_number_or_a_name(month) -> None:
    assert DatePartsField(what=WHAT).clean([" 3", month, "2026 "]) == date(2026, 11, 3)


@pytest.mark.parametrize(
    ("texts", "sentence", "parts"),
    [
        (("", "", ""), "Enter the date of the email", ("day", "month", "year")),
        (("3", "", "2026"), "The date of the email must include a month", ("month",)),
        (("", "", "2026"), "The date of the email must include a day and month", ("day", "month")),
        (("3", "11", "26"), "Year must include 4 numbers", ("year",)),
        (("31", "2", "2026"), "The date of the email must be a real date", ("day", "month", "year")),
        (("three", "11", "2026"), "The date of the email must be a real date", ("day", "month", "year")),
    ],
)
def test_each_mistake_has_its_own_sentence_and_marks_its_own_boxes(texts, sentence, parts) -> None:
    error = _refusal(DatePartsField(what=WHAT), *texts)
    assert error.messages == [sentence]
    assert (error.params or {})["parts"] == parts


def test_an_optional_date_may_be_empty() -> None:
    assert DatePartsField(required=False).clean(["", "", ""]) is None


@travel(datetime(2026, 11, 23, 12, tzinfo=UTC), tick=False)
def test_a_date_in_the_future_is_refused_when_it_must_be_past() -> None:
    field = DatePartsField(what=WHAT, not_after=clock.today)
    assert field.clean(["23", "11", "2026"]) == date(2026, 11, 23)
    assert _refusal(field, "24", "11", "2026").messages == [
        "The date of the email must be today or in the past"
    ]


@travel(datetime(2026, 11, 23, 12, tzinfo=UTC), tick=False)
def test_a_bound_is_said_in_the_sentence() -> None:
    field = DatePartsField(what=WHAT, not_before=date(2026, 11, 20))
    assert _refusal(field, "19", "11", "2026").messages == [
        "The date of the email must be Friday 20 November or later"
    ]


def test_a_disabled_date_keeps_its_initial_value() -> None:
    assert DatePartsField().clean(date(2026, 1, 2)) == date(2026, 1, 2)


@pytest.mark.parametrize("text", ["100%", "%s", "%(parts)s"])
def test_a_percent_sign_in_the_name_of_a_date_does_no_harm(text) -> None:
    assert _refusal(DatePartsField(what=text), "", "", "").messages == [f"Enter {text}"]
