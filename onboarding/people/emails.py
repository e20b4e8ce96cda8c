"""Who is written to when a company comes or is renamed, and when somebody is invited to it, joins it, or is to be
invited by the emergency way.

Texts are in templates/notifications/; the email to the invited address itself is written by invitations.py.
"""

from typing import Any
from uuid import uuid4

from django.urls import reverse

from onboarding.notifications import outbox
from onboarding.notifications.outbox import queue_email
from onboarding.people import emergency_rules
from onboarding.people.access import admins_of, list_active_members
from onboarding.people.email_facts import (
    describe_company,
    describe_contact,
    describe_emergency,
    describe_person,
)
from onboarding.people.emergency_models import EmergencyInvitation
from onboarding.people.models import Company, Invitation, User
from onboarding.people.welcome_links import DAYS, is_newcomer


def queue_welcome(company: Company, primary: User) -> None:
    """The new Primary Certificate Admin learns of it; a newcomer gets the link with which the password is set."""
    facts = {**_describe(company), "is_new": is_newcomer(primary)}
    if facts["is_new"]:
        facts |= {"user": describe_contact(primary), "days": DAYS}
        outbox.queue_welcome(address=primary.email, facts=facts)
    else:
        queue_email("welcome", key=f"welcome:{company.pk}", to=[primary], facts={**facts, "path": "/"})


def queue_company_changed(company: Company, name: str, number: str, actor: User) -> None:
    """The Certificate Admins learn of the company's new name or number; `name` and `number` are those of before."""
    if (company.name, company.number) == (name, number):
        return
    facts = {
        **_describe(company),
        "company": {**describe_company(company), "number": company.number},
        "before": {"name": name, "number": number},
        "actor": describe_person(actor),
        "path": reverse("dashboards:company", args=[company.slug]),
    }
    to = admins_of(company)
    queue_email("company-changed", key=f"company-changed:{uuid4()}", to=to, facts=facts)


def queue_member_invited(invitation: Invitation, actor: User) -> None:
    """The other Certificate Admins learn that somebody is to join the team, while it can still be withdrawn.

    Nothing of those who are asked in for single steps (they get no role), nor of an emergency invitation, of which
    everybody is told (emergency below).
    """
    if invitation.is_outsider or actor.is_ops:
        return
    to = [user for user in admins_of(invitation.company) if user.pk != actor.pk]
    occasion = f"{invitation.pk}:{invitation.sent_count}"
    invited = {"email": invitation.email, "role_label": invitation.role_label}
    facts = {"invitation": invited, "actor": describe_contact(actor)}
    _queue_to_team(invitation.company, "member-invited", occasion, to, facts)


def queue_member_joined(invitation: Invitation, user: User) -> None:
    """Every other Certificate Admin learns that somebody has joined; after an emergency invitation all members do."""
    company = invitation.company
    until = emergency_rules.settled_at(user, company)
    to = list_active_members([company.pk])[company.pk] if until else admins_of(company)
    to = [each for each in to if each.pk != user.pk]
    by = describe_person(invitation.invited_by)
    invited = {"role_label": invitation.role_label, "invited_by": by}
    facts = {"invitation": invited, "joiner": describe_contact(user), "until": until}
    _queue_to_team(company, "member-joined", f"{invitation.pk}", to, facts)


def _queue_to_team(company: Company, kind: str, occasion: str, to: list[User], facts: dict[str, Any]) -> None:
    facts |= {**_describe(company), "path": reverse("team:team", args=[company.slug])}
    queue_email(kind, key=f"{kind}:{occasion}", to=to, facts=facts)


def queue_emergency(what: str, request: EmergencyInvitation, to: list[User] | None = None) -> None:
    """All members of the company and all ops learn what became of a request, and how it is stopped.

    Who did it is written to on purpose: a stolen account's owner learns of it. `what`: asked, agreed, stopped, expired
    or sent. `to`: those of list_told(), where there are many requests.
    """
    company = request.company
    to = emergency_rules.list_told([company.pk])[company.pk] if to is None else to
    facts = {
        **_describe(company),
        "emergency": describe_emergency(what, request),
        "path": reverse("people:emergencies", args=[company.slug]),
    }
    kind = f"emergency-{what}"
    queue_email(kind, key=f"{kind}:{request.pk}", to=to, facts=facts)


def _describe(company: Company) -> dict[str, Any]:
    """The company where its emails name it, and where every email does: at its end."""
    return {"company": describe_company(company), "onboarding": {"company": describe_company(company)}}
