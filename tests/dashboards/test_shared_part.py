"""The part of the board that is kept for all of ops: the same for each of them, and as new as their own changes.

What it says is in test_board.py, where it is drawn for each answer.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils.safestring import SafeString

from certs import clock
from onboarding.dashboards.board import shared_part
from onboarding.dashboards.board.shared_part import KEY, LONGEST, TURN, note_change, read_part
from onboarding.people.models import Company
from tests.dashboards.factories import Stand, make_many
from tests.people_fixtures import People, client_of, make_user
from tests.time_travel import travel

SECONDS = 10
NOTHING = shared_part._opened
OTHER = f"{KEY}:part:{'A' * 12}"


@pytest.fixture(autouse=True)
def kept(settings: Any) -> Iterator[None]:
    """As in production; the cache outlives each test."""
    settings.BOARD_SECONDS = SECONDS
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def olga(people: People) -> Client:
    return client_of(people.olga)


@pytest.fixture
def otto(people: People) -> Client:
    return client_of(make_user("otto@ops.example", "Otto Ops", is_ops=True))


def _count(browser: Client) -> int:
    found = re.search(r"Onboardings under way: (?:<strong>)?([\d,]+|none)", _read(browser))
    assert found
    return int(found[1].replace("none", "0"))


def _read(browser: Client) -> str:
    answer = browser.get("/ops/")
    assert answer.status_code == 200
    return answer.content.decode()


def _part(page: str) -> str:
    return page.partition('<div id="board"')[2].partition("</main>")[0]


def test_all_of_ops_read_the_same_numbers_counted_once(olga: Client, otto: Client) -> None:
    make_many([Stand()], "first")
    with travel(clock.now(), tick=False) as journey:
        seen = _part(_read(olga))
        make_many([Stand()], "second")
        journey.shift(SECONDS - 1)
        with CaptureQueriesContext(connection) as asked:
            assert _part(_read(otto)) == seen
        assert len(asked) <= 3  # who it is
        journey.shift(1)
        assert (_count(otto), _count(olga)) == (2, 2)


def test_it_says_when_it_was_counted(olga: Client, otto: Client) -> None:
    make_many([Stand()])
    with travel(clock.now().replace(minute=7, second=9), tick=False) as journey:
        _read(olga)
        journey.shift(5)
        said = " ".join(_read(otto).split())
    assert re.search(r"Counted on \w+ \d+ \w+, \d\d:07:09, at most once in 10 seconds\.", said)


def test_what_somebody_of_ops_does_they_see_at_once(olga: Client, otto: Client, people: People) -> None:
    make_many([Stand("quote", "problem", columns={"problem_code": "atlas-unexpected"})], "first")
    assert "First 000 Ltd" in _part(_read(olga))
    answer = olga.post("/ops/companies/first-0/hold/", {"reason": "They merge"})
    assert answer.status_code == 302
    assert "First 000 Ltd" in _part(_read(otto))  # for a few seconds; it says of when it is
    assert "First 000 Ltd" not in _part(_read(olga))
    assert "First 000 Ltd" not in _part(_read(otto))


def test_what_was_being_drawn_while_somebody_changed_something_is_not_new_to_them(people: People) -> None:
    drawn: list[int] = []

    def draw() -> SafeString:
        drawn.append(1)
        if len(drawn) == 1:
            note_change(people.olga)
        return SafeString(len(drawn))

    assert [read_part(people.olga, draw) for _ in range(3)] == ["1", "2", "2"]


def test_one_process_draws_while_others_show_what_there_is(olga: Client, otto: Client) -> None:
    make_many([Stand()], "first")
    with travel(clock.now(), tick=False) as journey:
        assert _count(olga) == 1
        make_many([Stand()], "second")
        journey.shift(SECONDS)
        cache.add(TURN, 1, 60)
        assert _count(otto) == 1
        cache.delete(TURN)
        assert _count(otto) == 2
        assert cache.get(TURN) is None
    assert 0 < SECONDS < LONGEST


def test_nobody_but_ops_gets_what_is_kept(olga: Client, people: People) -> None:
    make_many([Stand()])
    _read(olga)
    assert cache.get(KEY)
    for name in ("alice", "bob", "tess", "rhea", "charlie"):
        assert client_of(getattr(people, name)).get("/ops/").status_code == 404
    answer = Client().get("/ops/")
    assert answer.status_code == 302


def test_nothing_of_the_person_who_had_it_drawn_is_in_it(olga: Client, otto: Client, people: People) -> None:
    make_many([Stand("quote", "problem", columns={"problem_code": "atlas-unexpected"})], "first")
    page = _read(olga)
    shown = _part(_read(otto))
    assert shown == _part(page)
    assert people.olga.email in page
    for personal in (people.olga.email, people.olga.name, "csrf", "<form", olga.cookies["csrftoken"].value):
        assert personal not in shown


def test_who_reads_the_cache_reads_nothing_and_who_writes_there_is_not_believed(
    olga: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_many([Stand("quote", "problem", columns={"problem_code": "atlas-unexpected"})], "first")
    assert "First 000 Ltd" in _read(olga)
    name = cache.get(KEY)
    stored = cache.get(name)
    assert "First" not in stored
    assert "govuk" not in stored
    tail = "B" if stored[-9] == "A" else "A"
    changed = f"{stored[:-9]}{tail}{stored[-8:]}"
    for planted in ("forged", "Zm9yZ2Vk", 7, ["forged"], None, changed):
        for key, value in ((name, planted), (KEY, planted), (KEY, OTHER), (OTHER, stored)):
            monkeypatch.setattr(shared_part, "_opened", NOTHING)  # as in another process
            cache.set(KEY, name, 60)
            cache.set(key, value, 60)
            page = _read(olga)
            assert "First 000 Ltd" in page
            assert "forged" not in page
            assert "Zm9yZ2Vk" not in page


@pytest.mark.parametrize("seconds", [LONGEST, 30 * 24 * 3600, -60])
@pytest.mark.parametrize("is_opened", [True, False], ids=["this process", "another process"])
def test_an_earlier_part_that_somebody_put_back_is_not_shown(
    people: People, monkeypatch: pytest.MonkeyPatch, seconds: int, is_opened: bool
) -> None:
    with travel(clock.now(), tick=False) as journey:
        read_part(people.olga, lambda: SafeString("earlier"))
        name = cache.get(KEY)
        stored = cache.get(name)
        journey.shift(seconds)
        for key, value in ((name, stored), (KEY, name), (TURN, 1)):
            cache.set(key, value, None)
        if not is_opened:
            monkeypatch.setattr(shared_part, "_opened", NOTHING)
        assert read_part(people.olga, lambda: SafeString("as it is")) == "as it is"


def test_a_part_is_shown_up_to_its_longest_time_while_somebody_draws(people: People) -> None:
    with travel(clock.now(), tick=False) as journey:
        read_part(people.olga, lambda: SafeString("earlier"))
        cache.set(TURN, 1, None)
        journey.shift(LONGEST - 1)
        assert read_part(people.olga, lambda: SafeString("as it is")) == "earlier"


def test_another_process_opens_the_same_part(olga: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    make_many([Stand()], "first")
    seen = _part(_read(olga))
    make_many([Stand()], "second")
    monkeypatch.setattr(shared_part, "_opened", NOTHING)
    assert _part(_read(olga)) == seen
    assert shared_part._opened.name == cache.get(KEY)


def test_a_counter_of_another_shape_counts_for_nothing(olga: Client, people: People) -> None:
    make_many([Stand()])
    for planted in ("many", ["many"], None):
        cache.set(f"{KEY}:changes", planted, 60)
        cache.set(f"{KEY}:changes:{people.olga.pk}", planted, 60)
        note_change(people.olga)
        assert _count(olga) == 1


def test_without_a_cache_it_is_counted_for_each_answer(olga: Client, settings: Any) -> None:
    make_many([Stand()], "first")
    away = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    with override_settings(CACHES=away):
        assert _count(olga) == 1
        make_many([Stand()], "second")
        assert _count(olga) == 2
        assert olga.post("/ops/companies/first-0/hold/", {"reason": "They merge"}).status_code == 302


def test_an_empty_board_is_not_kept(db: None) -> None:
    olga = client_of(make_user("olga@ops.example", "Olga Ops", is_ops=True))
    assert "No company has been added yet" in _read(olga)
    assert not Company.objects.exists()
    make_many([Stand()])
    assert _count(olga) == 1
