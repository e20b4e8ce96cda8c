"""The page behind the link of the welcome email: name, password, one button, and signed in.

What the link is good for is in welcome_links.py. The token stands in the email's address only.
"""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from onboarding.audit.security_log import Outcome, SecurityEvent, log_event
from onboarding.people import one_time_links, reset_links, welcome_links
from onboarding.people.access import memberships_of, person
from onboarding.people.forms import JoinForm
from onboarding.people.link_views import redirect_without_token
from onboarding.people.models import User
from onboarding.people.reset_links import SeenLink
from onboarding.people.welcome_links import LinkState

SEEN_LINK = "welcome-link"


@login_not_required
@require_safe
def open_link(request: HttpRequest, uidb36: str, key: str) -> HttpResponse:
    """From the email's link to an address that holds no token."""
    seen = reset_links.read_link(uidb36, key)
    is_ours = welcome_links.describe_link(seen)[0] != LinkState.DEAD
    return redirect_without_token(
        request, SEEN_LINK, seen.as_session() if seen and is_ours else None, reverse("own:welcome")
    )


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """GET shows the form, as often as one likes; POST uses the link up. Or why the link does not work."""
    seen = _get_seen_link(request)
    state, user = welcome_links.describe_link(seen)
    if seen is None or user is None:
        return _refuse(request, state, seen)
    if request.user.is_authenticated:
        return render(request, "people/welcome.html", {"address": user.email})
    posted = request.POST if request.method == "POST" else None
    form = JoinForm(posted, email=user.email, initial={"name": user.name})
    if posted is not None and form.is_valid():
        typed = form.cleaned_data
        done = welcome_links.set_first_password(seen, name=typed["name"], password=typed["password1"])
        return _sign_in(request, done) if done else redirect("own:welcome")  # somebody was quicker
    context = {"form": form, "address": user.email, "memberships": memberships_of(user)}
    return render(request, "people/welcome.html", context, status=422 if form.errors else 200)


def _sign_in(request: HttpRequest, user: User) -> HttpResponse:
    request.session.pop(SEEN_LINK, None)
    log_event(SecurityEvent.PASSWORD_RESET, Outcome.SUCCESS, user_id=user.pk)
    login = Login(user=user, redirect_url=reverse("dashboards:tasks"))
    answer: HttpResponse = perform_password_login(request, {"email": user.email}, login)
    return answer


def _refuse(request: HttpRequest, state: LinkState, seen: SeenLink | None) -> HttpResponse:
    opened = one_time_links.find_opened(seen.key) if seen else None
    if opened and request.user.is_authenticated and opened.user_id == person(request).pk:
        return redirect("dashboards:tasks")  # Back, or the email opened once more, after it was used here
    ended_at = welcome_links.find_end(seen) if seen and state == LinkState.ENDED else None
    context = {"opened": opened, "ended_at": ended_at}
    return render(request, "people/welcome_dead.html", context, status=409)


def _get_seen_link(request: HttpRequest) -> SeenLink | None:
    kept = request.session.get(SEEN_LINK)
    return SeenLink(**kept) if kept else None
