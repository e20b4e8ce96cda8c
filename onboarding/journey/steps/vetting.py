"""The rows from the registration to the verification: what GlobalSign has to know and to check first."""

from datetime import timedelta

from onboarding.journey.definitions import (
    PRIMARY_ONLY,
    Actor,
    Fact,
    Irreversible,
    LateAdvice,
    PagePart,
    Place,
    Stage,
    Step,
    StepSlug,
    Times,
    Wait,
)
from onboarding.journey.lasting import OF_THE_ACCOUNT, VETTED_FOR, Lasting
from onboarding.journey.problems.codes import ProblemCode
from onboarding.people.models import ADMINS


def _sending(poller: str, what: str) -> Wait:
    usual, limit = timedelta(minutes=1), timedelta(hours=1)
    return Wait(poller, Actor.PORTAL, what, usual, limit, "ArrivedForm")


STEPS: tuple[Step, ...] = (
    Step(
        StepSlug.REGISTER,
        Stage.VETTING,
        "Register with GlobalSign Atlas",
        PRIMARY_ONLY,
        "in the DIP and on GlobalSign's registration page",
        times=Times(usual=2, latest=5),
        facts=(
            Fact("account_id", "Atlas account", proof="Atlas account {}."),
            Fact("account_told", "Atlas account, as told", proof="Atlas account {}, as told."),
            Fact("submitted_on", "Submitted on"),
            Fact("seen", "Seen on"),
        ),
        form="RegisterForm",
        after=_sending("send_registration", "the registration to reach Atlas"),
        irreversible=Irreversible(
            "account_id",
            "The registration cannot be changed once it is sent.",
            "A further account is made in Atlas. GlobalSign sends its two emails again, and the onboarding goes on "
            "with the new account; the one that is there stays there.",
        ),
        lasts=OF_THE_ACCOUNT,
    ),
    Step(
        StepSlug.INVITATION,
        Stage.VETTING,
        "Accept the Atlas invitation",
        PRIMARY_ONLY,
        "in your mailbox and in the Atlas portal",
        times=Times(usual=1, latest=3),
        facts=(
            Fact("confirmation_on", "Confirmation email"),
            Fact("invitation_on", "Invitation email"),
            Fact("accepted_on", "Accepted on"),
        ),
        needs=(StepSlug.REGISTER,),
        form="InvitationForm",
        before=Wait(
            "poll_invitation_emails",
            Actor.ATLAS,
            "the two emails from GlobalSign",
            timedelta(minutes=30),
            timedelta(hours=24),
            "MailsForm",
            late=LateAdvice(
                "Look in the spam folder and ask your IT team about quarantined email from GlobalSign.",
                ProblemCode.E_MAILS_LATE,
                "What to do when the emails are late",
            ),
        ),
        watch="poll_invitation",
        back_to=(StepSlug.REGISTER,),
        act="Accept the invitation in Atlas",
        place=Place.ATLAS,
        lasts=OF_THE_ACCOUNT,
    ),
    Step(
        StepSlug.PAYMENT_METHOD,
        Stage.QUOTE,
        "Set a payment method",
        PRIMARY_ONLY,
        "in the Atlas portal",
        times=Times(usual=1, latest=3),
        facts=(Fact("set_on", "Payment method set on"),),
        needs=(StepSlug.INVITATION,),
        form="PaymentMethodForm",
        watch="poll_payment_method",
        act="Set a payment method in Atlas",
        place=Place.ATLAS,
        lasts=OF_THE_ACCOUNT,
    ),
    Step(
        StepSlug.QUOTE,
        Stage.QUOTE,
        "Accept the £0 quote",
        PRIMARY_ONLY,
        "in the Atlas portal",
        times=Times(usual=1, latest=3),
        facts=(
            Fact("accepted_on", "Accepted on"),
            Fact("quotation_on", "Quotation email"),
            Fact("amount", "Amount in pounds"),
            Fact("seen", "Seen on"),
        ),
        needs=(StepSlug.PAYMENT_METHOD,),
        form="QuoteForm",
        before=Wait(
            "poll_quotation",
            Actor.GLOBALSIGN,
            "the quotation email",
            timedelta(minutes=30),
            timedelta(hours=24),
            late=LateAdvice(
                "Look at the Atlas dashboard: the quotation may be there without an email.",
                ProblemCode.QUOTE_LATE,
                "What to do when the quotation is late",
            ),
        ),
        watch="poll_quote",
        back_to=(StepSlug.PAYMENT_METHOD,),
        act="Accept the £0 quote in Atlas",
        place=Place.ATLAS,
        lasts=OF_THE_ACCOUNT,
    ),
    Step(
        StepSlug.IDENTITY_PROFILE,
        Stage.IDENTITY,
        "Request the identity profile",
        PRIMARY_ONLY,
        "in the Atlas portal",
        times=Times(usual=2, latest=5),
        facts=(
            Fact("submitted_on", "Submitted on"),
            Fact("tile_ready_on", "Tile ready on"),
            Fact("seen", "Seen on"),
            Fact("identity_profile_id", "Identity profile", proof="Identity profile {}."),
        ),
        needs=(StepSlug.QUOTE,),
        form="IdentityProfileForm",
        before=Wait(
            "poll_identity_tile",
            Actor.ATLAS,
            "the Request Identity tile to turn ready",
            timedelta(minutes=30),
            timedelta(hours=24),
            "TileForm",
            late=LateAdvice(
                "Sign out of Atlas and in again, then look at the dashboard.",
                ProblemCode.TILE_LATE,
                "What to do when the tile is late",
            ),
        ),
        after=_sending("send_identity_profile", "the identity profile to reach Atlas"),
        irreversible=Irreversible(
            "identity_profile_id",
            "GlobalSign does not let anybody change an identity profile once it is sent. A mistake means a new "
            "profile and a new wait.",
            "A further identity profile is made in Atlas, and GlobalSign vets it from the beginning. It cannot be "
            "changed or taken back; the one that is there stays there.",
        ),
        place_by_hand=Place.ATLAS,
        lasts=OF_THE_ACCOUNT,
    ),
    Step(
        StepSlug.VERIFICATION,
        Stage.IDENTITY,
        "Pass GlobalSign's verification",
        ADMINS,
        "by telephone and email",
        times=Times(usual=1, latest=3),
        facts=(
            Fact("verified_on", "Verified on"),
            Fact("case_reference", "GlobalSign's case number", proof="Verified, case {}."),
        ),
        needs=(StepSlug.IDENTITY_PROFILE,),
        before=Wait(
            "poll_vetting",
            Actor.GLOBALSIGN,
            "GlobalSign's vetting",
            timedelta(hours=24),
            timedelta(hours=72),
            "VerifiedForm",
            late=LateAdvice(
                "Reply to GlobalSign's case email and quote the case number in it. Ask reception whether somebody "
                "rang.",
                ProblemCode.VETTING_LATE,
                "What to do when vetting is late",
            ),
            range_note="The range is wide because GlobalSign's vetting mostly takes under a day, but may take up to "
            "72 hours.",
            as_set=True,
        ),
        back_to=(StepSlug.IDENTITY_PROFILE,),
        page_parts=frozenset({PagePart.CARRIED}),
        lasts=Lasting("verified_on", VETTED_FOR),
    ),
)
