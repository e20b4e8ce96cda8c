"""The addresses of many rows of a list: what they share is resolved once for the list, not for each row."""

from collections.abc import Callable

from django.urls import reverse


def make_addresses(name: str, sample: str) -> Callable[[str], str]:
    """A function from the one value in the addresses of this name to the address; `sample` is such a value.

    For values that an address spells as they are, such as codes and slugs.
    """
    before, after = reverse(name, args=[sample]).split(sample)
    return lambda value: f"{before}{value}{after}"
