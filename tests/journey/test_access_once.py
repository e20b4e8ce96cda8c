"""Rights are read once for a page, again for the next one and under each move's lock, and count in one onboarding only.

Who may do what is tested in test_guards.py; how often pages ask in all, in tests/budgets.
"""

from dataclasses import FrozenInstanceError

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from onboarding.journey import guards, progress
from onboarding.journey.access import read_access
from onboarding.journey.models import Onboarding
from onboarding.journey.refusals import Submission
from onboarding.journey.views.step_page import StepPage
from onboarding.people.decisions import PermissionRefused
from tests.handover.factories import make_dana, make_grant, open_steps
from tests.people_fixtures import People, client_of, step

ROLE = 'SELECT "people_membership"."role" AS "role"'
MEMBERSHIPS = 'SELECT "people_membership"."id"'
GRANTS = '"handover_grant_steps"'


@pytest.mark.parametrize("path", ["csr/", ""], ids=["a step", "the journey"])
def test_a_page_reads_the_role_once(people: People, onboarding: Onboarding, path: str) -> None:
    """It finds it among the memberships, which it reads for its links anyway, once as well."""
    open_steps(onboarding, "csr")
    browser = client_of(people.bob)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(f"/onboardings/{onboarding.code}/{path}").status_code == 200
    read = [each["sql"] for each in asked.captured_queries]
    assert [sql for sql in read if sql.startswith(ROLE)] == []
    assert len([sql for sql in read if sql.startswith(MEMBERSHIPS) and people.bob.pk.hex in sql]) == 1


def test_a_page_reads_a_grant_to_find_the_step_and_once_for_what_it_allows(
    people: People, onboarding: Onboarding
) -> None:
    open_steps(onboarding, "csr")
    dana = make_dana()
    make_grant(onboarding, people.bob, dana, "csr")
    browser = client_of(dana)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(f"/onboardings/{onboarding.code}/csr/").status_code == 200
    assert len([each for each in asked.captured_queries if GRANTS in each["sql"]]) == 2


def test_a_move_asks_for_what_somebody_may_now_and_not_when_their_page_was_made(
    people: People, onboarding: Onboarding
) -> None:
    open_steps(onboarding, "csr")
    record = step(onboarding, "csr")
    assert guards.may_submit(read_access(people.tess, onboarding), record)
    people.tess.memberships.all().delete()
    with pytest.raises(PermissionRefused):
        progress.submit(record, actor=people.tess, effect=lambda _: Submission())


def test_rights_in_one_onboarding_are_none_in_another(people: People, onboarding: Onboarding) -> None:
    other = progress.start(people.two, environment="uit", actor=people.charlie)
    rights = read_access(people.alice, onboarding)
    for ask in (guards.may_act, guards.may_be_assigned, guards.may_submit, guards.may_claim):
        with pytest.raises(ValueError, match="another onboarding"):
            ask(rights, step(other, "register"))
    open_steps(other, "certificate")
    with pytest.raises(ValueError, match="another onboarding"):
        guards.may_send_back(rights, step(other, "certificate"), "csr")


def test_a_steps_template_gets_one_page_that_nobody_changes(people: People, onboarding: Onboarding) -> None:
    answer = client_of(people.alice).get(f"/onboardings/{onboarding.code}/register/")
    page = answer.context["page"]
    assert isinstance(page, StepPage)
    assert "record" not in answer.context[0]  # others are of tags, which have their own
    with pytest.raises(FrozenInstanceError):
        page.sentence = "Yours."
