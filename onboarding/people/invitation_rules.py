"""Who may invite, send again and withdraw, and whom: rights are asked when it is done, and again when it is accepted.

What happens then is in invitations.py.
"""

from certs import clock
from onboarding.people import emergency_rules
from onboarding.people.access import require_admin
from onboarding.people.decisions import RequestRefused, StateConflict
from onboarding.people.locking import lock_unarchived_company
from onboarding.people.models import Company, Invitation, Membership, Role, User

MOST_OPEN = 100  # invitations per company: the other Certificate Admins are written to for each


def demand_may(actor: User, company: Company, invitation: Invitation | None = None) -> None:
    """Raise PermissionRefused unless the actor may invite, or (`invitation`) send this again and answer for it.

    Certificate Admins of the company; ops only what two people have agreed to (emergency_rules.py).
    """
    if actor.is_ops:
        emergency_rules.require_agreed(invitation, company)
        return
    require_admin(actor, company)
    emergency_rules.require_settled(actor, company)


def demand_may_withdraw(actor: User, invitation: Invitation) -> None:
    """Raise PermissionRefused unless the actor may withdraw it: who may send it; ops that of a Certificate Admin."""
    if not (actor.is_ops and invitation.role == Role.ADMIN):
        demand_may(actor, invitation.company, invitation)


def lock_company(company: Company) -> Company:
    """The company, locked until the transaction ends: the first of its locks.

    Raises StateConflict where it is archived: nothing of such a company may be open.
    """
    return lock_unarchived_company(company, refused="nobody can be invited to it")


def refuse_members(company: Company, address: str) -> None:
    """Raise StateConflict for an address of the company's own people."""
    member = Membership.objects.filter(company=company, user__email=address).select_related("user").first()
    if member is not None:
        raise StateConflict(
            f"{member.user} is a {member.get_role_display()} of {company.name} already. "
            "Change the role on the team page instead."
        )


def refuse_too_many(company: Company, address: str) -> None:
    """Raise StateConflict for one more address than MOST_OPEN; of two at the same moment both may pass."""
    others = Invitation.objects.unanswered().filter(company=company).exclude(email=address)
    if others.filter(expires_at__gt=clock.now()).count() >= MOST_OPEN:
        raise StateConflict(
            f"{MOST_OPEN} invitations to {company.name} are open already. Withdraw those that are not needed first."
        )


def demand_inviter(invitation: Invitation) -> None:
    """Who has left, or may not invite any more, brings nobody in; not even under another address of their own."""
    by, company = invitation.invited_by, invitation.company
    try:
        demand_may(by, company, invitation)
    except RequestRefused:
        raise StateConflict(
            f"{by} invited you and may not any more. Ask a Certificate Admin of {company.name} to send it again."
        ) from None
