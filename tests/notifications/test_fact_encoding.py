"""Facts of emails: plain values go into JSON and come back as they were; all others are refused by their name."""

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.utils.functional import SimpleLazyObject, lazystr
from django.utils.safestring import mark_safe
from pydantic import SecretStr

from onboarding.notifications.fact_encoding import NoSuchFact, decode_facts, encode_facts
from onboarding.notifications.models import OutboxEmail
from onboarding.notifications.outbox import queue_email
from onboarding.people.models import Role, User
from tests.people_fixtures import People

LONDON = ZoneInfo("Europe/London")
PLAIN: dict[str, Any] = {
    "text": "Zoë & <b>Ltd</b>\n“x”",
    "number": 3,
    "yes": True,
    "nothing": None,
    "moment": datetime(2026, 7, 1, 12, 30, 15, 123456, tzinfo=LONDON),
    "before 1970": datetime(1066, 10, 14, tzinfo=UTC),
    "day": date(2028, 2, 29),
    "rows": [{"since": datetime(2026, 11, 30, tzinfo=UTC), "until": None}, {"since": date(2026, 1, 1)}],
    "empty": {"list": [], "dict": {}, "text": ""},
}
REFUSED: dict[str, Any] = {
    "a model": User(name="Ann"),
    "a queryset": User.objects.none(),
    "bytes": b"a key",
    "a secret": SecretStr("a password"),
    "safe HTML": mark_safe("<b>x</b>"),
    "a lazy text": lazystr("x"),
    "a lazy object": SimpleLazyObject(lambda: "x"),
    "a choice": Role.ADMIN,
    "a set": {"x"},
    "a tuple": ("x",),
    "a fraction": 0.5,
    "a decimal": Decimal(1),
    "an id": uuid4(),
    "a length of time": timedelta(days=1),
    "a time of day": time(12),
    "a moment without a time zone": datetime(2026, 11, 30),  # noqa: DTZ001
    "a function": lambda: "x",
    "a generator": (each for each in "x"),
}


def test_plain_values_come_back_from_json_as_they_were() -> None:
    found = decode_facts(json.loads(json.dumps(encode_facts(PLAIN))))
    assert found == PLAIN
    assert (found["moment"].tzinfo, type(found["day"]), type(found["yes"])) == (UTC, date, bool)


def test_plain_values_come_back_from_the_database_as_they_were(people: People) -> None:
    queue_email("stuck", key="a", to=[people.alice], facts=PLAIN)
    stored = decode_facts(OutboxEmail.objects.get().facts)
    assert stored.pop("user") == {"name": "Alice Test", "is_ops": False}
    assert stored == PLAIN


@pytest.mark.parametrize("value", REFUSED.values(), ids=list(REFUSED))
@pytest.mark.parametrize(
    ("name", "wrapped"),
    [("it", lambda each: each), ("it.rows.1", lambda each: {"rows": [1, each]})],
    ids=["alone", "in a list"],
)
def test_what_is_not_plain_is_refused_by_its_name_and_not_queued(
    people: People, value: Any, name: str, wrapped: Any
) -> None:
    with pytest.raises(TypeError, match=f"^The fact {name} is ") as refused:
        queue_email("stuck", key="a", to=[people.alice], facts={"fine": 1, "it": wrapped(value)})
    assert "password" not in str(refused.value)
    assert not OutboxEmail.objects.exists()


@pytest.mark.parametrize("name", ["$moment", "$day", "$new", 1, None])
def test_no_fact_has_a_name_that_json_needs_or_cannot_have(name: Any) -> None:
    with pytest.raises(TypeError, match=r"No fact can be called it\."):
        encode_facts({"it": {name: "2026-11-30"}})
    with pytest.raises(TypeError, match="No fact can be called"):
        encode_facts({name: "2026-11-30"})


def test_a_fact_that_is_not_there_is_an_error() -> None:
    found = decode_facts({"user": {"name": "Ann"}})
    with pytest.raises(NoSuchFact, match="email"):
        found["user"]["email"]
    with pytest.raises(NoSuchFact, match="company"):
        found["company"]
