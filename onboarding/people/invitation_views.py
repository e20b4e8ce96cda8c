"""An invitation as its receiver sees it: open the link, use it in this browser, accept with an account or make one.

What accepting does is in invitations.py. The token stands in the email's address only: the session keeps its hash.
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
from django.views.decorators.http import require_http_methods, require_safe

from certs.signals import answers
from onboarding.people import invitation_link_use, invitation_links, invitations, signals
from onboarding.people.access import person
from onboarding.people.decisions import StateConflict
from onboarding.people.forms import JoinForm
from onboarding.people.link_views import bind_link, redirect_without_token, render_used_link
from onboarding.people.models import Invitation, User
from onboarding.people.one_time_links import find_opened
from onboarding.ui.post_only import posted_from

SEEN_LINK, BOUND_LINK = "invitation", "invitation-held"
UNKNOWN = "unknown"  # in the address behind a link that is none of ours, or not any more


@login_not_required
@require_safe
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """From the email's link to an address that holds no token."""
    key, page = invitation_links.hash_token(token), reverse("invitations:invitation")
    if not invitation_link_use.is_known(key):
        return redirect_without_token(request, SEEN_LINK, None, f"{page}?{UNKNOWN}")
    return redirect_without_token(request, SEEN_LINK, key, page)


@login_not_required
@require_safe
def invitation(request: HttpRequest) -> HttpResponse:
    """Who invites whom to what, and the one thing to do next: use the link, then accept as fits the person."""
    bound = _get_bound(request)
    if bound is not None and invitation_link_use.works(
        _get_seen_link(request)
    ):  # a newer link than the one it holds
        bound = None
    found = bound or invitations.get_by_key(_require_key(request))
    if request.user.is_authenticated and found.accepted_by_id == person(request).pk:
        return redirect(_next_page(person(request), found))
    invitations.require_acceptable(found)
    if bound is None and (opened := find_opened(_require_key(request))):
        return render_used_link(request, opened, reverse("invitations:new-link"), inviter=found.invited_by)
    return _page(request, found, is_bound=bound is not None)


@login_not_required
@posted_from("invitations:invitation")
def use_link(request: HttpRequest) -> HttpResponse:
    """From now on the link is worth nothing, and this browser may accept."""
    key = _require_key(request)
    found = invitations.get_by_key(key)
    if request.user.is_authenticated and person(request).email != found.email:
        raise StateConflict(
            f"You are signed in as {person(request).email}. Sign out, then open the link again."
        )
    if opened := invitation_link_use.use_link(key):
        bind_link(request, BOUND_LINK, str(opened.pk))
    return redirect("invitations:invitation")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_link(request: HttpRequest) -> HttpResponse:
    """Another link to the address that was invited; the same answer whatever became of it."""
    if request.method == "POST":
        invitation_link_use.send_new_link(_get_seen_link(request))
        return redirect("invitations:new-link")
    return render(request, "people/new_link.html")


@posted_from("invitations:invitation")
def accept(request: HttpRequest) -> HttpResponse:
    """Accept with the account that is signed in."""
    user = person(request)
    with transaction.atomic():
        found = invitation_link_use.lock_bound_invitation(request.session.get(BOUND_LINK))
        found = invitations.accept(found.token_hash, user=user)
    _forget(request)
    messages.success(request, _welcome(found))
    return redirect(_next_page(user, found))


@login_not_required
@posted_from("invitations:invitation")
def join(request: HttpRequest) -> HttpResponse:
    """Accept as somebody new: name and password, and signed in at once."""
    if request.user.is_authenticated:
        raise StateConflict(
            f"You are signed in as {person(request).email}. Sign out, then open the link again."
        )
    found = _get_bound(request)
    if found is None:
        raise StateConflict(invitation_link_use.FORGOTTEN)
    form = JoinForm(request.POST, email=invitations.require_acceptable(found).email)
    if not form.is_valid():
        return _page(request, found, is_bound=True, form=form)
    user = _join(request, form.cleaned_data)
    _forget(request)
    messages.success(request, _welcome(found))
    login = Login(user=user, redirect_url=_next_page(user, found))
    answer: HttpResponse = perform_password_login(request, {"email": user.email}, login)
    return answer


def _join(request: HttpRequest, typed: dict[str, Any]) -> User:
    with transaction.atomic():
        found = invitation_link_use.lock_bound_invitation(request.session.get(BOUND_LINK))
        return invitations.join(found.token_hash, name=typed["name"], password=typed["password1"])


def _page(
    request: HttpRequest, found: Invitation, *, is_bound: bool, form: JoinForm | None = None
) -> HttpResponse:
    newcomer = invitations.find_newcomer(found) is not None
    context = {
        "invitation": found,
        "company": found.company,
        "is_bound": is_bound,
        "is_mine": request.user.is_authenticated and person(request).email == found.email,
        "form": (form or JoinForm(email=found.email)) if newcomer else None,
        "sign_in": f"{reverse('account_login')}?next={reverse('invitations:invitation')}",
    }
    return render(request, "people/invitation.html", context, status=422 if form else 200)


def _get_seen_link(request: HttpRequest) -> str:
    return str(request.session.get(SEEN_LINK, ""))


def _require_key(request: HttpRequest) -> str:
    key = _get_seen_link(request)
    if not key:
        raise StateConflict(invitations.UNKNOWN if UNKNOWN in request.GET else invitation_link_use.FORGOTTEN)
    return key


def _get_bound(request: HttpRequest) -> Invitation | None:
    return invitation_link_use.get_bound_invitation(request.session.get(BOUND_LINK))


def _forget(request: HttpRequest) -> None:
    for slot in (SEEN_LINK, BOUND_LINK):
        request.session.pop(slot, None)


def _welcome(found: Invitation) -> str:
    return f"You have accepted the invitation of {found.company.name}."


def _next_page(user: User, found: Invitation) -> str:
    for page in answers(signals.first_page_requested, Invitation, user=user, invitation=found):
        return str(page)
    return (
        reverse("dashboards:tasks")
        if found.is_outsider
        else reverse("dashboards:company", args=[found.company.slug])
    )
