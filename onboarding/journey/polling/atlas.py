"""The pollers that ask Atlas whether something has happened there: one for each wait and watch of this kind.

No transaction is open while a function here talks to Atlas. What is sent to Atlas is in sending.py.
"""

from datetime import datetime
from decimal import Decimal

from atlas.account_types import (
    EmailKind,
    IdentityProfileStatus,
    IdentityRequestStatus,
    InvitationStatus,
    PaymentMethodStatus,
    QuoteStatus,
)
from onboarding.journey.models import StepRecord
from onboarding.journey.outcomes import Done, Failed, NotYet, Outcome
from onboarding.journey.polling.client import (
    NoAccount,
    fetch_account,
    find_account_id,
    get_account_api,
    get_facts,
)
from onboarding.journey.problems.codes import ProblemCode
from onboarding.journey.steps import StepSlug


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def poll_invitation_emails(record: StepRecord) -> Outcome:
    """Both emails, in any order (R16)."""
    account = find_account_id(record.onboarding)
    if account is None:
        raise NoAccount
    sent = {mail.kind: mail.sent_at for mail in get_account_api().emails(account)}
    if EmailKind.CONFIRMATION in sent and EmailKind.INVITATION in sent:
        return Done(
            {
                "confirmation_on": _iso(sent[EmailKind.CONFIRMATION]),
                "invitation_on": _iso(sent[EmailKind.INVITATION]),
            }
        )
    return NotYet(because=f"{len(sent)} of the two emails so far")


def poll_invitation(record: StepRecord) -> Outcome:
    """Whether the person accepted the invitation in Atlas."""
    invitation = fetch_account(record.onboarding).invitation
    if invitation.status == InvitationStatus.ACCEPTED:
        return Done({"accepted_on": _iso(invitation.accepted_at)})
    return NotYet(because="the invitation is not accepted in Atlas yet")


def poll_payment_method(record: StepRecord) -> Outcome:
    """Whether the person set a payment method in Atlas."""
    method = fetch_account(record.onboarding).payment_method
    if method.status == PaymentMethodStatus.SET:
        return Done({"set_on": _iso(method.set_at)})
    return NotYet(because="no payment method is set in Atlas yet")


def poll_quotation(record: StepRecord) -> Outcome:
    """Whether the quotation is ready; it must be of zero pounds (R22, R23)."""
    quote = fetch_account(record.onboarding).quote
    if quote.status == QuoteStatus.PENDING:
        return NotYet(because="the quotation is not ready yet")
    if quote.amount != Decimal(0):
        return Failed(ProblemCode.QUOTE_NOT_ZERO, f"The quotation is of {quote.amount} {quote.currency}.")
    return Done({"quotation_on": _iso(quote.ready_at), "amount": f"{quote.amount:.2f}"})


def poll_quote(record: StepRecord) -> Outcome:
    """Whether the person accepted the quotation in Atlas."""
    quote = fetch_account(record.onboarding).quote
    if quote.status != QuoteStatus.PENDING and quote.amount != Decimal(0):
        return Failed(ProblemCode.QUOTE_NOT_ZERO, f"The quotation is of {quote.amount} {quote.currency}.")
    if quote.status == QuoteStatus.ACCEPTED:
        return Done({"accepted_on": _iso(quote.accepted_at), "amount": f"{quote.amount:.2f}"})
    return NotYet(because="the quotation is not accepted in Atlas yet")


def poll_identity_tile(record: StepRecord) -> Outcome:
    """Whether the tile Request Identity is ready (R25)."""
    request = fetch_account(record.onboarding).identity_request
    if request.status == IdentityRequestStatus.NOT_READY:
        return NotYet(because="the tile is not ready yet")
    return Done({"tile_ready_on": _iso(request.ready_at)})


def poll_vetting(record: StepRecord) -> Outcome:
    """How GlobalSign's vetting stands. Processed is not the end: the release is still to come (A14)."""
    account, profile_id = (
        find_account_id(record.onboarding),
        get_facts(record.onboarding, StepSlug.IDENTITY_PROFILE).get("identity_profile_id"),
    )
    if account is None:
        raise NoAccount
    profiles = get_account_api().identity_profiles(account)
    profile = next(
        (p for p in profiles if p.identity_profile_id == profile_id), profiles[-1] if profiles else None
    )
    if profile is None:
        return NotYet(because="Atlas shows no identity profile yet")
    if profile.status == IdentityProfileStatus.REJECTED:
        return Failed(
            ProblemCode.IDENTITY_REJECTED, f"{profile.reason or ''} Case {profile.case_reference}.".strip()
        )
    if profile.status == IdentityProfileStatus.ACTIVE:
        return Done({"verified_on": _iso(profile.status_since), "case_reference": profile.case_reference})
    return NotYet(because=f"Atlas shows “{profile.status.value}”, case {profile.case_reference}")
