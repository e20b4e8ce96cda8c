"""Forms for many files at once.

What is in the files is read in given_files.py and judged by the steps' own forms.
"""

from typing import Any

from django import forms
from django.conf import settings

from onboarding.clients.bulk_steps import BulkStep
from onboarding.ui.widgets import Radios


class FilesInput(forms.FileInput):
    """A box for many files."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Every file of this name."""
        return files.getlist(name)


class FilesField(forms.FileField):
    """Many files; cleans to a list of what was uploaded, each held in memory as far as settings.UPLOAD_LIMIT goes."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Raises ValidationError if there is no file."""
        if not data:
            raise forms.ValidationError("Choose the files.")
        return list(data)


class UploadForm(forms.Form):
    """The files of one step at many clients; of PFX files also whether the portal may keep them."""

    chosen = FilesField(label="Files")
    keep = forms.ChoiceField(
        label="May the portal keep them, encrypted, for the test sign-in?",
        initial="keep",
        error_messages={
            "invalid_choice": "Choose whether the portal may keep them."
        },  # Django's repeats what was sent
        choices=[
            ("keep", "Yes, keep them until the upload to the DIP"),
            ("forget", "No, check them and forget them"),
        ],
        widget=Radios(
            hints={
                "keep": "The portal then proves by itself that each bundle signs in to Atlas.",
                "forget": "You run one command for each client on your computer and paste its answer.",
            }
        ),
    )

    def __init__(self, work: BulkStep, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["chosen"]
        field.label, field.help_text = work.label, work.hint
        field.widget.attrs["accept"] = ",".join(work.endings)
        if work.with_key:
            field.widget.attrs["data-takes-key"] = work.name  # static/src/bundles/key-guard.js knows it
        if not (work.with_key and settings.PORTAL.portal_keys):
            del self.fields["keep"]
