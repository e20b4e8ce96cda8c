"""Finds JSON objects in pasted text, between prompts, commands and errors.

What they mean is the reader's business.
"""

import json
from collections.abc import Iterator

MOST = 20  # objects tried; an honest answer has one
MOST_STRINGS = 500  # of one text


def json_objects(text: str) -> Iterator[bytes]:
    """Each outermost JSON object in `text`, as UTF-8, in order. What is no JSON is passed over."""
    for _, found in _read_objects(text):
        yield found.encode(errors="replace")


def _read_objects(text: str) -> Iterator[tuple[object, str]]:
    """What each outermost object says, and its own text.

    Both at once: what is nested as deeply as can be read is too deep for whoever reads it again from further down.
    """
    decoder, at = json.JSONDecoder(), 0
    for _ in range(MOST):
        at = text.find("{", at)
        if at < 0:
            return
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            at += 1
            continue
        yield value, text[at:end]
        at = end


def strings_in_json(text: str) -> Iterator[str]:
    """Every string value in the JSON objects and lists in `text`, in order; names of fields are not among them."""
    found: list[str] = []
    for value, _ in _read_objects(text):
        _collect(value, found)
    if not found and text.lstrip()[:1] == "[":
        try:
            _collect(json.loads(text), found)
        except (ValueError, RecursionError):
            return
    yield from found[:MOST_STRINGS]


def _collect(value: object, found: list[str], depth: int = 0) -> None:
    if depth > 20 or len(found) >= MOST_STRINGS:
        return
    if isinstance(value, str):
        found.append(value)
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            _collect(each, found, depth + 1)
