"""Fixtures of this room: the local Atlas, and a browser of each person.

What people do in each step is in step_actions.py, how a page is read and pressed in form_client.py.
"""

import pytest

from onboarding.journey.models import Onboarding
from tests.atlas_fixtures import atlas, with_api, without_api
from tests.journey.held_step import hold_csr
from tests.journey.step_actions import STEP_ACTIONS, perform
from tests.people_fixtures import People

__all__ = ["atlas", "with_api", "without_api"]


@pytest.fixture
def held(people: People, onboarding: Onboarding) -> str:
    """The address of an open step that Bob has (held_step.py)."""
    return hold_csr(people, onboarding)


@pytest.fixture
def finished(people: People, onboarding: Onboarding) -> Onboarding:
    """One's UIT, complete."""
    for each in STEP_ACTIONS:
        perform(onboarding, people, each)
    onboarding.refresh_from_db()
    assert onboarding.status == "completed"
    return onboarding
