"""Places on the journey's pages that a higher room may fill: each is a signal, answered with HTML.

The journey knows nobody who answers; handover/page_parts.py does.
"""

from collections.abc import Sequence
from typing import Any

from django.dispatch import Signal
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from onboarding.journey.access import Access
from onboarding.journey.models import StepRecord

# Sent with `record` and `access`, the reader's rights (access.py); answers stand in the sidebar of a step's page.
step_sidebar = Signal()
# Sent with `onboarding` and `access`; answers stand among the links of the journey's page.
journey_links = Signal()
# Sent with `records`, all that a list of steps shows, and `access`. A receiver answers HTML by the keys of those
# records to whose rows it adds something, and reads it for all of them at once.
step_notes = Signal()
# Sent with `company` and `user`, the reader; answers stand on the page before an onboarding starts.
start_notes = Signal()


def collect_step_notes(records: Sequence[StepRecord], access: Access) -> dict[int, SafeString]:
    """What other rooms add to the rows of these steps; an answer that is not marked as safe is escaped."""
    notes: dict[int, SafeString] = {}
    answers: list[tuple[Any, Any]] = step_notes.send(StepRecord, records=records, access=access)
    for _, answer in answers:
        for pk, note in answer.items():
            notes[pk] = format_html("{}{}", notes.get(pk, ""), conditional_escape(note))
    return notes
