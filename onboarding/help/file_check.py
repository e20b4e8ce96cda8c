"""Check a file: the doctor for anybody signed in, tied to no step. Nothing is stored, logged or shown again.

What is wrong with a file is decided in certs/doctor.
"""

from typing import Any

from allauth.core.ratelimit import consume
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from certs.doctor.examiner import examine
from onboarding.people.access import person
from onboarding.ui.fields import UploadField
from onboarding.ui.uploads import pasted_or_uploaded

KINDS = {
    "csr": "A CSR",
    "certificate": "A certificate",
    "chain": "A certificate with its issuers’",
    "private-key": "A private key",
    "public-key": "A public key",
    "pfx": "A PFX file",
    "keystore": "A Java keystore",
    "pkcs7": "A PKCS#7 (.p7b) file",
    "crl": "A revocation list",
    "credentials": "API credentials",
    "message": "An error message",
    "answer": "An answer of Atlas",
}
TOO_MANY = "You have checked many files in a short time. Wait a minute, then check this one again."


class CheckForm(forms.Form):
    """A text or a file. What was pasted is never shown again: nobody knows beforehand what it holds."""

    one_of = frozenset({"text", "file"})

    text = forms.CharField(
        label="Paste the text",
        required=False,
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 10, "class": "app-mono", "autocomplete": "off", "spellcheck": "false"}
        ),
        help_text="A CSR, a certificate, or the whole error message of a program. Never a private key.",
    )
    file = UploadField(label="Or choose the file", required=False, holds_key="pfx")

    def clean(self) -> dict[str, Any]:
        """One of the two must be there."""
        data = super().clean() or {}
        if "file" not in self.errors and not pasted_or_uploaded(data, "text", "file").strip():
            self.add_error("text", "Paste the text, or choose the file")
        return data


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@sensitive_variables()
def check_file(request: HttpRequest) -> HttpResponse:
    """GET shows the form, POST answers with what the doctor found."""
    person(request)
    if request.method != "POST":
        return render(request, "help/check_file.html", {"form": CheckForm()})
    form = CheckForm(request.POST, request.FILES)
    if not consume(request, action="check_file"):
        form.add_error("text", TOO_MANY)
        return render(request, "help/check_file.html", {"form": _clear_pasted_text(form)}, status=429)
    if not form.is_valid():
        return render(request, "help/check_file.html", {"form": _clear_pasted_text(form)}, status=422)
    upload = form.cleaned_data.get("file")
    examination = examine(
        pasted_or_uploaded(form.cleaned_data, "text", "file"), str(upload.name) if upload else ""
    )
    context = {
        "seen": examination,
        "kind": KINDS.get(examination.kind, "We do not know what this is"),
        "both": bool(upload and form.cleaned_data["text"].strip()),
    }
    return render(request, "help/check_result.html", context)


def _clear_pasted_text(form: CheckForm) -> CheckForm:
    """The form with its errors and without what was pasted."""
    typed: Any = form.data
    data = typed.copy()
    data["text"] = ""
    form.data = data
    return form
