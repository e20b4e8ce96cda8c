"""What is taken out of log lines, and what is left in: every address of the portal that has a key in it.

That no process writes one is tested on real processes in tests/attacks/test_links_in_logs.py.
"""

import logging

import pytest
from django.urls import NoReverseMatch, reverse

from config.log_redaction import TokenFilter, path_without_tokens, without_tokens
from tests.leaks.url_names import every_name

TOKEN = "Tr-0_aB9" * 5
KEYS = ({"token": TOKEN}, {"key": TOKEN}, {"uidb36": "0" * 32, "key": f"diro-{TOKEN}"})


def _addresses_with_a_key() -> dict[str, str]:
    found = {}
    for name in every_name():
        for values in KEYS:
            try:
                found[name] = reverse(name, kwargs=values)
            except NoReverseMatch:
                continue
    return found


def test_every_address_with_a_key_in_it_is_cleaned() -> None:
    addresses = _addresses_with_a_key()
    assert {"invitations:open", "own:open-reset-link", "account_confirm_email"} <= addresses.keys()
    for name, address in addresses.items():
        for path in (address, f"https://portal.example{address}", f"/{address}", address.rstrip("/")):
            assert TOKEN not in without_tokens(f"Not Found: {path} by nobody"), name
            assert TOKEN not in path_without_tokens(path), name


@pytest.mark.parametrize(
    "path",
    [
        "/invitations/",
        "/invitations/accept/",
        "/invitations/join/",
        "/invitations/use/",
        "/invitations/new-link/",
        "/accounts/password/reset/",
        "/accounts/password/reset/key/done/",
        "/accounts/password/reset/link/use/",
        "/companies/fenland-metering-and-grid-connection-services-ltd/team/",
        "/onboardings/NW7K-42QD/csr/",
        "/handovers/6f1c2f7e-7a55-4a0e-8d3c-0b1d9c1a2b3c/",
    ],
)
def test_an_address_without_a_key_stays_as_it_is(path: str) -> None:
    assert without_tokens(path) == path
    assert path_without_tokens(path) == path


def test_a_query_and_what_is_as_long_as_a_key_leave_a_path() -> None:
    assert path_without_tokens(f"/elsewhere/{TOKEN}/?a=b#c") == "/elsewhere/[hidden]/"


def test_what_a_provider_hands_over_is_cleaned_wherever_it_stands() -> None:
    said = without_tokens(f"went to /callback/?code={TOKEN}&state={TOKEN} and back")
    assert said == "went to /callback/?code=[hidden]&state=[hidden] and back"


def test_a_record_is_cleaned_with_its_arguments_traceback_and_stack() -> None:
    try:
        raise ValueError(f"no page at /invitations/{TOKEN}/")
    except ValueError as error:
        information = (type(error), error, error.__traceback__)
    link = f"/accounts/password/reset/key/1-{TOKEN}/"
    record = logging.LogRecord(
        "a", logging.ERROR, "b", 1, "%s failed", (link,), information, sinfo=f"at {link}"
    )
    assert TokenFilter().filter(record)
    said = logging.Formatter().format(record)
    assert TOKEN not in said
    assert said.count("[hidden]") >= 3
    assert "ValueError" in said
