"""What a person can do on a step's page, each with its form, and what was sent from it and not taken.

What else the page shows is put together in step_page.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.forms import Form

from onboarding.journey import guards
from onboarding.journey.access import Access
from onboarding.journey.forms import blank, form_to_confirm, step_form
from onboarding.journey.forms.base import ConfirmForm, StepForm
from onboarding.journey.forms.blank import BlankForm
from onboarding.journey.forms.plain import ProblemForm, SendBackForm
from onboarding.journey.models import StepRecord
from onboarding.journey.page_files import PageFiles
from onboarding.journey.problems import find_problem
from onboarding.journey.steps import State
from onboarding.journey.views.way_page import Wanted, WayPanel

Rows = Sequence[dict[str, str]]  # `key` and `value`


@dataclass(frozen=True)
class Actions:
    """What this person can do here now, each with its form; `refusal` says why not the step itself."""

    form: StepForm | None
    confirm_form: ConfirmForm | None
    refusal: str
    may_claim: bool
    may_reassign: bool
    may_unclaim: bool
    may_send_anew: bool
    may_reopen: bool
    send_back_form: SendBackForm | BlankForm | None
    problem_form: ProblemForm | BlankForm | None

    @property
    def refused_form(self) -> Form | None:
        """The form that was sent and is shown with what is wrong with it."""
        forms = (self.form, self.confirm_form, self.problem_form, self.send_back_form)
        return next(
            (form for form in forms if isinstance(form, Form) and form.is_bound and form.errors), None
        )


@dataclass(frozen=True)
class Sent:
    """What was sent to a page, and was not taken: `kept` goes into the forms again; `refused` says why, with `rows`.

    `refusal_title` stands above that reason. `wanted` is the way of the step that the reader asked for.
    """

    form: StepForm | None = None
    confirm_form: ConfirmForm | None = None
    problem_form: ProblemForm | None = None
    send_back_form: SendBackForm | None = None
    kept: dict[str, Any] | None = None
    refusal_title: str = ""
    refused: str = ""
    rows: Rows = ()
    wanted: Wanted | None = None


def build_actions(
    access: Access, record: StepRecord, files: PageFiles, sent: Sent, ways: WayPanel | None
) -> Actions:
    """The forms and buttons of the page; a form that was sent and not taken comes as it was sent."""
    troubles = record.state in (State.OPEN, State.WAITING) and guards.may_report_problem(access, record)
    back = any(guards.may_send_back(access, record, to) for to in record.definition.back_to)
    return Actions(
        form=sent.form or _form(access, record, files, sent, ways),
        confirm_form=sent.confirm_form or _confirm_form(access, record, files, sent),
        refusal=guards.may_act(access, record).sentence,
        may_claim=bool(guards.may_claim(access, record)),
        may_reassign=bool(guards.may_reassign(access, record)),
        may_unclaim=bool(guards.may_unclaim(access, record)) and record.state != State.DONE,
        may_send_anew=bool(guards.may_send_anew(access, record)),
        may_reopen=bool(guards.may_reopen(access, record)),
        send_back_form=(sent.send_back_form or _send_back_form(record)) if back else None,
        problem_form=(sent.problem_form or blank.draw_problem_form(record.slug)) if troubles else None,
    )


def _form(
    access: Access, record: StepRecord, files: PageFiles, sent: Sent, ways: WayPanel | None
) -> StepForm | None:
    form = step_form(record.definition)
    if form is None or not guards.may_submit(access, record) or (ways and not ways.has_form):
        return None
    about: dict[str, Any] = {"record": record, "user": access.user, "case_files": files}
    if ways:
        about["way"] = ways.chosen
    return form(initial=initial_of(form, record, sent.kept), **about)


def _confirm_form(access: Access, record: StepRecord, files: PageFiles, sent: Sent) -> ConfirmForm | None:
    form = form_to_confirm(record)
    if form is None or not guards.may_confirm(access, record):
        return None
    return form(
        initial=initial_of(form, record, sent.kept), record=record, user=access.user, case_files=files
    )


def _send_back_form(record: StepRecord) -> BlankForm:
    problem = find_problem(record.problem_code)
    return blank.draw_send_back_form(record.slug, problem.back_to if problem else None)


def initial_of(form: type[Any], record: StepRecord, kept: dict[str, Any] | None) -> dict[str, Any]:
    """A form's first values: what was typed before, else what was sent before (after a problem).

    A kept date is three typed parts; its widget takes it as (day, month, year).
    """
    source = kept or record.draft or record.answers
    found: dict[str, Any] = {name: source[name] for name in form.base_fields if name in source}
    for name in form.base_fields:
        parts = [source.get(f"{name}_{part}") for part in ("day", "month", "year")]
        if any(parts):
            found[name] = [part or "" for part in parts]
    return found
