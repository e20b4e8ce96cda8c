"""What this room asks the rooms above when an email is sent: to whom it goes now, and the link that is never stored.

Nothing is known here of invitations and accounts but their ids and addresses.
"""

from dataclasses import dataclass

from django.dispatch import Signal


@dataclass(frozen=True, slots=True)
class LateLink:
    """The receiver's address and the link, as both are at this moment; the link is a key, never stored nor logged.

    `is_current` False: what the email tells of has been answered or withdrawn meanwhile.
    """

    to: str
    link: str
    is_current: bool = True


# Sent with `email` (OutboxEmail) for each that has an `invitation_id` or an `address`. Whoever knows what it is about
# answers with a LateLink; None: there is nobody to send it to.
link_needed = Signal()
