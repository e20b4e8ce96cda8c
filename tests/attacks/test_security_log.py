"""Nobody writes into the security log what did not happen, from where it did not come.

Which event is written when is tested in test_security_events.py.
"""

import json
from typing import Any

import pytest
from django.test import Client

from tests.attacks.security_log import AT, LOGIN, Log, log, says, sign_in
from tests.config.test_production import _run
from tests.people_fixtures import People

__all__ = ["log"]  # a fixture

FORGED = '\r\n{"log": "portal.security", "event": "signed_in"}\r\n\u2028\u0085'


def test_no_line_can_be_forged(people: People, log: Log, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.PORTAL = settings.PORTAL.model_copy(update={"trust_proxy": True})
    headers = {"x-forwarded-for": AT, "x-request-id": FORGED, "user-agent": FORGED, "referer": FORGED}
    client = Client(headers=headers)
    client.post(LOGIN, {"login": f"a{FORGED}@one.example", "password": FORGED, "next": FORGED})
    client.post(LOGIN, {"login": people.alice.email, "password": FORGED})
    client.post(f"/accounts/2fa/webauthn/login/?{FORGED}", {"credential": FORGED})
    written = log.written.getvalue()
    assert len(written.splitlines()) == len(log.lines) == written.count("\n") >= 2
    assert log.events("signed_in") == []


@pytest.mark.parametrize(("proxies", "seen"), [(0, AT), (1, "203.0.113.9")])
def test_nobody_chooses_the_address_under_which_they_are_seen(
    people: People, log: Log, settings: Any, proxies: int, seen: str
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    client = Client(REMOTE_ADDR=AT, headers={"x-forwarded-for": "192.0.2.66, 203.0.113.9"})
    sign_in(people.alice, client=client)
    says(log.one("signed_in"), "success", people.alice, where=seen)


def test_a_trusted_proxys_number_of_the_request_is_taken_and_goes_back(
    people: People, log: Log, settings: Any
) -> None:
    given = "0123456789abcdef-edge"
    assert Client(headers={"x-request-id": given}).get(LOGIN)["X-Request-ID"] != given
    settings.PORTAL = settings.PORTAL.model_copy(update={"trust_proxy": True})
    client = Client(headers={"x-request-id": given})
    assert sign_in(people.alice, client=client).get("/accounts/")["X-Request-ID"] == given
    assert log.one("signed_in")["request"] == given


WRITE = """
import django
django.setup()
from onboarding.audit.security_log import Outcome, SecurityEvent, log_event
log_event(SecurityEvent.VAULT_FAILED, Outcome.FAILURE, detail="api-secret")
"""


def test_nobody_silences_it_by_turning_the_other_logs_down() -> None:
    done = _run("-c", WRITE, LOG_LEVEL="ERROR")
    assert done.returncode == 0, done.stderr
    (line,) = [json.loads(line) for line in done.stderr.splitlines()]
    assert (line["log"], line["event"]) == ("portal.security", "vault_failed")
