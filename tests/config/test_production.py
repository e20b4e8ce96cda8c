"""The portal with production settings, in a process of its own: no complaint of Django's, https only, strict headers.

How the environment is read is tested in test_env.py.
"""

import json
import os
import subprocess
import sys
from base64 import b64encode
from typing import Any

import pytest

from tests.house.checkout import ROOT

SCRIPT = """
import json, django
django.setup()
from django.conf import settings
from django.test import Client
browser = Client()
plain, safe, asked = browser.get("/ops/"), browser.get("/healthz", secure=True), browser.get("/", secure=True)
print(json.dumps({
    "plain": [plain.status_code, plain.headers.get("Location")],
    "health": browser.get("/healthz").status_code,
    "safe": dict(safe.headers),
    "asked": [asked.status_code, asked.headers.get("Location")],
    "debug": settings.DEBUG,
    "cookies": [settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY],
    "hosts": settings.ALLOWED_HOSTS,
}))
"""


def _run(*command: str, **changes: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "PORTAL_MODE": "production",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": "Zq8-" + "abcdefghij0123456789" * 3,
        "AUDIT_KEY": "a" * 50,
        "VAULT_KEYS": "one:" + b64encode(b"k" * 32).decode(),
        "BASE_URL": "https://portal.example",
        "ALLOWED_HOSTS": "portal.example,testserver",
        "DATABASE_URL": os.environ["DATABASE_URL"],
        "REDIS_URL": os.environ["REDIS_URL"],
        "EMAIL_URL": "smtp://mail.example:25",
        **changes,
    }
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def answers() -> Any:
    """What the production settings answered, from a process of their own."""
    done = _run("-c", SCRIPT)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_django_has_nothing_to_say_against_the_production_settings() -> None:
    done = _run("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert (done.returncode, done.stdout) == (0, "System check identified no issues (0 silenced).\n"), (
        done.stderr
    )


def test_no_migration_is_missing() -> None:
    done = _run("manage.py", "makemigrations", "--check", "--dry-run")
    assert done.returncode == 0, done.stdout


def test_plain_http_is_sent_to_https_except_for_machine_checks(answers: Any) -> None:
    assert answers["plain"] == [301, "https://testserver/ops/"]
    assert answers["health"] == 200


def test_browsers_are_told_to_stay_on_https(answers: Any) -> None:
    assert answers["safe"]["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert answers["cookies"] == [True, True, True]


def test_nothing_is_debugged_in_production_and_only_its_own_hosts_are_answered(answers: Any) -> None:
    assert answers["debug"] is False
    assert answers["hosts"] == ["portal.example", "testserver"]


def test_who_is_not_signed_in_is_sent_to_sign_in(answers: Any) -> None:
    assert answers["asked"] == [302, "/accounts/login/?next=/"]


def test_without_https_the_browser_is_not_told_to_use_it() -> None:
    done = _run("-c", SCRIPT, BASE_URL="http://localhost:8000")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert "Strict-Transport-Security" not in found["safe"]
    assert found["cookies"] == [False, False, True]
