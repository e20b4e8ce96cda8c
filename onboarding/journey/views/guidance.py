"""What the text of a step's guidance depends on: the installation, and the files of this case.

The texts are in templates/journey/; the rest of the page is put together in step_page.py, the ways of
a step in way_page.py.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from onboarding.journey.definitions import CARRIED_FROM, PagePart
from onboarding.journey.models import StepRecord
from onboarding.journey.page_files import PageFiles
from onboarding.journey.step_commands import list_commands
from onboarding.journey.steps import StepSlug


@dataclass(frozen=True)
class Guidance:
    """What the text of a step's guidance depends on: the installation, and the files of this case.

    `profile_from` and `credential_from` are codes of the onboardings from which these were carried over, or empty.
    """

    account_api: bool
    portal_keys: bool
    commands: dict[str, Any]
    familiar_name: str
    profile_from: str
    credential_from: str


def build_guidance(record: StepRecord, files: PageFiles) -> Guidance:
    """What the guidance of this step needs to know; nothing is read for a step whose text does not depend on it."""
    portal, parts = settings.PORTAL, record.definition.page_parts
    carried = PagePart.CARRIED in parts
    named = PagePart.FAMILIAR_NAME in parts and files.fact(StepSlug.API_CREDENTIALS, "name")
    return Guidance(
        account_api=portal.account_api,
        portal_keys=portal.portal_keys,
        commands=list_commands(record, files),
        familiar_name=named or "",
        profile_from=files.fact(StepSlug.IDENTITY_PROFILE, CARRIED_FROM.name) or "" if carried else "",
        credential_from=files.kept_from if carried else "",
    )
