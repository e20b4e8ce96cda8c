"""What can be fetched: CSR, certificate, evidence; and what leaves the vault: API key and secret, PFX.

What leaves the vault needs a fresh sign-in and a second factor, is audited and told to the other admins
(secret_downloads.py).
"""

from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from certs.pfx import PfxEncryption
from certs.pfx_encryption import WITH_PASSWORD
from onboarding.journey import case_files, secret_downloads
from onboarding.journey.access import get_evidence, get_onboarding, get_onboarding_of_files
from onboarding.journey.definitions import Download
from onboarding.journey.models import Onboarding
from onboarding.journey.page_files import PageFiles
from onboarding.journey.step_commands import get_names_of_key
from onboarding.journey.steps import find_step_with_input
from onboarding.people.access import person
from onboarding.people.reauthentication import require_recent_login

BINARY = "application/octet-stream"


def attachment(content: bytes, name: str, kind: str = BINARY) -> HttpResponse:
    """A file to be saved, never shown inside the portal's own origin."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = str(content_disposition_header(True, name))
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_safe
def csr(request: HttpRequest, code: str) -> HttpResponse:
    """The CSR in PEM."""
    onboarding = get_onboarding_of_files(person(request), code)
    found = case_files.get_signing_request(onboarding)
    if found is None:
        raise Http404
    return attachment(found.csr_pem.encode(), get_names_of_key(onboarding).csr, "application/pkcs10")


@require_safe
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """The certificate with its chain in PEM."""
    onboarding = get_onboarding_of_files(person(request), code)
    found = case_files.get_certificate(onboarding)
    if found is None:
        raise Http404
    return attachment(
        f"{found.pem}{found.chain_pem}".encode(), get_names_of_key(onboarding).cer, "application/x-pem-file"
    )


@require_safe
def evidence(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """A file that somebody added as evidence. Ops see that it is there, not what it holds."""
    user = person(request)
    name, content = secret_downloads.open_evidence(user, get_evidence(user, code, pk))
    return attachment(content, "".join(each if each.isalnum() or each in "._-" else "_" for each in name))


@require_http_methods(["GET", "HEAD", "POST"])
@require_recent_login
def credentials(request: HttpRequest, code: str) -> HttpResponse:
    """API key and secret: shown once per fresh sign-in, to a Certificate Admin."""
    user = person(request)
    onboarding = get_onboarding(user, code)
    secret_downloads.require_admin(user, onboarding)
    secret_downloads.require_second_factor(request, onboarding.company)
    context: dict[str, Any] = {"onboarding": onboarding, "step": find_step_with_input(Download.CREDENTIALS)}
    if request.method == "POST":
        context["shown"] = secret_downloads.show_credentials(request, onboarding)
    return render(request, "journey/credentials.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require_recent_login
def bundle(request: HttpRequest, code: str) -> HttpResponse:
    """The PFX in a format of choice, or PEM. A generated password is shown once, before its file is fetched."""
    user = person(request)
    onboarding = get_onboarding(user, code)
    secret_downloads.require_technical(user, onboarding)
    secret_downloads.require_second_factor(request, onboarding.company)
    if request.method == "POST":
        return _send_bundle(request, onboarding)
    files = PageFiles(onboarding)
    context: dict[str, Any] = {
        "onboarding": onboarding,
        "held": files.keeps_pfx,
        "buildable": files.holds_key,
    }
    context |= {"step": find_step_with_input(Download.PFX), "encryptions": WITH_PASSWORD.items()}
    return render(request, "journey/bundle.html", context)


def _send_bundle(request: HttpRequest, onboarding: Onboarding) -> HttpResponse:
    wanted, names = request.POST.get("format", ""), get_names_of_key(onboarding)
    if wanted == "prepared":
        download = secret_downloads.fetch_protected_pfx(request, onboarding, request.POST.get("grant", ""))
        return attachment(download.data, names.pfx, "application/x-pkcs12")
    if wanted == "pem":
        return attachment(
            secret_downloads.download_pem(request, onboarding), f"{names.stem}.pem", "application/x-pem-file"
        )
    if wanted == PfxEncryption.PASSWORDLESS:
        return attachment(
            secret_downloads.download_pfx(request, onboarding), names.pfx, "application/x-pkcs12"
        )
    if wanted == PfxEncryption.CERTIFICATES_IN_CLEAR:
        data = secret_downloads.download_open_certificates(request, onboarding)
        return attachment(data, f"{names.stem}-java.pfx", "application/x-pkcs12")
    if wanted not in WITH_PASSWORD:
        raise BadRequest("Choose one of the kinds of file on the page.")
    password, grant = secret_downloads.build_protected_pfx(request, onboarding, PfxEncryption(wanted))
    return render(
        request,
        "journey/bundle_password.html",
        {"onboarding": onboarding, "password": password, "grant": grant},
    )
