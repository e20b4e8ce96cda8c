"""What the rooms above may want to know of, and what is asked of them.

Who listens is theirs. A signal named `..._requested` is a question: its receivers answer, or None if they know nothing
of it.
"""

from typing import Any

from django.dispatch import Signal

# A stored secret did not open: it was changed or moved, or its key is not configured. Argument: secret (its row).
secret_not_opened = Signal()

# Which row of the rooms above owns this secret? Sender: Secret. Argument: secret. Answer: its purpose (str), id and
# company (UUID).
secret_owner_requested = Signal()

# What did a room above note of this secret's content when it came? Sender: Secret. Argument: secret. Answer: its
# SHA-256 in lower-case hex.
secret_fingerprint_requested = Signal()


def answers(question: Signal, sender: type, **about: Any) -> list[Any]:
    """What the receivers of a question answered, in the order in which they were connected, without None.

    Raises what a receiver raises.
    """
    return [answer for _, answer in question.send(sender, **about) if answer is not None]
