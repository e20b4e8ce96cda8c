"""Proving that no event was changed, removed or slipped in.

Whether the tables say what the events say is asked in journey/replay; `manage.py audit_check` prints what both find.
"""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from django.db.models import Exists, OuterRef

from onboarding.audit.chain import compute_digest, compute_mac
from onboarding.audit.models import ChainHead, Event, Format

AT_ONCE = 2000  # events held in memory


class Reader:
    """Reads along while the chains are proved, event by event; the replay is one."""

    def begin(self, chain: str) -> None:
        """The first event of this chain comes next."""

    def take(self, event: Event) -> None:
        """One event, in the order of the chain."""

    def end(self) -> Iterator[str]:
        """The chain is at its end: one sentence per fault."""
        yield from ()


def find_chain_faults(reader: Reader | None = None) -> Iterator[str]:
    """One sentence per broken link: changed, missing, out of order, or a tail that was cut off.

    Every event is read once, a few at a time. Call it within read_snapshot(), or an event that is written meanwhile is
    taken for a fault.
    """
    reader = reader or Reader()
    events, heads = Event.objects.order_by("chain", "number").iterator(chunk_size=AT_ONCE), _Heads()
    for chain, linked in groupby(events, key=attrgetter("chain")):
        reader.begin(chain)
        yield from _chain_faults(chain, linked, reader, heads)
        yield from reader.end()
    for head in ChainHead.objects.filter(~Exists(Event.objects.filter(chain=OuterRef("chain")))).iterator():
        yield from _end_faults(head, None)


class _Heads:
    """The ends of chains, read as the chains come: many at once, from the one that is asked for onwards."""

    def __init__(self) -> None:
        self._read: dict[str, ChainHead] = {}

    def find(self, chain: str) -> ChainHead | None:
        if chain not in self._read:
            following = ChainHead.objects.filter(chain__gte=chain).order_by("chain")[:AT_ONCE]
            self._read = {head.chain: head for head in following}
        return self._read.get(chain)


def _chain_faults(chain: str, events: Iterator[Event], reader: Reader, heads: _Heads) -> Iterator[str]:
    before: Event | None = None
    for event in events:
        yield from _link_faults(event, before)
        reader.take(event)
        before = event
    head = heads.find(chain)
    if head is None:
        yield f"Chain {chain} has events but no head."
    else:
        yield from _end_faults(head, before)


def _link_faults(event: Event, before: Event | None) -> Iterator[str]:
    wanted, digest = (before.number + 1, before.digest) if before else (1, "")
    place = f"Chain {event.chain}: event {event.number}"
    if event.number != wanted:
        yield f"Chain {event.chain}: event {wanted} is missing."
    if event.previous != digest:
        yield f"{place} does not follow the one before it."
    if event.format not in Format.values:
        yield f"{place} has the format {event.format}, which this version does not know."
    if compute_digest(event) != event.digest:
        yield f"{place} was changed."


def _end_faults(head: ChainHead, last: Event | None) -> Iterator[str]:
    number, digest = (last.number, last.digest) if last else (0, "")
    if (head.length, head.digest) != (number, digest):
        yield f"Chain {head.chain}: it should end with event {head.length}, it ends with {number}."
    # Versions before the second format wrote heads without a MAC, and may do so still during an upgrade.
    if last is not None and last.format != Format.FIRST and head.mac != compute_mac(head):
        yield f"Chain {head.chain}: its end, event {head.length}, was not set by the portal."
