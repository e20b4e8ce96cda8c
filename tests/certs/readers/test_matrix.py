"""The rows of the matrix that a run can prove: OpenSSL, cryptography, Java, NSS and GnuTLS open every kind of PFX.

Their versions are those of the machine; the rows say with which ones they were measured first.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import pkcs12

from tests.certs.conftest import program
from tests.certs.readers import document, flavours
from tests.certs.readers.matrix import READERS

pytestmark = pytest.mark.interop


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return flavours.write_all(tmp_path_factory.mktemp("flavours"))


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(each) for each in words], capture_output=True, text=True, check=False)


def by_openssl(file: Path, password: str) -> bool:
    done = run(program("openssl", "openssl"), "pkcs12", "-in", file, "-passin", f"pass:{password}", "-nodes")
    return (done.returncode, done.stdout.count("BEGIN ")) == (0, 3)


def by_library(file: Path, password: str) -> bool:
    key, own, issuers = pkcs12.load_key_and_certificates(file.read_bytes(), password.encode() or None)
    return None not in (key, own) and len(issuers) == 1


def by_nss(file: Path, password: str) -> bool:
    done = run(program("pk12util", "libnss3-tools"), "-l", file, "-W", password)
    return (done.returncode, done.stdout.count("Key(shrouded)")) == (0, 1)


def by_gnutls(file: Path, password: str) -> bool:
    none = "--null-password" if file.stem == "null" else "--empty-password"
    opens = ("--password", password) if password else (none,)
    done = run(program("certtool", "gnutls-bin"), "--p12-info", "--inder", "--infile", file, *opens)
    return (done.returncode, done.stdout.count("BEGIN ")) == (0, 3)


EACH: dict[str, Callable[[Path, str], bool]] = {
    "OpenSSL": by_openssl,
    'cryptography (Python), None and b""': by_library,
    "NSS (Firefox, pk12util)": by_nss,
    "GnuTLS, certtool": by_gnutls,
}
JAVA = ("Java, empty char[]", "Java, null; system properties with an empty password")


def results_of(name: str) -> str:
    (row,) = [each for each in READERS if each.name == name]
    return row.results


def test_every_row_that_is_called_proved_is_proved_here() -> None:
    assert {each.name for each in READERS if each.proved} == {*EACH, *JAVA}
    assert {len(each.results) for each in READERS} == {len(flavours.FLAVOURS)}
    assert set("".join(each.results for each in READERS)) <= set("o-x?")


@pytest.mark.parametrize("name", EACH)
def test_a_reader_opens_what_its_row_says(name: str, files: dict[str, Path]) -> None:
    opened = [EACH[name](file, flavours.password_of(kind)) for kind, file in files.items()]
    assert "".join("o" if each else "x" for each in opened) == results_of(name)


def test_java_finds_key_and_chain_in_what_its_two_rows_say(files: dict[str, Path]) -> None:
    words = [word for kind, file in files.items() for word in (str(file), flavours.password_of(kind))]
    done = run(program("java", "default-jdk-headless"), Path(__file__).with_name("Open.java"), *words)
    found = done.stdout.split()
    assert ["".join(found[0::2]), "".join(found[1::2])] == [results_of(name) for name in JAVA], done.stderr


def test_the_page_is_current() -> None:
    assert document.PAGE.read_text() == document.page()
