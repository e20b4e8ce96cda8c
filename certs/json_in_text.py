"""Finds JSON objects in pasted text, between prompts, commands and errors.

What they mean is the reader's business.
"""

import json
from collections.abc import Iterator

MOST = 20  # objects tried; an honest answer has one
MOST_STRINGS = 500  # of one text


def json_objects(text: str) -> Iterator[bytes]:
    """Each outermost JSON object in `text`, as UTF-8, in order. What is no JSON is passed over."""
    decoder, at = json.JSONDecoder(), 0
    for _ in range(MOST):
        at = text.find("{", at)
        if at < 0:
            return
        try:
            _, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            at += 1
            continue
        yield text[at:end].encode(errors="replace")
        at = end


def strings_in_json(text: str) -> Iterator[str]:
    """Every string value in the JSON objects and lists in `text`, in order; names of fields are not among them."""
    found: list[str] = []
    starts = [at for at in (text.find("{"), text.find("[")) if at >= 0]
    for body in json_objects(text[min(starts) :] if starts else ""):
        _collect(json.loads(body), found)
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
