"""The table of expected answers, read from expected.txt: an address, a method, and a word for each of WHO.

Who they are and what they ask for is in scenario.py; what the words mean, in test_leak_matrix.py.
"""

from pathlib import Path
from urllib.parse import urlsplit

from django.http import HttpResponse

IN, FRESH = "/accounts/login/", "/accounts/reauthenticate/"
TABLE = Path(__file__).with_name("expected.txt")


def rows(method: str) -> dict[str, list[str]]:
    """name -> one word for each of WHO."""
    lines = (line.split() for line in TABLE.read_text().splitlines() if line and not line.startswith("#"))
    return {name: words for name, one, *words in lines if one == method}


def word_of(answer: HttpResponse) -> str:
    """in: to the sign-in; fresh: to show again who it is; go: to somewhere else; otherwise the status."""
    if answer.status_code == 302:
        path = urlsplit(answer["Location"]).path
        return {IN: "in", FRESH: "fresh"}.get(path, "go")
    return str(answer.status_code)
