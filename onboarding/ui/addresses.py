"""Addresses of pages, where a page has many: what the addresses of one name share is resolved once."""

import re
from collections.abc import Callable

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse

_PLAIN = re.compile(r"[A-Za-z0-9-]+")  # an address spells it as it is
_patterns: dict[tuple[str, str, int], str] = {}  # as many as there are names of addresses


def find_address(name: str, *values: object) -> str:
    """The address of this name with these values, as reverse() says it; raises NoReverseMatch for a name that is none.

    Codes, slugs and keys are put into what an earlier call has found: whether the address takes such a value is not
    asked again.
    """
    given = [str(each) for each in values]
    urlconf: object = get_urlconf(settings.ROOT_URLCONF)
    if not isinstance(urlconf, str) or not all(map(_PLAIN.fullmatch, given)):
        return reverse(name, args=values)
    key, prefix = (urlconf, name, len(given)), get_script_prefix()
    if key in _patterns:
        return prefix + _patterns[key].format(*given)
    address = reverse(name, args=values)
    pattern = _make_pattern(address.removeprefix(prefix), given)
    if pattern is not None and address.startswith(prefix):
        _patterns[key] = pattern
    return address


def _make_pattern(address: str, values: list[str]) -> str | None:
    """The address with places for its values; None where it does not show which part is which value."""
    if any(address.count(each) != 1 for each in values) or re.search(r"[{}]", address):
        return None
    if sorted(values, key=address.index) != values:
        return None
    for each in values:
        address = address.replace(each, "{}", 1)
    return address


def make_addresses(name: str, sample: str, *rest: str) -> Callable[[str], str]:
    """A function from the first value in the addresses of this name to the address; `sample` is such a value.

    All of them have the same `rest` of values. For values that an address spells as they are, such as codes and slugs.
    """
    before, after = reverse(name, args=[sample, *rest]).split(sample)
    return lambda value: f"{before}{value}{after}"
