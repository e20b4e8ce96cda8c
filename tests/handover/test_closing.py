"""What ends must end wholly: done steps of people whose access ended, steps that are done, reviews with late comers.

The verbs as they are meant are tested in test_grants.py, test_offers.py and test_access_review.py.
"""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from onboarding.handover import claims, grants, offers
from onboarding.handover.models import Grant
from onboarding.journey import progress
from onboarding.journey.models import StepRecord
from onboarding.notifications.models import OutboxEmail
from onboarding.people.decisions import StateConflict
from onboarding.people.models import Membership, Role
from onboarding.team import access_review
from tests.handover.factories import make_dana, make_grant, make_outside_offer, open_steps
from tests.people_fixtures import fresh_client_of, make_user, step


def test_a_done_step_that_is_opened_again_is_not_held_by_whose_access_ended(people, onboarding) -> None:
    dana = make_dana()
    open_steps(onboarding, "csr")
    make_grant(onboarding, people.bob, dana)
    StepRecord.objects.filter(onboarding=onboarding, slug="csr").update(state="done")
    StepRecord.objects.filter(onboarding=onboarding, slug="pfx").update(state="open")
    with transaction.atomic():
        offers.revoke(Grant.objects.get(), actor=people.bob)
    OutboxEmail.objects.all().delete()
    progress.send_back(step(onboarding, "pfx"), actor=people.bob, to="csr", reason="the key was lost")
    assert step(onboarding, "csr").assignee is None
    assert not OutboxEmail.objects.filter(to=dana).exists()


def test_a_step_that_is_done_is_neither_taken_back_nor_given_back(people, onboarding) -> None:
    open_steps(onboarding, "csr")
    claims.claim(step(onboarding, "csr"), actor=people.tess)
    StepRecord.objects.filter(onboarding=onboarding, slug="csr").update(state="done")
    with pytest.raises(StateConflict, match="was done"):
        claims.reassign(step(onboarding, "csr"), actor=people.bob, reason="I want it")
    with pytest.raises(StateConflict, match="was done"):
        claims.unclaim(step(onboarding, "csr"), actor=people.tess)


def test_each_change_of_a_date_is_told_even_there_and_back_again(people, onboarding) -> None:
    dana = make_dana()
    open_steps(onboarding, "csr")
    make_grant(onboarding, people.bob, dana)
    OutboxEmail.objects.all().delete()
    for days in (40, 2, 40):
        with transaction.atomic():
            until = timezone.now() + timedelta(days=days)
            grants.extend(Grant.objects.get(), actor=people.bob, until=until)
    assert OutboxEmail.objects.filter(to=dana).count() == 3


def test_whoever_came_in_after_a_review_began_is_decided_about_too(people) -> None:
    review = access_review.start(people.one, actor=people.alice)
    access_review.add_atlas_user(review, name="A", email="a@a.example", role="", actor=people.alice)
    late = make_user("late@one.example", "Late Test")
    Membership.objects.create(user=late, company=people.one, role=Role.ADMIN)
    for line in review.lines.all():
        access_review.decide(line, "keep", "needed", actor=people.alice)
    with pytest.raises(StateConflict, match="Late Test came in after the review began"):
        access_review.finish(review, actor=people.alice)
    access_review.decide(review.lines.get(name="Late Test"), "keep", "needed", actor=people.alice)
    assert access_review.finish(review, actor=people.alice).finished_at is not None


def test_adding_in_atlas_does_not_tell_who_has_an_account(people, onboarding) -> None:
    open_steps(onboarding, "csr", "pfx")
    make_dana()
    stranger = make_outside_offer(onboarding, people.alice, "x@dcp.example")
    known = make_outside_offer(onboarding, people.alice, "dana@dcp.example", "pfx")
    admin = fresh_client_of(people.alice)
    answers = [admin.post(f"/handovers/{made.pk}/atlas/add/") for made in (stranger, known)]
    said = {
        answer.content.decode().replace(str(made.pk), "").replace("x@dcp", "dana@dcp").split("<main", 1)[1]
        for answer, made in zip(answers, (stranger, known), strict=True)
    }
    assert len(said) == 1
    (words,) = said
    assert "need no role in another system" in words
