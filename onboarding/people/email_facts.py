"""What emails tell of people, companies and invitations, as plain values of this moment: no more than their texts say.

Other rooms have theirs beside their emails. How facts are stored is in notifications/fact_encoding.py.
"""

from collections.abc import Callable, Mapping
from typing import Any

from onboarding.people import emergency_rules
from onboarding.people.emergency_models import EmergencyInvitation
from onboarding.people.models import Company, Invitation, User

Facts = dict[str, Any]


def describe_person(user: User) -> Facts:
    """Who did something, or to whom it happened."""
    return {"name": user.name}


def describe_contact(user: User) -> Facts:
    """A person whom the receiver may want to write to, or must be able to tell from others of the name."""
    return {"name": user.name, "email": user.email}


def describe_company(company: Company) -> Facts:
    """A company."""
    return {"name": company.name}


def describe_invitation(invitation: Invitation) -> Facts:
    """An invitation, for the address that is invited."""
    return {
        "email": invitation.email,
        "role_label": invitation.role_label,
        "is_outsider": invitation.is_outsider,
        "note": invitation.note,
        "invited_by": describe_person(invitation.invited_by),
        "expires_at": invitation.expires_at,
    }


def describe_emergency(what: str, request: EmergencyInvitation) -> Facts:
    """An emergency invitation of which this is told: asked, agreed, stopped, expired or sent."""
    return {"email": request.email, **_OF_EMERGENCY[what](request)}


def _describe_request(request: EmergencyInvitation) -> Facts:
    return {"asked_by": describe_contact(request.asked_by), "reason": request.reason}


def _describe_asked(request: EmergencyInvitation) -> Facts:
    who_agrees = emergency_rules.who_agrees(request.company)
    return {**_describe_request(request), "who_agrees": who_agrees, "expires_at": request.expires_at}


def _describe_agreed(request: EmergencyInvitation) -> Facts:
    by = request.agreed_by and describe_contact(request.agreed_by)
    return {**_describe_request(request), "agreed_by": by, "goes_out_at": request.goes_out_at}


def _describe_sent(request: EmergencyInvitation) -> Facts:
    return {
        "asked_by": describe_person(request.asked_by),
        "agreed_by": request.agreed_by and describe_person(request.agreed_by),
        "hours": int(emergency_rules.waiting_time().total_seconds() // 3600),
    }


def _describe_stopped(request: EmergencyInvitation) -> Facts:
    return {"stopped_by": request.stopped_by and describe_contact(request.stopped_by)}


_OF_EMERGENCY: Mapping[str, Callable[[EmergencyInvitation], Facts]] = {
    "asked": _describe_asked,
    "agreed": _describe_agreed,
    "sent": _describe_sent,
    "stopped": _describe_stopped,
    "expired": lambda _: {},
}
