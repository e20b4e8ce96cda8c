"""A question's pages: ask it, read it with its answer, ask further; ops answer it, close it, and see all of them.

The moves are in asking.py, the rules in rules.py.
"""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from onboarding.journey.access import get_step, read_access
from onboarding.journey.models import StepRecord
from onboarding.people.access import person
from onboarding.people.decisions import require
from onboarding.questions import asking, rules
from onboarding.questions.access import get_question, list_answered, list_conversation, list_to_answer
from onboarding.questions.emails import list_receivers
from onboarding.questions.forms import AnswerForm, CloseForm, QuestionForm
from onboarding.questions.models import Question
from onboarding.ui.formatting import when
from onboarding.ui.sent_forms import fill_form, keeps_typed, render_form

MOST = 200  # rows of the list of all companies'


@keeps_typed(QuestionForm)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """GET asks what the question is, POST opens it for ops."""
    record = get_step(person(request), code, slug)
    return _ask(request, record, None)


@keeps_typed(QuestionForm)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_further(request: HttpRequest, code: str, pk: UUID) -> HttpResponse:
    """The same in a conversation that was begun; for who began it."""
    found = get_question(person(request), code, pk)
    require(rules.may_ask_further(person(request), found))
    return _ask(request, found.record, found)


def _ask(request: HttpRequest, record: StepRecord, follows: Question | None) -> HttpResponse:
    user = person(request)
    require(rules.may_ask(read_access(user, record.onboarding), record))
    form = fill_form(request, QuestionForm)
    if request.method != "POST" or not form.is_valid():
        context = {"record": record, "onboarding": record.onboarding, "form": form, "follows": follows}
        return render_form(request, "questions/ask.html", context)
    made, is_new = asking.ask(record, actor=user, text=form.cleaned_data["text"], follows=follows)
    if is_new:
        messages.success(request, "Ops have your question. The answer comes by email, and stands here.")
    else:
        messages.info(request, f"You asked this on {when(made.asked_at)} already; it waits for an answer.")
    return redirect("questions:question", record.onboarding.code, made.pk)


@require_safe
def question(request: HttpRequest, code: str, pk: UUID) -> HttpResponse:
    """The question with its answer, and what was asked before and after it."""
    user = person(request)
    found = get_question(user, code, pk)
    conversation = list_conversation(user, found)
    asks_further = rules.may_ask(read_access(user, found.record.onboarding), found.record) and (
        rules.may_ask_further(user, found)
    )
    context = {
        "question": found,
        "conversation": conversation,
        "record": found.record,
        "onboarding": found.record.onboarding,
        "may_ask_further": bool(asks_further),
        "answers": user.is_ops,
        "waits": any(each.is_open for each in conversation),
    }
    return render(request, "questions/question.html", context)


@keeps_typed(AnswerForm)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, code: str, pk: UUID) -> HttpResponse:
    """Ops type the answer, see what is sent to whom, and send it."""
    user = person(request)
    found = get_question(user, code, pk)
    require(rules.may_answer(user, found))
    form = fill_form(request, AnswerForm)
    action = request.POST.get("action")
    context = {"question": found, "onboarding": found.record.onboarding, "record": found.record, "form": form}
    if request.method != "POST" or action == "change" or not form.is_valid():
        return render_form(request, "questions/answer.html", context)
    if action != "send":
        context |= {"receivers": list_receivers(found), "text": form.cleaned_data["text"]}
        return render(request, "questions/preview.html", context)
    asking.answer(found, actor=user, text=form.cleaned_data["text"])
    messages.success(request, "The answer is sent, and stands on the case.")
    return redirect("questions:question", found.record.onboarding.code, found.pk)


@keeps_typed(CloseForm)
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, code: str, pk: UUID) -> HttpResponse:
    """Ops close a question without an answer, and say why."""
    user = person(request)
    found = get_question(user, code, pk)
    require(rules.may_answer(user, found))
    form = fill_form(request, CloseForm)
    if request.method != "POST" or not form.is_valid():
        context = {
            "question": found,
            "onboarding": found.record.onboarding,
            "record": found.record,
            "form": form,
            "receivers": list_receivers(found),
        }
        return render_form(request, "questions/close.html", context)
    asking.close(found, actor=user, reason=form.cleaned_data["reason"])
    messages.success(request, "The question is closed. Who asked is told why.")
    return redirect("questions:question", found.record.onboarding.code, found.pk)


@require_safe
def every(request: HttpRequest) -> HttpResponse:
    """The questions of every company: those that wait, then those that are over."""
    user = person(request)
    context = {"waiting": list_to_answer(user, MOST), "over": list_answered(user, 50), "most": MOST}
    return render(request, "questions/every.html", context)
