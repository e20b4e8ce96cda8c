"""The form by which a secret is shared: what it is, where it comes from, until when it can be opened.

Nothing of it is kept as a draft or shown again, and a sign-in in between would lose it: so it asks for none.
"""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings

from certs import clock, credentials, secret_sharing
from certs.findings import InvalidArtifact
from certs.secret_sharing import What
from onboarding.handover.forms import end_of, tomorrow
from onboarding.handover.secret_sharing import join_credentials
from onboarding.ui.fields import DatePartsField, UploadField
from onboarding.ui.secret_text import ForgetfulForm
from onboarding.ui.widgets import Radios

STORED_PREFIX = "kept-"
USUAL = timedelta(days=7)
CHOOSE = "Choose what you want to share."
FILES = {What.PRIVATE_KEY.value: "key_file", What.PFX.value: "pfx_file"}
WRONG = {
    "key_file": "This file holds no private key. Choose the .key or .pem file that was made with the CSR.",
    "pfx_file": "This is not a PFX (PKCS#12) file. Choose the .pfx or .p12 file.",
}


NO_KEYS_HERE = "Private keys and PFX files cannot be shared here: this portal does not keep them."


def _sources(stored: set[str]) -> list[tuple[str, str]]:
    """What may be shared; nothing with a private key in it where operators forbid keeping one."""
    ours = [
        (f"{STORED_PREFIX}{each}", f"{What(each).label.capitalize()} that the portal keeps")
        for each in sorted(stored)
    ]
    brought = [
        (What.PRIVATE_KEY.value, "A private key, from a file"),
        (What.PFX.value, "A PFX, from a file"),
        (What.API_CREDENTIALS.value, "An API key and secret that you type"),
    ]
    if settings.PORTAL.portal_keys:
        return [*ours, *brought]
    return [each for each in (*ours, *brought) if each[0].removeprefix(STORED_PREFIX) == What.API_CREDENTIALS]


class ShareSecretForm(ForgetfulForm):
    """What is shared, and until when."""

    source = forms.ChoiceField(
        label="What do you want to share?",
        widget=Radios,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    key_file = UploadField(
        label="Private key file",
        required=False,
        accept=(".key", ".pem", ".der"),
        help_text="PEM or DER. It is sealed at once, and nobody but the receiver can open it.",
    )
    pfx_file = UploadField(
        label="PFX file",
        required=False,
        accept=(".pfx", ".p12"),
        help_text="PKCS#12, with a password or without.",
    )
    api_key = forms.CharField(label="API key", required=False, max_length=200)
    api_secret = forms.CharField(
        label="API secret",
        required=False,
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    until = DatePartsField(
        label="Until when can it be opened?",
        what="the last day to open it",
        not_before=tomorrow,
        not_after=lambda: clock.today() + secret_sharing.LONGEST,
    )

    def __init__(self, *args: Any, stored: set[str], **kwargs: Any) -> None:
        kwargs["initial"] = {"until": clock.today() + USUAL}
        super().__init__(*args, **kwargs)
        self.content: bytes | None = None
        source: Any = self.fields["source"]
        source.choices = _sources(stored)
        if not settings.PORTAL.portal_keys:
            source.help_text = NO_KEYS_HERE
        source.widget.reveals = {
            What.PRIVATE_KEY.value: ("key_file",),
            What.PFX.value: ("pfx_file",),
            What.API_CREDENTIALS.value: ("api_key", "api_secret"),
        }

    @property
    def what(self) -> str:
        """Which kind of secret it is."""
        return str(self.cleaned_data["source"]).removeprefix(STORED_PREFIX)

    def clean_until(self) -> Any:
        """The last minute of that day."""
        return end_of(self.cleaned_data["until"])

    def clean(self) -> dict[str, Any]:
        """What was brought is what it is said to be; `content` stays None for what the portal keeps."""
        data = super().clean() or self.cleaned_data
        source = str(data.get("source", ""))
        if source in FILES:
            self._file(FILES[source], source)
        elif source == What.API_CREDENTIALS:
            self._credentials(data)
        return data

    def _file(self, name: str, what: str) -> None:
        upload = self.cleaned_data.get(name)
        if upload is None:
            if name not in self.errors:
                self.add_error(name, "Choose the file.")
            return
        self.content = upload.read()
        if not secret_sharing.matches_kind(what, self.content):
            self.content = None
            self.add_error(name, WRONG[name])

    def _credentials(self, data: dict[str, Any]) -> None:
        try:
            both = credentials.read_pasted(data.get("api_key", ""), data.get("api_secret", ""))
        except InvalidArtifact as invalid:
            for each in invalid.findings:
                if each.severity == "error":
                    self.add_error("api_key", f"{each.seen} {each.fix}")
            return
        self.content = join_credentials(both.api_key, both.api_secret)
