"""What every step's form shares: what it keeps, what it never keeps, and how findings become errors.

The forms themselves are in setup.py, keys.py and confirm.py.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.formats import date_format

from certs import clock
from certs.evidence.file_types import ENDINGS, NotEvidence
from certs.evidence.inspection import inspect
from certs.findings import Finding, InvalidArtifact
from onboarding.journey.answer_models import GIVEN
from onboarding.journey.forms.differences import Difference
from onboarding.journey.models import StepRecord
from onboarding.journey.page_files import PageFiles
from onboarding.journey.progress import Submission
from onboarding.journey.refusals import SentForm
from onboarding.people.models import User
from onboarding.ui.fields import UploadField
from onboarding.ui.secret_text import ForgetfulForm, holds_any_secret, refuse_secrets

NO_AUTOFILL = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
LONGEST_SHOWN = 2_000  # characters of an answer that a step's page shows later
LONGEST_KEPT = 40_000  # characters: a certificate with its chain; what is longer is not kept in part


def today() -> date:
    """The date in the installation's time zone."""
    return clock.today()


def long_ago() -> date:
    """The earliest date that can be meant: nobody's onboarding began two years ago."""
    return today() - timedelta(days=730)


def at_noon(day: date) -> datetime:
    """A day that a person named, as an aware moment."""
    return timezone.make_aware(datetime.combine(day, time(12)))


class PlainForm(ForgetfulForm):
    """A form about one step record. `undraftable` names fields that are never drafted, logged or shown again.

    Of the fields in `one_of` one must be given, whichever: none of them is called optional.
    """

    undraftable: ClassVar[frozenset[str]] = frozenset()
    not_answers: ClassVar[frozenset[str]] = frozenset()  # kept elsewhere
    one_of: ClassVar[frozenset[str]] = frozenset()
    submit_text: ClassVar[str] = "Save and continue"

    def __init__(
        self, *args: Any, record: StepRecord, user: User, case_files: PageFiles | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.record, self.user = record, user
        self.case_files = case_files or PageFiles(
            record.onboarding
        )  # for what the form shows, never for what it stores
        self.findings: tuple[Finding, ...] = ()
        self.earlier: dict[str, str] = {}  # what was sent before, by field; controls.py shows it

    @classmethod
    def draftable(cls, data: Mapping[str, Any]) -> dict[str, str]:
        """What was typed and may be kept as a draft: no secret field, no file, nothing that holds a private key."""
        kept = {}
        for name, value in data.items():
            field = (
                name.rsplit("_", 1)[0]
                if name.rsplit("_", 1)[-1] in ("day", "month", "year", "time")
                else name
            )
            known = name in cls.base_fields or field in cls.base_fields
            if (
                known
                and field not in cls.undraftable
                and isinstance(value, str)
                and len(value) <= LONGEST_KEPT
                and not holds_any_secret(value)
            ):
                kept[name] = value.replace("\0", "")  # PostgreSQL has no place for it
        return kept

    def add_findings_of(self, invalid: InvalidArtifact, field: str | None = None) -> None:
        """Turn findings into errors: each sentence says what was seen and how to fix it."""
        self.findings = invalid.findings
        for finding in invalid.findings:
            if finding.severity == "error":
                self.add_error(field, f"{finding.seen} {finding.fix}")

    def plain_answers(self) -> dict[str, Any]:
        """The cleaned answers as plain JSON, without secrets and files."""
        kept: dict[str, Any] = {}
        for name, value in self.cleaned_data.items():
            if name in self.undraftable or value in (None, ""):
                continue
            if isinstance(value, date | datetime):
                kept[name] = value.isoformat()
            elif isinstance(value, str | bool | int | list):
                kept[name] = value
        return kept

    def list_shown_answers(self) -> dict[str, Any]:
        """The answers of a valid form as people may read them later, as plain JSON.

        GIVEN stands for what is never drafted, for files, for keys and certificates, and for what is very long.
        """
        shown = {}
        for name in self.fields:
            value = self.cleaned_data.get(name)
            if name not in self.not_answers and value not in (None, "", [], False):
                shown[name] = GIVEN if name in self.undraftable else _shorten(value)
        return shown


def _shorten(value: Any) -> Any:
    if isinstance(value, bool | int | list):
        return value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if not isinstance(value, str | Decimal):
        return GIVEN
    text = str(value)
    return GIVEN if len(text) > LONGEST_SHOWN or "-----BEGIN" in text or holds_any_secret(text) else text


class MovingForm(PlainForm):
    """A form whose sending moves a step; each says with `effect` what it does."""

    fault_field: str | None = None

    def effect(self, record: StepRecord) -> Submission:
        """Write what belongs to the form, inside the move's transaction, and say what it proves, or what was seen.

        Raises InvalidArtifact when an artefact does not pass its checks (the field is `fault_field`).
        """
        raise NotImplementedError

    def send(self, record: StepRecord) -> Submission:
        """What `effect` does, with what is shown of the form later. Raises as `effect` does."""
        sent = SentForm(type(self).__name__, self.list_shown_answers())
        return replace(self.effect(record), sent=sent)


class StepForm(MovingForm):
    """The form of a person's act."""

    def differences(self) -> list[Difference]:
        """What the person has to look at and tick before a valid form is sent; most forms have nothing of it."""
        return []

    @property
    def has_drafts(self) -> bool:
        """Whether anything is typed here that may be kept for later."""
        return any(
            name not in self.undraftable and not field.widget.is_hidden for name, field in self.fields.items()
        )

    def sections(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The answers as (heading, [(question, answer)]) for Check your answers."""
        rows = [
            (str(field.label), _shown(self.cleaned_data.get(name), field))
            for name, field in self.fields.items()
            if name not in self.undraftable
        ]
        return [("", rows)]


def _shown(value: Any, field: forms.Field) -> str:
    if isinstance(field, forms.ChoiceField) and isinstance(value, str):
        choices: Any = field.choices
        value = dict(choices).get(value, value)
    if value is True:
        return "Yes"
    if isinstance(value, date):
        return date_format(value)
    return "Not given" if value in (None, "", False) else str(value)


class EvidenceForm(PlainForm):
    """What a person saw: a note, perhaps a file. Dates are the forms' own."""

    submit_text = "Confirm"
    undraftable = frozenset({"evidence_file"})
    not_answers = frozenset({"note", "evidence_file"})  # they stand with the evidence

    note = forms.CharField(
        label="Note",
        required=False,
        max_length=2000,
        validators=[refuse_secrets],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Who wrote, and the case number. Never type a password or a secret.",
    )
    evidence_file = UploadField(
        label="The email or a screenshot, as a file",
        required=False,
        accept=[ending for endings in ENDINGS.values() for ending in endings],
        help_text="Email (.eml), PDF, PNG, JPEG or plain text. It is kept encrypted for the company’s people, and "
        "destroyed with the secrets.",
    )

    def clean_evidence_file(self) -> Any:
        """What it is, is told by its content; it must hold neither a private key nor API credentials."""
        upload = self.cleaned_data.get("evidence_file")
        if upload:
            try:
                inspect(upload.read())
            except NotEvidence as why:
                raise forms.ValidationError(str(why)) from None
            upload.seek(0)
        return upload

    def file(self) -> tuple[str, bytes] | None:
        """(name, content) of the evidence file."""
        upload = self.cleaned_data.get("evidence_file")
        return (str(upload.name)[:200], upload.read()) if upload else None


class ConfirmForm(EvidenceForm, MovingForm):
    """The form by which a person ends a wait. Never a bare tick box: a date, a note, perhaps a file."""

    def seen_on(self) -> datetime:
        """When it was seen (aware)."""
        return clock.now()
