"""App configuration of this room.

What it listens to is in receivers.py.
"""

from django.apps import AppConfig


class HandoverConfig(AppConfig):
    """Registers the room under the label `handover`."""

    name = "onboarding.handover"
    label = "handover"

    def ready(self) -> None:
        """Tell people/ what hangs on an invitation, and who has something to lose by it."""
        from onboarding.handover import forms, offers, receivers
        from onboarding.journey.views import form_recovery
        from onboarding.people import invitations, second_factor

        form_recovery.RESTORERS["handover:hand-over"] = forms.draftable
        invitations.ON_ACCEPTED.append(offers.on_joined)
        invitations.ON_WITHDRAWN.append(offers.on_invitation_withdrawn)
        second_factor.add_demand_source(receivers.granted_since)
        invitations.NEXT_PAGE.append(receivers.first_offer_page)
