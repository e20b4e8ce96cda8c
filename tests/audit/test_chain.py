"""The chain of events: whole when nobody meddled, and every kind of meddling is found.

What is done here with SQL nobody can do through the portal.
"""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction
from pydantic import SecretStr

from onboarding.audit.chain import record_event
from onboarding.audit.chain_check import find_chain_faults
from onboarding.audit.event_names import SENTENCES, EventName
from onboarding.audit.models import ChainHead, Event
from onboarding.people.models import User
from tests.concurrency import race
from tests.database_flush import without_triggers
from tests.people_fixtures import People, make_company, make_user, record_roles


@pytest.fixture
def chain(people: People) -> str:
    """Five events of company one; company two and the installation have one each."""
    for number in range(5):
        record_event(EventName.STEP_DONE, company=people.one, actor=people.alice, data={"number": number})
    record_event(EventName.STEP_DONE, company=people.two, actor=people.charlie)
    record_event(EventName.ROLE_ASSIGNED, company=None)
    return str(people.one.pk)


def _sql(text: str, *values: Any) -> None:
    assert without_triggers(text, *values) >= 1


def test_a_chain_that_nobody_touched_is_whole(chain: str) -> None:
    assert list(find_chain_faults()) == []


def test_the_command_says_that_all_is_well_and_how_many_events_there_are(people: People) -> None:
    record_roles(people)
    said = StringIO()
    call_command("audit_check", stdout=said)
    assert said.getvalue() == "6 events, every chain is whole, and the tables say the same.\n"


def test_events_are_numbered_without_a_gap_in_each_chain(chain: str) -> None:
    assert list(Event.objects.filter(chain=chain).values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    assert Event.objects.filter(chain="installation").get().previous == ""


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("name", "'step:state:problem'"),
        ("at", "at - interval '1 second'"),
        ("actor_label", "'Somebody else'"),
        ("actor_id", "NULL"),
        ("step", "'quote'"),
        ("data", """'{"number": 9}'"""),
        ("onboarding_id", "'7b1c9a58-3f0e-4c77-9b0d-5a2f6f3f9c11'"),
        ("digest", "repeat('0', 64)"),
    ],
)
def test_a_changed_column_is_found(chain: str, column: str, value: str) -> None:
    _sql(f"UPDATE audit_event SET {column} = {value} WHERE chain = %s AND number = 3", chain)
    assert f"Chain {chain}: event 3 was changed." in list(find_chain_faults())


def test_an_event_that_was_changed_and_digested_anew_without_the_key_is_found(
    chain: str, settings: Any
) -> None:
    """Who can write the table does not have AUDIT_KEY."""
    _sql("UPDATE audit_event SET digest = md5('x') || md5('y'), step = 'quote' WHERE number = 3")
    assert f"Chain {chain}: event 4 does not follow the one before it." in list(find_chain_faults())


def test_a_removed_event_is_found(chain: str) -> None:
    _sql("DELETE FROM audit_event WHERE chain = %s AND number = 3", chain)
    found = list(find_chain_faults())
    assert f"Chain {chain}: event 3 is missing." in found
    assert f"Chain {chain}: event 4 does not follow the one before it." in found


def test_two_events_in_each_others_place_are_found(chain: str) -> None:
    for old, new in ((2, 99), (3, 2), (99, 3)):
        _sql("UPDATE audit_event SET number = %s WHERE chain = %s AND number = %s", new, chain, old)
    found = list(find_chain_faults())
    assert f"Chain {chain}: event 2 was changed." in found
    assert f"Chain {chain}: event 3 does not follow the one before it." in found


def test_a_cut_off_tail_is_found(chain: str) -> None:
    _sql("DELETE FROM audit_event WHERE chain = %s AND number > 3", chain)
    assert f"Chain {chain}: it should end with event 5, it ends with 3." in list(find_chain_faults())


def test_an_event_moved_to_another_company_is_found(chain: str, people: People) -> None:
    _sql(
        "UPDATE audit_event SET chain = %s, number = 2 WHERE chain = %s AND number = 5", people.two.pk, chain
    )
    assert len(list(find_chain_faults())) >= 3


def test_a_chain_without_its_head_is_found(chain: str) -> None:
    _sql("DELETE FROM audit_chainhead WHERE chain = %s", chain)
    assert list(find_chain_faults()) == [f"Chain {chain} has events but no head."]


def test_the_command_names_every_fault_and_fails(chain: str) -> None:
    _sql("DELETE FROM audit_event WHERE chain = %s AND number = 5", chain)
    said = StringIO()
    with pytest.raises(CommandError, match="faults found"):
        call_command("audit_check", stderr=said)
    assert "it should end with event 5" in said.getvalue()


def test_another_key_proves_nothing(chain: str, settings: Any) -> None:
    settings.PORTAL = settings.PORTAL.model_copy(update={"audit_key": SecretStr("k" * 48)})
    assert sum("was changed" in fault for fault in find_chain_faults()) == 7


@pytest.mark.django_db(transaction=True)
def test_without_a_transaction_nothing_is_recorded(transactional_db: None) -> None:
    company = make_company("one", "One", make_user("alice@one.example", "Alice Test"))
    with pytest.raises(RuntimeError, match="inside the transaction of the change"):
        record_event(EventName.STEP_DONE, company=company)
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_rolled_back_leaves_no_link(transactional_db: None) -> None:
    company = make_company("one", "One", make_user("alice@one.example", "Alice Test"))
    with transaction.atomic():
        record_event(EventName.STEP_DONE, company=company)
        transaction.set_rollback(True)
    with transaction.atomic():
        record_event(EventName.STEP_DONE, company=company)
    assert Event.objects.get().number == 1
    assert list(find_chain_faults()) == []


@pytest.mark.django_db(transaction=True)
def test_two_who_add_to_a_chain_at_once_do_not_fork_it(transactional_db: None) -> None:
    company = make_company("one", "One", make_user("alice@one.example", "Alice Test"))

    def add() -> None:
        with transaction.atomic():
            record_event(EventName.STEP_DONE, company=company)

    for _ in range(30):
        assert race(add, add) == [None, None]
    assert ChainHead.objects.get().length == 60
    assert list(find_chain_faults()) == []


def test_one_number_is_given_once(chain: str) -> None:
    copied = Event.objects.filter(chain=chain).first()
    assert copied is not None
    copied.pk = None
    with pytest.raises(IntegrityError, match="one_event_per_link|audit_event.chain"), transaction.atomic():
        copied.save(force_insert=True)


def test_an_event_is_not_deleted_through_the_model(chain: str) -> None:
    with pytest.raises(TypeError, match="never deleted"):
        Event.objects.filter(chain=chain)[0].delete()


def test_who_acted_is_not_deleted(chain: str, people: People) -> None:
    with pytest.raises(IntegrityError, match="protected"):
        people.alice.delete()


def test_a_very_long_name_does_not_stop_a_move(people: People) -> None:
    long = User.objects.create(email=f"{'e' * 200}@one.example", name="N" * 150)
    event = record_event(EventName.STEP_DONE, company=people.one, actor=long)
    assert event.actor_label.startswith("NNN")
    assert list(find_chain_faults()) == []


def test_the_words_of_an_event_may_be_of_any_script(people: People) -> None:
    record_event(EventName.STEP_DONE, company=people.one, data={"reason": "Žluťoučký “kůň” 🐴 £0", "n": 1.5})
    assert list(find_chain_faults()) == []


def test_every_name_has_a_sentence_and_no_sentence_is_without_a_name() -> None:
    assert set(SENTENCES) == set(EventName)
    assert all(SENTENCES.values())
    assert all(len(name.split(":")) == 3 for name in EventName)


def test_a_long_name_does_not_cut_the_address_off_the_label(people: People) -> None:
    people.alice.name = "N" * 150
    people.alice.email = f"{'a' * 50}@one.example"
    people.alice.save()
    with transaction.atomic():
        event = record_event(EventName.STEP_DONE, company=people.one, actor=people.alice)
    assert event.actor_label.endswith(f" <{people.alice.email}>")
    assert len(event.actor_label) <= 180
