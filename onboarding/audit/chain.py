"""Adding events to a chain, inside the transaction of the move they tell of: no record, no move.

The checker that proves a chain is in chain_check.py.
"""

import hashlib
import hmac
import json
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings
from django.db import transaction

from certs import clock
from certs.rows import insert_rows, update_row, update_rows
from onboarding.audit.event_names import EventName
from onboarding.audit.models import ChainHead, Event, Format
from onboarding.audit.security_log import log_recorded_event

INSTALLATION = "installation"
PORTAL = "The portal"
OPS = "ops"  # the one role of the installation, as its chain spells it
LABEL_LENGTH = 180  # characters that the column takes; a long name must not stop a move
HEAD = ("length", "digest", "mac")
NAME_LENGTH = 40  # characters of a name that stay also beside an address that fills the column


class Keyed(Protocol):
    """A row with a key: the rooms above give their company, which this room does not import."""

    @property
    def pk(self) -> Any: ...


class Person(Keyed, Protocol):
    """Whoever acts: the rooms above give their user."""

    @property
    def name(self) -> Any: ...
    @property
    def email(self) -> Any: ...


def record_event(name: EventName, *, company: Keyed | None, **about: Any) -> Event:
    """Append one event; what may be said about it is build_event's, what must hold append_events'."""
    event = build_event(name, company=company, **about)
    append_events([event])
    return event


def build_event(
    name: EventName,
    *,
    company: Keyed | None,
    actor: Person | None = None,
    actor_label: str = "",
    onboarding_id: UUID | None = None,
    step: str = "",
    data: dict[str, Any] | None = None,
    replay: dict[str, Any] | None = None,
) -> Event:
    """An event of this moment. `actor` None means the portal's own worker; `data` must be plain JSON without secrets.

    `replay` is what the tables say after the move, for the check that compares both: plain ids, states and digests, no
    personal data (journey/replay/derivation.py reads it). It is kept in `data` under "replay". Every change of who is a
    member of a company gives `{"roles": {user id: role, or None for nobody any more}}`.
    """
    return Event(
        chain=str(company.pk) if company else INSTALLATION,
        name=str(name),
        at=clock.now(),
        actor_id=actor.pk if actor else None,
        actor_label=(actor_label or _label(actor))[:LABEL_LENGTH],
        onboarding_id=onboarding_id,
        step=step,
        data={**(data or {}), **({"replay": replay} if replay else {})},
    )


def append_events(events: Sequence[Event], head: ChainHead | None = None) -> None:
    """Link events to the end of their one chain, in this order; all or none are stored.

    `head` is the chain's end if it was read already, without a lock: it is taken if it still is the end when it is set.
    Must run inside the transaction of the change they tell of (raises RuntimeError otherwise), as late as can be: from
    here to its end nobody else adds to this chain, so that links are numbered without a gap or a fork.
    """
    _require_transaction()
    if events and not (head and _append(head, events)):
        _append(_lock_head(events[0].chain), events)
    _log(events)


def append_to_chains(events: Sequence[Event]) -> None:
    """append_events() for events of many chains, each chain's in this order, in as many statements as for one.

    Whoever calls it waits for nobody afterwards: the ends of the chains are the last that is locked, in one order.
    """
    _require_transaction()
    of_chain: dict[str, list[Event]] = {}
    for event in events:
        of_chain.setdefault(event.chain, []).append(event)
    heads = _lock_heads(of_chain) if of_chain else []
    for head in heads:
        _link(head, of_chain[head.chain])
    if heads:
        update_rows(heads, HEAD)
        insert_rows(events)
    _log(events)


def _require_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An event is recorded inside the transaction of the change it tells of.")


def _log(events: Sequence[Event]) -> None:
    for event in events:
        log_recorded_event(event, None if event.chain == INSTALLATION else event.chain)


def _append(head: ChainHead, events: Sequence[Event]) -> bool:
    """Set the chain's new end, which locks it, and store the events. False if `head` was not the end any more."""
    was = {"length": head.length, "digest": head.digest}
    _link(head, events)
    if not update_row(head, HEAD, **was):
        return False
    insert_rows(events)
    return True


def _link(head: ChainHead, events: Sequence[Event]) -> None:
    is_proved = _is_set_by_portal(head)
    link_events(head, events)
    if is_proved:  # or the end stays unproved: a new MAC would hide for ever that somebody had cut the chain
        head.mac = compute_mac(head)


def link_events(head: ChainHead, events: Sequence[Event]) -> None:
    """Number and chain events behind this end, which moves on in memory; what is stored is the caller's."""
    for event in events:
        event.number, event.previous = head.length + 1, head.digest
        event.digest = compute_digest(event)
        head.length, head.digest = event.number, event.digest


def _label(actor: Person | None) -> str:
    """A name and an address; of a long name as much as leaves room for the address, which tells people apart."""
    if actor is None:
        return PORTAL
    address = f" <{actor.email}>"
    return str(actor.name)[: max(NAME_LENGTH, LABEL_LENGTH - len(address))] + address


def _lock_head(chain: str) -> ChainHead:
    locked = ChainHead.objects.select_for_update()
    head = locked.filter(chain=chain).first()
    if head is None:
        # Two may find none: one row is made, and both wait for its lock.
        ChainHead.objects.bulk_create([ChainHead(chain=chain)], ignore_conflicts=True)
        head = locked.get(chain=chain)
    return head


def _lock_heads(chains: Collection[str]) -> list[ChainHead]:
    """The ends of these chains, locked in the order of their names, so that two who do it never wait for each other."""
    locked = ChainHead.objects.select_for_update().filter(chain__in=list(chains)).order_by("chain")
    heads = list(locked)
    if len(heads) < len(chains):
        missing = sorted(set(chains).difference(head.chain for head in heads))
        ChainHead.objects.bulk_create([ChainHead(chain=chain) for chain in missing], ignore_conflicts=True)
        heads = list(locked.all())
    return heads


def _is_set_by_portal(head: ChainHead) -> bool:
    """Whether the portal set this end of a chain: by its MAC, or it is new, or of a version that wrote no MAC.

    The event itself must prove that version, or a changed format number would do. Asked only where the MAC is wrong.
    """
    if head.length == 0 or head.mac == compute_mac(head):
        return True
    last = Event.objects.filter(chain=head.chain, number=head.length, format=Format.FIRST).first()
    return last is not None and compute_digest(last) == last.digest == head.digest


def compute_digest(event: Event) -> str:
    """HMAC-SHA256 over every field and the previous digest, as 64 hexadecimal digits.

    The first format left its own number out; rows of that time are proved as they were written.
    """
    at: datetime = event.at.astimezone(UTC)
    body = [
        event.chain,
        event.number,
        event.name,
        at.isoformat(timespec="microseconds"),
        str(event.actor_id or ""),
        event.actor_label,
        str(event.onboarding_id or ""),
        event.step,
        event.data,
        event.previous,
    ]
    return keyed_digest(body if event.format == Format.FIRST else [event.format, *body])


def compute_mac(head: ChainHead) -> str:
    """What proves that the portal itself set this end of a chain, as 64 hexadecimal digits."""
    return keyed_digest(["head", head.chain, head.length, head.digest])


def keyed_digest(value: Any) -> str:
    """HMAC-SHA256 of plain JSON under AUDIT_KEY: unlike the text behind a bare hash, a short one cannot be guessed."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    key = settings.PORTAL.audit_key.get_secret_value().encode()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
