"""Finds JSON objects in pasted text, between prompts, commands and errors.

What they mean is the reader's business.
"""

import json
from collections.abc import Iterator

MOST = 20  # objects tried; an honest answer has one


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
