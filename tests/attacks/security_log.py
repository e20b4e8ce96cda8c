"""The security log as whoever watches reads it: where its own handler writes, each line as JSON.

What must be in it is said in test_security_events.py, what must not in test_security_log.py.
"""

import io
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from onboarding.people.models import User
from tests.people_fixtures import PASSWORD

FIELDS = [
    "log",
    "event",
    "time",
    "who",
    "where",
    "company",
    "onboarding",
    "outcome",
    "detail",
    "page",
    "request",
]
LOGIN, AGAIN, CODE = "/accounts/login/", "/accounts/reauthenticate/", "/accounts/2fa/authenticate/"
AT = "198.51.100.7"
NEW = "another long phrase of mine"
WRONG = "canary-of-a-wrong-password"


class Log:
    """What the handler of the security log writes."""

    def __init__(self) -> None:
        self.written = io.StringIO()

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Every line so far, read as whoever watches reads it."""
        return [json.loads(line) for line in self.written.getvalue().splitlines()]

    def forget(self) -> None:
        self.written.seek(0)
        self.written.truncate()

    def events(self, name: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["event"] == name]

    def one(self, name: str) -> dict[str, Any]:
        """The one line with this event, which says all that each line says."""
        found = self.events(name)
        assert len(found) == 1, [(line["event"], line["detail"]) for line in self.lines]
        assert list(found[0]) == FIELDS
        assert datetime.fromisoformat(found[0]["time"]).tzinfo == UTC
        return found[0]


@pytest.fixture
def log() -> Iterator[Log]:
    mine = [
        each for each in logging.getLogger("portal.security").handlers if type(each) is logging.StreamHandler
    ]
    assert mine, "nothing writes a security log"
    found = Log()
    (handler,) = mine
    before = handler.setStream(found.written)
    cache.clear()
    yield found
    cache.clear()
    handler.setStream(before)  # type: ignore[arg-type]


def sign_in(user: User, with_password: str = PASSWORD, client: Client | None = None) -> Client:
    client = client or Client(REMOTE_ADDR=AT)
    client.post(LOGIN, {"login": user.email, "password": with_password})
    return client


def says(line: dict[str, Any], outcome: str, user: User | None, **more: Any) -> None:
    assert line["outcome"] == outcome
    assert line["who"] == (str(user.pk) if user else None)
    for key, value in more.items():
        assert line[key] == value, line
