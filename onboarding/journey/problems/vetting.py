"""Problems from the registration to GlobalSign's verification (steps `register` to `verification`).

Sources are the failure modes F43-F49, the rules R1-R28 and the traps T14-T22.
"""

from onboarding.journey.definitions import Actor, StepSlug
from onboarding.journey.problems.codes import ProblemCode
from onboarding.journey.problems.shape import ProblemDefinition

PROBLEMS: tuple[ProblemDefinition, ...] = (
    ProblemDefinition(  # R10-R14, T15
        code=ProblemCode.REGISTRATION_REFUSED,
        title="Atlas did not accept the registration",
        what_happened="Atlas read the registration and refused something in it. Nothing was registered.",
        why="Without the registration GlobalSign sends no invitation, and no other step can start.",
        what_to_do=(
            "Read what Atlas said about it: it names the field.",
            "Check the name, the job title, the email address and the direct telephone number.",
            "Open the step again here, fix the field and send it again.",
            (
                "If Atlas says that the address is in use already, that person may have registered before. "
                "Look for an older invitation before you register a second time."
            ),
        ),
        next_actor=Actor.COMPANY,
        steps=(StepSlug.REGISTER,),
    ),
    ProblemDefinition(  # a lost answer, or a database that was put back to an earlier day
        code=ProblemCode.REGISTRATION_UNCLEAR,
        title="Atlas has an account that may be this registration",
        what_happened=(
            "Before it sends a registration the portal asks Atlas for accounts with the same email address. It found "
            "one of this company in which not everything is as it was typed here, or more than one. The portal sent "
            "nothing."
        ),
        why=(
            "A registration that is sent twice makes two accounts, and GlobalSign vets each by itself. Only a person"
            " can say whether this one is yours."
        ),
        what_to_do=(
            "Look at GlobalSign's emails, or sign in to Atlas, and compare the account's number and date.",
            (
                "If the account is yours, choose “It is ours” below and say how you know. Nothing is sent, and the"
                " onboarding goes on with that account as it is."
            ),
            (
                "If what you typed here was wrong, open the step again, fix it and send it; the portal compares once"
                " more."
            ),
            (
                "If the account is somebody else's or of no use, choose “Send it again”. A further account is made,"
                " and that cannot be taken back."
            ),
        ),
        next_actor=Actor.COMPANY,
        steps=(StepSlug.REGISTER,),
        found_in_atlas=True,
    ),
    ProblemDefinition(  # R16, T14, W1
        code=ProblemCode.E_MAILS_LATE,
        title="The emails from GlobalSign have not come",
        what_happened=(
            "Two emails are expected after the registration, usually within 30 minutes: a confirmation "
            "and an invitation to the Atlas portal. At least one of them has not come."
        ),
        why="The invitation is the only way into the Atlas portal.",
        what_to_do=(
            "Look in the spam and junk folders of the mailbox that was registered.",
            "Ask your IT team whether an email from GlobalSign is held in quarantine.",
            (
                "If it is a shared mailbox, ask the others who read it. Nobody but the Primary Certificate"
                " Admin should open the invitation."
            ),
            "Check the address that was registered. If it has a mistake, register again.",
            "If the address is right and a day has passed, write to GlobalSign.",
        ),
        next_actor=Actor.COMPANY,
        steps=(StepSlug.INVITATION,),
        back_to=StepSlug.REGISTER,
    ),
    ProblemDefinition(  # F44
        code=ProblemCode.INVITATION_LOCKED_OUT,
        title="Atlas does not let you sign in",
        what_happened=(
            "Atlas locks an account after six wrong passwords in a row. An invitation that somebody else "
            "has opened, or that is too old, does not work either."
        ),
        why="The next steps happen inside the Atlas portal.",
        what_to_do=(
            "On Atlas's sign-in page, choose the link for a forgotten password. Atlas sends a one-time code.",
            (
                "If somebody who shares the mailbox opened the invitation, reset the password at once, so that"
                " only you know it."
            ),
            "If no code comes, write to GlobalSign from the registered address and ask for a new invitation.",
        ),
        next_actor=Actor.COMPANY,
        steps=(
            StepSlug.INVITATION,
            StepSlug.PAYMENT_METHOD,
            StepSlug.QUOTE,
            StepSlug.IDENTITY_PROFILE,
            StepSlug.API_CREDENTIALS,
            StepSlug.CERTIFICATE,
        ),
    ),
    ProblemDefinition(  # R20, R21
        code=ProblemCode.PAYMENT_METHOD_STUCK,
        title="The payment method cannot be set",
        what_happened=(
            "Atlas asks for a payment method although nothing is to be paid. The page asks for something "
            "you do not have, or your finance team wants to know what it is for."
        ),
        why="Atlas makes the quotation only after a payment method is set.",
        what_to_do=(
            "Choose to pay by invoice, if Atlas offers it. No card is needed then.",
            (
                "Tell your finance team: the quotation is for £0, nothing is charged and no invoice follows. "
                "The system needs a payment method and does not use it."
            ),
            "If Atlas does not show the item, sign in again and look under To Do on the dashboard.",
        ),
        next_actor=Actor.COMPANY,
        steps=(StepSlug.PAYMENT_METHOD,),
    ),
    ProblemDefinition(  # R22, W2
        code=ProblemCode.QUOTE_LATE,
        title="The quotation has not come",
        what_happened=("GlobalSign has not said that the quotation is ready."),
        why="The identity profile can be requested only after the quotation is accepted.",
        what_to_do=(
            "Look in the mailbox that was registered, in its spam folder too.",
            (
                "Look at the Atlas dashboard: the item View and Accept Quote may be there although the email"
                " is not."
            ),
            "Check that the payment method is set.",
            "After a day, write to GlobalSign.",
        ),
        next_actor=Actor.COMPANY,
        steps=(StepSlug.QUOTE,),
    ),
    ProblemDefinition(  # R23
        code=ProblemCode.QUOTE_NOT_ZERO,
        title="The quotation is not for £0",
        what_happened="The quotation in Atlas shows an amount. The one for the DIP is always for £0.",
        why=(
            "It is then the quotation for something else, often because the registration was made on"
            " GlobalSign's general page and not on the one for MHHS."
        ),
        what_to_do=(
            "Do not accept the quotation.",
            (
                "Write to GlobalSign: say that you register for the MHHS Data Integration Platform and"
                " expected £0."
            ),
            "When the £0 quotation is there, open the step again here.",
        ),
        next_actor=Actor.COMPANY,
        steps=(StepSlug.QUOTE,),
    ),
    ProblemDefinition(  # R25, T21, W3
        code=ProblemCode.TILE_LATE,
        title="The Request Identity tile is not ready",
        what_happened=(
            "After the quotation is accepted, the tile for the identity profile becomes ready. Usually "
            "that takes 20 to 30 minutes. It has taken longer."
        ),
        why="A profile that is started on a tile that is not ready may fail.",
        what_to_do=(
            "Sign out of Atlas and in again, then look at the dashboard.",
            (
                "Check under To Do that the quotation is accepted: a tick is needed for the quotation and"
                " another one for the agreement."
            ),
            "After a day, write to GlobalSign.",
        ),
        next_actor=Actor.COMPANY,
        steps=(StepSlug.IDENTITY_PROFILE,),
    ),
    ProblemDefinition(  # A11, F45
        code=ProblemCode.IDENTITY_REFUSED,
        title="Atlas did not accept the identity profile",
        what_happened="Atlas read the profile and refused something in it. It was not sent to vetting.",
        why="Vetting starts only when a complete profile is in.",
        what_to_do=(
            "Read what Atlas said about it: it names the field.",
            "Fill in every field, with the company's data as it stands in the register.",
            "Open the step again here, fix the field and send it again.",
        ),
        next_actor=Actor.COMPANY,
        steps=(StepSlug.IDENTITY_PROFILE,),
    ),
    ProblemDefinition(  # a lost answer, or a database that was put back to an earlier day
        code=ProblemCode.IDENTITY_UNCLEAR,
        title="Atlas has an identity profile that may be this one",
        what_happened=(
            "Before it sends an identity profile the portal looks at those that Atlas has. It found one of this "
            "company in which not everything is as it was typed here, or more than one. The portal sent nothing."
        ),
        why=(
            "A profile cannot be changed once it is sent, and a second one starts a second vetting. Only a person can"
            " say whether this one is yours."
        ),
        what_to_do=(
            "Sign in to Atlas and compare the identity profile there with what you typed here.",
            (
                "If the profile in Atlas is right, choose “It is ours” below and say how you know. Nothing is sent,"
                " and GlobalSign's vetting of that profile is what the onboarding waits for."
            ),
            (
                "If what you typed here was wrong, open the step again, fix it and send it; the portal compares once"
                " more."
            ),
            (
                "If the profile in Atlas is wrong or of no use, choose “Send it again”. A further profile is made, and"
                " that cannot be taken back."
            ),
        ),
        next_actor=Actor.COMPANY,
        steps=(StepSlug.IDENTITY_PROFILE,),
        found_in_atlas=True,
    ),
    ProblemDefinition(  # F45
        code=ProblemCode.IDENTITY_REJECTED,
        title="GlobalSign rejected the identity profile",
        what_happened=(
            "Vetting ended without a result: GlobalSign could not verify the company or the person."
        ),
        why=(
            "No API credentials can be made without a verified identity. A profile cannot be edited once it"
            " is sent."
        ),
        what_to_do=(
            "Read GlobalSign's case email. It says what could not be verified.",
            "If something is missing or needs explaining, reply to that email.",
            "If something in the profile is wrong, request a new identity profile with the right data.",
            (
                "Compare before you send: registered name, company number and registered address, letter by"
                " letter."
            ),
            "The person named must be a current full-time employee of the company itself.",
        ),
        next_actor=Actor.COMPANY,
        steps=(StepSlug.VERIFICATION,),
        back_to=StepSlug.IDENTITY_PROFILE,
        goes_back_first=True,
    ),
    ProblemDefinition(  # R27, R59, T22, W4
        code=ProblemCode.VETTING_LATE,
        title="GlobalSign's vetting takes longer than 72 hours",
        what_happened=(
            "The identity profile was sent more than 72 hours ago and GlobalSign has not verified it. "
            "The 72 hours are the DIP programme's figure; GlobalSign itself promises no time."
        ),
        why="Everything that follows needs the verified identity. A technician can still prepare the CSR.",
        what_to_do=(
            "Ask reception whether somebody rang and was turned away, and whether a letter has come.",
            "Look for a case email from GlobalSign, in the spam folder too, and answer any question in it.",
            "Reply to that email, quote the case number and ask what is missing.",
            "If there is no case email, write to GlobalSign from the registered address.",
            (
                "A ticket on Elexon Support helps with queries only: the DIP Manager cannot influence the"
                " vetting."
            ),
        ),
        next_actor=Actor.COMPANY,
        steps=(StepSlug.VERIFICATION,),
    ),
    ProblemDefinition(  # F46, T16, T17
        code=ProblemCode.VETTING_MISSED_CALL,
        title="GlobalSign rang and was not put through",
        what_happened=(
            "GlobalSign rings a number of the company that it found itself, usually the switchboard. The "
            "call was missed, or reception did not put it through."
        ),
        why=(
            "If nobody puts the call through or gives out the contact details, GlobalSign writes to the"
            " registered address by post. That takes days."
        ),
        what_to_do=(
            "Give reception the briefing from this portal, today.",
            (
                "Reply to GlobalSign's case email, quote the case number and offer times when you can be"
                " reached."
            ),
            "Look out for a letter at the company's registered address.",
        ),
        next_actor=Actor.COMPANY,
        steps=(StepSlug.VERIFICATION,),
    ),
)
