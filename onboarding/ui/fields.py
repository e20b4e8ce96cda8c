"""Form fields of our own: dates in parts, one line of text, email addresses, and uploads with a limit.

How they look stands in field_markup.py; what a date or a file means is for the form that has the field.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat

from certs import clock
from onboarding.ui import formatting, validators
from onboarding.ui.widgets import DATE_PARTS, DateParts

Moment = date | datetime
Bound = Moment | Callable[[], Moment] | None

_MONTHS = {
    name: number
    for number in range(1, 13)
    for name in (f"{date(2000, number, 1):%B}".lower(), f"{date(2000, number, 1):%b}".lower())
}


def _field_error(sentence: str, *parts: str) -> ValidationError:
    """An error that knows which boxes are wrong, so that only those turn red."""
    return ValidationError(sentence.replace("%", "%%"), code="invalid", params={"parts": parts})


def _evaluate_bound(value: Bound) -> Moment | None:
    return value() if callable(value) else value


def _join_names(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


class DatePartsField(forms.MultiValueField):
    """A date typed as day, month and year; cleans to datetime.date (or None if not required and empty).

    `what` names the date in errors ("the date of the email"). `not_after` and `not_before` are dates, or
    callables that answer one when the form is checked. A month may also be typed as a name.
    """

    widget = DateParts
    parts: tuple[str, ...] = DATE_PARTS
    default_hint = "For example, 27 3 2027"

    def __init__(
        self,
        *,
        what: str = "the date",
        not_before: Bound = None,
        not_after: Bound = None,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("help_text", self.default_hint)
        self.what, self.not_before, self.not_after = what, not_before, not_after
        boxes = [forms.CharField(required=False, max_length=20) for _ in self.parts]
        super().__init__(boxes, require_all_fields=False, **kwargs)

    def clean(self, value: Any) -> Any:
        """Raises ValidationError with one sentence and, in params["parts"], the boxes it is about."""
        texts = self._texts(value)
        if not any(texts):
            if self.required:
                raise _field_error(f"Enter {self.what}", *self.parts)
            return None
        self._require_all_parts(texts)
        moment = self.compress(texts)
        self._require_in_bounds(moment)
        self.validate(moment)
        self.run_validators(moment)
        return moment

    def _texts(self, value: Any) -> list[str]:
        """One stripped text a box; a disabled field brings its initial date instead of texts."""
        boxes: Any = self.widget  # a class until the field is made, the widget from then on
        typed = value if isinstance(value, list) else boxes.decompress(value)
        return ["" if text is None else str(text).strip() for text in typed]

    def compress(self, data_list: Any) -> Any:
        """The boxes' texts as a date."""
        day, month, year = data_list[:3]
        number = _MONTHS.get(month.lower(), month)
        try:
            return date(int(year), int(number), int(day))
        except ValueError:
            raise _field_error(f"{self._What} must be a real date", *DATE_PARTS) from None

    @property
    def _What(self) -> str:  # noqa: N802  # `what` with a capital, as it begins a sentence
        return self.what[0].upper() + self.what[1:]

    def _require_all_parts(self, texts: list[str]) -> None:
        missing = [part for part, text in zip(self.parts, texts, strict=True) if not text]
        if missing:
            raise _field_error(f"{self._What} must include a {_join_names(missing)}", *missing)
        if not re.fullmatch(r"\d{4}", texts[2]):
            raise _field_error("Year must include 4 numbers", "year")

    def _require_in_bounds(self, moment: Moment) -> None:
        earliest, latest = _evaluate_bound(self.not_before), _evaluate_bound(self.not_after)
        if latest is not None and moment > latest:
            raise _field_error(f"{self._What} must be {self._describe_latest(latest)}", *self.parts)
        if earliest is not None and moment < earliest:
            raise _field_error(f"{self._What} must be {formatting.when(earliest)} or later", *self.parts)

    def _describe_latest(self, latest: Moment) -> str:
        return "today or in the past" if latest == clock.today() else f"{formatting.when(latest)} or earlier"


class SingleLineField(forms.CharField):
    """One line of text: line ends and other control characters that a browser would not send become spaces."""

    def to_python(self, value: Any) -> Any:
        """The text with single spaces."""
        text = super().to_python(value)
        return (
            " ".join("".join(c if c.isprintable() or c == "\0" else " " for c in text).split())
            if text
            else text
        )


class LowercaseEmailField(forms.EmailField):
    """An email address in small letters, as accounts and invitations have it; its length is looked at after that."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 254, **kwargs})

    def to_python(self, value: Any) -> Any:
        """The address as it is compared."""
        text = super().to_python(value)
        return text.strip().lower() if text else text


class PhoneField(SingleLineField):
    """A telephone number that can be dialled, as it was typed; without + it is one of the United Kingdom."""

    def clean(self, value: Any) -> Any:
        """Raises ValidationError with a sentence that says what is missing."""
        typed = super().clean(value)
        return validators.normalize_phone(typed) if typed else typed


def _list_choices() -> list[tuple[str, str]]:
    return [("", "Choose a country"), *validators.list_countries()]


class CountryField(forms.ChoiceField):
    """A country, kept as two letters of ISO 3166-1; "UK" and a country's name are understood where they are sent."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=_list_choices, **kwargs)

    def prepare_value(self, value: Any) -> str:
        """The code that an older answer or a draft means; "" for what is no country, so that nobody sends another."""
        try:
            return self.to_python(value)
        except ValidationError:
            return ""

    def to_python(self, value: Any) -> str:
        """Raises ValidationError for what is no country."""
        return validators.normalize_country(value) if value else ""


class UploadField(forms.FileField):
    """A small file; cleans to the UploadedFile, held in memory.

    `accept` are file name endings that the browser offers (a help, not a check); `max_bytes` may be less than
    settings.UPLOAD_LIMIT, never more.
    """

    def __init__(
        self,
        *,
        accept: Sequence[str] = (),
        max_bytes: int | None = None,
        holds_key: str | None = None,
        **kwargs: Any,
    ) -> None:
        self.max_bytes = max_bytes
        attrs = {"accept": ",".join(accept)} if accept else {}
        # Whatever else holds a key is stopped in the page (key-guard.js): "" lets any key pass, "pfx" a PFX only.
        expected = "" if ".key" in accept else "pfx" if ".pfx" in accept else None
        takes = expected if holds_key is None else holds_key
        if takes is not None:
            attrs["data-takes-key"] = takes
        kwargs.setdefault("widget", forms.FileInput(attrs=attrs))
        super().__init__(**kwargs)
        self.error_messages["empty"] = "The file is empty. Choose another one."

    def to_python(self, data: Any) -> Any:
        """Raises ValidationError for a file larger than the limit, saying both sizes."""
        # Of a file beyond UPLOAD_LIMIT the upload handler has kept nothing but the size.
        limit = min(self.max_bytes or settings.UPLOAD_LIMIT, settings.UPLOAD_LIMIT)
        size = data.size or 0 if data else 0
        if size > limit:
            sentence = f"The file has {filesizeformat(size)}. It must have {filesizeformat(limit)} or less."
            raise ValidationError(sentence, "too_large")
        return super().to_python(data)
