"""What was cut off the end of a chain stays visible: the company's next event does not vouch for the end it finds."""

import pytest

from onboarding.audit.models import ChainHead, Event, Format
from onboarding.journey import progress
from tests.attacks.audit_tampering import Past, cut, event_without_trace, make_past, set_head_back, sql
from tests.attacks.test_forged_audit_trail import said_by
from tests.databases import on_postgresql

pytestmark = on_postgresql  # only there somebody may forge an event: SQLite switches no trigger off

NOT_OURS = "was not set by the portal."


@pytest.fixture
def cut_past(db: None) -> Past:
    """The last event of company one left no trace in a table; it was taken out, and the end set back to before it."""
    past = make_past()
    event_without_trace(past)
    cut(past, past.last() - 1)
    set_head_back(past)
    return past


def _withdraw(past: Past) -> None:
    """The next move of the company, by the portal itself."""
    progress.withdraw(past.one, actor=past.people.alice, reason="it ends here")


def test_the_next_event_does_not_hide_a_tail_that_was_cut(cut_past: Past) -> None:
    _withdraw(cut_past)
    assert Event.objects.filter(chain=cut_past.chain).last().name == "onboarding:journey:withdrawn"
    found, said = said_by("audit_check")
    assert found
    assert NOT_OURS in said


def test_nor_does_any_event_after_it(cut_past: Past) -> None:
    _withdraw(cut_past)
    event_without_trace(cut_past)
    event_without_trace(cut_past)
    assert NOT_OURS in said_by("audit_check")[1]


def test_an_event_that_passes_for_one_of_the_first_format_does_not_hide_it(cut_past: Past) -> None:
    """The format is what lets an end go unproved: its event must be proved in that format."""
    last = cut_past.last()
    there = "UPDATE audit_event SET format = %s WHERE chain = %s AND number = %s"
    sql(there, Format.FIRST, cut_past.chain, last)
    _withdraw(cut_past)
    sql(there, Format.REPLAYED, cut_past.chain, last)
    assert NOT_OURS in said_by("audit_check")[1]


def test_a_chain_that_nobody_cut_is_vouched_for_after_each_event(db: None) -> None:
    past = make_past()
    event_without_trace(past)
    assert ChainHead.objects.get(chain=past.chain).mac
    found, said = said_by("audit_check")
    assert not found, said
