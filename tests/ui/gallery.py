"""Pages that show every component and every kind of field once, for the tests that look at them.

Not part of the portal: the addresses exist only where a test sets ROOT_URLCONF to this module.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from config.urls import ACCOUNT
from onboarding.ui.fields import DatePartsField, UploadField
from onboarding.ui.widgets import Checkboxes, Radios

COUNTRIES = [("", "Choose a country"), ("GB", "United Kingdom")]
WAYS = [("browser", "In this browser"), ("own", "With our own tool")]


class Every(forms.Form):
    """One field of every kind."""

    name = forms.CharField(label="Company name", help_text="As in the register.")
    secret = forms.CharField(label="Password", widget=forms.PasswordInput)
    email = forms.EmailField(
        label="Email address", widget=forms.EmailInput(attrs={"placeholder": "a@b.example"})
    )
    number = forms.IntegerField(
        label="How many", widget=forms.NumberInput(attrs={"class": "govuk-input--width-4"})
    )
    note = forms.CharField(label="Note", widget=forms.Textarea(attrs={"rows": 3}))
    nickname = forms.CharField(label="Short name", required=False)
    country = forms.ChoiceField(label="Country", choices=COUNTRIES)
    way = forms.ChoiceField(
        label="How do you make the key?",
        choices=WAYS,
        widget=Radios(hints={"browser": "The key never reaches us."}, reveals={"own": "tool"}),
    )
    tool = forms.CharField(label="Which tool?", required=False)
    roles = forms.MultipleChoiceField(label="Roles", choices=WAYS, widget=Checkboxes)
    agree = forms.BooleanField(
        label="The reception knows", error_messages={"required": "Tell the reception first"}
    )
    sent = DatePartsField(label="When did the email come?", what="the date of the email")
    evidence = UploadField(label="The CSV", accept=(".csv",))
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> None:
        """One error that belongs to no field."""
        if self.data.get("contradiction"):
            raise forms.ValidationError("The two dates contradict each other.")


def sent(
    typed: dict[str, str], files: dict[str, UploadedFile[Any]] | None = None, prefix: str | None = None
) -> Every:
    """The form as the server gets it back."""
    return Every(typed, MultiValueDict({name: [file] for name, file in (files or {}).items()}), prefix=prefix)


def _step(title: str, state: str, hint: str, url: str | None = "/step/") -> dict[str, str | None]:
    return {"title": title, "state": state, "hint": hint, "url": url}


STAGES = [
    {"title": "Vetting", "state": "done", "steps": [_step("Register", "done", "Alice, Monday")]},
    {
        "title": "Quote acceptance",
        "steps": [_step("Accept the quotation", "open", "Yours"), _step("Profile", "problem", "")],
    },
    {
        "title": "CSR",
        "steps": [
            _step("Verification", "waiting", "GlobalSign"),
            _step("CSR", "locked", "Opens later", None),
        ],
    },
]
COMMANDS = [
    {"title": "bash", "text": "openssl version " + "x" * 300},
    {"shell": "PowerShell", "text": "& openssl"},
]
LONG = "Northwind" + "Energy" * 20
ROWS = [
    {"key": "Company", "value": LONG, "url": "/change/", "action": "Change"},
    {"key": "Address", "value": "1 High Street\nLeeds"},
    {"key": "Number", "value": None},
]


@login_not_required
def components(request: HttpRequest) -> HttpResponse:
    """Every component, in every state that it has."""
    for say in (messages.success, messages.info, messages.warning, messages.error):
        say(request, "Handed over to Bob.")
    now = timezone.now()
    finding = {
        "severity": "error",
        "code": "C1",
        "seen": "Seen",
        "why": "Why",
        "fix": "Fix",
        "commands": COMMANDS,
    }
    context = {
        "stages": STAGES,
        "rows": ROWS,
        "commands": COMMANDS,
        "findings": [finding, finding | {"severity": "warning"}, finding | {"severity": "info"}],
        "events": [
            {"title": "Created", "at": now, "by": "Alice", "text": "Key ending in 4f2a."},
            {"title": "Rejected", "at": now - timedelta(days=400), "state": "problem", "url": "/e/"},
        ],
        "task_links": [
            {
                "link": "Create API credentials",
                "url": "/d/",
                "sentence": "Yours.",
                "state": "To do",
                "colour": "blue",
            }
        ],
        "figures": [{"number": 12, "label": "with the companies", "url": "/f/", "state": "problem"}],
        "page_obj": Paginator(range(300), 10).get_page(request.GET.get("page", "5")),
        "now": now,
        "since": now - timedelta(hours=80),
        "usual": timedelta(hours=24),
        "limit": timedelta(hours=72),
    }
    return render(request, "gallery.html", context)


@login_not_required
def form(request: HttpRequest) -> HttpResponse:
    """Every field; `?wrong` sends it empty."""
    bound = sent({"contradiction": "1"}) if "wrong" in request.GET else Every()
    return render(request, "gallery_form.html", {"form": bound})


@login_not_required
def refuse(request: HttpRequest) -> HttpResponse:
    """What somebody sees who may not do something."""
    raise PermissionDenied("Only the Primary Certificate Admin may accept the quotation.")


@login_not_required
def fail(request: HttpRequest) -> HttpResponse:
    """A fault of ours."""
    raise RuntimeError("on purpose")


@login_not_required
def too_many(request: HttpRequest) -> HttpResponse:
    """What the rate limit answers."""
    return render(request, "429.html", status=429)


urlpatterns = [
    path("components/", components),
    path("form/", form),
    path("refuse/", refuse),
    path("fail/", fail),
    path("too-many/", too_many),
    *ACCOUNT,
]
