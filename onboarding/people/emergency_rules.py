"""The emergency invitation: who may ask, agree and stop, what such an invitation rests on, the time after joining.

A company's secrets are for people whom the company let in, so ops never let anybody in alone. The moves are in
emergency.py.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Max

from certs import clock
from onboarding.people.access import admins_who_can_act, list_active_members, role_in
from onboarding.people.decisions import PermissionRefused, RequestRefused, StateConflict
from onboarding.people.emergency_models import EmergencyInvitation
from onboarding.people.models import ADMINS, Company, Invitation, Role, User
from onboarding.ui.formatting import when

Second, Status = EmergencyInvitation.Second, EmergencyInvitation.Status


def waiting_time() -> timedelta:
    """How long an invitation agreed by ops waits, and how long its Certificate Admin takes no secret."""
    return timedelta(hours=settings.PORTAL.emergency_wait_hours)


def active_ops() -> list[User]:
    """Everybody who is ops and can sign in."""
    return list(User.objects.filter(is_ops=True, is_active=True).order_by("name"))


def list_told(company_ids: Iterable[UUID]) -> dict[UUID, list[User]]:
    """Who learns of an emergency invitation to each of these companies: its people and ops, each once; two queries."""
    ops, members = active_ops(), list_active_members(company_ids)
    return {pk: list({user.pk: user for user in (*people, *ops)}.values()) for pk, people in members.items()}


def second_for(company: Company) -> EmergencyInvitation.Second:
    """Who must agree as things stand: the company if anybody there can, else ops, else the operator."""
    return _choose_second(admins_who_can_act(company))


def _choose_second(admins: Sequence[User]) -> EmergencyInvitation.Second:
    if admins:
        return Second.COMPANY
    return Second.OPS if len(active_ops()) > 1 else Second.OPERATOR


def require_may_ask(user: User) -> None:
    """Ops only. Raises PermissionRefused."""
    if not user.is_ops:
        raise PermissionRefused(
            "Only ops ask for an emergency invitation. If you are a Certificate Admin, invite the person on the team "
            "page instead; if not, ask one, or write to ops."
        )


def require_may_agree(user: User, request: EmergencyInvitation) -> None:
    """The second of two, and of the right side. Raises RequestRefused, each with the way forward."""
    company, second = request.company, second_for(request.company)
    if user.pk == request.asked_by_id:
        raise PermissionRefused(f"You asked for this yourself. {who_agrees(company)}")
    if second == Second.COMPANY:
        if role_in(user, company) not in ADMINS:
            raise PermissionRefused(f"You cannot agree to this. {who_agrees(company)}")
        require_settled(user, company)
    elif second == Second.OPERATOR or not user.is_ops:
        raise PermissionRefused(f"You cannot agree to this. {who_agrees(company)}")


def may_agree(user: User, request: EmergencyInvitation) -> bool:
    """Whether the button to agree is shown."""
    try:
        require_may_agree(user, request)
    except RequestRefused:
        return False
    return request.status == Status.ASKED and request.expires_at > clock.now()


def who_agrees(company: Company) -> str:
    """A sentence: who has to agree, and how."""
    admins = admins_who_can_act(company)
    second = _choose_second(admins)
    if second == Second.COMPANY:
        names = " or ".join(str(user) for user in admins)
        return f"{names} of {company.name} must agree, on this company's page of emergency invitations."
    nobody = f"No Certificate Admin of {company.name} can act, so"
    if second == Second.OPS:
        return f"{nobody} another person of ops must agree."
    return f"{nobody} the operator of the portal must agree, with manage.py agree_to_emergency."


def require_may_stop(user: User, request: EmergencyInvitation) -> None:
    """Every member of the company, and ops. Raises PermissionRefused."""
    if role_in(user, request.company) is None and not user.is_ops:
        raise PermissionRefused(f"Only people of {request.company.name} and ops can stop this.")


def may_stop(user: User, request: EmergencyInvitation) -> bool:
    """Whether the button to stop is shown: until somebody has joined by it."""
    sent = request.status == Status.SENT and request.invitation is not None and request.invitation.is_open
    return (request.is_open or sent) and (user.is_ops or role_in(user, request.company) is not None)


def rests_on_two(invitation: Invitation | None) -> bool:
    """Whether two people agreed to this invitation, and both may still answer for it."""
    if invitation is None or invitation.role != Role.ADMIN:
        return False
    found = EmergencyInvitation.objects.select_related("asked_by", "agreed_by", "company")
    request = found.filter(invitation=invitation, status=Status.SENT).order_by("-agreed_at").first()
    return request is not None and both_may_still(request)


def both_may_still(request: EmergencyInvitation) -> bool:
    """Whether the two who agreed are still who they were: ops, and a Certificate Admin or ops."""
    asked, agreed = request.asked_by, request.agreed_by
    if not (asked.is_ops and asked.is_active):
        return False
    match request.agreed_as:
        case Second.COMPANY:
            return agreed in admins_who_can_act(request.company)
        case Second.OPS:
            return agreed is not None and agreed.is_ops and agreed.is_active
        case _:
            return request.agreed_as == Second.OPERATOR


def require_agreed(invitation: Invitation | None, company: Company) -> None:
    """Ops send nothing that two people have not agreed to, nor after its time. Raises RequestRefused."""
    if not rests_on_two(invitation):
        raise PermissionRefused(
            f"Only a Certificate Admin of {company.name} may do this. Ops let nobody in to a company alone: ask for "
            "an emergency invitation on the company's team page, to which a second person must agree."
        )
    if invitation is not None and invitation.is_expired:
        raise StateConflict(
            f"This emergency invitation ended on {when(invitation.expires_at)}. Ask for a new one on the team page."
        )


def settled_at(user: User, company: Company) -> datetime | None:
    """When who joined by an emergency invitation may take secrets; None when that time is over, or never ran."""
    return settling_members(company).get(user.pk)


def settling_members(company: Company) -> dict[UUID, datetime]:
    """Who of the company joined by an emergency invitation and may take no secret yet, and from when on they may."""
    sent = company.emergencies.filter(status=Status.SENT, invitation__accepted_by__isnull=False)
    joined = sent.values_list("invitation__accepted_by").annotate(at=Max("invitation__accepted_at"))
    now, wait = clock.now(), waiting_time()
    return {pk: at + wait for pk, at in joined.order_by() if at + wait > now}


def require_settled(user: User, company: Company) -> None:
    """Raises StateConflict for who joined by an emergency invitation, until the others had time to react."""
    until = settled_at(user, company)
    if until is not None:
        raise StateConflict(
            f"You joined by an emergency invitation. Until {when(until)} you can take no secret of {company.name} and "
            "change nobody's access, so that the others have time to react. Steps of the onboarding you can do now."
        )
