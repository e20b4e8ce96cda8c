"""Inviting an email address to a company: invite, send again, withdraw, accept.

Who is invited with a task in hand gets it from the room handover/, which listens to signals.py. The token is made from
the invitation and the number of the email; only its hash is stored, so the database alone opens nothing.
Who may do what is in invitation_rules.py.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from certs import clock
from onboarding.audit.chain import record_event
from onboarding.audit.event_names import EventName
from onboarding.notifications.outbox import Sender, queue_invitation_email
from onboarding.people import emails, emergency_rules, invitation_rules, signals
from onboarding.people.decisions import PermissionRefused, StateConflict
from onboarding.people.email_facts import describe_company, describe_invitation
from onboarding.people.invitation_links import hash_token, make_token
from onboarding.people.models import ADMINS, Company, Invitation, Membership, Role, User
from onboarding.people.one_time_links import close_links
from onboarding.ui.formatting import when

DAYS = 14
UNKNOWN = (
    "This link does not work. When an invitation is sent again the older links stop working: open the newest email, or "
    "ask the person who invited you to send it again."
)


def invite(
    *, company: Company, email: str, role: Role | None, actor: User, note: str = "", days: int = DAYS
) -> Invitation:
    """Ask an address to join in a role, or (None) as an outsider, who becomes no member.

    An outsider's open invitation is used again. Raises RequestRefused.
    """
    invitation_rules.demand_may(actor, company)
    if role == Role.PRIMARY:
        raise PermissionRefused(
            "Nobody is invited as Primary Certificate Admin. Ask ops to change the primary."
        )
    address = email.strip().lower()
    invitation_rules.refuse_members(company, address)
    invitation_rules.refuse_too_many(company, address)
    return _invite(company, address, role, actor, note, days)


def invite_as_agreed(company: Company, email: str, *, actor: User) -> Invitation:
    """Invite the Certificate Admin to whom two people agreed; only emergency.py calls this. Raises StateConflict."""
    return _invite(company, email, Role.ADMIN, actor, "", DAYS)


def _invite(
    company: Company, address: str, role: Role | None, actor: User, note: str, days: int
) -> Invitation:
    with transaction.atomic():
        if role is not None:  # an outsider is invited to steps under way, whose company nobody can archive
            company = invitation_rules.lock_company(company)
        known = Invitation.objects.unanswered().select_for_update().filter(company=company, email=address)
        found = known.first()
        if found is None:
            return _create(company, address, role, actor, note, days)
        return _use_again(found, role, actor, note, days)


def _create(
    company: Company, address: str, role: Role | None, actor: User, note: str, days: int
) -> Invitation:
    invitation = Invitation(
        pk=uuid4(),
        company=company,
        email=address,
        role=role or "",
        note=note,
        invited_by=actor,
        expires_at=clock.now() + timedelta(days=days),
    )
    invitation.token_hash = hash_token(make_token(invitation))
    try:
        with transaction.atomic():
            invitation.save(force_insert=True)
    except IntegrityError:
        raise _already_invited(company, address) from None
    _record_event(EventName.INVITATION_SENT, invitation, actor)
    emails.queue_member_invited(invitation, actor)
    _queue_email(invitation, actor)
    return invitation


def _use_again(found: Invitation, role: Role | None, actor: User, note: str, days: int) -> Invitation:
    if found.is_expired:  # whatever role was offered then is not offered any more
        found.role, found.note = role or "", note
        return _send_again(found, actor, days)
    if role is None:
        found.expires_at = max(found.expires_at, clock.now() + timedelta(days=days))
        found.save(update_fields=["expires_at"])
        # As to somebody who has an account: nobody learns who has one.
        _queue_email(found, actor, occasion=str(uuid4()))
        return found
    raise _already_invited(found.company, found.email)


def _already_invited(company: Company, address: str) -> StateConflict:
    return StateConflict(
        f"{address} is invited to {company.name} already. Send that invitation again, or withdraw it first."
    )


def resend(invitation: Invitation, *, actor: User) -> Invitation:
    """A new email with a new link and a new time limit; the old link stops working. Raises as invite does."""
    invitation_rules.demand_may(actor, invitation.company, invitation)
    with transaction.atomic():
        invitation_rules.lock_company(invitation.company)
        return _send_again(_require_unanswered(lock_invitation(invitation.pk)), actor, DAYS)


def _send_again(invitation: Invitation, actor: User, days: int) -> Invitation:
    now, revived = clock.now(), invitation.is_expired
    invitation.invited_by = actor  # answers for it from now on
    if not actor.is_ops or revived:  # ops send again, until the time to which two agreed
        invitation.expires_at = now + timedelta(days=days)
    close_links(invitation=invitation)  # nor does the browser that used the old link go on
    send_new_link(invitation, actor)
    if revived:
        emails.queue_member_invited(invitation, actor)
    return invitation


def send_new_link(invitation: Invitation, actor: User | None = None) -> Invitation:
    """Put another link into an email; the one before stops working. `actor` None: the receiver asked for it."""
    invitation.sent_count, invitation.sent_at = invitation.sent_count + 1, clock.now()
    invitation.token_hash = hash_token(make_token(invitation))
    invitation.save()
    _record_event(EventName.INVITATION_RESENT, invitation, actor)
    _queue_email(invitation, actor)
    return invitation


def withdraw(invitation: Invitation, *, actor: User) -> Invitation:
    """The link stops working at once. Raises as invite does."""
    invitation_rules.demand_may_withdraw(actor, invitation)
    return end_invitation(invitation, actor=actor)


def end_invitation(invitation: Invitation, *, actor: User) -> Invitation:
    """What withdraw does, for callers who asked already whether the actor may. Raises StateConflict."""
    with transaction.atomic():
        found = _require_unanswered(lock_invitation(invitation.pk))
        found.withdrawn_at = clock.now()
        found.save(update_fields=["withdrawn_at"])
        # Receivers lock onboardings: before anything is recorded, as everywhere.
        signals.invitation_withdrawn.send(Invitation, invitation=found, actor=actor)
        _record_event(EventName.INVITATION_WITHDRAWN, found, actor)
    return found


def lock_open_invitation(company: Company, email: str) -> None:
    """Lock the invitation that invite() would use again: an invitation is locked before any onboarding is."""
    address = email.strip().lower()
    open_ones = Invitation.objects.unanswered().filter(company=company, email=address)
    list(open_ones.select_for_update(of=("self",)).order_by("pk"))


def lock_invitation(pk: UUID) -> Invitation:
    """The invitation, locked until the transaction ends: before any onboarding is, or two could wait for each other."""
    # Without a join: who waits for a row whose invited_by changes meanwhile would find that no joined row fits it.
    found: Invitation = Invitation.objects.select_for_update().get(pk=pk)
    return found


def _require_unanswered(invitation: Invitation) -> Invitation:
    if invitation.accepted_at is not None:
        raise StateConflict(
            f"{invitation.email} accepted on {when(invitation.accepted_at)}. "
            "Change the role or remove the person on the team page."
        )
    if invitation.withdrawn_at is not None:
        raise StateConflict(f"This invitation was withdrawn on {when(invitation.withdrawn_at)}.")
    return invitation


def get_by_key(key: str) -> Invitation:
    """The invitation behind a link. Raises StateConflict when the link was never valid, or a newer one was sent."""
    found = Invitation.objects.select_related("company", "invited_by").filter(token_hash=key).first()
    if found is None:
        raise StateConflict(UNKNOWN)
    invitation: Invitation = found
    return invitation


def accept(key: str, *, user: User) -> Invitation:
    """Somebody with an account accepts; twice changes nothing the second time. Raises RequestRefused."""
    with transaction.atomic():
        return _accept(_lock_by_key(key), user)


def join(key: str, *, name: str, password: str) -> User:
    """Somebody new accepts: the account is made in the same transaction. Raises StateConflict."""
    with transaction.atomic():
        invitation = require_acceptable(_lock_by_key(key))
        user = find_newcomer(invitation)
        if user is None:
            raise StateConflict("There is an account for this address. Sign in, then open the link again.")
        user.name = name
        user.set_password(password)
        _save_user(user)
        _accept(invitation, user)
    return user


def _lock_by_key(key: str) -> Invitation:
    found = lock_invitation(get_by_key(key).pk)
    return found if found.token_hash == key else get_by_key(key)  # sent again meanwhile: by_key says so


def find_newcomer(invitation: Invitation) -> User | None:
    """The user who is still to be made (or who never had a way to sign in); None if there is an account to use."""
    known = User.objects.filter(email=invitation.email).first()
    if known is None:
        return User(email=invitation.email)
    fresh = known.is_active and not known.has_usable_password() and known.last_login is None
    return known if fresh else None


def _save_user(user: User) -> None:
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:  # invited by two companies, and both opened at the same moment
        raise StateConflict(
            "There is an account for this address now. Sign in, then open the link again."
        ) from None


def _accept(invitation: Invitation, user: User) -> Invitation:
    if invitation.email != user.email:
        raise PermissionRefused(
            f"This invitation was sent to another address than yours ({user.email}). Sign out and open the link "
            "again, or ask for an invitation to your address."
        )
    if invitation.accepted_by_id == user.pk:
        return invitation
    require_acceptable(invitation)
    invitation.accepted_at, invitation.accepted_by = clock.now(), user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    joined = _add_member(invitation, user)
    # Receivers change offers: before anything is recorded, as everywhere.
    signals.invitation_accepted.send(Invitation, user=user, invitation=invitation)
    _record_event(EventName.INVITATION_ACCEPTED, invitation, user)
    if joined:
        _record_event(EventName.ROLE_ASSIGNED, invitation, user, roles={str(user.pk): invitation.role})
        emails.queue_member_joined(invitation, user)
    return invitation


def require_acceptable(invitation: Invitation) -> Invitation:
    """The same invitation if it can be accepted now. Raises StateConflict with a sentence otherwise."""
    ask = f"Ask {invitation.invited_by} to invite you again."
    if invitation.accepted_at is not None:
        raise StateConflict(f"This invitation was used on {when(invitation.accepted_at)}. Sign in to go on.")
    if invitation.withdrawn_at is not None:
        raise StateConflict(f"This invitation was withdrawn. {ask}")
    if invitation.is_expired:
        raise StateConflict(f"This invitation ended on {when(invitation.expires_at)}. {ask}")
    invitation_rules.demand_inviter(invitation)
    return invitation


def _add_member(invitation: Invitation, user: User) -> bool:
    """Whether the person got a role by it."""
    if user.is_ops:
        raise PermissionRefused("You are ops here, and ops belong to no company. Use another address.")
    if invitation.is_outsider:
        return False
    member, made = Membership.objects.get_or_create(
        user=user, company=invitation.company, defaults={"role": invitation.role}
    )
    if made or member.role in ADMINS or not emergency_rules.rests_on_two(invitation):
        return made
    member.role = invitation.role  # a member already, with less than the Certificate Admin to whom two agreed
    member.save(update_fields=["role"])
    return True


def _record_event(name: EventName, invitation: Invitation, actor: User | None, **replay: Any) -> None:
    data: dict[str, Any] = {"role": invitation.role_label, "to": invitation.email}
    record_event(name, company=invitation.company, actor=actor, data=data, replay=replay)


def _queue_email(invitation: Invitation, actor: User | None, occasion: str = "") -> None:
    facts = {"invitation": describe_invitation(invitation), "company": describe_company(invitation.company)}
    key = f"invitation:{invitation.pk}:{invitation.sent_count}:{occasion}".rstrip(":")
    # What the receiver asks for is not counted against the inviter, nor held: one new link for each used one.
    sender = Sender(actor.pk, invitation.company_id, invitation.company.name) if actor else None
    queue_invitation_email(
        key=key, invitation_id=invitation.pk, address=invitation.email, facts=facts, sender=sender
    )
