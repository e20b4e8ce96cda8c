"""The addresses of many rows of a list: what they share is resolved once for the list, not for each row."""

from collections.abc import Callable

from django.urls import reverse


def make_addresses(name: str, sample: str, *rest: str) -> Callable[[str], str]:
    """A function from the first value in the addresses of this name to the address; `sample` is such a value.

    All of them have the same `rest` of values. For values that an address spells as they are, such as codes and slugs.
    """
    before, after = reverse(name, args=[sample, *rest]).split(sample)
    return lambda value: f"{before}{value}{after}"
