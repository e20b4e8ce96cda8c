"""The pages of passing a secret on: give it, open it once, take it back.

Who may is asked in secret_sharing.py.
"""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from certs.secret_sharing import Opened, What
from onboarding.handover import secret_sharing
from onboarding.handover.access import offer_for
from onboarding.handover.models import Offer
from onboarding.handover.secret_sharing_forms import ShareSecretForm
from onboarding.journey.secret_downloads import require_second_factor
from onboarding.journey.step_commands import get_names_of_key
from onboarding.journey.views.files import BINARY, attachment
from onboarding.people.access import person
from onboarding.people.decisions import require
from onboarding.people.reauthentication import has_recent_login, require_recent_login
from onboarding.ui.post_only import posted_from


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def share(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give a secret to whoever accepted."""
    user = person(request)
    offer = offer_for(user, pk)
    require(secret_sharing.may_share(user, offer))
    require_second_factor(request, offer.company)
    if request.method != "POST":
        return _ask(request, offer)
    form = ShareSecretForm(request.POST, request.FILES, stored=secret_sharing.list_stored_kinds(user, offer))
    if form.is_valid() and form.content is None and not has_recent_login(request):
        form.add_error(
            "source", "Your sign-in was some time ago. Open this page again and confirm who you are."
        )
    if form.errors:
        return _form_page(request, offer, form, 422)
    row = secret_sharing.share(offer, form.what, form.content, until=form.cleaned_data["until"], actor=user)
    what = row.get_what_display().capitalize()
    messages.success(request, f"{what}: shared. {offer.to_user} is told by email.")
    return redirect("offers:offer", pk)


@require_recent_login
def _ask(request: HttpRequest, offer: Offer) -> HttpResponse:
    """Only the empty form asks for a fresh sign-in: on the way there and back, what was typed would be lost."""
    stored = secret_sharing.list_stored_kinds(person(request), offer)
    return _form_page(request, offer, ShareSecretForm(stored=stored), 200)


def _form_page(request: HttpRequest, offer: Offer, form: ShareSecretForm, status: int) -> HttpResponse:
    context = {"offer": offer, "onboarding": offer.onboarding, "titles": offer.titles(), "form": form}
    return render(request, "handover/share_secret.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@require_recent_login
@sensitive_variables()
def open_secret(request: HttpRequest, pk: UUID, secret: UUID) -> HttpResponse:
    """Ask first, then show or hand out what is inside, once."""
    user = person(request)
    offer = offer_for(user, pk)
    row = secret_sharing.shared_secret_for(offer, secret)
    require(secret_sharing.may_open(user, offer, row))
    require_second_factor(request, offer.company)
    if request.method == "POST":
        return _handed_out(request, offer, secret_sharing.open_once(offer, secret, actor=user))
    context = {
        "offer": offer,
        "onboarding": offer.onboarding,
        "row": row,
        "is_file": row.what != What.API_CREDENTIALS,
    }
    return render(request, "handover/open_secret.html", context)


@sensitive_variables()
def _handed_out(request: HttpRequest, offer: Offer, opened: Opened) -> HttpResponse:
    names = get_names_of_key(offer.onboarding)
    if opened.row.what == What.API_CREDENTIALS:
        api_key, _, api_secret = opened.content.decode().partition("\n")
        context = {
            "offer": offer,
            "onboarding": offer.onboarding,
            "api_key": api_key,
            "api_secret": api_secret,
        }
        return render(request, "handover/opened_secret.html", context)
    if opened.row.what == What.PFX:
        return attachment(opened.content, names.pfx, "application/x-pkcs12")
    return attachment(opened.content, names.key, BINARY)


@posted_from("offers:offer", "pk", may_see=offer_for)
def withdraw(request: HttpRequest, pk: UUID, secret: UUID) -> HttpResponse:
    """Destroy what nobody has opened."""
    user = person(request)
    secret_sharing.withdraw(offer_for(user, pk), secret, actor=user)
    messages.success(request, "Taken back and destroyed. Nobody has opened it.")
    return redirect("offers:offer", pk)
