"""What was sent in a step, as its page shows it: who sent it, when, each answer under the form's own label.

Whoever may see the step may see it. Why a step is done again, and what was sent before, stands with its new form.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.dateparse import parse_date
from django.utils.formats import date_format

from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.journey import answers, evidence
from onboarding.journey.access import Access, list_events
from onboarding.journey.answer_models import GIVEN, SentAnswers
from onboarding.journey.forms import find_form, step_form
from onboarding.journey.forms.base import StepForm
from onboarding.journey.forms.ways import find_way
from onboarding.journey.models import Evidence, StepRecord
from onboarding.journey.problems import find_problem
from onboarding.journey.steps import BY_SLUG, State, Witness
from onboarding.journey.views.page_actions import Rows
from onboarding.ui.fields import DatePartsField
from onboarding.ui.formatting import when
from onboarding.ui.secret_text import holds_any_secret

NOT_ON_RECORD = (
    "What was sent for this step is not on record here: it was done before the portal kept what was sent."
)
NOTHING_SENT = "Nothing was sent from this page: the portal saw by itself that it is done."
NOT_SHOWN = "Given. It is not shown here."


@dataclass(frozen=True)
class SentBlock:
    """One sending. `title` says who and when; `evidence` is there where it ended a wait."""

    title: str
    rows: Rows
    evidence: Evidence | None = None


@dataclass(frozen=True)
class SentPanel:
    """Everything that was sent in one step, the newest first.

    `older` are sendings of a form that was sent again later. `note` says why there is nothing. `reasons` say why the
    step is done again; `earlier` are the answers of the last time, by the names of the form's fields.
    """

    blocks: Sequence[SentBlock] = ()
    older: Sequence[SentBlock] = ()
    note: str = ""
    reasons: Sequence[str] = ()
    earlier: dict[str, str] | None = None

    def stand_beside(self, form: StepForm | None) -> None:
        """Have the form show, at each of its fields, what was sent there before."""
        if form is not None and self.earlier:
            form.earlier = self.earlier


def build_sent_panel(access: Access, record: StepRecord) -> SentPanel:
    """Read what was sent: two queries for a step that was moved since it began, one more where it is done again."""
    moved = record.version > 1
    pieces = evidence.list_of_record(record) if moved else []
    sent = (answers.list_of_record(record) if moved else []) or _read_from_record(record)
    blocks: list[SentBlock] = []
    older: list[SentBlock] = []
    seen: set[str] = set()
    for each in _merge(sent, pieces):
        form = each.form if isinstance(each, SentAnswers) else ""
        (older if form and form in seen else blocks).append(_describe(record, each, pieces))
        seen.add(form)
    again = record.state == State.OPEN and bool(sent)
    return SentPanel(
        blocks=blocks,
        older=older,
        note="" if blocks or record.state != State.DONE else _explain_nothing(record),
        reasons=_list_reasons(access, record, sent) if again else (),
        earlier=_list_earlier(record, sent) if again else None,
    )


def _read_from_record(record: StepRecord) -> list[SentAnswers]:
    """What the step works with, where nothing else is kept of how it was sent; it is not stored."""
    form = step_form(record.definition)
    if not record.answers or form is None:
        return []
    by, at = record.submitted_by or record.moved_by, record.submitted_at or record.since
    return [SentAnswers(record=record, by=by, at=at, form=form.__name__, answers=record.answers)]


def _merge(sent: Sequence[SentAnswers], pieces: Sequence[Evidence]) -> list[SentAnswers | Evidence]:
    """All of it, the newest first; evidence that came with answers is shown with them."""
    told = {each.evidence_id for each in sent}
    alone = [each for each in pieces if each.pk not in told]
    return sorted([*sent, *alone], key=lambda each: each.at, reverse=True)


def _describe(record: StepRecord, each: SentAnswers | Evidence, pieces: Sequence[Evidence]) -> SentBlock:
    title = f"Sent by {each.by} on {when(each.at)}" if each.by else f"Sent on {when(each.at)}"
    if isinstance(each, Evidence):
        rows = [{"key": "Seen on", "value": date_format(each.seen_on, "DATE_FORMAT")}]
        return SentBlock(title, rows, each)
    found = next((piece for piece in pieces if piece.pk == each.evidence_id), None)
    shown = _list_answers(record, each)
    return SentBlock(title, [{"key": label, "value": value} for _, label, value in shown], found)


def _list_answers(record: StepRecord, sent: SentAnswers) -> list[tuple[str, str, str]]:
    """(name, label, value) of each answer, in the order of the form; a field that is no more keeps its name."""
    form = find_form(sent.form)
    fields: dict[str, Any] = dict(form.base_fields) if form else {}
    order = getattr(form, "field_order", None) or []
    names = [*(name for name in order if name in sent.answers), *fields, *sorted(sent.answers)]
    rows = []
    for name in dict.fromkeys(names):
        field, value = fields.get(name), sent.answers.get(name)
        if value is None or (field is not None and field.widget.is_hidden):
            continue
        label = str(field.label) if field is not None else name.replace("_", " ").capitalize()
        rows.append((name, label, _format(field, value)))
    if way := find_way(BY_SLUG[record.slug].ways, sent.answers):
        rows.insert(0, ("way", "Way", way.label))
    return rows


def _format(field: forms.Field | None, value: Any) -> str:
    if value == GIVEN:
        return NOT_SHOWN
    if isinstance(value, str) and holds_any_secret(value):
        return NOT_SHOWN  # older versions kept what was typed into the wrong box
    if value is True:
        return "Yes"
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        labels = {str(key): str(label) for key, label in choices}
        chosen = value if isinstance(value, list) else [value]
        return "\n".join(labels.get(str(each), str(each)) for each in chosen)
    if isinstance(field, DatePartsField) and (day := parse_date(str(value)[:10])):
        return date_format(day, "DATE_FORMAT")
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)


def _explain_nothing(record: StepRecord) -> str:
    """Why a step that is done shows nothing that was sent."""
    sent_by_a_person = record.submitted_at or record.witness == Witness.PERSON
    return NOT_ON_RECORD if sent_by_a_person else NOTHING_SENT


def _list_earlier(record: StepRecord, sent: Sequence[SentAnswers]) -> dict[str, str]:
    form = step_form(record.definition)
    last = next((each for each in reversed(sent) if form and each.form == form.__name__), None)
    shown = _list_answers(record, last) if last else []
    return {name: value for name, _, value in shown if value != NOT_SHOWN}


def _list_reasons(access: Access, record: StepRecord, sent: Sequence[SentAnswers]) -> list[str]:
    """Why it is done again: the reason with which it was sent back, and the problem that led there.

    The other steps' problems are not told to somebody from outside.
    """
    names = (EventName.STEP_SENT_BACK, EventName.STEP_PROBLEM)
    happened = list(list_events(record.onboarding).filter(name__in=names, at__gte=sent[-1].at)[:20])
    own = next((event for event in happened if event.step == record.slug), None)
    if own is None:
        return []
    if own.name == EventName.STEP_PROBLEM:
        return [_describe_problem(own)]
    by = own.actor_label.split(" <")[0]
    reasons = [f"{by} sent it back on {when(own.at)}: {own.data.get('reason', '')}"]
    led = [each for each in happened if each.step == own.data.get("by_step") and each.number < own.number]
    problem = next((each for each in led if each.name == EventName.STEP_PROBLEM), None)
    return [*([_describe_problem(problem)] if problem and not access.is_outside else []), *reasons]


def _describe_problem(event: Event) -> str:
    known = find_problem(str(event.data.get("code", "")))
    detail = str(event.data.get("detail") or "")
    return f"{known.title if known else 'There was a problem'}. {detail}".strip()
