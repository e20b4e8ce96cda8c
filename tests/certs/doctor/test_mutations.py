"""Good files with a few bytes changed, tens of thousands of them: always an answer with a next step, never an exception.

What Hypothesis finds is in test_examiner.py; this is many more of them, from a fixed seed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from certs.doctor.examiner import examine_or_raise
from tests.certs.test_fuzz import GOOD

PARTS = 8  # spread over the processes that run the tests
PIECES = (
    b"",
    b"\0",
    b"\xff\xff",
    b"-----BEGIN X-----",
    b"-----END",
    b"\n",
    b'"',
    b"=",
    b"\x30\x82",
    b"\x30\x80",
)


def _mutated(rng: random.Random) -> bytes:
    data = rng.choice(GOOD)
    for _ in range(rng.randint(1, 4)):
        at, piece = rng.randrange(len(data) + 1), rng.choice(PIECES) or rng.randbytes(rng.randint(1, 6))
        match rng.randrange(6):
            case 0:
                data = data[:at] + piece + data[at + rng.randint(0, 9) :]
            case 1:
                data = data[:at] or piece
            case 2:
                data = data[at:] or piece
            case 3:
                data = data[:at] + data[: 20_000 - at if at < 20_000 else 0]
            case 4:
                data = (
                    data[:at] + bytes([data[at] ^ (1 << rng.randrange(8))]) + data[at + 1 :]
                    if at < len(data)
                    else data
                )
            case _:
                data += rng.choice(GOOD)[: rng.randint(0, 2000)]
    return data[:30_000]


def _answers(seed: int, count: int) -> Iterator[bytes]:
    rng = random.Random(seed)
    for _ in range(count):
        yield _mutated(rng)


def _all_are_answered(seed: int, count: int) -> None:
    for data in _answers(seed, count):
        seen = examine_or_raise(data)
        assert seen.findings, data
        assert all(one.seen and one.why and one.fix for one in seen.findings), data


def test_two_thousand_mutations_are_answered() -> None:
    _all_are_answered(100, 2_000)


@pytest.mark.nightly
@pytest.mark.parametrize("part", range(PARTS))
def test_twenty_thousand_mutations_are_answered(part: int) -> None:
    _all_are_answered(part, 20_000 // PARTS)


@pytest.mark.nightly
@pytest.mark.parametrize("part", range(PARTS))
def test_a_million_mutations_are_answered(part: int) -> None:
    _all_are_answered(1_000 + part, 1_000_000 // PARTS)
