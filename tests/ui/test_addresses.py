"""Addresses of which most is remembered are those that Django's reverse() says, whatever came before."""

from uuid import uuid4

import pytest
from django.test import override_settings
from django.urls import NoReverseMatch, reverse, set_script_prefix

from onboarding.ui.addresses import find_address

ASKED = [
    ("journey:step", "AAAA-1111", "csr"),
    ("journey:step", "BBBB-2222", "certificate"),
    ("help:problem", "help"),
    ("journey:step", "CCCC-3333", "dip-upload"),
    ("journey:journey", "a/b"),
    ("journey:journey", "a b"),
    ("journey:journey", "{}"),
    ("journey:journey", "DDDD-4444"),
    ("journey:evidence", "DDDD-4444", 4),
    ("journey:evidence", "DDDD-4444", 51),
    ("offers:offer", uuid4()),
    ("offers:offer", uuid4()),
    ("help:problem", "atlas-down"),
    ("account_logout",),
]


def _say(find, name, values) -> str:
    try:
        return str(find(name, *values))
    except NoReverseMatch:
        return "none"


@pytest.mark.parametrize("prefix", ["/", "/portal/"])
@pytest.mark.parametrize("order", [1, -1])
def test_an_address_is_the_one_that_django_says(prefix, order) -> None:
    set_script_prefix(prefix)
    try:
        for name, *values in ASKED[::order] * 2:
            expected = _say(lambda name, *values: reverse(name, args=values), name, values)
            assert _say(find_address, name, values) == expected
    finally:
        set_script_prefix("/")


def test_other_addresses_have_their_own() -> None:
    assert find_address("help:problem", "atlas-down") == reverse("help:problem", args=["atlas-down"])
    with override_settings(ROOT_URLCONF="tests.ui.gallery"), pytest.raises(NoReverseMatch):
        find_address("help:problem", "atlas-down")


def test_a_name_of_no_page_is_a_fault(soup) -> None:
    with pytest.raises(NoReverseMatch):
        soup("{% address 'journey:nowhere' code %}", code="AAAA-1111")
    with pytest.raises(NoReverseMatch):
        soup("{% address 'journey:journey' nothing %}")
