"""What a guide says that its readers can and cannot do: the list of permissions, in the second person.

Who has a permission is read from people/permissions.py, so a guide cannot promise what nobody may.
"""

from dataclasses import dataclass

from onboarding.help.roles_document import may_do_step
from onboarding.journey.steps import STEPS
from onboarding.people.permissions import PERMISSIONS
from onboarding.people.role_guides import RoleGuide

# Heading -> permission -> how the sentence "You can …" or "You cannot …" ends.
PHRASES: dict[str, dict[str, str]] = {
    "Onboardings and steps": {
        "see-company": "see the company, its onboardings and its team",
        "see-history": "read what happened in an onboarding, and who did it",
        "see-technical-step": "see a technical step that was handed to you, until its date",
        "start": "start an onboarding",
        "hand-over": "hand over a step that is yours to a colleague",
        "take-back": "take a step back from the person who has it, and say why",
        "send-back": "send a step back so that an earlier one is done again, and say why",
        "remind": "have whoever must act on a step reminded, once a day for each step",
        "ask": "ask ops a question about a step that you may see, and read the answer",
        "check-now": "have the portal check now whether a technical step is done",
        "withdraw": "withdraw an onboarding",
    },
    "Secrets": {
        "show-credentials": "see the API key and secret once, after you sign in again",
        "download-bundle": "download the PFX, after you sign in again",
        "retention": "choose how long the portal keeps secrets after the upload to the DIP",
    },
    "People and access": {
        "invite": "invite people to the team",
        "change-role": "give a member another role",
        "remove": "remove a member from the team",
        "let-in": "hand a technical step to somebody outside the company, and end their access",
        "review": "start a review of who has access, and decide who stays",
        "finish-review": "finish the review of who has access",
        "absence": "say when you are away and who stands in for you",
        "leave": "leave the company",
    },
    "All companies": {
        "board": "see the board of all companies",
        "companies": "search the list of all companies, download it, and open a company's page",
        "note": "write down notes about a company, and calls to it",
        "hold": "put a company on hold, so that deadlines and reminders rest",
        "archive": "archive a company in which nothing is open, and put it back",
        "resend-welcome": "have the welcome email sent again to who never signed in",
        "answer": "answer the questions about a company’s steps, or close them",
        "add-company": "add a company and name its first Primary Certificate Admin",
        "edit-company": "correct a company's name, number and country",
        "correct-address": "correct the address of a Primary Certificate Admin who has never signed in",
        "change-primary": "start a change of the Primary Certificate Admin",
    },
    "Emergency invitations": {
        "ask-emergency": "ask for one",
        "agree-emergency": "agree to one that somebody else asked for",
        "stop-emergency": "stop one",
    },
}
IMPLIED = {"see-technical-step": "see-company"}  # who may see it all is not told so of a part

# What readers of a guide often expect and do not have.
OFTEN_EXPECTED: dict[RoleGuide, tuple[str, ...]] = {
    RoleGuide.PRIMARY: ("leave", "change-primary"),
    RoleGuide.ADMIN: ("withdraw", "finish-review", "change-primary"),
    RoleGuide.TECHNICIAN: ("show-credentials", "invite", "let-in", "send-back"),
    RoleGuide.DCP: ("see-company", "see-history", "show-credentials", "download-bundle", "hand-over"),
    RoleGuide.READER: ("check-now", "hand-over", "show-credentials", "download-bundle", "invite"),
    RoleGuide.OPS: ("start", "send-back", "show-credentials", "download-bundle", "invite", "remove"),
}


@dataclass(frozen=True)
class RoleRights:
    """`can`: (heading, endings of “You can …”); `cannot`: endings; `steps`: titles of the steps that they do."""

    can: tuple[tuple[str, tuple[str, ...]], ...]
    cannot: tuple[str, ...]
    steps: tuple[str, ...]


def describe_rights(guide: RoleGuide) -> RoleRights:
    """What the readers of a guide may and may not do here."""
    has = {each.key for each in PERMISSIONS if guide.grantee in each.who}
    told = has - {key for key, wider in IMPLIED.items() if wider in has}
    groups = (
        (heading, tuple(phrase for key, phrase in phrases.items() if key in told))
        for heading, phrases in PHRASES.items()
    )
    phrases = {key: phrase for group in PHRASES.values() for key, phrase in group.items()}
    return RoleRights(
        can=tuple((heading, can) for heading, can in groups if can),
        cannot=tuple(phrases[key] for key in OFTEN_EXPECTED[guide] if key not in has),
        steps=tuple(row.title for row in STEPS if may_do_step(guide.grantee, row)),
    )
