"""Passing a secret on to who accepted a handover: who may, who may open it, the record, the letters.

Sealing and opening are certs/secret_sharing.py's business; the fresh sign-in is demanded by the views.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.views.decorators.debug import sensitive_variables

from certs import clock, credentials, secret_sharing
from certs.models import SharedSecret
from certs.secret_sharing import Opened, What
from certs.vault import VaultError
from onboarding.audit.chain import append_events, append_to_chains
from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.handover import emails, events
from onboarding.handover.models import Offer
from onboarding.journey import case_files
from onboarding.journey.access import read_access
from onboarding.journey.assignment import lock_onboarding
from onboarding.journey.guards import may_be_assigned
from onboarding.journey.models import Onboarding
from onboarding.notifications.outbox import gather_emails
from onboarding.people.access import role_in
from onboarding.people.decisions import ALLOWED, Decision, PermissionRefused, Reason, StateConflict, require
from onboarding.people.models import ADMINS, User
from onboarding.periodic.batches import Done, Task, do_in_batches
from onboarding.ui.formatting import when

SECONDS = 60  # of a run of destroy_past(), after which no further batch is destroyed
AT_ONCE = 100  # secrets destroyed in one transaction


@dataclass(frozen=True)
class SharedSecretLine:
    """One passed secret as its two sides read it."""

    row: SharedSecret
    sentence: str
    may_open: bool
    may_withdraw: bool


class Unopened(NamedTuple):
    """A passed secret that was destroyed unopened, and its handover."""

    offer: Offer
    row: SharedSecret

    def build_withdrawn_event(self, actor: User | None) -> Event:
        """What the history says of it."""
        what = self.row.get_what_display()
        return events.build_offer_event(self.offer, actor, EventName.SECRET_SHARE_WITHDRAWN, what=what)


def may_share(user: User, offer: Offer) -> Decision:
    """Who handed over passes secrets on, once it is accepted and while the receiver still has something to do."""
    if offer.from_user_id != user.pk or role_in(user, offer.company) is None:
        return Decision.refuse(
            f"Only {offer.from_user} can pass a secret on in this handover.", Reason.PERMISSION
        )
    if not offer.onboarding.is_active:
        return Decision.refuse("This onboarding has ended; nothing can be shared any more.", Reason.STATE)
    if offer.status != Offer.Status.ACCEPTED:
        return Decision.refuse(
            "A secret can be shared once the handover is accepted, and until it is returned.", Reason.STATE
        )
    if not _still_receives(offer):
        return Decision.refuse(
            f"{offer.to_user} has none of these steps any more, so nothing can be shared.", Reason.STATE
        )
    return ALLOWED


def list_stored_kinds(user: User, offer: Offer) -> set[str]:
    """What the portal itself keeps of this onboarding and this person may pass on: a Certificate Admin both."""
    if role_in(user, offer.company) not in ADMINS:
        return set()
    stored = case_files.get_credential(offer.onboarding)
    kept = {What.API_CREDENTIALS.value} if stored and not stored.secret.destroyed_at else set()
    return kept | ({What.PFX.value} if case_files.get_stored_bundle(offer.onboarding) else set())


@sensitive_variables()
def share(read: Offer, what: str, content: bytes | None, *, until: datetime, actor: User) -> SharedSecret:
    """Seal a secret for the receiver; `content` None: what the portal keeps. Raises RequestRefused."""
    with transaction.atomic():
        offer = _locked(read)
        require(may_share(actor, offer))
        if content is None and what not in list_stored_kinds(actor, offer):
            raise StateConflict(f"The portal does not keep {What(what).label} of this onboarding.")
        row = secret_sharing.share(
            what,
            _read_stored(offer, what) if content is None else content,
            company_id=offer.company_id,
            case_id=offer.onboarding_id,
            handover_id=offer.pk,
            from_id=actor.pk,
            to_id=offer.to_user_id,
            until=until,
        )
        events.record_offer_event(offer, actor, EventName.SECRET_SHARED, what=row.get_what_display())
        emails.queue_secret_shared(offer, row)
    return row


def _locked(read: Offer) -> Offer:
    """The offer as it is now; whoever returns it or ends the access at this moment comes before or after."""
    onboarding = lock_onboarding(read.onboarding_id)
    offer: Offer = Offer.objects.with_everything().get(pk=read.pk)
    offer.onboarding = onboarding
    return offer


@sensitive_variables()
def _read_stored(offer: Offer, what: str) -> bytes:
    if what == What.PFX:
        return case_files.read_stored_pfx(offer.onboarding)
    stored = case_files.get_credential(offer.onboarding)
    assert stored is not None
    both = credentials.load(stored)
    return join_credentials(both.api_key, both.api_secret)


def join_credentials(api_key: str, api_secret: str) -> bytes:
    """API key and secret as they are sealed: a line each."""
    return f"{api_key}\n{api_secret}".encode()


@sensitive_variables()
def open_once(read: Offer, pk: UUID, *, actor: User) -> Opened:
    """What was shared, to its receiver, once; the sender is told. Raises RequestRefused and Http404."""
    try:
        with transaction.atomic():
            offer = _locked(read)
            row = shared_secret_for(offer, pk)
            require(may_open(actor, offer, row))
            opened = secret_sharing.open_once(pk, actor.pk)
            events.record_offer_event(offer, actor, EventName.SECRET_OPENED, what=row.get_what_display())
            emails.queue_secret_opened(offer, opened.row)
    except secret_sharing.Gone as gone:
        raise StateConflict(describe_shared_secret(gone.row)) from None
    except VaultError:
        raise StateConflict(
            "It cannot be opened just now. Nothing is lost: try again later, or write to ops."
        ) from None
    return opened


def may_open(user: User, offer: Offer, row: SharedSecret) -> Decision:
    """The receiver only, while the handover lasts and nobody has opened it."""
    if str(user.pk) != row.to_id:
        return Decision.refuse(f"Only {offer.to_user} can open this.", Reason.PERMISSION)
    if not secret_sharing.can_be_opened(row):
        return Decision.refuse(describe_shared_secret(row), Reason.STATE)
    if offer.status != Offer.Status.ACCEPTED or not _still_receives(offer) or not offer.onboarding.is_active:
        return Decision.refuse("You have none of these steps any more, so this does not open.", Reason.STATE)
    return ALLOWED


def withdraw(offer: Offer, pk: UUID, *, actor: User) -> None:
    """The sender, or a Certificate Admin of the company, destroys it unopened. Raises RequestRefused and Http404."""
    row = shared_secret_for(offer, pk)
    if not _may_withdraw(actor, offer, row):
        raise PermissionRefused(f"Only {offer.from_user} or a Certificate Admin can take this back.")
    try:
        with transaction.atomic():
            secret_sharing.destroy_unopened(pk)
            events.record_offer_event(
                offer, actor, EventName.SECRET_SHARE_WITHDRAWN, what=row.get_what_display()
            )
    except secret_sharing.Gone as gone:
        raise StateConflict(describe_shared_secret(gone.row)) from None


def destroy_unopened_of(offer: Offer, actor: User | None) -> None:
    """The handover ends: whatever nobody has opened is destroyed, in the same transaction."""
    found = destroy_all_unopened([offer.pk])[offer.pk]
    append_events([each.build_withdrawn_event(actor) for each in found])


def destroy_all_unopened(offer_ids: Collection[UUID]) -> dict[UUID, list[Unopened]]:
    """The same for many handovers, each with what of it was destroyed; the events are the caller's to append."""
    rows = secret_sharing.destroy_all_unopened(offer_ids)
    offers = Offer.objects.with_everything().in_bulk({row.handover_id for row in rows}) if rows else {}
    found: dict[UUID, list[Unopened]] = defaultdict(list)
    for row in rows:
        found[row.handover_id].append(Unopened(offers[row.handover_id], row))
    return found


def destroy_unreceivable(user: User, onboardings: Iterable[Onboarding], actor: User | None) -> None:
    """Destroy unopened what was shared with somebody who has none of the steps of that handover any more.

    Inside the transaction of what took the steps or the role, which has locked the onboardings.
    """
    accepted = Offer.objects.filter(to_user=user, onboarding__in=onboardings, status=Offer.Status.ACCEPTED)
    ended = [offer.pk for offer in accepted.with_everything() if not _still_receives(offer)]
    gone = destroy_all_unopened(ended) if ended else {}
    append_events([each.build_withdrawn_event(actor) for found in gone.values() for each in found])


def destroy_past(now: datetime | None = None) -> int:
    """Destroy what nobody opened in time; the senders are told, and one failure stops no other. Returns how many."""
    now = now or clock.now()
    past = secret_sharing.list_past(now)
    return do_in_batches(Task(partial(_destroy_past, now=now), past, AT_ONCE), seconds=SECONDS)


def _destroy_past(pks: Sequence[UUID], *, wait: bool, now: datetime) -> Done:
    """Inside a transaction. What somebody has locked is not waited for: mostly it is opened at this moment."""
    rows = secret_sharing.destroy_past(pks, now)
    offers = Offer.objects.with_everything().in_bulk([row.handover_id for row in rows])
    name = EventName.SECRET_EXPIRED
    append_to_chains(
        [
            events.build_offer_event(offers[row.handover_id], None, name, what=row.get_what_display())
            for row in rows
        ]
    )
    with gather_emails():
        for row in rows:
            emails.queue_secret_not_opened(offers[row.handover_id], row)
    return Done(len(rows))


def list_shared_secrets(user: User, offer: Offer) -> list[SharedSecretLine]:
    """Everything shared in this handover, with what this reader may do about it."""
    return [
        SharedSecretLine(
            row,
            describe_shared_secret(row),
            bool(may_open(user, offer, row)),
            _may_withdraw(user, offer, row),
        )
        for row in secret_sharing.list_shared_secrets(offer.pk)
    ]


def describe_shared_secret(row: SharedSecret) -> str:
    """How a passed secret stands, for both sides."""
    what = row.get_what_display().capitalize()
    if row.opened_at:
        return f"{what}: opened on {when(row.opened_at)}, and destroyed here in the same moment."
    if row.taken_back_at and row.taken_back_at < row.expires_at:
        return f"{what}: taken back on {when(row.taken_back_at)}, before anybody opened it."
    if not secret_sharing.can_be_opened(row):
        return f"{what}: not opened by {when(row.expires_at)}, so it was destroyed."
    return f"{what}: shared {when(row.created_at)}, not opened yet. It can be opened until {when(row.expires_at)}."


def shared_secret_for(offer: Offer, pk: UUID) -> SharedSecret:
    """One passed secret of a handover that was already fetched for a person. Raises Http404."""
    row = secret_sharing.find_shared_secret(offer.pk, pk)
    if row is None:
        raise Http404
    return row


def _may_withdraw(user: User, offer: Offer, row: SharedSecret) -> bool:
    mine = user.pk == offer.from_user_id or role_in(user, offer.company) in ADMINS
    return mine and str(user.pk) != row.to_id and secret_sharing.can_be_opened(row)


def _still_receives(offer: Offer) -> bool:
    """Whether the receiver still has one of the steps, and may: steps are taken back, roles and grants end."""
    if offer.to_user is None:
        return False
    theirs = [record for record in offer.records() if record.assignee_id == offer.to_user_id]
    if not theirs:
        return False
    access = read_access(offer.to_user, offer.onboarding)
    return any(may_be_assigned(access, record) for record in theirs)
