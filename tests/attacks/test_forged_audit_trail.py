"""Nobody who can write to the database changes what happened, or what the tables say of it, unseen by `audit_check`.

The forgeries themselves are in forgeries.py.
"""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from onboarding.audit.models import Event
from onboarding.people.models import Role
from tests.attacks.audit_tampering import Forge, Past, make_past, sql
from tests.attacks.broken_rows import without_rules
from tests.attacks.forgeries import FOUND, FOUND_BY_OPENING, NOT_FOUND, change_role, every_chain_deleted


@pytest.fixture
def past(db: None) -> Past:
    return make_past()


def said_by(*command: str) -> tuple[bool, str]:
    """Whether the command found something, and everything that it said."""
    out, err = StringIO(), StringIO()
    try:
        call_command(*command, stdout=out, stderr=err)
    except CommandError as error:
        return True, f"{err.getvalue()}{error}"
    return False, out.getvalue()


def test_a_past_that_nobody_forged_is_not_called_forged(past: Past) -> None:
    found, said = said_by("audit_check")
    assert not found, said
    assert "every chain is whole" in said
    found, said = said_by("vault", "verify")
    assert not found, said


@pytest.mark.parametrize("forge", FOUND.values(), ids=FOUND.keys())
def test_a_forgery_is_not_overlooked(past: Past, forge: Forge) -> None:
    forge(past)
    found, said = said_by("audit_check")
    assert found, said


@pytest.mark.parametrize("forge", FOUND_BY_OPENING.values(), ids=FOUND_BY_OPENING.keys())
def test_another_file_is_not_taken_for_the_evidence(past: Past, forge: Forge) -> None:
    forge(past)
    found, said = said_by("vault", "verify")
    assert found, said


@pytest.mark.parametrize("forge", NOT_FOUND.values(), ids=NOT_FOUND.keys())
def test_what_only_a_witness_outside_can_find_is_not_promised(past: Past, forge: Forge) -> None:
    """If one of these is found one day, docs/operations.md is to be fixed."""
    forge(past)
    found, said = said_by("audit_check")
    assert not found, said


def test_an_empty_trail_is_not_called_whole_while_there_are_companies(past: Past) -> None:
    every_chain_deleted(past)
    _, said = said_by("audit_check")
    assert "one-energy-ltd: the company has no events." in said
    assert "There are accounts, and no event of the installation." in said
    assert f"{past.one.code}: no event says that this onboarding began." in said


@pytest.mark.parametrize(
    "broken",
    [
        "UPDATE journey_steprecord SET state = 'broken' WHERE slug = 'quote'",
        "UPDATE journey_steprecord SET slug = 'unknown' WHERE slug = 'quote'",
        "UPDATE journey_steprecord SET facts = '[]' WHERE slug = 'quote'",
        "UPDATE audit_event SET data = '[1]' WHERE number = 5",
        "UPDATE audit_event SET data = '{\"replay\": 1}' WHERE number = 5",
        "UPDATE audit_event SET name = 'unknown', step = 'unknown' WHERE number = 5",
        "UPDATE audit_event SET chain = 'nobody' WHERE number = 1 AND chain = 'installation'",
        "DELETE FROM journey_steprecord WHERE slug = 'dip-upload'",
        "UPDATE audit_event SET onboarding_id = NULL",
    ],
)
def test_one_broken_row_does_not_stop_the_checks(past: Past, broken: str) -> None:
    """They say what is broken, and go on to what somebody else forged. Such rows come from who owns the tables."""
    for table in ("journey_steprecord", "journey_onboarding", "audit_event"):
        without_rules(table)
    sql(broken)
    change_role(past)
    found, said = said_by("audit_check")
    assert found
    assert f"user {past.people.rhea.pk} has the role {Role.ADMIN.value}" in said
    said_by("check_projection")


def test_a_piece_of_the_trail_is_not_passed_over_because_it_looks_old(past: Past) -> None:
    """An event says in which format it was written, and its digest covers that."""
    sql("UPDATE audit_event SET format = 1 WHERE chain = %s", past.chain)
    found, said = said_by("audit_check")
    assert found
    assert said.count("was changed") == Event.objects.filter(chain=past.chain).count()
