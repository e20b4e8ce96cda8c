"""Fetching rows for a person: what is found, for whom, in how many queries, and what is 404 or 403.

How often a page asks for rights is in test_access_once.py, what somebody may do with one in test_guards.py.
"""

from typing import Any

import pytest
from django.http import Http404
from django.utils import timezone

from onboarding.audit.models import Event
from onboarding.journey import access, evidence, progress
from onboarding.journey.models import Evidence, Onboarding, StepRecord
from onboarding.journey.steps import BY_SLUG
from onboarding.people.decisions import PermissionRefused
from onboarding.people.models import Role, User
from tests.handover.factories import make_dana, make_grant, open_steps
from tests.people_fixtures import People, step


@pytest.fixture
def dana(people: People, onboarding: Onboarding) -> User:
    """Somebody from outside, let in to two steps."""
    open_steps(onboarding, "csr", "pfx")
    dana = make_dana()
    make_grant(onboarding, people.bob, dana, "pfx", "csr")
    return dana


@pytest.fixture
def other(people: People) -> Onboarding:
    """The other company's onboarding."""
    return progress.start(people.two, environment="uit", actor=people.charlie)


RIGHTS = {
    "alice": (Role.PRIMARY, False, True, False, True),
    "bob": (Role.ADMIN, False, True, False, True),
    "tess": (Role.TECHNICIAN, False, False, False, True),
    "rhea": (Role.READER, False, False, False, True),
    "olga": (None, True, False, False, True),
    "charlie": (None, False, False, True, False),
}


@pytest.mark.parametrize("name", RIGHTS)
def test_the_rights_of_each_person_are_those_of_the_role(
    people: People, onboarding: Onboarding, name: str
) -> None:
    rights = access.read_access(getattr(people, name), onboarding)
    found = (rights.role, rights.is_ops, rights.is_admin, rights.is_outside, rights.sees_team)
    assert found == RIGHTS[name]
    assert (rights.user, rights.onboarding, rights.granted) == (
        getattr(people, name),
        onboarding,
        frozenset(),
    )


def test_who_was_let_in_is_outside_and_has_the_granted_steps_of_this_onboarding(
    people: People, onboarding: Onboarding, other: Onboarding, dana: User
) -> None:
    open_steps(other, "csr")
    make_grant(other, people.charlie, dana, "csr")
    rights = access.read_access(dana, onboarding)
    assert (rights.role, rights.is_outside, rights.sees_team) == (None, True, False)
    assert rights.granted == {step(onboarding, "csr").pk, step(onboarding, "pfx").pk}
    assert access.read_access(dana, other).granted == {step(other, "csr").pk}


def test_rights_are_read_in_one_query_and_in_two_for_who_has_no_role(
    people: People, onboarding: Onboarding, dana: User, django_assert_num_queries: Any
) -> None:
    for user, queries in ((people.tess, 1), (people.olga, 1), (dana, 2)):
        with django_assert_num_queries(queries):
            access.read_access(user, onboarding)


def test_rights_that_nobody_gave_a_grant_to_hold_none(people: People, onboarding: Onboarding) -> None:
    assert access.Access(people.tess, onboarding, Role.TECHNICIAN).granted == frozenset()


def test_an_onboarding_is_found_with_its_company_however_its_code_is_typed(
    people: People, onboarding: Onboarding, other: Onboarding, django_assert_num_queries: Any
) -> None:
    for user in (people.rhea, people.olga):
        with django_assert_num_queries(1):
            found = access.get_onboarding(user, onboarding.code.lower())
            assert (found, found.company) == (onboarding, people.one)
    with pytest.raises(Http404):
        access.get_onboarding(people.rhea, other.code)


def test_who_was_let_in_is_told_whose_onboarding_it_is_and_a_stranger_nothing(
    people: People, onboarding: Onboarding, other: Onboarding, dana: User, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2), pytest.raises(PermissionRefused, match="the people of One Energy Ltd"):
        access.get_onboarding(dana, onboarding.code.lower())
    for user, code in ((dana, other.code), (people.charlie, onboarding.code), (people.rhea, "NO-SUCH")):
        with pytest.raises(Http404):
            access.get_onboarding(user, code)


def test_granted_steps_come_in_order_with_their_people_and_to_nobody_inside(
    people: People, onboarding: Onboarding, dana: User, django_assert_num_queries: Any
) -> None:
    StepRecord.objects.filter(onboarding=onboarding).update(moved_by=people.bob)
    with django_assert_num_queries(2):
        found = access.list_granted_steps(dana, onboarding.code.lower())
        assert [record.slug for record in found] == ["csr", "pfx"]
        assert {record.onboarding.company.name for record in found} == {"One Energy Ltd"}
        assert {record.assignee for record in found} == {dana}
        assert {record.moved_by for record in found} == {people.bob}
    for user in (people.rhea, people.olga, people.charlie):
        assert access.list_granted_steps(user, onboarding.code.lower()) == []


def test_granted_steps_are_of_the_onboarding_that_is_asked_for(
    people: People, onboarding: Onboarding, other: Onboarding, dana: User
) -> None:
    open_steps(other, "csr")
    make_grant(other, people.charlie, dana, "csr")
    assert [record.onboarding for record in access.list_granted_steps(dana, other.code)] == [other]


def test_a_grant_that_a_member_still_holds_lists_no_steps(
    people: People, onboarding: Onboarding, dana: User
) -> None:
    people.one.memberships.create(user=dana, role=Role.TECHNICIAN)
    assert access.list_granted_steps(dana, onboarding.code) == []
    assert access.list_granted_steps(dana, onboarding.code.lower()) == []
    assert access.read_access(dana, onboarding).granted == frozenset()


def test_the_public_files_are_for_members_ops_and_who_was_let_in(
    people: People, onboarding: Onboarding, other: Onboarding
) -> None:
    open_steps(onboarding, "csr")
    make_grant(onboarding, people.bob, dana := make_dana(), "csr")
    for user in (people.rhea, people.olga, dana):
        assert access.get_onboarding_of_files(user, onboarding.code) == onboarding
    for user, code in ((people.charlie, onboarding.code), (dana, other.code)):
        with pytest.raises(Http404):
            access.get_onboarding_of_files(user, code)


def test_a_step_is_found_with_its_people_in_one_query(
    people: People, onboarding: Onboarding, dana: User, django_assert_num_queries: Any
) -> None:
    StepRecord.objects.filter(onboarding=onboarding, slug="csr").update(moved_by=people.bob)
    for user in (people.rhea, people.olga, dana):
        with django_assert_num_queries(1):
            found = access.get_step(user, onboarding.code.lower(), "csr")
            assert (found.slug, found.onboarding, found.onboarding.company) == ("csr", onboarding, people.one)
            assert (found.assignee, found.moved_by) == (dana, people.bob)


def test_a_step_of_others_or_of_no_table_is_not_there(
    people: People, onboarding: Onboarding, other: Onboarding, dana: User
) -> None:
    for user, code, slug in (
        (people.charlie, onboarding.code, "csr"),
        (people.rhea, other.code, "csr"),
        (dana, onboarding.code, "register"),
        (people.alice, onboarding.code, "no-such-step"),
    ):
        with pytest.raises(Http404):
            access.get_step(user, code, slug)


def test_the_events_are_those_of_the_onboarding_with_the_newest_first(
    onboarding: Onboarding, other: Onboarding
) -> None:
    mine = Event.objects.filter(onboarding_id=onboarding.pk)
    expected = sorted(mine, key=lambda event: event.number, reverse=True)
    assert len(expected) > 1
    assert list(access.list_events(onboarding)) == expected


def test_the_steps_of_an_onboarding_come_in_order_with_their_people_in_one_query(
    people: People, onboarding: Onboarding, other: Onboarding, django_assert_num_queries: Any
) -> None:
    StepRecord.objects.filter(onboarding=onboarding).update(
        moved_by=people.bob, assignee=people.tess, assigned_at=timezone.now()
    )
    with django_assert_num_queries(1):
        found = access.list_steps(onboarding)
        assert [record.slug for record in found] == list(BY_SLUG)
        assert {(record.moved_by, record.assignee) for record in found} == {(people.bob, people.tess)}
        assert all(record.onboarding is onboarding for record in found)


@pytest.fixture
def seen(people: People, onboarding: Onboarding) -> Evidence:
    record, file = step(onboarding, "verification"), ("mail.eml", b"From: GlobalSign")
    return evidence.add(record, by=people.alice, seen_on=timezone.now(), note="", file=file)


def test_evidence_is_found_with_what_keeps_its_file_in_two_queries(
    people: People, onboarding: Onboarding, seen: Evidence, django_assert_num_queries: Any
) -> None:
    evidence.add(seen.record, by=people.bob, seen_on=timezone.now(), note="another", file=None)
    with django_assert_num_queries(2):
        found = access.get_evidence(people.rhea, onboarding.code.lower(), seen.pk)
        assert (found, found.record.slug, found.record.onboarding) == (seen, "verification", onboarding)
        assert found.record.onboarding.company == people.one
        assert found.stored_file is not None
        assert found.stored_file.secret.destroyed_at is None
    assert found.get_deferred_fields() == {"file"}  # what an older version kept in the clear


def test_evidence_of_another_onboarding_or_none_is_not_there(
    people: People, onboarding: Onboarding, other: Onboarding, seen: Evidence
) -> None:
    for user, code, pk in (
        (people.charlie, other.code, seen.pk),
        (people.charlie, onboarding.code, seen.pk),
        (people.alice, onboarding.code, seen.pk + 1),
    ):
        with pytest.raises(Http404):
            access.get_evidence(user, code, pk)
