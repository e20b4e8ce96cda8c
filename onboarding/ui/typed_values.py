"""What of a form's post may be kept for a while, and the form made of it again.

Never kept are files, passwords, fields that a form calls `undraftable`, and whatever has the shape of a secret.
"""

from typing import Any, TypeVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.utils import ErrorDict
from django.http import QueryDict

from onboarding.ui.secret_text import holds_any_secret
from onboarding.ui.widgets import DATE_PARTS

LONGEST_KEPT = (
    40_000  # characters of one value: a certificate with its chain; what is longer is not kept in part
)
LONGEST_REPEATED = 100  # characters of what was sent that stand in a sentence about it
Typed = dict[str, list[str]]  # by the name under which it was posted
Errors = dict[str, list[list[Any]]]  # by field: [sentence, code, the parts of a date that it is about]
FormT = TypeVar("FormT", bound=forms.Form)


def list_keepable(form: type[forms.Form], data: QueryDict) -> Typed:
    """What was typed and may be kept."""
    return {
        name: [value.replace("\0", "") for value in values]  # PostgreSQL has no place for it
        for name, values in data.lists()
        if _may_keep(form, name) and all(len(each) <= LONGEST_KEPT for each in values)
        and not any(map(holds_any_secret, values))
    }  # fmt: skip


def has_unkeepable(form: forms.Form) -> bool:
    """Whether somebody has filled in something of which nothing may be kept: a file, a password, a secret, too much.

    A secret in a box that is not meant for one does not count: the box is emptied on any way.
    """
    data: Any = form.data
    typed = {name for name, values in data.lists() if any(values) and _find_field(type(form), name)}
    secrets = {name for name in typed if _may_keep(type(form), name) and _holds_secret(data, name)}
    return bool(form.files) or bool(typed - secrets - set(list_keepable(type(form), data)))


def dump_errors(form: forms.Form) -> Errors:
    """What is wrong with a form, as plain JSON."""
    return {
        name: [[_shorten(each, text), each.code, list((each.params or {}).get("parts", ()))]
               for each in errors for text in each.messages]
        for name, errors in form.errors.as_data().items()
    }  # fmt: skip


def _shorten(error: ValidationError, text: str) -> str:
    """Django's sentence about a choice repeats what was sent, which may be a secret, and of any length."""
    sent = str((error.params or {}).get("value") or "")
    repeats = sent and (len(sent) > LONGEST_REPEATED or holds_any_secret(sent))
    return text.replace(sent, "What was sent") if repeats else text


def fill_again(form: FormT, errors: Errors) -> FormT:
    """The bound form with these errors; nothing is checked anew."""
    found = ErrorDict()
    for name, rows in errors.items():
        kind = "nonfield" if name == NON_FIELD_ERRORS else None
        again = [_make_error(*row) for row in rows]
        found[name] = form.error_class(again, error_class=kind, renderer=form.renderer)
    # Django has no other way to bind a form to answers that were checked before.
    form._errors = found  # type: ignore[attr-defined]
    form.cleaned_data = {}
    return form


def as_posted(typed: Typed) -> QueryDict:
    """What was kept, as it was posted."""
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(name, values)
    return data


def _make_error(text: str, code: str | None, parts: list[str]) -> ValidationError:
    if parts:
        return ValidationError(text.replace("%", "%%"), code, {"parts": tuple(parts)})
    return ValidationError(text, code)


def _holds_secret(data: QueryDict, name: str) -> bool:
    return any(map(holds_any_secret, data.getlist(name)))


def _find_field(form: type[forms.Form], name: str) -> str:
    """The field to which a posted name belongs: its own name, or a box of its date."""
    whole, _, part = name.rpartition("_")
    if part in DATE_PARTS and whole in form.base_fields:
        return whole
    return name if name in form.base_fields else ""


def _may_keep(form: type[forms.Form], name: str) -> bool:
    field = _find_field(form, name)
    if not field or field in getattr(form, "undraftable", ()):
        return False
    found = form.base_fields[field]
    return not isinstance(found, forms.FileField) and not isinstance(found.widget, forms.PasswordInput)
