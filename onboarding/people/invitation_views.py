"""An invitation as its receiver sees it: open the link, use it in this browser, accept with an account or make one.

What accepting does is in inviting.py. The token stands in the e-mail's address only: the session keeps its hash.
"""

from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onboarding.people import invitation_links, invitation_opening, inviting
from onboarding.people.access import person
from onboarding.people.decisions import StateConflict
from onboarding.people.forms import JoinForm
from onboarding.people.link_pages import hold, leave_token, used_page
from onboarding.people.models import Invitation, User
from onboarding.people.one_time_links import opened_with

SEEN, HELD = "invitation", "invitation-held"


@login_not_required
@require_safe
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """From the e-mail's link to an address that holds no token."""
    return leave_token(request, SEEN, invitation_links.key_of(token), "invitations:invitation")


@login_not_required
@require_safe
def invitation(request: HttpRequest) -> HttpResponse:
    """Who invites whom to what, and the one thing to do next: use the link, then accept as fits the person."""
    held = _held(request)
    if held is not None and invitation_opening.works(_seen(request)):  # a newer link than the one it holds
        held = None
    found = held or inviting.by_key(_key(request))
    if request.user.is_authenticated and found.accepted_by_id == person(request).pk:
        return redirect(_next_page(person(request), found))
    inviting.acceptable(found)
    if held is None and (opened := opened_with(_key(request))):
        return used_page(request, opened, reverse("invitations:new-link"), inviter=found.invited_by)
    return _page(request, found, is_held=held is not None)


@login_not_required
@require_POST
def use_link(request: HttpRequest) -> HttpResponse:
    """From now on the link is worth nothing, and this browser may accept."""
    key = _key(request)
    found = inviting.by_key(key)
    if request.user.is_authenticated and person(request).email != found.email:
        raise StateConflict(
            f"You are signed in as {person(request).email}. Sign out, then open the link again."
        )
    if opened := invitation_opening.use_link(key):
        hold(request, HELD, str(opened.pk))
    return redirect("invitations:invitation")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_link(request: HttpRequest) -> HttpResponse:
    """Another link to the address that was invited; the same answer whatever became of it."""
    if request.method == "POST":
        invitation_opening.send_new_link(_seen(request))
        return redirect("invitations:new-link")
    return render(request, "people/new_link.html")


@require_POST
def accept(request: HttpRequest) -> HttpResponse:
    """Accept with the account that is signed in."""
    user = person(request)
    with transaction.atomic():
        found = invitation_opening.lock_held(request.session.get(HELD))
        found = inviting.accept(found.token_hash, user=user)
    _forget(request)
    messages.success(request, _welcome(found))
    return redirect(_next_page(user, found))


@login_not_required
@require_POST
def join(request: HttpRequest) -> HttpResponse:
    """Accept as somebody new: name and password, and signed in at once."""
    if request.user.is_authenticated:
        raise StateConflict(
            f"You are signed in as {person(request).email}. Sign out, then open the link again."
        )
    found = _held(request)
    if found is None:
        raise StateConflict(invitation_opening.FORGOTTEN)
    form = JoinForm(request.POST, email=inviting.acceptable(found).email)
    if not form.is_valid():
        return _page(request, found, is_held=True, form=form)
    user = _join(request, form.cleaned_data)
    _forget(request)
    messages.success(request, _welcome(found))
    login = Login(user=user, redirect_url=_next_page(user, found))
    answer: HttpResponse = perform_password_login(request, {"email": user.email}, login)
    return answer


def _join(request: HttpRequest, typed: dict[str, Any]) -> User:
    with transaction.atomic():
        found = invitation_opening.lock_held(request.session.get(HELD))
        return inviting.join(found.token_hash, name=typed["name"], password=typed["password1"])


def _page(
    request: HttpRequest, found: Invitation, *, is_held: bool, form: JoinForm | None = None
) -> HttpResponse:
    newcomer = inviting.newcomer(found) is not None
    context = {
        "invitation": found,
        "company": found.company,
        "is_held": is_held,
        "is_mine": request.user.is_authenticated and person(request).email == found.email,
        "form": (form or JoinForm(email=found.email)) if newcomer else None,
        "sign_in": f"{reverse('account_login')}?next={reverse('invitations:invitation')}",
    }
    return render(request, "people/invitation.html", context, status=422 if form else 200)


def _seen(request: HttpRequest) -> str:
    return str(request.session.get(SEEN, ""))


def _key(request: HttpRequest) -> str:
    key = _seen(request)
    if not key:
        raise StateConflict(invitation_opening.FORGOTTEN)
    return key


def _held(request: HttpRequest) -> Invitation | None:
    return invitation_opening.held_invitation(request.session.get(HELD))


def _forget(request: HttpRequest) -> None:
    for slot in (SEEN, HELD):
        request.session.pop(slot, None)


def _welcome(found: Invitation) -> str:
    return f"You have accepted the invitation of {found.company.name}."


def _next_page(user: User, found: Invitation) -> str:
    for choose in inviting.NEXT_PAGE:
        if page := choose(user, found):
            return page
    return reverse("desk:desk") if found.is_outsider else reverse("desk:company", args=[found.company.slug])
