"""GlobalSign rejects the identity profile, and the company mends it: what was sent stands beside the new form.

The local Atlas is real and its account API set; it rejects the first profile of a company with that word in its name.
"""

import pytest
from playwright.sync_api import expect

from onboarding.journey import progress
from onboarding.people.models import Company
from tests.browser.person import Person
from tests.journey.walk import Walk, register, walk_to_identity_profile
from tests.people_fixtures import People, step
from tests.rules.marker import rule
from tests.workers import eager_workers

__all__ = ["eager_workers"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("eager_workers"),
]
NAME = "One Energy [vetting-rejected] Ltd"


@pytest.fixture
def alice(three: list[Person], with_api: object) -> Person:
    return three[0]


@rule("T22")
def test_a_rejected_profile_is_mended_and_passes(people: People, alice: Person) -> None:
    Company.objects.filter(pk=people.one.pk).update(name=NAME)
    people.one.refresh_from_db()
    walk = Walk(people, progress.start(people.one, environment="uit", actor=people.alice), alice.user.email)
    register(walk)
    walk_to_identity_profile(walk, organization=NAME, street_address="1 Key Street")
    walk.until("verification", "problem")
    alice.sign_in(walk.page("verification"))
    main = alice.tab.get_by_role("main")
    expect(main).to_contain_text("GlobalSign rejected the identity profile")
    main.get_by_role("button", name="Go back to “Request the identity profile”").click()
    back = alice.tab.locator("#send-back")
    back.get_by_label("Request the identity profile").check()
    back.get_by_label("Reason").fill("The street was misspelt.")
    alice.press("Send back")
    _mends_the_street(alice, walk)
    walk.until("verification", "done")
    assert step(walk.onboarding, "verification").witness == "atlas"


def _mends_the_street(alice: Person, walk: Walk) -> None:
    main = alice.tab.get_by_role("main")
    alice.tab.goto(walk.page("identity-profile"))
    expect(main).to_contain_text("The street was misspelt.")
    street = alice.tab.get_by_label("Registered address: street")
    expect(street).to_have_accessible_description("Sent before: 1 Key Street")
    street.fill("1 Quay Street")
    alice.press("Check your answers")
    heading = alice.tab.get_by_role("heading", level=1)
    expect(heading).to_have_text("Check your answers before you send them")
    alice.press("Send to Atlas")
    expect(heading).to_have_text(NAME)  # the journey
    sent = step(walk.onboarding, "identity-profile").sent_answers.order_by("pk")
    assert [row.answers["street_address"] for row in sent] == ["1 Key Street", "1 Quay Street"]
