"""What may stand in the address of the list of companies: a search, filters, an order, a place to go on from.

The list is at `/ops/companies/`, its file at `/ops/companies/list.csv`. All of these may be left out:

- `q`: words, each of which must begin a word of the company's name or number, or of a member's name or email address;
  or the code of an onboarding, or the serial number of a certificate (hexadecimal);
- `state`: `not-started`, `under-way` (the stuck ones too), `stuck` (a problem, or past its time), `complete`,
  `withdrawn`, `held` (the company is on hold), `archived`; without it everything but what is archived;
- `environment`: `uit` or `production`;
- `stage`: a value of Stage, such as `Vetting`: what is under way and stands there;
- `actor`: whose task it is: `companies`, `globalsign` (Atlas, too) or `us`;
- `dcp`: `any`, `none`, or the end of the email address of somebody from outside who was let in, such as `dcp.example`;
- `age`: days at the same step: `7` is at least 7, `3-7` is at least 3 and less than 7;
- `problem`: `any`, or a ProblemCode;
- `expiring`: `30`, `60` or `90`: the newest certificate ends within as many days;
- `sort`: `name`, `since` (longest at the same step first), `due` (due first), `added` (newest company first);
- `after` or `before`: where the page before ended, or the one behind begins, made by this portal and good for the same
  filters only.

One row is one onboarding, or one company that has none. Whatever else stands in the address is said and refused.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from onboarding.journey.actor_groups import ACTOR_GROUPS
from onboarding.journey.choices import OnboardingEnvironment
from onboarding.journey.problems import PROBLEMS
from onboarding.journey.steps import Actor, Stage

LONGEST_SEARCH = 100  # characters
AFTER, BEFORE, SENT = "after", "before", "sent"
AGE = re.compile(r"(\d{1,4})(?:-(\d{1,4}))?")
WORD = re.compile(r"[^\W_]+")


class RowState(StrEnum):
    """How a row stands."""

    NOT_STARTED = "not-started"
    UNDER_WAY = "under-way"
    STUCK = "stuck"
    COMPLETE = "complete"
    WITHDRAWN = "withdrawn"
    HELD = "held"
    ARCHIVED = "archived"


class Sort(StrEnum):
    """The orders of the list."""

    NAME = "name"
    SINCE = "since"
    DUE = "due"
    ADDED = "added"


STATE_LABELS = [
    ("", "All that are not archived"),
    (RowState.NOT_STARTED, "Not started"),
    (RowState.UNDER_WAY, "Under way"),
    (RowState.STUCK, "Stuck or late"),
    (RowState.COMPLETE, "Complete"),
    (RowState.WITHDRAWN, "Withdrawn"),
    (RowState.HELD, "On hold"),
    (RowState.ARCHIVED, "Archived"),
]
SORT_LABELS = [
    (Sort.NAME, "Company, A to Z"),
    (Sort.SINCE, "Longest at the same step"),
    (Sort.DUE, "Due first"),
    (Sort.ADDED, "Added last"),
]
ACTORS: dict[str, tuple[str, tuple[Actor, ...]]] = {
    "companies": ("The company", ACTOR_GROUPS["companies"]),
    "globalsign": ("GlobalSign or Atlas", ACTOR_GROUPS["globalsign"]),
    "us": ("Us", ACTOR_GROUPS["us"]),
}
PROBLEM_LABELS = [
    ("", "Any or none"),
    ("any", "Any problem"),
    *sorted(((str(code), each.title) for code, each in PROBLEMS.items()), key=lambda pair: pair[1]),
]
EXPIRING = [("", "Any"), *((str(days), f"Within {days} days") for days in (30, 60, 90))]


@dataclass(frozen=True)
class Chosen:
    """The filters as they are applied; an empty one narrows nothing. `age`: days from, and days to or None."""

    words: tuple[str, ...] = ()
    state: str = ""
    environment: str = ""
    stage: str = ""
    actor: str = ""
    dcp: str = ""
    age: tuple[int, int | None] | None = None
    problem: str = ""
    expiring: int = 0
    sort: Sort = Sort.NAME

    @property
    def needs_active(self) -> bool:
        """Whether only onboardings that are under way can fit."""
        return bool(self.stage or self.actor or self.age or self.problem)

    @property
    def needs_case(self) -> bool:
        """Whether a company without an onboarding cannot fit."""
        with_case = {RowState.UNDER_WAY, RowState.STUCK, RowState.COMPLETE, RowState.WITHDRAWN}
        named_guest = self.dcp not in ("", "none")
        return (
            self.needs_active
            or self.state in with_case
            or bool(self.environment or self.expiring or named_guest)
        )


def _share(choices: Sequence[tuple[str, str]]) -> Callable[[], Sequence[tuple[str, str]]]:
    """The choices of a field. A form copies each pair of a list for every request, never what a function answers."""
    return lambda: choices


class FilterForm(forms.Form):
    """The filters above the list. Everything may be left out, and no label needs to say so."""

    one_of: ClassVar[frozenset[str]] = frozenset(
        {"q", "state", "environment", "stage", "actor", "dcp", "age", "problem", "expiring", "sort"}
    )

    q = forms.CharField(
        label="Company, number, code, person, email or serial number",
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "class": "govuk-input--width-20"}),
    )
    state = forms.ChoiceField(label="Status", required=False, choices=_share(STATE_LABELS))
    sort = forms.ChoiceField(label="Order", required=False, choices=_share(SORT_LABELS))
    environment = forms.ChoiceField(
        label="Environment", required=False, choices=_share([("", "Any"), *OnboardingEnvironment.choices])
    )
    stage = forms.ChoiceField(
        label="Stage",
        required=False,
        choices=_share([("", "Any"), *((each.value, each.value) for each in Stage)]),
    )
    actor = forms.ChoiceField(
        label="Who has to act",
        required=False,
        choices=_share([("", "Anybody"), *((name, words) for name, (words, _) in ACTORS.items())]),
    )
    age = forms.CharField(
        label="Days at the same step",
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5"}),
        help_text="7 for at least 7 days, 3-7 for 3 to 7.",
    )
    problem = forms.ChoiceField(label="Problem", required=False, choices=_share(PROBLEM_LABELS))
    expiring = forms.ChoiceField(label="Certificate ends", required=False, choices=_share(EXPIRING))
    dcp = forms.CharField(
        label="DCP",
        required=False,
        max_length=254,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "spellcheck": "false"}),
        help_text="The end of its email addresses, or any, or none.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                field.error_messages["invalid_choice"] = (
                    f"“%(value)s” is no choice for “{field.label}”. Choose again."
                )

    def clean_q(self) -> str:
        """Words with a letter or digit each. Raises ValidationError."""
        text: str = self.cleaned_data["q"]
        if len(text) > LONGEST_SEARCH:
            raise ValidationError(
                f"A search has at most {LONGEST_SEARCH} characters, and this has {len(text)}. Shorten it."
            )
        if text and not WORD.search(text):
            raise ValidationError("Type at least one letter or digit to search for.")
        return text

    def clean_age(self) -> tuple[int, int | None] | None:
        """Days from and to. Raises ValidationError."""
        typed = "".join(self.cleaned_data["age"].split())
        found = AGE.fullmatch(typed)
        if not typed:
            return None
        low, high = (found[1], found[2]) if found else ("", None)
        if not found or (high is not None and int(high) <= int(low)):
            raise ValidationError("Type a number of days, such as 7, or two with a hyphen, such as 3-7.")
        return int(low), int(high) if high is not None else None

    def clean(self) -> dict[str, Any]:
        """Nothing else may stand in the address: a filter with a slip in its name would show everything."""
        typed = super().clean() or {}
        if unknown := sorted(set(self.data) - self.one_of - {AFTER, BEFORE, SENT}):
            named = ", ".join(f"“{each[:40]}”" for each in unknown[:5])
            self.add_error(None, f"The address asks for {named}, and the list has no such filter.")
        return typed

    @property
    def chosen(self) -> Chosen:
        """What holds; ask only of a form that is valid."""
        given = self.cleaned_data
        return Chosen(
            words=tuple(WORD.findall(given["q"].lower())),
            **{name: given[name] for name in ("state", "environment", "stage", "actor", "age", "problem")},
            dcp=given["dcp"].strip().casefold(),
            expiring=int(given["expiring"] or 0),
            sort=Sort(given["sort"] or Sort.NAME),
        )

    @property
    def has_further(self) -> bool:
        """Whether any of the filters is used that are folded away."""
        return any(self.data.get(name) for name in ("stage", "actor", "age", "problem", "expiring", "dcp"))


def describe_query(data: Mapping[str, str]) -> str:
    """The filters of an address, without the place in the list, as the part of an address after its `?`."""
    order = [name for name in FilterForm.base_fields if data.get(name)]
    return urlencode({name: data[name] for name in order})


def read_query(query: str) -> QueryDict:
    """The same, read back."""
    return QueryDict(query)
