"""The history page: every event in words, newest first, for those who may see the onboarding.

What is recorded when is tested in tests/journey.
"""

import pytest
from bs4 import BeautifulSoup

from onboarding.audit.chain import record_event
from onboarding.audit.event_names import SENTENCES, EventName
from onboarding.audit.models import Event
from onboarding.journey.models import Onboarding
from tests.people_fixtures import People, client_of


@pytest.mark.parametrize("name", EventName)
def test_every_event_becomes_a_sentence(people: People, onboarding: Onboarding, name: EventName) -> None:
    record_event(
        name,
        company=people.one,
        actor=people.bob,
        onboarding_id=onboarding.pk,
        step="csr",
        data={"reason": "-"},
    )
    page = client_of(people.rhea).get(f"/onboardings/{onboarding.code}/history/")
    assert page.status_code == 200
    said = " ".join(BeautifulSoup(page.content, "html.parser").get_text(" ").split())
    assert f"Create the CSR: Bob Test {SENTENCES[name]}" in said


def test_everybody_of_the_company_and_ops_may_read_it(people: People, onboarding: Onboarding) -> None:
    page = f"/onboardings/{onboarding.code}/history/"
    for person in (people.alice, people.tess, people.rhea, people.olga):
        assert client_of(person).get(page).status_code == 200
    assert client_of(people.charlie).get(page).status_code == 404


def test_the_newest_comes_first_and_fifty_fill_a_page(people: People, onboarding: Onboarding) -> None:
    for number in range(60):
        data = {"reason": f"entry {number}"}
        record_event(EventName.STEP_DONE, company=people.one, onboarding_id=onboarding.pk, data=data)
    browser, page = client_of(people.alice), f"/onboardings/{onboarding.code}/history/"
    first, second = (browser.get(page, {"page": number}).content.decode() for number in (1, 2))
    assert "entry 59" in first
    assert "entry 9<" not in first
    assert first.index("entry 59") < first.index("entry 58")
    assert "started the onboarding" in second
    assert Event.objects.filter(onboarding_id=onboarding.pk).count() == 62


def test_what_people_wrote_is_shown_as_text(people: People, onboarding: Onboarding) -> None:
    reason = "<script>alert(1)</script>"
    record_event(
        EventName.STEP_SENT_BACK, company=people.one, onboarding_id=onboarding.pk, data={"reason": reason}
    )
    page = client_of(people.alice).get(f"/onboardings/{onboarding.code}/history/").content.decode()
    assert reason not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_portals_own_acts_are_named_as_such(people: People, onboarding: Onboarding) -> None:
    record_event(EventName.STEP_DONE, company=people.one, onboarding_id=onboarding.pk, step="quote")
    page = client_of(people.alice).get(f"/onboardings/{onboarding.code}/history/").content.decode()
    assert "Accept the £0 quote: The portal finished the step" in " ".join(page.split())
