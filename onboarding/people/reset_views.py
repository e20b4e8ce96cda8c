"""Choosing a new password by a link: open it, use it with a button, choose within the hour in that browser.

Asking for a link by typing an address is allauth's page; what a link is, is in reset_links.py.
"""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ResetPasswordKeyForm
from allauth.account.internal.flows import password_reset
from allauth.decorators import rate_limit
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from onboarding.people import account_emails, one_time_links, reset_links
from onboarding.people.access import person
from onboarding.people.attempt_limits import count_reset_link
from onboarding.people.link_views import bind_link, redirect_without_token, render_used_link
from onboarding.people.models import OpenedLink, User
from onboarding.people.reset_links import SeenLink
from onboarding.ui.post_only import posted_from

SEEN_LINK, BOUND_LINK = "reset-link", "reset-link-held"
CHOOSE = "account/password_reset_from_key.html"


@login_not_required
@require_safe
def open_link(request: HttpRequest, uidb36: str, key: str) -> HttpResponse:
    """From the email's link to an address that holds no token."""
    seen = reset_links.read_link(uidb36, key)
    is_ours = seen is not None and (
        reset_links.works(seen) or one_time_links.find_opened(seen.key) is not None
    )
    return redirect_without_token(
        request, SEEN_LINK, seen.as_session() if seen and is_ours else None, reverse("own:reset-link")
    )


@login_not_required
@require_safe
def link(request: HttpRequest) -> HttpResponse:
    """A button to go on with; or why the link does not work, and how to get another."""
    seen = _get_seen_link(request)
    if seen and reset_links.works(seen):
        return render(request, "account/reset_link.html")
    if _get_bound(request):
        return redirect("own:choose-password")
    if seen and (opened := one_time_links.find_opened(seen.key)):
        return render_used_link(request, opened, reverse("own:new-reset-link"), type_it=True)
    return render(request, CHOOSE, {"token_fail": True}, status=409)


@login_not_required
@posted_from("own:reset-link")
@rate_limit(action="reset_password_from_key")  # type: ignore[untyped-decorator]  # allauth ships no types
def use_link(request: HttpRequest) -> HttpResponse:
    """From now on the link is worth nothing, and this browser may choose the password."""
    seen = _get_seen_link(request)
    opened = reset_links.use_link(seen) if seen else None
    if seen is None or opened is None or opened.user is None:
        return redirect("own:reset-link")
    if request.user.is_authenticated and person(request) != opened.user:
        get_adapter().logout(request)
        request.session[SEEN_LINK] = seen.as_session()
    bind_link(request, BOUND_LINK, [str(opened.pk), reset_links.make_proof(opened.user)])
    return redirect("own:choose-password")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit(action="reset_password_from_key")  # type: ignore[untyped-decorator]  # allauth ships no types
def choose_password(request: HttpRequest) -> HttpResponse:
    """The new password, in the browser that used the link and in no other."""
    opened = _get_bound(request)
    if opened is None or opened.user is None:
        return redirect("own:reset-link")
    form = ResetPasswordKeyForm(request.POST or None, user=opened.user)
    if request.method == "POST" and form.is_valid():
        return _save(request, opened, opened.user, form)
    context = {"form": form, "action_url": reverse("own:choose-password")}
    return render(request, CHOOSE, context, status=422 if form.errors else 200)


def _save(request: HttpRequest, opened: OpenedLink, user: User, form: Any) -> HttpResponse:
    with transaction.atomic():
        if not one_time_links.close_link(opened):  # the same form, sent twice
            return redirect("own:reset-link")
        form.save()
    for slot in (SEEN_LINK, BOUND_LINK):
        request.session.pop(slot, None)
    answer: HttpResponse | None = password_reset.finalize_password_reset(request, user)
    return answer or redirect("account_reset_password_from_key_done")


@login_not_required
@posted_from("own:reset-link")
def new_link(request: HttpRequest) -> HttpResponse:
    """Another link to the address of the first; the same answer whatever became of it."""
    seen = _get_seen_link(request)
    opened = one_time_links.find_opened(seen.key) if seen else None
    if opened is not None and opened.user is not None and opened.user.is_active:
        _send_new_link(request, opened, opened.user.email)
    return redirect("account_reset_password_done")


def _send_new_link(request: HttpRequest, opened: OpenedLink, address: str) -> None:
    """Counted first, because no row may be locked while the cache is asked; a link too many claims nothing.

    So the button works again when the hour is over.
    """
    counted = count_reset_link(request, address)
    if counted is None:
        return
    with transaction.atomic():
        claimed = one_time_links.claim_new_link(opened)
        if claimed:
            account_emails.queue_reset_link(address)
    if not claimed:
        counted.take_back()


def _get_seen_link(request: HttpRequest) -> SeenLink | None:
    kept = request.session.get(SEEN_LINK)
    return SeenLink(**kept) if kept else None


def _get_bound(request: HttpRequest) -> OpenedLink | None:
    kept = request.session.get(BOUND_LINK)
    return reset_links.get_bound_link(*kept) if kept else None
