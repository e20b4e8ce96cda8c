"""One step at many clients: the page with the scripts, what is sent from it, and the certificates in one zip.

Whose a file is, is decided in matching.py; each is sent by itself in sending.py.
"""

from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from onboarding.clients.access import list_clients
from onboarding.clients.bulk_steps import CSRS, BulkStep
from onboarding.clients.certificates import build_zip
from onboarding.clients.given_files import read_given
from onboarding.clients.matching import Matches, assign_files, match_files
from onboarding.clients.scripts import KINDS
from onboarding.clients.sending import send_all
from onboarding.clients.targets import choose, list_targets
from onboarding.clients.upload_forms import UploadForm
from onboarding.journey.views.files import attachment
from onboarding.people.access import person
from onboarding.people.models import User
from onboarding.ui.post_only import posted_from


def build_bulk_page(
    user: User, work: BulkStep, query: QueryDict, form: UploadForm | None = None
) -> dict[str, Any]:
    """Everything that the page of one step at many clients shows."""
    scripts = [
        (each.title, reverse(f"clients:{work.name}-script", args=[each.name])) for each in KINDS.values()
    ]
    return {
        "work": work,
        "page_url": reverse(f"clients:{work.name}"),
        "choice": choose(list_targets(user, work), query),
        "script_urls": scripts,
        "form": form or UploadForm(work),
    }


def _get_page(values: dict[str, Any]) -> str:
    """The name of the page of this step at many clients."""
    return f"clients:{values['work'].name}"


@require_safe
def bulk(request: HttpRequest, work: BulkStep) -> HttpResponse:
    """The chosen clients, the scripts that make their files, and where to send what they made."""
    return render(request, f"clients/{work.name}.html", build_bulk_page(person(request), work, request.GET))


@require_safe
def script(request: HttpRequest, work: BulkStep, shell: str) -> HttpResponse:
    """The script of one shell for the chosen clients."""
    if shell not in KINDS:
        raise Http404
    kind, choice = KINDS[shell], choose(list_targets(person(request), work), request.GET)
    if not choice.targets:
        return redirect(f"clients:{work.name}")
    return attachment(kind.build(work, choice.targets), f"{work.script}.{kind.ending}", "text/plain")


@require_safe
def certificates(request: HttpRequest) -> HttpResponse:
    """The certificates of the chosen clients, or of all that have one, under the names that the commands expect."""
    content = build_zip(list_clients(person(request)), request.GET.getlist("code"))
    if not content:
        return redirect("clients:pfx")
    return attachment(content, "certificates.zip", "application/zip")


@posted_from(_get_page)
@sensitive_post_parameters()
def upload(request: HttpRequest, work: BulkStep) -> HttpResponse:
    """Send many files; the answer says of each what became of it."""
    user = person(request)
    form = UploadForm(work, request.POST, request.FILES)
    if not form.is_valid():
        context = build_bulk_page(user, work, request.GET, form)
        return render(request, f"clients/{work.name}.html", context, status=422)
    targets = list_targets(user, work)
    matches = match_files(work, read_given(work.most, form.cleaned_data["chosen"]), targets)
    return _answer(request, work, matches, form.cleaned_data.get("keep", ""))


@posted_from("clients:csr")
@sensitive_post_parameters()
def assign(request: HttpRequest) -> HttpResponse:
    """Send CSRs whose names told no client, now that somebody has said whose each is."""
    names, pems, codes = (request.POST.getlist(name) for name in ("name", "csr", "client"))
    try:
        matches = assign_files(names, pems, codes, list_targets(person(request), CSRS))
    except ValueError:
        raise BadRequest("Each file needs its name, its CSR and its client.") from None
    return _answer(request, CSRS, matches)


def _answer(request: HttpRequest, work: BulkStep, matches: Matches, keep: str = "") -> HttpResponse:
    user = person(request)
    results = send_all(user, work, matches, keep)
    accepted = sum(each.outcome == "accepted" for each in results)
    context = {
        "work": work,
        "page_url": reverse(f"clients:{work.name}"),
        "results": results,
        "accepted": accepted,
        "others": len(results) - accepted,
        "asked": matches.asked,
        "open": [each for each in list_targets(user, work) if each.is_open] if matches.asked else [],
    }
    return render(request, "clients/results.html", context, status=200 if accepted or matches.asked else 422)
