"""The review of users before production (R60-R62): who is listed, deciding, what must be true before it is finished.

Removing somebody is tested in test_membership_changes.py.
"""

from typing import Any

import pytest

from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.journey.models import Onboarding
from onboarding.people.decisions import PermissionRefused, StateConflict
from onboarding.people.models import Membership
from onboarding.team import access_review, membership_changes
from onboarding.team.models import AccessReview, AccessReviewLine
from tests.handover.factories import make_dana, make_grant, open_steps
from tests.journey.form_client import press, sentences_of
from tests.people_fixtures import People, client_of, shows_errors
from tests.rules.marker import rule

PAGE = "/companies/one/review/"


@pytest.fixture
def review(people: People) -> AccessReview:
    return access_review.start(people.one, actor=people.bob)


def _decide_all(review: AccessReview, actor: Any) -> None:
    for line in review.lines.all():
        access_review.decide(line, "keep", "needed", actor=actor)


def _atlas(review: AccessReview, actor: Any) -> AccessReviewLine:
    return access_review.add_atlas_user(
        review, name="Old Olaf", email="Olaf@dcp.example", role="Admin", actor=actor
    )


@rule("R60", "R62", "T20", "T26")
def test_a_review_goes_from_start_to_end_by_its_pages(people: People, onboarding: Onboarding) -> None:
    open_steps(onboarding, "csr")
    make_grant(onboarding, people.alice, make_dana(), "csr")
    browser = client_of(people.alice)
    assert "No review yet" in sentences_of(browser.get(PAGE))
    assert browser.post(f"{PAGE}start/").url == PAGE
    page = sentences_of(browser.get(PAGE))
    for name in ("Alice Test", "Bob Test", "Tess Test", "Rhea Test", "Dana Test"):
        assert name in page
    typed = {"name": "Old Olaf", "email": "olaf@dcp.example", "role": "Admin"}
    assert press(browser, PAGE, PAGE, typed).url == PAGE
    assert shows_errors(browser.post(PAGE, typed))
    for line in AccessReviewLine.objects.all():
        path = f"{PAGE}{line.pk}/"
        what = "remove" if line.name == "Old Olaf" else "keep"
        assert press(browser, path, path, {"decision": what, "why": "left the DCP"}).url == PAGE
    assert browser.post(f"{PAGE}finish/").url == PAGE
    page = sentences_of(browser.get(PAGE))
    assert "Finished by Alice Test on" in page
    assert "Remove: left the DCP (Alice Test" in page
    assert Event.objects.filter(name=EventName.REVIEW_DECIDED).count() == 7


@rule("R60", "R62")
def test_a_review_is_finished_only_when_everything_is_decided_and_done(
    people: People, review: AccessReview
) -> None:
    def refused(words: str) -> None:
        with pytest.raises(StateConflict, match=words):
            access_review.finish(review, actor=people.alice)

    refused("Decide first about Alice Test, ")
    _decide_all(review, people.bob)
    refused("Add the users that Atlas shows first")
    access_review.decide(_atlas(review, people.bob), "remove", "left", actor=people.bob)
    tess = review.lines.get(email="tess@dcp.example")
    access_review.decide(tess, "remove", "done here", actor=people.bob)
    refused("Remove Tess Test first, or decide to keep")
    assert "To be removed and still here: Tess Test" in sentences_of(client_of(people.bob).get(PAGE))
    membership_changes.remove_member(Membership.objects.get(user=people.tess), actor=people.bob)
    access_review.finish(review, actor=people.alice)
    for verb in (
        lambda: access_review.finish(review, actor=people.alice),
        lambda: access_review.decide(tess, "keep", "-", actor=people.alice),
        lambda: _atlas(review, people.alice),
    ):
        with pytest.raises(StateConflict, match="This review was finished on"):
            verb()
    assert access_review.start(people.one, actor=people.alice).pk != review.pk


@rule("R61")
def test_only_the_primary_finishes_it(people: People, review: AccessReview) -> None:
    with pytest.raises(PermissionRefused, match="Only the Primary Certificate Admin finishes the review"):
        access_review.finish(review, actor=people.bob)


def test_there_is_one_open_review(people: People, review: AccessReview) -> None:
    with pytest.raises(StateConflict, match="A review is under way already"):
        access_review.start(people.one, actor=people.alice)


def test_a_decision_needs_a_reason(people: People, review: AccessReview) -> None:
    path = f"{PAGE}{review.lines.first().pk}/"
    for typed in ({"decision": "keep", "why": ""}, {"decision": "perhaps", "why": "-"}):
        assert shows_errors(client_of(people.bob).post(path, typed))


@pytest.mark.parametrize(
    ("name", "sees", "acts"),
    [("tess", 200, 403), ("rhea", 200, 403), ("olga", 200, 403), ("charlie", 404, 404)],
)
def test_only_certificate_admins_decide(
    people: People, review: AccessReview, name: str, sees: int, acts: int
) -> None:
    browser = client_of(getattr(people, name))
    assert browser.get(PAGE).status_code == sees
    line = f"{PAGE}{review.lines.first().pk}/"
    assert browser.get(line).status_code == acts
    for path in (PAGE, f"{PAGE}start/", f"{PAGE}finish/", line):
        assert browser.post(path, {"decision": "keep", "why": "-"}).status_code == acts
    theirs = client_of(people.charlie).post(f"/companies/two/review/{review.lines.first().pk}/")
    assert theirs.status_code == 404
