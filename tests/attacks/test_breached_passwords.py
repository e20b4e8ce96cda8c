"""A password that was stolen elsewhere must not be chosen, where the operator has brought a list of them.

The file is in the form of Have I Been Pwned: SHA-1 hashes in order, with counts, and the line ends of Windows.
"""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from onboarding.people.models import User
from tests.config.test_production import _run
from tests.people_fixtures import PASSWORD, People

STOLEN = "correct horse battery staple"
KEPT = "a phrase that nobody has stolen"


def _hash(password: str) -> str:
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


def _written(path: Path, passwords: list[str], end: str = "\r\n") -> Path:
    path.write_bytes("".join(f"{each}:7{end}" for each in sorted(map(_hash, passwords))).encode())
    return path


def _bring(settings: Any, path: Path) -> None:
    settings.PORTAL = settings.PORTAL.model_copy(update={"breached_passwords": path})


def _is_taken(password: str) -> bool:
    try:
        validate_password(password)
    except ValidationError:
        return False
    return True


@pytest.fixture
def breached(tmp_path: Path, settings: Any) -> None:
    _bring(settings, _written(tmp_path / "stolen.txt", [STOLEN, "another stolen one", "and a third one"]))


def _change(user: User, to: str) -> str:
    client = Client()
    client.force_login(user)
    form = {"oldpassword": PASSWORD, "password1": to, "password2": to}
    page: str = client.post("/accounts/password/change/", form).text
    return page


def test_a_stolen_password_is_not_taken(people: People, breached: None) -> None:
    assert "stolen from other sites" in _change(people.alice, STOLEN)
    people.alice.refresh_from_db()
    assert people.alice.check_password(PASSWORD)


def test_another_one_is_not_refused(people: People, breached: None) -> None:
    _change(people.alice, KEPT)
    people.alice.refresh_from_db()
    assert people.alice.check_password(KEPT)


@pytest.mark.parametrize("end", ["\r\n", "\n"])
@pytest.mark.parametrize("size", [1, 2, 3, 17, 1000])
def test_no_line_of_the_list_is_overlooked_and_nothing_else_refused(
    tmp_path: Path, settings: Any, size: int, end: str
) -> None:
    listed = [f"stolen password {number}" for number in range(size)]
    _bring(settings, _written(tmp_path / "stolen.txt", listed, end))
    assert [each for each in listed if _is_taken(each)] == []
    assert [n for n in range(300) if not _is_taken(f"another password {n}")] == []


@pytest.mark.parametrize(
    "content", ["", "password\n123456\n", f"{'B' * 40}:1\n{'A' * 40}:1\n", f"{'A' * 32}:1\n"]
)
def test_a_list_in_another_form_does_not_go_unnoticed(tmp_path: Path, content: str) -> None:
    path = tmp_path / "list.txt"
    path.write_text(content)
    done = _run("-c", "import django; django.setup()", BREACHED_PASSWORDS=str(path))
    assert done.returncode == 2
    assert "BREACHED_PASSWORDS is not right: it must hold a SHA-1 hash on each line" in done.stderr
