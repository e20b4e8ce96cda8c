"""The form of the API credentials: each error stands at the box that it is about."""

import pytest

from onboarding.journey.forms.credentials import CredentialsForm
from onboarding.journey.models import Onboarding
from tests.journey.step_actions import API_KEY, API_SECRET
from tests.people_fixtures import People, step


@pytest.mark.parametrize(
    ("key", "secret", "field"),
    [
        (API_KEY[1:], API_SECRET, "api_key"),
        (API_KEY, API_SECRET[1:], "api_secret"),
        (API_SECRET, API_KEY, "api_key"),  # of both: at the first box
    ],
)
def test_an_error_stands_at_the_field_that_it_is_about(
    onboarding: Onboarding, people: People, key: str, secret: str, field: str
) -> None:
    record = step(onboarding, "api-credentials")
    typed = {"name": "dip", "way": "paste", "api_key": key, "api_secret": secret}
    form = CredentialsForm(typed, record=record, user=people.bob)
    assert list(form.errors) == [field]
