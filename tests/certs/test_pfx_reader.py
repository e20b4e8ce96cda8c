"""PFX files are opened in a process of its own: what would take hours is given up on, and nobody else waits for it.

What is said about their contents is tested in test_pfx.py.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from certs import pfx, pfx_reader_client, pfx_reading
from certs.findings import InvalidArtifact
from tests.certs import der_mutations
from tests.certs.x509_factories import intermediate, issue, rsa_key

SMALL = rsa_key("small", 1024)
LEAF = issue(SMALL.public_key(), intermediate())
GOOD = pfx.build(SMALL, LEAF, [intermediate().certificate])
SALT = der_mutations.tlv(0x04, b"saltsalt")


def seq(*parts: bytes) -> bytes:
    return der_mutations.tlv(0x30, b"".join(parts))


def oid(hexadecimal: str) -> bytes:
    return der_mutations.tlv(0x06, bytes.fromhex(hexadecimal))


def number(value: int) -> bytes:
    return der_mutations.tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def locked_key(algorithm: bytes) -> bytes:
    """A shrouded key bag (RFC 7292 section 4.2.2)."""
    inside = seq(algorithm, der_mutations.tlv(0x04, bytes(64)))
    return seq(oid("2a864886f70d010c0a0102"), der_mutations.tlv(0xA0, inside))


def holding(bag: bytes) -> bytes:
    """A PFX without a MAC with this one bag."""
    data = oid("2a864886f70d010701")

    def info(content: bytes) -> bytes:
        return seq(data, der_mutations.tlv(0xA0, der_mutations.tlv(0x04, content)))

    return seq(number(3), info(seq(info(seq(bag)))))


def triple_des(rounds: int) -> bytes:
    return seq(oid("2a864886f70d010c0103"), seq(SALT, number(rounds)))


def scrypt(parallel: int) -> bytes:
    """PBES2 with scrypt (RFC 7914 section 7): its cost is a product, which no single number shows."""
    kdf = seq(oid("2b06010401da47040b"), seq(SALT, number(32768), number(1), number(parallel)))
    cipher = seq(oid("60864801650304012a"), der_mutations.tlv(0x04, bytes(16)))
    return seq(oid("2a864886f70d01050d"), seq(kdf, cipher))


def in_a_bag(bag: bytes) -> bytes:
    """A bag of bags (RFC 7292 section 4.2.6), into which nobody looks from outside."""
    return seq(oid("2a864886f70d010c0a0106"), der_mutations.tlv(0xA0, seq(bag)))


HOSTILE = {
    "rounds that are not seen from outside": holding(in_a_bag(locked_key(triple_des(2**30)))),
    "scrypt": holding(locked_key(scrypt(200_000))),
}
EACH = pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE.keys())


@pytest.fixture
def silence() -> Iterator[list[float]]:
    """How long another thread of this process was not let on, at most; in seconds."""
    longest, ended = [0.0], threading.Event()

    def listen() -> None:
        while not ended.is_set():
            begun = time.monotonic()
            time.sleep(0.01)
            longest[0] = max(longest[0], time.monotonic() - begun)

    thread = threading.Thread(target=listen)
    thread.start()
    yield longest
    ended.set()
    thread.join()


@EACH
def test_what_would_take_hours_is_given_up_on_and_nobody_else_waits(
    hostile: bytes, silence: list[float]
) -> None:
    with pytest.raises(InvalidArtifact) as caught:
        pfx_reading.read(hostile)
    assert caught.value.codes == ("pfx-slow",)
    assert silence[0] < 2
    assert pfx_reading.read(GOOD).ok is False  # a small key, but open: the next file has its turn


def test_of_several_at_once_two_get_their_answer_and_nobody_another_ones() -> None:
    """More would keep a web process from its other pages; they are asked to come back."""
    answers: list[str] = []

    def look() -> None:
        try:
            answers.append(pfx_reading.read(GOOD).sha256)
        except InvalidArtifact as invalid:
            answers.append(invalid.codes[0])

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8
    assert set(answers) - {"pfx-busy"} == {pfx_reading.read(GOOD).sha256}
    assert len(answers) - answers.count("pfx-busy") >= pfx_reader_client.MAX_WAITING


class Interrupted(Exception):
    """As Celery's soft time limit: raised in the middle of a wait."""


def test_whoever_is_interrupted_leaves_no_answer_to_the_next_file() -> None:
    first, second = HOSTILE["scrypt"], GOOD
    pfx_reading.read(second)

    def interrupt(number: int, frame: object) -> None:
        raise Interrupted

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    try:
        with pytest.raises(Interrupted):
            pfx_reading.read(first)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert pfx_reading.read(second).certificate_sha256


def test_a_file_that_takes_too_long_on_the_clock_is_given_up_on_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pfx_reader_client, "MAX_SECONDS", 0.3)
    with pytest.raises(InvalidArtifact) as caught:
        pfx_reading.read(HOSTILE["scrypt"])
    assert caught.value.codes == ("pfx-slow",)
    monkeypatch.undo()
    assert pfx_reading.read(GOOD).sha256


# A child that a hostile file has taken over: it reads and writes whatever it was left with, answers for the next file,
# and looks for the portal's environment.
TAKEN_OVER = """
import json, os, sys
sys.path.append(sys.argv[1])
from certs import pfx_reader_process as reader
honest, forged = reader._answer, json.dumps({"keys": 0, "own": [], "others": [], "null": False}).encode()
def tried(act, *given):
    try:
        return str(act(*given))
    except OSError as error:
        return type(error).__name__
def answer(data, password):
    if password != b"hostile":
        return honest(data, password)
    for each in (0, 1, 2):
        tried(os.write, each, forged + b"\\nend 1 0\\n" + forged + b"\\nend 2 0\\n")
    heard = [tried(os.read, each, 1) for each in (0, 1, 2)]
    os.close(2)
    return {"heard": heard, "opened": tried(os.open, f"/proc/{os.getppid()}/environ", os.O_RDONLY)}
reader._answer = answer
reader.main()
"""


def test_a_child_that_was_taken_over_hears_of_no_other_file_and_answers_for_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pfx_reader_client, "_MAIN", TAKEN_OVER)
    reader = pfx_reader_client._Reader()
    try:
        taken_over, next_one = reader.ask(b"hostile", b"file"), reader.ask(b"", GOOD)
    finally:
        reader.stop()
    assert next_one["keys"] == 1
    # The way to other files is closed, and the other two are /dev/null.
    assert taken_over == {"heard": ["OSError", "b''", "b''"], "opened": "OSError"}


def test_a_negative_count_of_rounds_offsets_no_other() -> None:
    version, safe = der_mutations.parts(holding(locked_key(triple_des(2**40))))
    inside = der_mutations.parts(GOOD)[2]
    digest, salt, _ = der_mutations.parts(inside)
    with pytest.raises(InvalidArtifact) as caught:
        pfx_reading.read(seq(version, safe, seq(digest, salt, b"\x02\x08\x80" + bytes(7))))
    assert caught.value.codes == ("pfx-rounds",)


def opener() -> psutil.Process:
    (found,) = [
        each for each in psutil.Process().children() if "pfx_reader_process" in " ".join(each.cmdline())
    ]
    return found


def test_an_opener_that_was_ended_is_replaced() -> None:
    pfx_reading.read(GOOD)
    os.kill(opener().pid, signal.SIGKILL)
    assert pfx_reading.read(GOOD).sha256


def test_who_gets_no_turn_is_asked_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pfx_reader_client, "MAX_WAIT_SECONDS", 0.05)
    with pfx_reader_client._reader.turn, pytest.raises(InvalidArtifact) as caught:
        pfx_reading.read(GOOD)
    assert caught.value.codes == ("pfx-busy",)


def test_the_opener_has_none_of_the_portals_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAULT_KEYS", "of-the-portal")
    pfx_reader_client._reader.stop()
    pfx_reading.read(GOOD)
    assert "VAULT_KEYS" not in opener().environ()
    assert "SECRET_KEY" not in opener().environ()


def test_nothing_of_a_file_is_left_in_the_opener() -> None:
    """The child that had it has ended, and its memory with it."""
    pfx_reading.read(GOOD)
    maps = Path(f"/proc/{opener().pid}/maps").read_text().splitlines()
    heaps = [line.split()[0].split("-") for line in maps if "rw-p" in line]
    with Path(f"/proc/{opener().pid}/mem").open("rb") as memory:
        for start, end in ((int(a, 16), int(b, 16)) for a, b in heaps):
            memory.seek(start)
            assert GOOD[-200:] not in memory.read(end - start)


def test_a_forked_process_opens_with_an_opener_of_its_own() -> None:
    pfx_reading.read(GOOD)
    mine = opener().pid
    child = os.fork()
    if not child:
        status = 1
        try:
            status = int(not pfx_reading.read(GOOD).sha256 or opener().pid == mine)
        finally:
            pfx_reader_client._reader.stop()
            os._exit(status)
    assert os.waitpid(child, 0)[1] == 0
    assert pfx_reading.read(GOOD).sha256
    assert opener().pid == mine


def test_the_opener_ends_with_whoever_started_it() -> None:
    script = (
        "from certs.pfx_reader_client import _reader; import os; _reader._started(); "
        "print(_reader.process.pid, flush=True); os._exit(0)"
    )
    said = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup(); {script}"],
        capture_output=True,
        text=True,
        check=True,
    )
    pid = int(said.stdout)
    deadline = time.monotonic() + 30
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_nested_ber_is_walked_once() -> None:
    """Elements without a length have to be read to their end; at every level again that would be seconds."""
    tree = b"\x30\x80" + b"\x30\x80\0\0" * 999 + b"\0\0"
    tree *= 250
    for _ in range(18):
        tree = b"\x30\x80" + tree + b"\0\0"
    version, safe = der_mutations.parts(GOOD)[:2]
    with pytest.raises(InvalidArtifact) as caught:
        pfx_reading.read(seq(version, safe, seq(tree)))
    assert caught.value.codes == ("pfx-unreadable",)
