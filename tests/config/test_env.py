"""The environment: a missing or bad value stops the start with its name and a sentence, and never shows the value.

What Django makes of good ones is tested in test_production.py.
"""

import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.env import Portal, load
from config.oidc import oidc_provider
from tests.house.checkout import ROOT

KEY = b64encode(b"k" * 32).decode()
GOOD = {
    "SECRET_KEY": "s" * 50,
    "AUDIT_KEY": "a" * 50,
    "VAULT_KEYS": f"new:{KEY},old:{b64encode(b'o' * 32).decode()}",
    "BASE_URL": "https://portal.example",
    "DATABASE_URL": "postgres://portal:pw@db/portal",
    "REDIS_URL": "redis://redis:6379/0",
}
Loader = Callable[..., Portal]


@pytest.fixture
def environment() -> Iterator[Loader]:
    """Loads the settings from exactly these variables; the real environment comes back afterwards."""
    before = dict(os.environ)

    def start(**variables: str | None) -> Portal:
        os.environ.clear()
        os.environ.update({name: value for name, value in {**GOOD, **variables}.items() if value is not None})
        return load()

    yield start
    os.environ.clear()
    os.environ.update(before)


def test_good_values_are_read(environment: Loader) -> None:
    portal = environment(ALLOWED_HOSTS=" portal.example , 10.0.0.1 ", TRUST_PROXY="1", POLL_SPEED="4.5")
    assert portal.mode == "production"
    assert portal.vault_keys == (("new", b"k" * 32), ("old", b"o" * 32))
    assert portal.allowed_hosts == ("portal.example", "10.0.0.1")
    assert (portal.trust_proxy, portal.poll_speed, portal.account_api) == (True, 4.5, False)


def test_no_secret_is_shown_by_the_settings_themselves(environment: Loader) -> None:
    shown = repr(environment(ACCOUNT_API_TOKEN="canary-token", EMAIL_URL="smtp://u:canary-mail@mail:25"))
    for secret in ("sssss", "aaaaa", "kkkkk", KEY, "portal:pw", "canary"):
        assert secret not in shown


@pytest.mark.parametrize("name", GOOD)
def test_a_missing_value_is_named(environment: Loader, capsys: pytest.CaptureFixture[str], name: str) -> None:
    for missing in (None, ""):
        with pytest.raises(SystemExit) as stopped:
            environment(**{name: missing})
        assert stopped.value.code == 2
        said = capsys.readouterr().err
        assert said.startswith("The portal cannot start:\n")
        assert f"  {name} is not set. .env.example says what it is for.\n" in said


NO_STEP_TIMES = [
    "csr", '["csr"]', "3", '{"csr": 3}', '{"csr": [3]}', '{"csr": [3, 8, 9]}', '{"csr": [8, 3]}', '{"csr": [0, 3]}',
    '{"csr": [3, 251]}', '{"csr": [3.5, 8]}', '{"csr": ["3", "8"]}', '{"csr": [true, 8]}', '{"csr": null}',
    '{"csr": [3, 8], "pfx": []}',
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SECRET_KEY", "short", "SECRET_KEY is not right: "),
        ("AUDIT_KEY", "short", "AUDIT_KEY is not right: "),
        ("VAULT_KEYS", "new", "the key named 'new' has 0 bytes; 32 are needed"),
        ("VAULT_KEYS", "new:%%%", "the key named 'new' is not valid base64"),
        ("VAULT_KEYS", "new:aGVsbG8=", "the key named 'new' has 5 bytes; 32 are needed"),
        ("VAULT_KEYS", " , ", "at least one key is needed, written as name:base64"),
        ("VAULT_KEYS", f"new:{KEY},new:{KEY}", "two keys have the same name"),
        ("BASE_URL", "portal.example", "BASE_URL is not right: "),
        ("BASE_URL", "https://portal.example/", "BASE_URL is not right: "),
        ("DATABASE_URL", "mysql://db/portal", "DATABASE_URL is not right: "),
        ("REDIS_URL", "http://redis", "REDIS_URL is not right: "),
        ("EMAIL_URL", "gopher://mail", "EMAIL_URL is not right: "),
        ("HVCA_URL", "http://hvca.example/v2", "HVCA_URL is not right: "),
        ("HVCA_ROOT", "/nowhere/root.pem", "there is no file at /nowhere/root.pem"),
        ("ACCOUNT_API_URL", "atlas", "ACCOUNT_API_URL is not right: "),
        ("TIME_ZONE", "Mars/Base", "no such time zone is known; write it like Europe/London"),
        ("POLL_SPEED", "0", "POLL_SPEED is not right: "),
        ("RETENTION_DAYS", "a week", "RETENTION_DAYS is not right: "),
        ("RETENTION_DAYS", "-1", "RETENTION_DAYS is not right: "),
        ("PORTAL_KEYS", "perhaps", "PORTAL_KEYS is not right: "),
        ("KEY_VAULTS", "https://one.vault.azure.net", 'write it like {"company-slug": '),
        ("KEY_VAULTS", "[]", "needs an address like https://NAME.vault.azure.net"),
        ("KEY_VAULTS", '{"one": "http://one.vault.azure.net"}', "the vault of 'one' needs an address like"),
        ("KEY_VAULTS", '{"one": "https://me@one.vault.azure.net"}', "the vault of 'one' needs an address"),
        ("KEY_VAULTS", '{"one": 1}', "the vault of 'one' needs an address like"),
        *(("STEP_TIMES", text, 'write it like {"csr": [3, 8]}: usual and latest') for text in NO_STEP_TIMES),
        ("LOG_LEVEL", "loud", "LOG_LEVEL is not right: "),
        ("PORTAL_MODE", "staging", "MODE is not right: "),
        ("TRUST_PROXY", "perhaps", "TRUST_PROXY is not right: "),
        ("SECOND_FACTOR", "perhaps", "SECOND_FACTOR is not right: "),
        ("SECOND_FACTOR_GRACE_DAYS", "-1", "SECOND_FACTOR_GRACE_DAYS is not right: "),
        ("SECOND_FACTOR_GRACE_DAYS", "91", "SECOND_FACTOR_GRACE_DAYS is not right: "),
        ("OIDC_ISSUER", "login.example", "OIDC_ISSUER is not right: "),
        ("OIDC_ISSUER", "https://login.example", "OIDC_CLIENT_ID and OIDC_CLIENT_SECRET must be set too."),
    ],
)
def test_a_bad_value_is_named_with_a_sentence(
    environment: Loader, capsys: pytest.CaptureFixture[str], name: str, value: str, sentence: str
) -> None:
    with pytest.raises(SystemExit) as stopped:
        environment(**{name: value})
    assert stopped.value.code == 2
    assert sentence in capsys.readouterr().err


def test_an_account_api_without_its_token_stops_the_start(
    environment: Loader, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        environment(ACCOUNT_API_URL="https://atlas.example/account/v1")
    assert (
        "ACCOUNT_API_TOKEN is not right: ACCOUNT_API_URL is set, so a token is needed"
        in capsys.readouterr().err
    )


def test_a_bad_secret_is_not_shown(environment: Loader, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("SECRET_KEY", "AUDIT_KEY", "VAULT_KEYS", "DATABASE_URL", "REDIS_URL", "EMAIL_URL"):
        with pytest.raises(SystemExit):
            environment(**{name: "canary:Y2FuYXJ5"})
        said = capsys.readouterr().err
        assert name in said
        assert "Y2FuYXJ5" not in said


def test_every_fault_is_told_at_once(environment: Loader, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        environment(SECRET_KEY=None, BASE_URL="x", POLL_SPEED="0")
    said = capsys.readouterr().err
    assert [line.split()[0] for line in said.splitlines()[1:]] == ["SECRET_KEY", "BASE_URL", "POLL_SPEED"]


@pytest.mark.parametrize("left", [None, ""])
def test_a_secret_may_be_given_as_a_file(environment: Loader, tmp_path: Path, left: str | None) -> None:
    """Also where compose hands over the plain variable as an empty text."""
    file = tmp_path / "secret_key"
    file.write_text("f" * 50 + "\n", encoding="utf-8")
    portal = environment(SECRET_KEY=left, SECRET_KEY_FILE=str(file))
    assert portal.secret_key.get_secret_value() == "f" * 50


def test_the_variable_itself_wins_over_its_file(environment: Loader, tmp_path: Path) -> None:
    file = tmp_path / "secret_key"
    file.write_text("f" * 50, encoding="utf-8")
    assert environment(SECRET_KEY_FILE=str(file)).secret_key.get_secret_value() == "s" * 50


@pytest.mark.parametrize("content", [None, b"\xff\xfe\xfa"])
def test_a_file_that_cannot_be_read_is_named(
    environment: Loader, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "audit_key"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SystemExit, match=f"AUDIT_KEY_FILE: the file {file} "):
        environment(AUDIT_KEY_FILE=str(file))


def test_files_of_strangers_are_left_alone(environment: Loader) -> None:
    assert environment(SSL_CERT_FILE="/nowhere/at/all.pem", SECRET_KEY_FILE="") == environment()


def test_the_process_stops_with_sentences_and_without_a_traceback() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "BASE_URL": "nonsense"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    for name in ("SECRET_KEY", "AUDIT_KEY", "VAULT_KEYS", "DATABASE_URL", "REDIS_URL"):
        assert f"{name} is not set." in done.stderr
    assert "BASE_URL is not right" in done.stderr


def test_every_variable_is_explained_in_the_example() -> None:
    known = (ROOT / ".env.example").read_text("utf-8")
    names = {"PORTAL_MODE" if name == "mode" else name.upper() for name in Portal.model_fields}
    assert [name for name in sorted(names) if f"\n{name}=" not in known and f"\n# {name}=" not in known] == []


def test_a_provider_is_whole_and_in_production_on_https(
    environment: Loader, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = {"OIDC_CLIENT_ID": "portal", "OIDC_CLIENT_SECRET": "canary-of-the-provider"}
    portal = environment(OIDC_ISSUER="https://login.example/tenant/v2.0/", **whole)
    (app,) = oidc_provider(portal)["APPS"]
    assert (app["settings"]["server_url"], app["client_id"]) == (
        "https://login.example/tenant/v2.0",
        "portal",
    )
    assert "canary" not in repr(portal)
    assert oidc_provider(environment()) == {"APPS": []}
    with pytest.raises(SystemExit):
        environment(PORTAL_MODE="production", OIDC_ISSUER="http://login.example", **whole)
    said = capsys.readouterr().err
    assert "OIDC_ISSUER must begin with https:// in production." in said
    assert "canary" not in said


def test_in_production_a_key_vault_is_one_of_azure(
    environment: Loader, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    portal = environment(KEY_VAULTS='{"one": "https://one.vault.azure.net/"}', PORTAL_MODE="production")
    assert portal.key_vaults == {"one": "https://one.vault.azure.net"}
    root = tmp_path / "root.pem"
    root.touch()
    for values, sentence in (
        (
            {"KEY_VAULTS": '{"one": "https://vault.azure.net.example"}'},
            "one is not at an address of Azure",
        ),
        ({"KEY_VAULT_ROOT": str(root)}, "KEY_VAULT_ROOT is for tests only"),
    ):
        with pytest.raises(SystemExit):
            environment(**values, PORTAL_MODE="production")
        assert sentence in capsys.readouterr().err
