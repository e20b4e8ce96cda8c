"""An invitation as its receiver sees it: open the link, then accept with an account or make one.

What accepting does is in inviting.py. The token stands in the e-mail's address only: the session keeps its hash.
"""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from onboarding.people import invitation_links, inviting
from onboarding.people.access import NotNow, person
from onboarding.people.forms import JoinForm
from onboarding.people.models import Invitation, User

KEPT = "invitation"


@login_not_required
@require_GET
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """From the e-mail's link to an address that holds no token."""
    key = invitation_links.key_of(token)
    inviting.by_key(key)
    request.session[KEPT] = key
    return redirect("invitations:invitation")


@login_not_required
@require_GET
def invitation(request: HttpRequest) -> HttpResponse:
    """Who invites whom to what, and the one way to accept that fits the person."""
    found = inviting.by_key(_key(request))
    if request.user.is_authenticated and found.accepted_by_id == person(request).pk:
        return redirect(_next_page(person(request), found))
    return _page(request, inviting.acceptable(found))


@require_POST
def accept(request: HttpRequest) -> HttpResponse:
    """Accept with the account that is signed in."""
    user = person(request)
    found = inviting.accept(_key(request), user=user)
    request.session.pop(KEPT, None)
    messages.success(request, _welcome(found))
    return redirect(_next_page(user, found))


@login_not_required
@require_POST
def join(request: HttpRequest) -> HttpResponse:
    """Accept as somebody new: name and password, and signed in at once."""
    if request.user.is_authenticated:
        raise NotNow(f"You are signed in as {person(request).email}. Sign out, then open the link again.")
    found = inviting.acceptable(inviting.by_key(_key(request)))
    form = JoinForm(request.POST, email=found.email)
    if not form.is_valid():
        return _page(request, found, form)
    password = form.cleaned_data["password1"]
    user = inviting.join(_key(request), name=form.cleaned_data["name"], password=password)
    messages.success(request, _welcome(found))
    login = Login(user=user, redirect_url=_next_page(user, found))
    answer: HttpResponse = perform_password_login(request, {"email": user.email}, login)
    return answer


def _page(request: HttpRequest, found: Invitation, form: JoinForm | None = None) -> HttpResponse:
    newcomer = inviting.newcomer(found) is not None
    context = {
        "invitation": found,
        "company": found.company,
        "is_mine": request.user.is_authenticated and person(request).email == found.email,
        "form": (form or JoinForm(email=found.email)) if newcomer else None,
        "sign_in": f"{reverse('account_login')}?next={reverse('invitations:invitation')}",
    }
    return render(request, "people/invitation.html", context, status=422 if form else 200)


def _key(request: HttpRequest) -> str:
    key = request.session.get(KEPT)
    if not key:
        raise NotNow("Open the link in the invitation e-mail again: the portal has forgotten it meanwhile.")
    return str(key)


def _welcome(found: Invitation) -> str:
    return f"You have accepted the invitation of {found.company.name}."


def _next_page(user: User, found: Invitation) -> str:
    for choose in inviting.NEXT_PAGE:
        if page := choose(user, found):
            return page
    return reverse("desk:desk") if found.is_outsider else reverse("desk:company", args=[found.company.slug])
