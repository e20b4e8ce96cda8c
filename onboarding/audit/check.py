"""Proving that no event was changed, removed or slipped in.

`manage.py audit_check` prints what this finds.
"""

from collections.abc import Iterator

from onboarding.audit.models import ChainHead, Event
from onboarding.audit.record import digest_of


def faults() -> Iterator[str]:
    """One sentence per broken link: changed, missing, out of order, or a tail that was cut off."""
    for head in ChainHead.objects.order_by("chain").iterator():
        yield from _faults_of(head)
    known = ChainHead.objects.values("chain")
    headless = Event.objects.exclude(chain__in=known).order_by("chain")
    for chain in headless.values_list("chain", flat=True).distinct():
        yield f"Chain {chain} has events but no head."


def _faults_of(head: ChainHead) -> Iterator[str]:
    number, digest = 0, ""
    for event in Event.objects.filter(chain=head.chain).order_by("number").iterator():
        number += 1
        if event.number != number:
            yield f"Chain {head.chain}: event {number} is missing."
            number = event.number
        if event.previous != digest:
            yield f"Chain {head.chain}: event {event.number} does not follow the one before it."
        if digest_of(event) != event.digest:
            yield f"Chain {head.chain}: event {event.number} was changed."
        digest = event.digest
    if (head.length, head.digest) != (number, digest):
        yield f"Chain {head.chain}: it should end with event {head.length}, it ends with {number}."
