"""Every address that the portal answers to, by name.

What they answer, and to whom, is in expected.txt.
"""

from django.urls import URLPattern, URLResolver, get_resolver


def every_name() -> set[str]:
    """Every name of the portal's addresses, with its room before it."""
    return set(_names(get_resolver("config.urls")))


def _names(resolver: URLResolver, space: str = "") -> list[str]:
    found = []
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            found += _names(each, f"{each.namespace}:" if each.namespace else space)
        elif isinstance(each, URLPattern) and each.name:  # what has no name hides an address of the same path
            found.append(f"{space}{each.name}")
    return found
