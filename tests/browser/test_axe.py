"""axe finds nothing on any page of the portal in any of its states, and no page is left out."""

import pytest

from tests.browser import eyes
from tests.browser.scenes import SCENES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("name", SCENES)
def test_axe_and_the_content_policy_have_nothing_to_say(tabs, stage, name) -> None:
    found = {}
    for view in SCENES[name](stage):
        tab = tabs.show(view)
        wrong = eyes.violations(tab) + eyes.refused_by_the_policy(tab)
        if (status := eyes.status_of(tab)) != view.status:
            wrong.append(f"status {status} instead of {view.status}")
        found[view.name] = wrong
    assert {view: wrong for view, wrong in found.items() if wrong} == {}
    assert found
