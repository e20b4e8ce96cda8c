"""Links that work once, in one browser: used by a POST, held by that browser's session for an hour, then worth nothing.

What a link is good for is in reset_links.py and invitation_link_use.py. The unique key of OpenedLink decides a race.
"""

from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from certs import clock
from onboarding.people.models import OpenedLink

BOUND_FOR = timedelta(hours=1)


def hash_token(token: str) -> str:
    """What is kept of a link's token: a hash, fit for the database and for a session."""
    return sha256(token.encode()).hexdigest()


def open_link(key: str, **subject: Any) -> OpenedLink | None:
    """Use a link; None if it was used before. What an older link of the same subject allowed ends here.

    `subject` is `user=` or `invitation=`, whose row the caller has locked in the transaction under way.
    """
    opened, is_new = OpenedLink.objects.get_or_create(key=key, defaults={**subject, "opened_at": clock.now()})
    if not is_new:
        return None
    _close(OpenedLink.objects.filter(**subject).exclude(pk=opened.pk))
    return opened


def close_links(**subject: Any) -> None:
    """No browser may do anything any more with a link that was opened for this user or this invitation."""
    _close(OpenedLink.objects.filter(**subject))


def close_link(opened: OpenedLink) -> bool:
    """What the link was for is done. False if somebody was quicker, or a newer link was used meanwhile."""
    return _close(OpenedLink.objects.filter(pk=opened.pk)) == 1


def _close(links: Any) -> int:
    return int(links.filter(closed_at=None).update(closed_at=clock.now()))


def find_opened(key: str) -> OpenedLink | None:
    """The use of this link, if it was used."""
    return OpenedLink.objects.filter(key=key).first()


def get_bound_link(pk: object) -> OpenedLink | None:
    """What a browser holds whose session names this row; None when the hour is over or a newer link was used."""
    try:
        known = UUID(str(pk))
    except ValueError:
        return None
    still = Q(closed_at=None, opened_at__gt=clock.now() - BOUND_FOR)
    return OpenedLink.objects.select_related("user", "invitation").filter(still, pk=known).first()


def claim_new_link(opened: OpenedLink) -> bool:
    """Whether a new link may be sent in place of this one: one for each, however often it is asked for.

    Raises TransactionManagementError outside a transaction: a new link that is not written is not counted either.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            "A new link is counted in the transaction that sends it."
        )
    unasked = OpenedLink.objects.filter(pk=opened.pk, new_link_at=None)
    return bool(unasked.update(new_link_at=clock.now()))
