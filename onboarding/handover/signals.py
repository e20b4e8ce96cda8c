"""Questions that handover/ asks of the rooms above it, as Django's signals; whoever knows the answer receives them.

Who answers what other rooms ask is in receivers.py.
"""

from typing import Any

from django.dispatch import Signal

# Sent with `offer` (Offer). A receiver answers more context for templates/handover/offer.html.
offer_shown = Signal()

# Sent with `records` (list of StepRecord). A receiver answers more context for templates/handover/preview.html.
offer_previewed = Signal()


def collect_context(signal: Signal, sender: type, **values: Any) -> dict[str, Any]:
    """What all receivers add to a page."""
    answers: list[tuple[Any, Any]] = signal.send(sender, **values)
    return {key: value for _, more in answers for key, value in more.items()}
