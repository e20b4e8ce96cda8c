"""The form of a step that can be done in several ways: it has the fields of one way, and refuses what another takes.

The ways stand in the step's row (steps/ways.py).
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms

from onboarding.journey.forms.base import StepForm
from onboarding.journey.way_conditions import Circumstances
from onboarding.journey.ways import Way

CHOOSE = "Choose one of the ways that are listed."
NOT_TAKEN = (
    "You sent a file, and “{way}” takes none. Nothing of it was kept. Choose “{other}” under “Choose another way” and "
    "send it there."
)


class WayForm(StepForm):
    """`way` is the one that its page shows; of a form that was sent it is the one that was sent, if it is there.

    `tool` is the way's name: several ways send the same answer.
    """

    way = forms.ChoiceField(label="Way", widget=forms.HiddenInput(), error_messages={"required": CHOOSE})
    tool = forms.CharField(label="Tool", required=False, max_length=40, widget=forms.HiddenInput())

    def __init__(self, *args: Any, way: Way | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = Circumstances(self.record, self.case_files)
        self.ways = [each for each in here.list_ways() if each.sends]
        self.chosen = self._find_sent() if self.is_bound else way
        self._offer_ways()
        for name in self._list_foreign_fields():
            del self.fields[name]
        if self.chosen:
            self.initial.update(way=self.chosen.sends, tool=self.chosen.name)

    def _find_sent(self) -> Way | None:
        return find_way(self.ways, self.data)

    def _offer_ways(self) -> None:
        field: Any = self.fields["way"]
        field.choices = [(each.sends, each.label) for each in self.ways]
        sent = self.data.get("way")
        closed = [each.closed for each in self.record.definition.ways if each.sends == sent and each.closed]
        field.error_messages["invalid_choice"] = closed[0] if closed else CHOOSE

    def _list_foreign_fields(self) -> set[str]:
        """The fields of other ways."""
        kept = set(self.chosen.fields) if self.chosen else set()
        return {name for way in self.record.definition.ways for name in way.fields} - kept

    def way_answers(self) -> dict[str, Any]:
        """The way of a valid form, for the record."""
        assert self.chosen is not None
        return {"way": self.chosen.sends, "tool": self.chosen.name}

    def clean(self) -> dict[str, Any] | None:
        """A file that this way does not take is not passed over in silence."""
        data = super().clean() or {}
        for sentence in self._describe_foreign_files():
            self.add_error(None, sentence)
        return data

    def _describe_foreign_files(self) -> Iterator[str]:
        for name in sorted(self._list_foreign_fields() & set(self.files)):
            taker = next((each for each in self.ways if name in each.fields), None)
            if self.chosen and taker:
                yield NOT_TAKEN.format(way=self.chosen.label, other=taker.label)


def find_way(ways: Sequence[Way], answers: Any) -> Way | None:
    """The way that these answers of a form, sent or kept, mean: by its name, else the first that sends the same."""
    meant = [way for way in ways if way.sends and way.sends == answers.get("way")]
    return next((way for way in meant if way.name == answers.get("tool")), meant[0] if meant else None)
