"""What may be typed into the list of clients: a search, filters, an order.

Whatever else is in the address is left out, and the page says so.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar
from urllib.parse import urlencode

from django import forms

from onboarding.clients.client import ClientState
from onboarding.journey.choices import OnboardingEnvironment
from onboarding.journey.steps import STEPS


class Sort(StrEnum):
    """The orders of the list."""

    YOURS = "to-do"
    COMPANY = "company"
    SINCE = "since"
    UNTIL = "until"
    STEP = "step"


SORT_LABELS = [
    (Sort.YOURS, "For you to do first"),
    (Sort.COMPANY, "Company, A to Z"),
    (Sort.SINCE, "Longest since"),
    (Sort.UNTIL, "Access that ends first"),
    (Sort.STEP, "Step"),
]
STATE_LABELS = [
    ("", "Not done yet"),
    (ClientState.YOURS, "For you to do"),
    (ClientState.WAITING, "Waiting for others"),
    (ClientState.DONE, "Your steps are done"),
]
STEP_LABELS = [("", "Any step"), *((each.slug, each.title) for each in STEPS)]


@dataclass(frozen=True)
class Chosen:
    """The filters as they are applied; an empty one narrows nothing."""

    words: str
    environment: str
    state: str
    step: str
    sort: Sort


class FilterForm(forms.Form):
    """The filters above the list. Everything may be left out, and no label needs to say so."""

    one_of: ClassVar[frozenset[str]] = frozenset({"q", "environment", "state", "step", "sort"})

    q = forms.CharField(label="Company or code", required=False, max_length=100)
    environment = forms.ChoiceField(
        label="Environment", required=False, choices=[("", "Any"), *OnboardingEnvironment.choices]
    )
    state = forms.ChoiceField(label="Your steps", required=False, choices=STATE_LABELS)
    step = forms.ChoiceField(label="Step", required=False, choices=STEP_LABELS)
    sort = forms.ChoiceField(label="Order", required=False, choices=SORT_LABELS)

    @property
    def chosen(self) -> Chosen:
        """What holds; what is none of the choices counts as left out."""
        self.is_valid()
        given = self.cleaned_data
        return Chosen(
            words=given.get("q", ""),
            environment=given.get("environment", ""),
            state=given.get("state", ""),
            step=given.get("step", ""),
            sort=Sort(given.get("sort") or Sort.YOURS),
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether any client may be left out by what was typed."""
        chosen = self.chosen
        return any((chosen.words, chosen.environment, chosen.state, chosen.step))

    def as_chosen(self) -> "FilterForm":
        """The form as it is shown: with what holds, and nothing else."""
        return FilterForm(initial=self._values())

    def describe_query(self) -> str:
        """What holds, as the part of an address after the question mark."""
        return urlencode({name: value for name, value in self._values().items() if value})

    def _values(self) -> dict[str, str]:
        chosen = self.chosen
        return {
            "q": chosen.words,
            "environment": chosen.environment,
            "state": chosen.state,
            "step": chosen.step,
            "sort": "" if chosen.sort == Sort.YOURS else chosen.sort,
        }

    def describe_ignored(self) -> str:
        """A sentence about what was in the address and is no choice; empty when everything was."""
        self.is_valid()
        labels = [f"“{self.fields[name].label}”" for name in self.errors]
        if not labels:
            return ""
        return f"What the address says for {' and '.join(labels)} is not known here, so it was left out."
