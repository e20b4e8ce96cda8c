"""The list of changed accounts: whoever shows something new is on it, and nobody else."""

import time
from typing import Any

import pytest

from tests.atlas.sandbox.api_client import Account, Company, until

CHANGES = "/account-changes"


def _list(api: Account, since: str = "") -> Any:
    answer = api.call("GET", CHANGES, params={"changed_since": since} if since else {})
    assert answer.status_code == 200, answer.text
    return answer.json()


def _changed(api: Account, since: str) -> set[str]:
    return {each["account_id"] for each in _list(api, since)["accounts"]}


def _next_second(api: Account) -> str:
    """A moment of Atlas's clock after everything so far: moments are whole seconds."""
    begun = _list(api)["as_of"]
    return str(until(lambda: _list(api)["as_of"], lambda now: now > begun))


def test_each_thing_that_an_account_shows_puts_it_on_the_list(api: Account) -> None:
    quiet = Company(api)
    until(lambda: quiet.get("/emails"), lambda found: len(found) == 2)
    since = _next_second(api)
    company = Company(api)
    assert _changed(api, since) == {company.id}
    steps = (
        lambda: company.invited(),
        lambda: company.must("POST", "/payment-method", {"kind": "INVOICE"}),
        lambda: until(company.get, lambda account: account["quote"]["status"] == "READY"),
        lambda: company.must("POST", "/quote/accept", {"quotation": True, "msa": True}),
        lambda: until(company.get, lambda account: account["identity_request"]["status"] == "READY"),
    )
    for act in steps:
        act()
        assert company.id in _changed(api, since)
    later = _next_second(api)
    time.sleep(0.2)
    assert _changed(api, later) == set()


def test_without_a_moment_only_the_time_is_told(api: Account) -> None:
    Company(api)
    document = _list(api)
    assert (document["accounts"], document["is_cut"]) == ([], False)


@pytest.mark.parametrize("moment", ["yesterday", "2026-02-30T00:00:00Z", "2026-11-23T14:05:00+00:00", "1'--"])
def test_what_is_no_moment_is_refused(api: Account, moment: str) -> None:
    answer = api.call("GET", CHANGES, params={"changed_since": moment})
    assert answer.status_code == 422
    assert answer.json()["description"].startswith("changed_since: ")
