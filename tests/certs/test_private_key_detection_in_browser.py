"""The guard of the pages and the guard of the portal say the same of the same texts: of every key, and of sentences.

The page's own is read by Node as the browser's bundle reads it; what it does in a page is in tests/browser.
"""

from __future__ import annotations

import base64
import json
import subprocess
from pathlib import Path

import pytest

from certs.private_key_detection import contains_private_key
from tests.certs.test_pfx_interop import node
from tests.certs.test_private_key_detection import KEYS, SAFE, WRITTEN, hidden

GIVEN = json.loads(Path(__file__).with_name("private_key_samples.json").read_text("utf-8"))
SHAPES = Path(__file__).parents[2] / "static" / "src" / "bundles" / "parts" / "key-shapes.js"
# A file reaches it as one character for each byte, what stands in a box as text.
JUDGE = """
let all = ''
for await (const some of process.stdin) all += some
const judge = ([how, given]) => holdsKey(Buffer.from(given, 'base64').toString(how))
console.log(JSON.stringify(JSON.parse(all).map(judge)))
"""


def in_page(given: list[bytes], how: str) -> list[bool]:
    """What the page's guard says of each: how is latin1 for a file, utf8 for a box."""
    asked = json.dumps([[how, base64.b64encode(each).decode()] for each in given])
    call = [node(), "--input-type=module", "-e", SHAPES.read_text("utf-8") + JUDGE]
    done = subprocess.run(call, input=asked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: list[bool] = json.loads(done.stdout)
    return found


def wrong(given: dict[str, bytes], expected: bool) -> list[tuple[str, str]]:
    """Which guard is wrong about which text."""
    texts = list(given.values())
    text = [each for each in texts if each.decode("utf-8", "replace").encode() == each]
    judged = [
        *(("portal", each, contains_private_key(each)) for each in texts),
        *(("file", *pair) for pair in zip(texts, in_page(texts, "latin1"), strict=True)),
        *(("box", *pair) for pair in zip(text, in_page(text, "utf8"), strict=True)),
    ]
    names = {each: name for name, each in given.items()}
    return [(guard, names[each]) for guard, each, found in judged if found is not expected]


def encoded(texts: list[str], encoding: str) -> dict[str, bytes]:
    """By their own words; what the encoding does not have is left out."""
    pairs = {text: text.encode(encoding, "ignore") for text in texts}
    return {text: data for text, data in pairs.items() if data.decode(encoding) == text}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "cp1252"])
def test_ordinary_sentences_are_no_keys(encoding: str) -> None:
    assert wrong(encoded(GIVEN["ordinary"], encoding), expected=False) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "cp1252"])
def test_the_header_of_a_key_is_enough(encoding: str) -> None:
    assert wrong(encoded(GIVEN["headers"], encoding), expected=True) == []


def test_a_csr_a_certificate_and_their_like_are_no_keys() -> None:
    assert wrong(SAFE, expected=False) == []


def test_every_key_is_found_wherever_it_hides() -> None:
    texts = {**KEYS, **WRITTEN}
    for name in KEYS:
        if name not in ("PuTTY", "JWK"):
            texts |= {f"{name}, {how}": data for how, data in hidden(name).items()}
    assert wrong(texts, expected=True) == []


def test_a_sentence_beside_a_key_hides_nothing() -> None:
    key = KEYS["PKCS#8 RSA"].decode()
    given = {text: f"{text}\n{key}\n{text}".encode() for text in GIVEN["ordinary"]}
    assert wrong(given, expected=True) == []
