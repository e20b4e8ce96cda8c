"""The emergency invitation, agreed by two: ask, agree, stop; sent at once or when the waiting time is over.

With a Certificate Admin of the company who can act, that person agrees and the invitation goes out. Without one, a
second person of ops (or, where ops is one person, the operator) agrees, and the waiting time runs first.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from certs import clock
from certs.rows import update_rows
from onboarding.audit.chain import append_events, append_to_chains, build_event
from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.notifications.outbox import gather_emails
from onboarding.people import emails, emergency_rules, invitation_rules, invitations
from onboarding.people.access import admins_who_can_act, find_member, is_stoppable
from onboarding.people.decisions import RequestRefused, StateConflict
from onboarding.people.emergency_models import EmergencyInvitation
from onboarding.people.locking import lock_companies, lock_company
from onboarding.people.models import ADMINS, Company, Invitation, Role, User
from onboarding.periodic.batches import Done, Task, do_in_batches
from onboarding.ui.formatting import when

Second, Status = EmergencyInvitation.Second, EmergencyInvitation.Status
OPERATOR = "The operator"
ANSWER_DAYS = 7  # until then somebody must have agreed
MOST_OPEN = 3  # per company: each is told to everybody
SECONDS = 60  # of a run of send_due(), after which no further one is carried out
AT_ONCE = 100  # requests that end in one transaction


def ask(company: Company, email: str, *, reason: str, actor: User) -> EmergencyInvitation:
    """Ops ask for a Certificate Admin; nothing goes out yet. Raises RequestRefused."""
    emergency_rules.require_may_ask(actor)
    address = email.strip().lower()
    now = clock.now()
    with transaction.atomic():
        locked = invitation_rules.lock_company(company)
        _require_below_limit(locked)
        _require_useful(locked, address)
        request = EmergencyInvitation(
            company=locked,
            email=address,
            reason=reason,
            asked_by=actor,
            asked_at=now,
            expires_at=now + timedelta(days=ANSWER_DAYS),
        )
        _create(request)
        _record_event(EventName.EMERGENCY_REQUESTED, request, actor, until=request.expires_at)
        emails.queue_emergency("asked", request)
    return request


def _create(request: EmergencyInvitation) -> None:
    try:
        with transaction.atomic():
            request.save(force_insert=True)
    except IntegrityError:
        raise StateConflict(
            f"An emergency invitation of {request.email} is open already. Stop that one first, or wait for it."
        ) from None


def _require_below_limit(company: Company) -> None:
    if EmergencyInvitation.objects.filter(is_stoppable(), company=company).count() >= MOST_OPEN:
        raise StateConflict(
            f"{MOST_OPEN} emergency invitations to {company.name} are open already, and everybody is told of each. "
            "Stop one first, or wait until one has ended."
        )


def _require_useful(company: Company, address: str) -> None:
    """Raises StateConflict for whom such an invitation is of no use."""
    member = find_member(company, address)
    if member is not None and member.role in ADMINS:
        raise StateConflict(f"{member.user} is a {member.get_role_display()} of {company.name} already.")
    user = User.objects.filter(email=address).first()
    if user is not None and (user.is_ops or not user.is_active):
        raise StateConflict(
            "This address belongs to ops, or to an account that is closed. Name another person."
        )
    open_one = Invitation.objects.unanswered().filter(
        company=company, email=address, expires_at__gt=clock.now()
    )
    if open_one.exists():
        raise StateConflict(
            f"{address} is invited to {company.name} already. A Certificate Admin can send that again or withdraw it."
        )


def agree(read: EmergencyInvitation, *, actor: User) -> EmergencyInvitation:
    """The second of the two says yes. Raises RequestRefused."""
    with transaction.atomic():
        request = _lock_asked(read)
        emergency_rules.require_may_agree(actor, request)
        request.agreed_by = actor
        _agree(request, emergency_rules.second_for(request.company), actor)
    return request


def agree_as_operator(read: EmergencyInvitation, *, note: str) -> EmergencyInvitation:
    """The operator is the second where ops is one person and nobody of the company can act. Raises StateConflict."""
    with transaction.atomic():
        request = _lock_asked(read)
        if emergency_rules.second_for(request.company) != Second.OPERATOR:
            raise StateConflict(emergency_rules.who_agrees(request.company))
        request.agreed_note = note
        _agree(request, Second.OPERATOR, None)
    return request


def _agree(request: EmergencyInvitation, second: EmergencyInvitation.Second, actor: User | None) -> None:
    now = clock.now()
    at_once = second == Second.COMPANY
    request.agreed_as, request.agreed_at, request.status = second, now, Status.AGREED
    request.goes_out_at = now if at_once else now + emergency_rules.waiting_time()
    request.save()
    _record_event(EventName.EMERGENCY_AGREED, request, actor, until=request.goes_out_at)
    if at_once:
        _send(request)
    else:
        emails.queue_emergency("agreed", request)


def stop(read: EmergencyInvitation, *, actor: User) -> EmergencyInvitation:
    """Any member of the company, or ops: nothing goes out, and what went out opens nothing any more.

    Raises RequestRefused.
    """
    emergency_rules.require_may_stop(actor, read)
    with transaction.atomic():
        request = _lock_request(read.pk, lock_company(read.company))
        if request.status == Status.SENT and request.invitation is not None:
            invitations.end_invitation(request.invitation, actor=actor)
        elif not request.is_open:
            raise StateConflict(_describe_end(request))
        request.stopped_by, request.status, request.ended_at = actor, Status.STOPPED, clock.now()
        request.save()
        _record_event(EventName.EMERGENCY_STOPPED, request, actor)
        emails.queue_emergency("stopped", request)
    return request


def send_due(now: datetime | None = None) -> int:
    """Send what has waited long enough, and close what nobody agreed to in time; one failure stops no other.

    Returns how many. What a run does not come to is for the next.
    """
    now = now or clock.now()
    late = EmergencyInvitation.objects.filter(status=Status.ASKED, expires_at__lte=now)
    waiting = EmergencyInvitation.objects.filter(status=Status.AGREED, goes_out_at__lte=now)
    return do_in_batches(
        Task(partial(_expire_late, now=now), _list_keys(late, "expires_at"), AT_ONCE),
        Task(partial(_carry_out, now=now), _list_keys(waiting, "goes_out_at"), 1),
        seconds=SECONDS,
    )


def _list_keys(found: QuerySet[EmergencyInvitation], first: str) -> list[UUID]:
    return list(found.order_by(first, "pk").values_list("pk", flat=True))


def _expire_late(pks: Sequence[UUID], *, wait: bool, now: datetime) -> Done:
    of = dict(EmergencyInvitation.objects.filter(pk__in=pks).values_list("pk", "company"))
    companies = lock_companies(of.values(), wait=wait)
    free = [pk for pk in pks if of.get(pk) in companies]
    found = list(_lock_requests(free).filter(status=Status.ASKED, expires_at__lte=now))
    for request in found:
        request.company = companies[request.company_id]
    if found:
        _expire(found)
    return Done(len(found), [pk for pk in pks if pk in of and of[pk] not in companies])


def _carry_out(pks: Sequence[UUID], *, wait: bool, now: datetime) -> Done:
    """One: each sends an invitation, whose lock comes before the history of any company."""
    (pk,) = pks
    company = lock_company(EmergencyInvitation.objects.select_related("company").get(pk=pk).company)
    request = _lock_request(pk, company)
    if request.status != Status.AGREED or request.goes_out_at is None or request.goes_out_at > now:
        return Done(0)  # stopped or sent meanwhile
    if admins_who_can_act(company) or not emergency_rules.both_may_still(request):
        _expire([request])  # the company decides again, or one of the two may not any more
        return Done(1)
    try:
        with transaction.atomic():
            _send(request)
    except RequestRefused:  # invited or let in meanwhile
        _expire([request])
    return Done(1)


def _send(request: EmergencyInvitation) -> None:
    invitation = invitations.invite_as_agreed(request.company, request.email, actor=request.asked_by)
    request.invitation, request.status = invitation, Status.SENT
    request.save()
    actor = (
        request.agreed_by if request.agreed_as == Second.COMPANY else None
    )  # else the portal, by the clock
    _record_event(EventName.EMERGENCY_SENT, request, actor, until=invitation.expires_at)
    emails.queue_emergency("sent", request)


def _expire(requests: Sequence[EmergencyInvitation]) -> None:
    for request in requests:
        request.status, request.ended_at = Status.EXPIRED, clock.now()
    update_rows(requests, ("status", "ended_at"))
    append_to_chains([_build_event(EventName.EMERGENCY_EXPIRED, request, None) for request in requests])
    told = emergency_rules.list_told({request.company_id for request in requests})
    with gather_emails():
        for request in requests:
            emails.queue_emergency("expired", request, told[request.company_id])


def _lock_requests(pks: Iterable[UUID]) -> QuerySet[EmergencyInvitation]:
    """Requests as they are now; their companies' locks come first, so that no change of roles runs beside it."""
    found = EmergencyInvitation.objects.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk")
    return found.select_related("asked_by", "agreed_by", "stopped_by", "invitation")


def _lock_request(pk: UUID, company: Company) -> EmergencyInvitation:
    request = _lock_requests([pk]).get()
    request.company = company
    return request


def _lock_asked(read: EmergencyInvitation) -> EmergencyInvitation:
    request = _lock_request(read.pk, lock_company(read.company))
    if request.status == Status.AGREED:
        raise StateConflict(
            f"This is agreed already. The invitation goes out on {_format_time(request.goes_out_at)}."
        )
    if request.status != Status.ASKED:
        raise StateConflict(_describe_end(request))
    if request.expires_at <= clock.now():
        raise StateConflict(
            f"Nobody agreed by {when(request.expires_at)}, so this has ended. Ops can ask again."
        )
    return request


def _describe_end(request: EmergencyInvitation) -> str:
    if request.status == Status.STOPPED:
        return f"{request.stopped_by} stopped this on {_format_time(request.ended_at)}. Ops can ask again."
    if request.status == Status.SENT:
        return f"The invitation was sent on {_format_time(request.goes_out_at)}."
    return f"This ended without an invitation on {_format_time(request.ended_at)}. Ops can ask again."


def _format_time(moment: datetime | None) -> str:
    return when(moment) if moment else "a day that is not known"  # the database demands one in these states


def _record_event(
    name: EventName, request: EmergencyInvitation, actor: User | None, **times: datetime
) -> None:
    append_events([_build_event(name, request, actor, **times)])


def _build_event(
    name: EventName, request: EmergencyInvitation, actor: User | None, **times: datetime
) -> Event:
    """Ids, role and dates only: the reason and the address stay in the request's row."""
    data = {"request": str(request.pk), "role": Role.ADMIN.label, "agreed_as": request.agreed_as}
    data |= {key: moment.isoformat() for key, moment in times.items()}
    label = OPERATOR if name == EventName.EMERGENCY_AGREED and actor is None else ""
    return build_event(name, company=request.company, actor=actor, actor_label=label, data=data)
