"""Keys of links in what the portal's processes write down: web, workers, beat; what Valkey holds; the database.

The web server is started by the image's own command. That a used link is worth nothing is in test_one_time_links.py.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from subprocess import PIPE, STDOUT
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
import requests
from django.core import signing
from redis import Redis

from tests.attacks.links import BOTH, token_in
from tests.attacks.web_process import Visitor, free_port, link_in_the_mail, wait_for, web_of_the_image
from tests.portal_processes import OPS, OPS_PASSWORD, ROOT, PortalProcesses

ADMIN, NEW = "nora@new.example", "nick@new.example"
ODD = "odd-canary-9f4b1c0d7e6a5b3c2d1e0f"  # a code as an OpenID Connect provider would send it


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[PortalProcesses, list[str]]]:
    """A company comes in, and everybody opens links in every way; the processes, and the keys of the links."""
    with PortalProcesses(tmp_path_factory.mktemp("links") / "portal", workers=1) as portal:
        with web_of_the_image(portal) as address:
            tokens = _comes_in(portal, address)
        yield portal, tokens


def _comes_in(portal: PortalProcesses, address: str) -> list[str]:
    olga = Visitor(address)
    olga.sign_in(OPS, OPS_PASSWORD)
    form = {"name": "New Energy Ltd", "number": "07777777", "country": "GB"}
    form |= {"admin_name": "Nora New", "admin_email": ADMIN}
    assert olga.send(olga.get("/companies/add/"), "/companies/add/", **form).ok
    welcome = link_in_the_mail(portal.mail, "/accounts/welcome/key/")
    _open_in_every_way(address, welcome)
    nora = Visitor(address)
    asked = nora.get("/accounts/password/reset/")
    assert nora.send(asked, "/accounts/password/reset/", email=ADMIN).ok
    reset = link_in_the_mail(portal.mail, "/accounts/password/reset/key/")
    _open_in_every_way(address, reset)
    page = nora.get(reset)
    if "/use/" in page.text:  # an older portal shows the form at once
        page = nora.send(page, "/accounts/password/reset/link/use/")
    nora.send(page, page.url.removeprefix(address), **BOTH)
    nora.sign_in(ADMIN, BOTH["password1"])
    nora.get("/companies/new-energy-ltd/team/invite/")
    again = nora.get("/accounts/reauthenticate/?next=/")
    nora.send(again, "/accounts/reauthenticate/", password=BOTH["password1"])
    invite = "/companies/new-energy-ltd/team/invite/"
    assert nora.send(nora.get(invite), invite, email=NEW, role="admin").ok
    invitation = link_in_the_mail(portal.mail, "/invitations/")
    _open_in_every_way(address, invitation)
    nick = Visitor(address)
    page = nick.get(invitation)
    if "/use/" in page.text:
        page = nick.send(page, "/invitations/use/")
    assert nick.send(page, "/invitations/join/", name="Nick New", **BOTH).ok
    _open_in_every_way(address, invitation)
    keys = [token_in(link).partition("-")[2] for link in (reset, welcome)]
    return [token_in(reset), token_in(welcome), *keys, token_in(invitation)]


def _open_in_every_way(address: str, link: str) -> None:
    """As people, mail programs and mistakes do it: cut, doubled, with a query, as a referrer, by other methods."""
    ways: list[tuple[str, str, dict[str, str]]] = [
        ("GET", link, {}),
        ("HEAD", link, {}),
        ("GET", link.rstrip("/"), {}),
        ("GET", f"{link}and-more/", {}),
        ("GET", f"{link}?utm_source=mail&x={token_in(link)}", {}),
        ("GET", f"/{link}", {}),
        ("GET", link.replace("/invitations", "/Invitations").replace("/key/", "/Key/"), {}),
        ("GET", f"/no-such-page{link}", {}),
        ("GET", f"/accounts/login/?next={quote(link, safe='')}", {}),
        ("GET", "/healthz", {"Referer": f"{address}{link}", "X-Original-URL": link}),
        ("POST", link, {"Referer": f"{address}{link}", "Origin": "https://elsewhere.example"}),
        ("PUT", link, {}),
        ("GET", f"/accounts/oidc/organisation/login/callback/?code={ODD}&state={ODD}", {}),
        ("GET", f"{link}?{'x' * 5000}", {}),  # longer than gunicorn takes: it complains in its error log
    ]
    for method, path, headers in ways:
        requests.request(method, f"{address}{path}", headers=headers, timeout=20, allow_redirects=False)


def _logs(portal: PortalProcesses) -> dict[str, str]:
    return {file.name: file.read_text(errors="replace") for file in portal.logs.iterdir()}


def _shapes(token: str) -> set[str]:
    return {token, quote(token, safe=""), quote(token, safe="").replace("-", "%2D"), token[:-4], token[4:]}


def test_no_process_writes_a_links_key_into_its_log(visited: tuple[PortalProcesses, list[str]]) -> None:
    portal, tokens = visited
    logs = _logs(portal)
    assert {"image.log", "web.log", "worker1.log", "beat.log"} <= logs.keys()
    lines = logs["image.log"].splitlines()
    assert sum("/invitations/" in line and '" 302 ' in line for line in lines) > 3, (
        "the access log is written"
    )
    assert sum("/accounts/password/reset/key/" in line for line in lines) > 6
    assert "Not Found" in logs["image.log"]
    found = [
        f"{name}: {line}"
        for name, text in logs.items()
        for line in text.splitlines()
        if any(shape in line for token in (*tokens, ODD) for shape in _shapes(token))
    ]
    assert found == []


def test_no_query_and_no_referrer_is_in_the_access_log(visited: tuple[PortalProcesses, list[str]]) -> None:
    portal, _ = visited
    log = _logs(portal)["image.log"]
    assert "utm_source" not in log
    assert "http://localhost" not in log.replace("Listening at: http://", "")


def test_valkey_holds_no_links_key(visited: tuple[PortalProcesses, list[str]]) -> None:
    portal, tokens = visited
    redis: Redis = Redis.from_url(portal.environment["REDIS_URL"])
    keys = list(redis.scan_iter())
    assert keys
    held = [(key, _value(redis, key)) for key in keys]
    assert [key for key, value in held if any(token in f"{key!r}{value!r}" for token in (*tokens, ODD))] == []


def _value(redis: Redis, key: bytes) -> Any:
    read = {
        b"string": redis.get,
        b"hash": redis.hgetall,
        b"set": redis.smembers,
        b"list": lambda name: redis.lrange(name, 0, -1),
        b"zset": lambda name: redis.zrange(name, 0, -1),
        b"none": lambda name: None,  # gone since it was listed: a worker has done what it was for
    }
    return read[redis.type(key)](key)


def test_the_database_holds_no_links_key_not_even_in_a_session(
    visited: tuple[PortalProcesses, list[str]],
) -> None:
    portal, tokens = visited
    found = []
    with psycopg.connect(portal.environment["DATABASE_URL"]) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in names:
            for (row,) in connection.execute(f'SELECT t::text FROM "{table}" t'.encode()):
                text = row + (_session(portal, row) if table == "django_session" else "")
                found += [f"{table}: {text}" for token in tokens if token in text]
    assert len(names) > 20
    assert found == []


def _session(portal: PortalProcesses, row: str) -> str:
    """What a session holds: it is packed in its row."""
    packed = next(part for part in row.strip("()").split(",") if ":" in part).strip('"')
    key, salt = portal.environment["SECRET_KEY"], "django.contrib.sessions.SessionStore"
    read = signing.loads(packed, key=key, salt=salt)
    assert isinstance(read, dict)
    return str(read)


SERVE = """
import sys, threading, django
django.setup()
from config.wsgi import application
from demo.http_server import web_server
server = web_server(application, int(sys.argv[1]))
threading.Thread(target=sys.stdin.read).start()
threading.Thread(target=server.run, daemon=True).start()
"""


def test_the_demonstrations_web_server_writes_no_links_key_even_when_a_link_fails() -> None:
    """The database has no tables here: each link ends with a traceback."""
    token, port = "canary" * 8, free_port()
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "PORTAL_MODE": "test"}
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(port)],
        env=environment,
        stdin=PIPE,
        stdout=PIPE,
        stderr=STDOUT,
        cwd=ROOT,
    )
    wait_for(port)
    for link in (f"/invitations/{token}/", f"/accounts/password/reset/key/{'0' * 32}-1-{token}/"):
        answer = requests.get(f"http://localhost:{port}{link}", timeout=20)
        assert answer.status_code == 500
    said = process.communicate(timeout=20)[0].decode()
    assert said.count("Traceback") >= 2
    assert said.count("Internal Server Error: /invitations/") == 1
    assert token not in said
