"""`manage.py doctor`: text for people, JSON for programs, and an exit status.

What it finds is in test_catalogue.py.
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tests.certs.x509_factories import csr_pem, key_pem, leaf, pem_of, rsa_key


def doctor(*words: str) -> tuple[int, str]:
    """Exit status and what is printed."""
    said = io.StringIO()
    try:
        call_command("doctor", *words, stdout=said)
    except SystemExit as end:
        return int(str(end.code)), said.getvalue()
    return 0, said.getvalue()


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    contents = {
        "good.csr": csr_pem(),
        "small.csr": csr_pem(rsa_key("small", 1024)),
        "a.cer": pem_of(leaf()),
        "a.key": key_pem(rsa_key("small", 1024)),
    }
    for name, data in contents.items():
        (tmp_path / name).write_bytes(data)
    return {name: str(tmp_path / name) for name in contents}


def test_without_an_error_it_ends_with_nought(files: dict[str, str]) -> None:
    status, said = doctor(files["good.csr"], files["a.cer"])
    assert status == 0
    assert "(csr-good)" in said


def test_with_an_error_it_ends_with_one_and_says_the_command(files: dict[str, str]) -> None:
    status, said = doctor(files["good.csr"], files["small.csr"])
    assert status == 1
    assert "Needs fixing (csr-key-small)" in said
    assert "PowerShell:" in said


def test_json_is_a_list_with_an_object_for_each_file(files: dict[str, str]) -> None:
    status, said = doctor("--json", files["small.csr"], files["a.cer"])
    listed: list[dict[str, Any]] = json.loads(said)
    assert status == 1
    assert [set(each) for each in listed] == [{"file", "kind", "findings"}] * 2
    assert [each["kind"] for each in listed] == ["csr", "certificate"]
    one = listed[0]["findings"][0]
    assert set(one) == {"code", "severity", "seen", "why", "fix", "commands"}
    assert one["severity"] == "error"
    assert set(one["commands"][0]) == {"shell", "text"}


def test_a_file_that_is_not_there_is_an_error_and_the_others_are_read(
    files: dict[str, str], tmp_path: Path
) -> None:
    status, said = doctor("--json", str(tmp_path / "none"), str(tmp_path), files["good.csr"])
    found = [[one["code"] for one in each["findings"]] for each in json.loads(said)]
    assert status == 1
    assert found == [["file-unreadable"], ["file-unreadable"], ["csr-good"]]


def test_a_private_key_is_never_printed(files: dict[str, str]) -> None:
    for words in (["--json"], []):
        status, said = doctor(*words, files["a.key"])
        assert status == 0
        assert Path(files["a.key"]).read_text().splitlines()[3] not in said


def test_a_dash_reads_what_is_piped_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"Mac verify error: invalid password?")))
    status, said = doctor("-")
    assert status == 1
    assert "-: message" in said
    assert "(openssl-mac)" in said


def test_a_key_on_its_own_is_where_it_belongs(files: dict[str, str]) -> None:
    """Who gives a whole folder must not be told to throw the good key away."""
    status, said = doctor("--json", files["a.key"], files["good.csr"])
    assert status == 0
    assert [one["code"] for one in json.loads(said)[0]["findings"]] == ["key-here"]
    assert "Delete" not in said


def test_a_key_beside_a_csr_in_one_file_must_be_mended(files: dict[str, str], tmp_path: Path) -> None:
    both = tmp_path / "both.pem"
    both.write_bytes(csr_pem() + key_pem(rsa_key("small", 1024)))
    status, said = doctor("--json", str(both))
    assert status == 1
    assert json.loads(said)[0]["findings"][0]["code"] == "private-key-pasted"


def test_without_the_portal_around_it_it_says_the_same(files: dict[str, str]) -> None:
    """As `./run doctor` starts it, with an empty environment: no settings of the portal, no database, no other room."""
    words = ["--json", files["small.csr"], files["a.cer"]]
    others = "{each.partition('.')[0] for each in sys.modules} & {'config', 'onboarding', 'pydantic', 'psycopg', 'celery'}"
    script = f"import atexit, runpy, sys; atexit.register(lambda: print({others}, file=sys.stderr)); runpy.run_module('certs.doctor', run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", script, *words],
        cwd=Path(__file__).parents[3],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    status, said = doctor(*words)
    assert done.returncode == status == 1
    time_of_day = re.compile(r"apicert-\d{8}-\d{6}")  # in the names of files that its commands make
    assert time_of_day.sub("", done.stdout) == time_of_day.sub("", said)
    assert done.stderr == "set()\n"
