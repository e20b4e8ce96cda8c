"""One address per verb that is not the step's own form: report a problem, try again, send back.

Each is one move and a redirect.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from onboarding.journey import guards, progress, signals
from onboarding.journey.access import Access, get_step, read_access
from onboarding.journey.forms.plain import SOMETHING_ELSE, ProblemForm, ReasonForm, SendBackForm
from onboarding.journey.models import StepRecord
from onboarding.journey.steps import BY_SLUG
from onboarding.people.access import person
from onboarding.people.decisions import Decision, Reason, require
from onboarding.ui.post_only import posted_from
from onboarding.ui.sent_forms import fill_form, keeps_typed, render_form


@keeps_typed(ProblemForm)
@posted_from("journey:step", "code", "slug", may_see=get_step)
def problem(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Say that the step went wrong."""
    record = _as_shown(request, code, slug)
    require(guards.may_report_problem(read_access(person(request), record.onboarding), record))
    form = fill_form(request, ProblemForm, record=record)
    if not form.is_valid():
        context = {
            "record": record,
            "onboarding": record.onboarding,
            "form": form,
            "verb": "Report the problem",
        }
        return render_form(request, "journey/verb.html", context)
    if form.cleaned_data["code"] == SOMETHING_ELSE:
        return _ask_for_help(request, record, form.cleaned_data["detail"])
    progress.report_problem(record, actor=person(request), **form.cleaned_data)
    messages.info(request, "The problem is on record. The page says what to do next.")
    return redirect("journey:step", code, slug)


def _ask_for_help(request: HttpRequest, record: StepRecord, text: str) -> HttpResponse:
    """The step stays as it is; a room above takes the question (signals.py)."""
    answers = signals.help_asked.send(StepRecord, record=record, actor=person(request), text=text)
    if any(is_new for _, is_new in answers):
        messages.success(
            request, "Ops have your question. The step stays as it is; the answer comes by email."
        )
    else:
        messages.info(request, "You have asked this already. It stands on this page and waits for an answer.")
    return redirect("journey:step", record.onboarding.code, record.slug)


@posted_from("journey:step", "code", "slug", may_see=get_step)
def reopen(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Try the step again after a problem."""
    record = _as_shown(request, code, slug)
    progress.reopen(record, actor=person(request))
    messages.success(request, f"“{record.definition.title}” can be done again.")
    return redirect("journey:step", code, slug)


@keeps_typed(ReasonForm)
@require_http_methods(["GET", "HEAD", "POST"])
def send_anew(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """GET says what it means and asks for a reason, POST has the form sent although Atlas may have it."""
    record = _as_shown(request, code, slug)
    require(guards.may_send_anew(read_access(person(request), record.onboarding), record))
    form = fill_form(request, ReasonForm)
    if request.method == "POST" and form.is_valid():
        progress.send_anew(record, actor=person(request), reason=form.cleaned_data["reason"])
        messages.success(request, "The portal sends it to Atlas again.")
        return redirect("journey:step", code, slug)
    context = {"record": record, "onboarding": record.onboarding, "form": form}
    return render_form(request, "journey/send_anew.html", context)


@keeps_typed(SendBackForm)
@posted_from("journey:step", "code", "slug", may_see=get_step)
def send_back(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Have an earlier step done again."""
    record = _as_shown(request, code, slug)
    require(_may_send_back_at_all(read_access(person(request), record.onboarding), record))
    form = fill_form(request, SendBackForm, record=record)
    if not form.is_valid():
        context = {"record": record, "onboarding": record.onboarding, "form": form, "verb": "Send back"}
        return render_form(request, "journey/verb.html", context)
    to = form.cleaned_data["to"]
    progress.send_back(record, actor=person(request), to=to, reason=form.cleaned_data["reason"])
    messages.success(
        request, f"“{BY_SLUG[to].title}” is to be done again; what rests on it is closed until then."
    )
    return redirect("journey:step", code, to)


def _may_send_back_at_all(access: Access, record: StepRecord) -> Decision:
    """Asked before the form is: who may not send this step back is told so, whatever is typed."""
    decisions = [guards.may_send_back(access, record, to) for to in record.definition.back_to]
    refused = Decision.refuse("This step cannot be sent back.", Reason.STATE)
    return next((each for each in decisions if each), decisions[0] if decisions else refused)


def _as_shown(request: HttpRequest, code: str, slug: str) -> StepRecord:
    """The step, if it stands as the page showed it. Raises AlreadyMoved."""
    record = get_step(person(request), code, slug)
    if request.POST.get("version", str(record.version)) != str(record.version):
        raise progress.AlreadyMoved(record)
    return record
