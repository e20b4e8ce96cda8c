"""Cookies must not be set or read by another host, over plain http, or for a part of the portal (ASVS 5.0, 3.3.1).

The portal runs in a process of its own, which signs somebody in and out as a browser does.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.config.test_production import _run

SCRIPT = """
import json, django
django.setup()
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
call_command("migrate", verbosity=0)
get_user_model().objects.create_user("a@one.example", "a long phrase of mine", name="A")
browser, found = Client(SERVER_NAME=HOST), {}
def keep(answer):
    for name, each in answer.cookies.items():
        kind = name if each.value else f"{name}, taken away"
        found[kind] = {key: each[key] for key in ("secure", "path", "domain", "httponly", "samesite")}
keep(browser.get("/accounts/login/", secure=SECURE))
keep(browser.post("/accounts/login/", {"login": "a@one.example", "password": "a long phrase of mine"}, secure=SECURE))
assert browser.get("/accounts/", secure=SECURE).status_code == 200
keep(browser.post("/accounts/logout/", secure=SECURE))
print(json.dumps(found))
"""


def _cookies(folder: Path, *, https: bool) -> dict[str, Any]:
    """Every cookie that a sign-in and a sign-out set."""
    host = "portal.example"
    done = _run(
        "-c",
        f"HOST, SECURE = {host!r}, {https}\n{SCRIPT}",
        PORTAL_MODE="demo",
        BASE_URL=f"http{'s' if https else ''}://{host}",
        ALLOWED_HOSTS=host,
        DATABASE_URL=f"sqlite:///{folder}/portal.sqlite3",
        REDIS_URL="memory://",
        EMAIL_URL="memory://",
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.fixture(scope="module")
def cookies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return _cookies(tmp_path_factory.mktemp("https"), https=True)


def test_no_cookie_can_be_set_by_another_host(cookies: dict[str, Any]) -> None:
    assert len(cookies) >= 3, "session, safety token, message"
    wrong = {
        name: each
        for name, each in cookies.items()
        if not (name.startswith("__Host-") and each["secure"] and each["path"] == "/" and not each["domain"])
    }
    assert wrong == {}


def test_no_cookie_is_read_by_a_script_or_sent_along_by_another_site(cookies: dict[str, Any]) -> None:
    kept = {name: each for name, each in cookies.items() if "taken away" not in name}
    assert [name for name, each in kept.items() if not each["httponly"]] == []
    assert {each["samesite"] for each in cookies.values()} <= {"Lax", "Strict"}


def test_where_there_is_no_https_no_cookie_claims_it(tmp_path: Path) -> None:
    found = _cookies(tmp_path, https=False)
    assert [name for name, each in found.items() if name.startswith("__") or each["secure"]] == []
