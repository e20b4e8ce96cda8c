"""Every address, both methods, everybody: each cell of the table is what really comes, and no word leaks on the way.

A new address without a row fails. A page that comes must also keep the budgets of tests/budgets.
"""

import logging
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pytest
from django.db import transaction

from tests.budgets.table import BUDGETS
from tests.budgets.test_page_budgets import Within, settings_of_the_count, within
from tests.budgets.words import MOST_WORDS, TO_BE_READ, count_words
from tests.leaks.expected_access import rows, word_of
from tests.leaks.scenario import LITTLE_OF_ONE, NOTHING_OF_ONE, WHO, Scenario
from tests.leaks.url_names import every_name
from tests.nightly import leave_to_the_night
from tests.outside_calls import begin_test_transaction

__all__ = ["settings_of_the_count", "within"]
pytestmark = pytest.mark.long
METHODS = ("GET", "POST")
ROOMS = (
    "journey:",
    "handover:",
    "offers:",
    "questions:",
    "team:",
    "external-roles:",
    "people:",
    "ops:",
    "dashboards:company",
    "dashboards:certificates",
    "dashboards:calendar",
    "dashboards:start",
)


@pytest.fixture
def scene(db: None, settings, caplog) -> Scenario:
    caplog.set_level(logging.CRITICAL, "django.request")  # thousands of refusals are what is asked for here
    return Scenario(settings)


def _ask(
    scene: Scenario, who: str, method: str, name: str, budget: AbstractContextManager[Any] | None = None
) -> tuple[str, list[bytes]]:
    """(what comes, what was leaked); the database is as before afterwards. `budget` is around the request."""
    client = scene.clients[who]
    cookies = client.cookies.copy()
    with begin_test_transaction():
        address = scene.address(name, who)
        sent = {} if method == "GET" and "?" in address else {"nothing": "of what is asked"}
        with budget or nullcontext():
            answer = getattr(client, method.lower())(address, sent)
        body = b"" if answer.streaming else answer.content
        transaction.set_rollback(True)
    client.cookies = cookies
    own = who in NOTHING_OF_ONE or who in LITTLE_OF_ONE
    leaked = [mark for mark in scene.marks_of_one(who) if own and mark in body]
    if answer.status_code == 200 and name not in TO_BE_READ:
        assert count_words(body) <= MOST_WORDS, f"{name} for {who} is too long"
    told = body + str(answer.headers).encode()
    return word_of(answer), leaked + [key for key in scene.keys if key in told]


@pytest.mark.parametrize("method", METHODS)
def test_everybody_gets_what_the_table_says_and_strangers_learn_nothing(
    scene, within: Within, method
) -> None:
    """A row that is not what comes is shown as it would have to be: read it before you write it down."""
    wrong = []
    for name, expected in rows(method).items():
        budgets = [
            within(BUDGETS[name], info=f"{name} for {who}") if method == "GET" and name in BUDGETS else None
            for who in WHO
        ]
        came = [_ask(scene, who, method, name, budget) for who, budget in zip(WHO, budgets, strict=True)]
        if (words := [word for word, _ in came]) != expected:
            wrong.append(" ".join((name, method, *words)))
        for who, (_, leaked) in zip(WHO, came, strict=True):
            wrong += [f"{method} {name} tells {who} {mark!r}" for mark in leaked]
    assert wrong == []


@pytest.mark.parametrize("method", leave_to_the_night(("PUT", "PATCH", "DELETE"), but=("PUT",)))
def test_no_other_method_does_anything_in_a_company(scene, method) -> None:
    """Not even for those who may do everything."""
    refused = {"404", "405", "in", "fresh", "403"}
    for name in sorted(name for name in every_name() if name.startswith(ROOMS)):
        for who in ("anonymous", "charlie", "bob"):
            word, leaked = _ask(scene, who, method, name)
            assert (word in refused, leaked) == (True, []), (name, who, word)


def test_every_address_has_its_rows() -> None:
    for method in METHODS:
        assert set(rows(method)) == every_name()


def test_a_stranger_is_never_let_in_by_the_table_itself() -> None:
    """What belongs to a company answers 404, or "no such method", to those who are no part of it."""
    for method in METHODS:
        for name, words in rows(method).items():
            if name.startswith(ROOMS):
                assert words[0] in {"in", "405"}, name
                assert {*words[1:3]} <= {"404", "405", "fresh"}, name
