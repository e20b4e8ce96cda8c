"""The demonstration's own pages: its accounts with one click to sign in, and its emails.

Who sees them at all is decided in loopback.py; the accounts are in people.py.
"""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from demo import mailbox, people
from demo.loopback import only_on_loopback
from demo.standing import describe_accounts
from onboarding.people.access import person
from onboarding.people.models import User
from onboarding.ui.post_only import posted_from

ROWS = 50  # emails on a page


@login_not_required
@require_safe
@only_on_loopback
def home(request: HttpRequest) -> HttpResponse:
    """Every account, what there is to do with it, and a button that signs in."""
    context = {"groups": describe_accounts(), "password": people.PASSWORD}
    return render(request, "demo/home.html", context)


@login_not_required
@only_on_loopback
@posted_from("demo:home")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demonstration's own accounts, and as nobody else."""
    account = people.find_account(request.POST.get("email", ""))
    user = User.objects.filter(email=account.email, is_active=True).first() if account else None
    if account is None or user is None:
        raise Http404
    if request.user.is_authenticated:
        logout(request)
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, None)
    login = Login(user=user, redirect_url=wanted if is_ours else account.first_page)
    answer: HttpResponse = perform_password_login(request, {"email": user.email}, login)
    return answer


@login_not_required
@require_safe
@only_on_loopback
def emails(request: HttpRequest) -> HttpResponse:
    """What the portal has sent, the newest first; `?to=` one person's."""
    to = request.GET.get("to", "")
    found = [each for each in mailbox.list_emails() if not to or to in each.to]
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    return render(request, "demo/emails.html", {"page": page, "to": to, "total": len(found)})


@login_not_required
@require_safe
@only_on_loopback
def email(request: HttpRequest, key: str) -> HttpResponse:
    """One email in its plain text; its links can be clicked."""
    found = mailbox.find_email(key)
    if found is None:
        raise Http404
    account = people.find_account(found.to)
    is_reader = request.user.is_authenticated and person(request).email == found.to
    return render(request, "demo/email.html", {"email": found, "account": account, "is_reader": is_reader})
