"""An offer's pages: make one, look before it goes, see it from either side, answer it, end it.

The moves are in offers.py, the rules in rules.py.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from onboarding.handover import offers, rules, secret_sharing
from onboarding.handover.access import offer_for
from onboarding.handover.forms import AnswerForm, HandOverForm, WithdrawForm
from onboarding.handover.models import Offer
from onboarding.handover.offer_text import describe_access, describe_first_action
from onboarding.handover.signals import collect_context, offer_previewed, offer_shown
from onboarding.journey.access import get_step, read_access
from onboarding.journey.models import StepRecord
from onboarding.journey.views import form_recovery
from onboarding.notifications import delivery_status
from onboarding.people.access import person, role_in
from onboarding.people.decisions import Reason, StateConflict, require
from onboarding.people.models import ADMINS, User
from onboarding.people.reauthentication import require_recent_login
from onboarding.ui.post_only import posted_from
from onboarding.ui.sent_forms import fill_form, keeps_typed, render_form


@keeps_typed(HandOverForm)
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Ask what, to whom, why and until when; show what the receiver will see; then send."""
    user = person(request)
    record = get_step(user, code, slug)
    access = read_access(user, record.onboarding)
    decision = rules.may_offer(access, record)
    # How things stand is said beside what was typed, and not in place of it.
    if request.method != "POST" or decision.reason == Reason.PERMISSION:
        require(decision)
    form = fill_form(request, HandOverForm, record=record, access=access)
    action = request.POST.get("action")
    if request.method != "POST" or action == "change" or not form.is_valid():
        return render_form(request, "handover/hand_over.html", _describe_form(record, form))
    if action != "send":
        return _preview(request, record, form)
    return _let_in(request, record, form) if form.is_outside else _send(request, record, form)


def _describe_form(record: StepRecord, form: HandOverForm) -> dict[str, Any]:
    return {"record": record, "onboarding": record.onboarding, "form": form}


def _preview(request: HttpRequest, record: StepRecord, form: HandOverForm) -> HttpResponse:
    data = form.cleaned_data
    plan = form.plan()
    context = {
        "record": record,
        "onboarding": record.onboarding,
        "form": form,
        "receiver": form.receiver(),
        "posted": [(name, value) for name, values in request.POST.lists() for value in values if _mine(name)],
        "data": data,
        "plan": plan,
        "outside": form.is_outside,
        "steps": [_offered_step(each) for each in form.records()],
        **collect_context(offer_previewed, Offer, records=form.records()),
        **describe_access(outside=form.is_outside),
    }
    return render(request, "handover/preview.html", context)


def _mine(name: str) -> bool:
    return name not in ("action", "csrfmiddlewaretoken")


@require_recent_login
def _let_in(request: HttpRequest, record: StepRecord, form: HandOverForm) -> HttpResponse:
    """Who lets somebody from outside in shows first that it is them."""
    return _send(request, record, form)


def _send(request: HttpRequest, record: StepRecord, form: HandOverForm) -> HttpResponse:
    try:
        made = offers.offer(form.plan(), actor=person(request))
    except StateConflict as refusal:
        form.add_error(None, refusal.sentence)
        # At once: the page that a redirect leads to says how things stand, without what was typed.
        return render(request, "handover/hand_over.html", _describe_form(record, form), status=409)
    waits = delivery_status.describe_new_email(made.to_email, made.company_id) if made.is_outside else ""
    messages.success(
        request, f"Offered to {made.receiver}. It stays yours until they accept. {waits}".strip()
    )
    return redirect("offers:offer", made.pk)


def _offered_step(record: StepRecord) -> dict[str, Any]:
    return {
        "record": record,
        "title": record.definition.title,
        "state": record.state,
        "first": describe_first_action(record),
        "draft": form_recovery.as_rows(record.slug, record.draft) if record.draft else [],
    }


@require_safe
def offer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The offer as its reader sees it: the receiver decides, the other side waits."""
    user = person(request)
    found = offer_for(user, pk)
    receives = found.to_user_id == user.pk
    context = {
        "offer": found,
        "onboarding": found.onboarding,
        "receives": receives,
        "admin": role_in(user, found.company) in ADMINS,
        "titles": found.titles(),
        "description": rules.describe_offer(found),
        "mail": delivery_status.describe_held_back_email(found.to_email, found.company_id)
        if found.is_outside
        else "",
        "steps": [_offered_step(each) for each in _shown(found, user, receives)],
        "may_answer": bool(rules.may_answer(user, found)),
        "may_withdraw": bool(rules.may_withdraw(user, found)),
        "may_return": bool(rules.may_return(user, found)),
        **collect_context(offer_shown, Offer, offer=found),
        "secrets": secret_sharing.list_shared_secrets(user, found),
        "may_share": bool(secret_sharing.may_share(user, found)),
        **describe_access(outside=found.is_outside),
    }
    return render(request, "handover/offer.html", context)


def _shown(found: Offer, user: User, receives: bool) -> list[StepRecord]:
    """How the steps stand: for the receiver only while the offer is open, and afterwards what they may see anyway."""
    if not receives or found.is_open:
        return found.records()
    visible = set(StepRecord.objects.visible_to(user).values_list("pk", flat=True))
    return [record for record in found.records() if record.pk in visible]


@posted_from("offers:offer", "pk", may_see=offer_for)
def accept(request: HttpRequest, pk: UUID) -> HttpResponse:
    """From now on it is theirs."""
    found = offers.accept(offer_for(person(request), pk), actor=person(request))
    first = next((r for r in found.records() if r.assignee_id == found.to_user_id), found.records()[0])
    messages.success(request, f"{found.titles()}: yours now. {found.from_user} is told.")
    return redirect("journey:step", found.onboarding.code, first.slug)


@keeps_typed(AnswerForm)
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say no, and why."""
    return _with_reason(request, pk, "decline", AnswerForm, rules.may_answer, offers.decline)


@keeps_typed(WithdrawForm)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take the offer back."""
    return _with_reason(request, pk, "withdraw", WithdrawForm, rules.may_withdraw, offers.withdraw)


@keeps_typed(AnswerForm)
@require_http_methods(["GET", "HEAD", "POST"])
def return_(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give back what was accepted."""
    return _with_reason(request, pk, "return", AnswerForm, rules.may_return, offers.return_)


DONE = {
    "decline": "You declined. {other} is told, with your reason.",
    "withdraw": "The offer is withdrawn. {other} is told.",
    "return": "Returned. {other} is told, with your reason. Your draft stays with the step.",
}


def _with_reason(
    request: HttpRequest,
    pk: UUID,
    verb: str,
    form_class: type[AnswerForm],
    rule: Callable[..., Any],
    move: Callable[..., Offer],
) -> HttpResponse:
    user = person(request)
    found = offer_for(user, pk)
    require(rule(user, found))
    form = fill_form(request, form_class)
    if request.method != "POST" or not form.is_valid():
        context = {"offer": found, "onboarding": found.onboarding, "form": form, "verb": verb}
        context["titles"] = found.titles()
        return render_form(request, f"handover/{verb}.html", context)
    move(found, actor=user, reason=form.cleaned_data["reason"])
    other = found.receiver if verb == "withdraw" else found.from_user
    messages.success(request, DONE[verb].format(other=other))
    return redirect("/?stay") if verb == "return" else redirect("offers:offer", found.pk)
