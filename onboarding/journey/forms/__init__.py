"""One form per step that a person fills, and one per wait that a person may end; found by the names in the table.

Forms check and answer a Submission; they never change a step's state.
"""

from onboarding.journey.forms.base import ConfirmForm, PlainForm, StepForm
from onboarding.journey.forms.confirm import (
    ArrivedForm,
    CertificateForm,
    MailsForm,
    OursForm,
    OwnCsrForm,
    OwnPfxForm,
    ProofForm,
    TileForm,
    VerifiedForm,
    WaitOverForm,
)
from onboarding.journey.forms.credentials import CredentialsForm
from onboarding.journey.forms.keys import CsrForm, DipUploadForm, PfxForm
from onboarding.journey.forms.setup import (
    IdentityProfileForm,
    InvitationForm,
    PaymentMethodForm,
    QuoteForm,
    RegisterForm,
)
from onboarding.journey.models import StepRecord
from onboarding.journey.problems import find_problem
from onboarding.journey.steps import State, Step, Wait

STEP_FORMS: dict[str, type[StepForm]] = {
    form.__name__: form
    for form in (
        RegisterForm,
        InvitationForm,
        PaymentMethodForm,
        QuoteForm,
        IdentityProfileForm,
        CredentialsForm,
        CsrForm,
        PfxForm,
        DipUploadForm,
    )
}
CONFIRM_FORMS: dict[str, type[ConfirmForm]] = {
    form.__name__: form
    for form in (
        WaitOverForm,
        ArrivedForm,
        MailsForm,
        TileForm,
        VerifiedForm,
        OwnCsrForm,
        CertificateForm,
        OwnPfxForm,
        ProofForm,
    )
}


def find_form(name: str) -> type[PlainForm] | None:
    """The form of that name, as it is stored with what was sent; None for one that is no more."""
    return (
        STEP_FORMS.get(name) or CONFIRM_FORMS.get(name) or (OursForm if name == OursForm.__name__ else None)
    )


def step_form(definition: Step) -> type[StepForm] | None:
    """The form of a step's act, if a person acts."""
    return STEP_FORMS[definition.form] if definition.form else None


def confirm_form(wait: Wait | None) -> type[ConfirmForm] | None:
    """The form by which a person ends a wait."""
    return CONFIRM_FORMS[wait.confirm] if wait else None


def form_to_confirm(record: StepRecord) -> type[ConfirmForm] | None:
    """The form by which a person ends what this record is in: its wait, or the doubt about what Atlas has already."""
    if record.state == State.WAITING:
        return confirm_form(record.wait)
    problem = find_problem(record.problem_code)
    in_doubt = record.state == State.PROBLEM and problem is not None and problem.found_in_atlas
    return OursForm if in_doubt else None
