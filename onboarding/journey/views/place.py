"""Where a step is done outside the portal, for the button of its page that leads there.

Which place a step has stands in its row (onboarding/journey/steps/), the addresses in the settings.
"""

from typing import NamedTuple

from django.conf import settings

from onboarding.journey.definitions import Place, Step


class DoneAt(NamedTuple):
    """The words and the address of the button."""

    name: str
    url: str


def find_place(row: Step) -> DoneAt | None:
    """Where a person does this step; None where that is here, or the installation knows no address of it."""
    portal = settings.PORTAL
    place = row.place or (None if portal.account_api else row.place_by_hand)
    urls = {Place.ATLAS: portal.atlas_portal_url, Place.DIP: portal.dip_url}
    url = urls[place] if place else None
    return DoneAt(str(place), str(url)) if place and url else None
