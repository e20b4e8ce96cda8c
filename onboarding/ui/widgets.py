"""Widgets that know more than Django's: hints and reveals of choices, dates in parts.

How they are drawn stands in field_markup.py; here is only what they read and write.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

DATE_PARTS = ("day", "month", "year")


class _Choosing:
    """What radios and checkboxes share: `hints` by value, `reveals`: value -> field or fields it uncovers."""

    def __init__(
        self,
        *args: Any,
        hints: Mapping[str, str] | None = None,
        reveals: Mapping[str, str | Sequence[str]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.hints = dict(hints or {})
        self.reveals: dict[str, tuple[str, ...]] = {
            value: (names,) if isinstance(names, str) else tuple(names)
            for value, names in (reveals or {}).items()
        }


class Radios(_Choosing, forms.RadioSelect):
    """Radios with a hint under a choice, or a field that shows when the choice is made."""


class Checkboxes(_Choosing, forms.CheckboxSelectMultiple):
    """Checkboxes with a hint under a choice, or a field that shows when the choice is made."""


class BrowserKey(forms.TextInput):
    """A panel whose script makes or uses a key in the browser; what it answers is posted, the key never is."""


class DateParts(forms.MultiWidget):
    """Day, month and year as three text boxes: people type dates they know faster than they pick them."""

    parts: tuple[str, ...] = DATE_PARTS

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({part: forms.TextInput() for part in self.parts}, attrs)

    def decompress(self, value: Any) -> list[Any]:
        """A date (or None) as the texts of the boxes."""
        if not isinstance(value, date):
            return [None] * len(self.parts)
        return [value.day, value.month, value.year]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Nothing was posted at all; a single missing box is an error of the person, not an absent field."""
        return all(f"{name}_{part}" not in data for part in self.parts)
