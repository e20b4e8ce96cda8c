"""A form that is drawn once for each step is the form of that step, and shows nobody what somebody typed."""

import pytest
from crispy_forms.templatetags.crispy_forms_filters import as_crispy_form

from onboarding.journey.forms.blank import draw_problem_form, draw_send_back_form
from onboarding.journey.forms.plain import ProblemForm, SendBackForm
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.steps import BY_SLUG
from tests.handover.factories import open_steps
from tests.people_fixtures import People, client_of


@pytest.mark.parametrize("slug", BY_SLUG)
def test_the_form_is_that_of_its_step(slug: str) -> None:
    record = StepRecord(slug=slug)
    for _ in range(2):
        assert draw_problem_form(slug).html == as_crispy_form(ProblemForm(record=record))
        for to in (None, *record.definition.back_to):
            form = SendBackForm(record=record, initial={"to": to})
            assert draw_send_back_form(slug, to).html == as_crispy_form(form)


def test_what_somebody_typed_is_on_their_page_only(people: People, onboarding: Onboarding) -> None:
    open_steps(onboarding, "csr")
    path, typed = f"/onboardings/{onboarding.code}/csr/", "Atlas said: not today"
    bob = client_of(people.bob)
    assert typed not in bob.get(path).content.decode()
    page = bob.post(f"{path}problem/", {"detail": typed}, follow=True)
    assert typed in page.content.decode()
    for browser in (client_of(people.alice), client_of(people.bob)):
        assert typed not in browser.get(path).content.decode()
