"""Without the account API the sample companies still have work for everybody; a second start changes nothing.

With it they are walked by the demonstration itself, against the local Atlas.
"""

from atlas.sandbox.server import Sandbox
from demo import people, sample_cases
from onboarding.handover.models import Grant, Offer
from onboarding.journey.models import Onboarding
from onboarding.questions.models import Question
from tests.atlas_fixtures import atlas, without_api

__all__ = ["atlas", "without_api"]


def _stand() -> dict[str, tuple[str, str]]:
    found = Onboarding.objects.select_related("company").order_by("company__slug")
    return {each.company.slug: (each.current_step, each.current_state) for each in found}


def test_everybody_has_work_where_the_portal_cannot_look_into_atlas(db: None, without_api: Sandbox) -> None:
    for _ in range(2):
        sample_cases.create_sample_cases()
        sample_cases.advance_sample_cases(without_api)
    stand = _stand()
    assert stand["northwind-energy"] == ("register", "open")
    assert stand["rival-power"] == ("identity-profile", "open")
    assert stand["harbour-lantern"] == ("verification", "problem")
    late = Onboarding.objects.get(company__slug="ashdown-supply").steps.get(slug="verification")
    assert late.is_late
    assert Grant.objects.in_force().filter(user__email="technician@dcp.example").count() == len(
        people.CLIENTS
    )
    assert Offer.objects.open().get().to_user.email == "admin@northwind.example"
    assert Question.objects.get().asked_by.email == "primary@harbour.example"
