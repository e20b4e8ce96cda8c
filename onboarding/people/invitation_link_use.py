"""Using the link of an invitation: once, by one browser; and another link for whoever comes too late.

Accepting and joining are in invitations.py; the link itself is made in invitation_links.py.
"""

from django.db import transaction

from onboarding.people import invitations, one_time_links
from onboarding.people.decisions import StateConflict
from onboarding.people.models import Invitation, OpenedLink

FORGOTTEN = "Open the link in the invitation email again: the portal has forgotten it meanwhile."


def works(key: str) -> bool:
    """Whether this is the newest link of an invitation, and nobody has used it."""
    return Invitation.objects.filter(token_hash=key).exists() and not one_time_links.find_opened(key)


def is_known(key: str) -> bool:
    """Whether this is the newest link of an invitation, or one that was used."""
    return Invitation.objects.filter(token_hash=key).exists() or one_time_links.find_opened(key) is not None


def use_link(key: str) -> OpenedLink | None:
    """Use the link; None if it was used before. Raises StateConflict when it cannot be accepted."""
    with transaction.atomic():
        found = invitations.lock_invitation(invitations.get_by_key(key).pk)
        return one_time_links.open_link(invitations.require_acceptable(found).token_hash, invitation=found)


def get_bound_invitation(pk: object) -> Invitation | None:
    """The invitation whose link was used in the browser that knows this number, within the last hour."""
    opened = one_time_links.get_bound_link(pk)
    if opened is None or opened.invitation is None:
        return None
    found: Invitation = Invitation.objects.select_related("company", "invited_by").get(
        pk=opened.invitation.pk
    )
    return found


def lock_bound_invitation(pk: object) -> Invitation:
    """The same, locked; what is accepted now cannot be taken over meanwhile by a newer link. Raises StateConflict."""
    found = get_bound_invitation(pk)
    if found is None:
        raise StateConflict(FORGOTTEN)
    locked = invitations.lock_invitation(found.pk)
    if one_time_links.get_bound_link(pk) is None:
        raise StateConflict(FORGOTTEN)
    return locked


def send_new_link(key: str) -> None:
    """Whoever comes with a used link has another sent to the address that was invited, once for each link.

    A link of nobody, or one that a newer link has replaced, changes nothing. Raises StateConflict as use_link does.
    """
    opened = one_time_links.find_opened(key)
    if opened is None or opened.invitation is None:
        return
    with transaction.atomic():
        found = invitations.lock_invitation(opened.invitation.pk)
        invitations.require_acceptable(found)
        if found.token_hash == key and one_time_links.claim_new_link(opened):
            invitations.send_new_link(found)
