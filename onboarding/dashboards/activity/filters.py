"""What may stand in the address of the list of events, and the events that fit.

`company` (name, number, short name, or the code of an onboarding), `person` (email address or name), `step` (its slug),
`kind` (a group or an event's name), `first` and `last` (days, both included), `after` (where the page before ended).
"""

from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone

from certs import clock
from onboarding.audit.chain import PORTAL
from onboarding.audit.models import Event
from onboarding.dashboards.activity.access import (
    MOST_FOUND,
    find_companies,
    find_onboarding,
    find_people,
    list_events,
)
from onboarding.dashboards.activity.kinds import CHOICES, list_names
from onboarding.journey.models import CODE_LETTERS
from onboarding.journey.steps import STEPS
from onboarding.people.models import User
from onboarding.ui.keyset import Keyset

LONGEST = 100  # characters of a search
ORDER = Keyset("activity", "at", newest_first=True)
EARLIEST = date(2000, 1, 1)
AFTER = "after"


def _day(label: str) -> forms.DateField:
    box = forms.DateInput(attrs={"type": "date", "class": "govuk-input--width-10"}, format="%Y-%m-%d")
    wrong = {"invalid": "Enter a day as year, month and day, such as 2027-03-27."}
    return forms.DateField(
        label=label, required=False, widget=box, input_formats=["%Y-%m-%d"], error_messages=wrong
    )


class ActivityForm(forms.Form):
    """The filters above the list; all of them may be left out."""

    one_of: ClassVar[frozenset[str]] = frozenset({"company", "person", "step", "kind", "first", "last"})

    company = forms.CharField(label="Company or code", required=False, max_length=LONGEST)
    person = forms.CharField(label="Who did it: name or email", required=False, max_length=LONGEST)
    step = forms.ChoiceField(
        label="Step", required=False, choices=[("", "Any"), *((each.slug, each.title) for each in STEPS)]
    )
    kind = forms.ChoiceField(label="What happened", required=False, choices=CHOICES)
    first = _day("From")
    last = _day("To")

    def __init__(self, data: Any, user: User) -> None:
        super().__init__(data)
        self.user = user

    def clean_first(self) -> date | None:
        """Raises ValidationError for a day on which nothing can have happened."""
        return _check_day(self.cleaned_data["first"])

    def clean_last(self) -> date | None:
        """The same."""
        return _check_day(self.cleaned_data["last"])

    def clean_company(self) -> Q:
        """The chains of the companies that are meant, or the one onboarding."""
        words = self.cleaned_data["company"].strip()
        if not words:
            return Q()
        if _is_code(words) and (onboarding := find_onboarding(self.user, words)):
            return Q(onboarding_id=onboarding.pk)
        found = find_companies(self.user, words)
        _check_found(len(found), "companies")
        return Q(chain__in=[str(each.pk) for each in found])

    def clean_person(self) -> Q:
        """Those who are meant, as who did it; “The portal” is whatever nobody did."""
        words = self.cleaned_data["person"].strip()
        if not words:
            return Q()
        if words.lower() == PORTAL.lower():
            return Q(actor=None)
        found = find_people(self.user, words)
        _check_found(len(found), "people")
        return Q(actor__in=[each.pk for each in found])

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError for what is no filter, and for an end before its beginning."""
        given = super().clean() or {}
        if unknown := sorted(set(self.data) - {*self.fields, AFTER}):
            named = ", ".join(f"“{each[:40]}”" for each in unknown[:5])
            raise ValidationError(f"The address asks for {named}, and the list has no such filter.")
        first, last = given.get("first"), given.get("last")
        if first and last and last < first:
            raise ValidationError("The last day is before the first. Change one of them.")
        return given

    def find_events(self) -> QuerySet[Event]:
        """The events that fit; ask only of a form that is valid."""
        given = self.cleaned_data
        found = list_events(self.user).filter(given["company"] & given["person"])
        if given["step"]:
            found = found.filter(step=given["step"])
        if given["kind"]:
            found = found.filter(name__in=list_names(given["kind"]))
        if given["first"]:
            found = found.filter(at__gte=start_of(given["first"]))
        if given["last"]:
            found = found.filter(at__lt=start_of(given["last"] + timedelta(days=1)))
        return found


def start_of(day: date) -> datetime:
    """The first moment of a day by the clock on the wall here."""
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def _check_day(day: date | None) -> date | None:
    if day and not EARLIEST <= day <= clock.today():
        raise ValidationError("Nothing can have happened on this day. Enter one from 2000 until today.")
    return day


def _check_found(count: int, what: str) -> None:
    if count > MOST_FOUND:
        raise ValidationError(f"This fits more than {MOST_FOUND} {what}. Type more of the name.")


def _is_code(words: str) -> bool:
    left, _, right = words.upper().partition("-")
    return len(left) == len(right) == 4 and set(left + right) <= set(CODE_LETTERS)
