"""Places on the journey's pages that a higher room may fill: each is a signal, answered with HTML.

The journey knows nobody who answers; handover/page_parts.py does.
"""

from django.dispatch import Signal

# Sent with `record` and `access`, the reader's rights (access.py); answers stand in the sidebar of a step's page.
step_sidebar = Signal()
# Sent with `onboarding` and `access`; answers stand among the links of the journey's page.
journey_links = Signal()
