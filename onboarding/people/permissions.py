"""Every permission, once, with its sentence and those who have it; what each step asks for is in journey/steps/.

A list for people to read (docs/roles.md, help): the rules are in guards and access functions, and tests compare.
"""

from dataclasses import dataclass
from enum import StrEnum


class Grantee(StrEnum):
    """Everybody who can have a permission: the four roles, somebody let in from outside, and ops."""

    PRIMARY = "Primary Certificate Admin"
    ADMIN = "Certificate Admin"
    TECHNICIAN = "Technician"
    READER = "Reader"
    OUTSIDE = "Outside technician"
    OPS = "Ops"


@dataclass(frozen=True)
class Permission:
    """`key` names it, `sentence` says it, `who` has it."""

    key: str
    sentence: str
    who: frozenset[Grantee]


_ADMINS = frozenset({Grantee.PRIMARY, Grantee.ADMIN})
_TECHNICAL = _ADMINS | {Grantee.TECHNICIAN}
_MEMBERS = _TECHNICAL | {Grantee.READER}


def _may(key: str, sentence: str, *who: Grantee, all_of: frozenset[Grantee] = frozenset()) -> Permission:
    return Permission(key, sentence, all_of | set(who))


PERMISSIONS: tuple[Permission, ...] = (
    _may("see-company", "See the company, its onboardings and its team.", Grantee.OPS, all_of=_MEMBERS),
    _may("see-history", "Read what happened in an onboarding, and who did it.", Grantee.OPS, all_of=_MEMBERS),
    _may(
        "see-technical-step",
        "See a technical step; from outside only one that was handed over, and until its date.",
        Grantee.OUTSIDE,
        Grantee.OPS,
        all_of=_MEMBERS,
    ),
    _may("start", "Start an onboarding.", all_of=_ADMINS),
    _may("withdraw", "Withdraw an onboarding. This cannot be undone.", Grantee.PRIMARY, Grantee.OPS),
    _may(
        "check-now",
        "Have the portal look at once whether a technical step is done.",
        Grantee.OUTSIDE,
        Grantee.OPS,
        all_of=_TECHNICAL,
    ),
    _may(
        "remind",
        "Have whoever must act on a step reminded, once a day for each step; not where that is oneself.",
        Grantee.OPS,
        all_of=_MEMBERS,
    ),
    _may(
        "ask",
        "Ask ops a question about a step that one may see, and read the answer.",
        Grantee.OUTSIDE,
        all_of=_MEMBERS,
    ),
    _may("answer", "Answer the questions about every company's steps, or close them.", Grantee.OPS),
    _may("send-back", "Have an earlier step done again, with a reason.", all_of=_ADMINS),
    _may("take-back", "Take a step back from who holds it, with a reason.", all_of=_ADMINS),
    _may(
        "hand-over",
        "Offer a step that is one's own to do to another member; never those of the primary.",
        all_of=_TECHNICAL,
    ),
    _may(
        "let-in",
        "Hand a technical step to somebody outside, see who has access, extend and revoke it.",
        all_of=_ADMINS,
    ),
    _may(
        "show-credentials", "Be shown the API key and secret, once, after you sign in again.", all_of=_ADMINS
    ),
    _may("download-bundle", "Download the PFX after you sign in again.", all_of=_TECHNICAL),
    _may("invite", "Invite an address to the team, send that again, withdraw it.", all_of=_ADMINS),
    _may(
        "ask-emergency",
        "Ask for an emergency invitation of a Certificate Admin, to which a second person must agree.",
        Grantee.OPS,
    ),
    _may(
        "agree-emergency",
        "Agree to an emergency invitation that somebody else asked for; ops only where no Certificate Admin can act.",
        all_of=_ADMINS,
    ),
    _may("stop-emergency", "Stop an emergency invitation.", Grantee.OPS, all_of=_MEMBERS),
    _may("change-role", "Give a member another role, except that of the primary.", all_of=_ADMINS),
    _may("remove", "Remove a member, except the primary.", all_of=_ADMINS),
    _may("leave", "Leave the company.", Grantee.ADMIN, Grantee.TECHNICIAN, Grantee.READER),
    _may("absence", "Enter one's own absence and name a deputy.", all_of=_MEMBERS),
    _may(
        "retention", "Choose how long the portal keeps secrets after the upload to the DIP.", all_of=_ADMINS
    ),
    _may("review", "Start the review of users and decide who stays.", all_of=_ADMINS),
    _may("finish-review", "Finish the review of users.", Grantee.PRIMARY),
    _may("change-primary", "Ask a member to become the Primary Certificate Admin.", Grantee.OPS),
    _may("add-company", "Add a company and name its first Primary Certificate Admin.", Grantee.OPS),
    _may("edit-company", "Correct a company's name, number and country.", Grantee.OPS),
    _may(
        "correct-address",
        "Correct the email address of a Primary Certificate Admin who has never signed in.",
        Grantee.OPS,
    ),
    _may("board", "See the board of all companies, and what happened in them.", Grantee.OPS),
    _may(
        "companies",
        "See the list of all companies, and download it; see a company's page for ops.",
        Grantee.OPS,
    ),
    _may("note", "Write down notes about a company, and calls to it.", Grantee.OPS),
    _may(
        "hold", "Put a company on hold, so that deadlines and reminders rest, and end the hold.", Grantee.OPS
    ),
    _may("archive", "Archive a company in which nothing is open, and put it back.", Grantee.OPS),
    _may(
        "resend-welcome",
        "Have the welcome email sent again to a Primary Certificate Admin who has never signed in.",
        Grantee.OPS,
    ),
)

BY_KEY: dict[str, Permission] = {permission.key: permission for permission in PERMISSIONS}
