"""Whoever can write to Redis must not run code in the portal, nor read or change more than counters and queues.

That nothing of value is lost with it is shown by tests/journey.
"""

import ast
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
import yaml
from django.conf import settings
from django.core.cache import cache, caches
from django.test import Client
from kombu import Queue
from kombu.exceptions import ContentDisallowed

from config.celery import app
from tests.house.checkout import ROOT
from tests.people_fixtures import PASSWORD as PASSWORD_OF_ALL
from tests.service_daemon import _free_port, _redis_program

IN_MEMORY = "django.core.cache.backends.locmem.LocMemCache"  # of one process: nobody else can write there
PASSWORD = "made-for-this-test"


class Planted:
    """Unpickling it makes a file: proof that code ran, and no harm."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return Path.touch, (self.path,)


@pytest.fixture
def server() -> Iterator[Any]:
    """The test run's own Valkey, as somebody on its network sees it."""
    client = redis.Redis.from_url(settings.PORTAL.redis_url)
    yield client
    client.flushdb()


@pytest.mark.django_db
def test_a_pickle_in_a_counter_is_not_run_and_counts_as_nothing(people, server, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    Client().post("/accounts/login/", {"login": people.alice.email, "password": "wrong"})
    counters = [key for key in server.keys("*allauth:rl*") if not key.endswith(b":lock")]
    assert counters
    for key in counters:
        server.set(key, pickle.dumps(Planted(ran)))
    answer = Client().post("/accounts/login/", {"login": people.alice.email, "password": "wrong"})
    assert not ran.exists()
    assert answer.status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    "planted", ['"abc"', '{"a": 1}', "7", '["x"]', "[9e12, 9e12, 9e12, 9e12, 9e12]", "[NaN]"]
)
def test_a_counter_of_another_shape_neither_fails_nor_stops_a_sign_in(people, server, planted: str) -> None:
    wrong, right = ({"login": people.alice.email, "password": each} for each in ("wrong", PASSWORD_OF_ALL))
    Client().post("/accounts/login/", wrong)
    for key in server.keys("*allauth:rl*"):
        if not key.endswith(b":lock"):
            server.set(key, planted)
    assert Client().post("/accounts/login/", right).status_code == 302


@pytest.mark.parametrize(
    "content",
    [b"", b"\x80\x04N.", b"{", b"[" * 100_000, b"\xff\xfe", b"nonsense"],
    ids=["empty", "a pickle", "half an object", "deep nesting", "not UTF-8", "a word"],
)
def test_what_the_portal_did_not_write_is_a_miss(server, content: bytes) -> None:
    server.set(cache.make_key("planted"), content)
    assert cache.get("planted", "miss") == "miss"
    assert cache.get_many(["planted"]) == {}


def test_a_key_of_another_kind_is_a_miss(server) -> None:
    server.rpush(cache.make_key("planted"), "1", "2")
    assert cache.get("planted", "miss") == "miss"


@pytest.mark.parametrize(
    "value", [7, 0, -1, True, None, "x", 1.5, [1764324000.25, 1.0], {"a": [1]}], ids=repr
)
def test_what_the_portal_wrote_is_read_as_it_was(server, value: Any) -> None:
    cache.set("written", value, 5)
    assert cache.get("written", "miss") == value
    assert type(cache.get("written")) is type(value)


def test_a_number_can_still_be_counted_up(server) -> None:
    cache.add("counter", 0, 5)
    assert [cache.incr("counter"), cache.incr("counter"), cache.get("counter")] == [1, 2, 2]


def test_no_cache_session_or_queue_reads_pickles() -> None:
    assert {type(caches[name]).__name__ for name in settings.CACHES} == {"JsonRedisCache"}
    assert settings.SESSION_ENGINE.endswith(".db")
    assert settings.SESSION_SERIALIZER == "django.contrib.sessions.serializers.JSONSerializer"
    assert set(app.conf.accept_content) == set(app.conf.result_accept_content) == {"json"}
    assert {app.conf.task_serializer, app.conf.result_serializer, app.conf.event_serializer} == {"json"}


def test_the_demo_caches_in_its_own_memory() -> None:
    script = "from django.conf import settings; print(settings.CACHES['default']['BACKEND'])"
    command = [sys.executable, "-c", script]
    env = {**os.environ, "PORTAL_MODE": "demo", "REDIS_URL": "memory://", "DATABASE_URL": "sqlite://:memory:"}
    env["DJANGO_SETTINGS_MODULE"] = "config.settings"
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == IN_MEMORY


def test_no_file_of_ours_unpickles() -> None:
    unsafe = {"pickle", "cPickle", "dill", "marshal", "shelve", "jsonpickle", "cloudpickle"}
    found = []
    for room in ("config", "onboarding", "certs", "atlas", "demo", "tools", "docker"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                found += [(path.name, name) for name in names if name.partition(".")[0] in unsafe]
    assert found == []


def test_a_pickled_task_is_refused_and_not_run(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    with app.connection_for_write() as connection, connection.channel() as channel:
        queue = Queue("planted-by-a-stranger", channel=channel)
        producer = app.amqp.Producer(channel)
        producer.publish(
            pickle.dumps(Planted(ran)),
            routing_key=queue.name,
            declare=[queue],
            content_type="application/x-python-serialize",
            content_encoding="binary",
            headers={"task": "journey.poll_due_steps", "id": "1", "lang": "py"},
        )
        refused = []
        with app.amqp.TaskConsumer(channel, queues=[queue], callbacks=[lambda *_: None]) as consumer:
            consumer.on_decode_error = lambda message, error: refused.append(type(error)) or message.ack()
            connection.drain_events(timeout=5)
    assert refused == [ContentDisallowed]
    assert not ran.exists()


# --- as docker-compose.yml starts it ---------------------------------------------------------------------------------


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[str]:
    """The address, without a password, of a Valkey that was started by the very command of docker-compose.yml."""
    service = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]["redis"]
    script = service["command"][-1].replace("$$", "$").replace("/data/", f"{tmp_path}/")
    port, programs = _free_port(), tmp_path / "bin"
    programs.mkdir()
    (programs / "valkey-server").symlink_to(_redis_program())
    env = {"PATH": f"{programs}:{os.environ['PATH']}", "REDIS_PASSWORD": PASSWORD}
    words = [*service["command"][:-1], f"{script.rstrip()} --port {port} --bind 127.0.0.1 --dir {tmp_path}"]
    with subprocess.Popen(words, env=env, stdout=subprocess.DEVNULL) as process:
        try:
            end = time.monotonic() + 20
            while time.monotonic() < end and not _is_up(port):
                time.sleep(0.05)
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()


def _is_up(port: int) -> bool:
    try:
        return bool(redis.Redis(port=port, password=PASSWORD).ping())
    except redis.ConnectionError:
        return False


def test_nobody_without_the_password_reads_or_writes(guarded: str) -> None:
    stranger = redis.Redis.from_url(f"redis://{guarded}/0")
    for ask in (stranger.ping, lambda: stranger.get("x"), lambda: stranger.set("x", 1)):
        with pytest.raises(redis.AuthenticationError):
            ask()


def test_not_even_the_portal_may_list_wipe_change_or_stop_the_server(guarded: str) -> None:
    portal = redis.Redis.from_url(f"redis://:{PASSWORD}@{guarded}/0")
    for words in (
        "KEYS *",
        "FLUSHALL",
        "CONFIG GET *",
        "SHUTDOWN NOSAVE",
        "REPLICAOF NO ONE",
        "ACL LIST",
        "SCAN 0",
    ):
        with pytest.raises(redis.ResponseError, match="no permissions"):
            portal.execute_command(*words.split())


def test_the_password_stands_on_no_command_line(guarded: str) -> None:
    lines = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if os.access(path, os.R_OK)]
    assert [line for line in lines if PASSWORD.encode() in line] == []


def _environment(guarded: str) -> dict[str, str]:
    env = {**os.environ, "REDIS_URL": f"redis://:{PASSWORD}@{guarded}/0"}
    return env | {"DJANGO_SETTINGS_MODULE": "config.settings"}


def test_the_cache_works_with_the_rights_that_are_left(guarded: str) -> None:
    script = (
        "import django; django.setup(); from django.core.cache import cache\n"
        "cache.add('a', 0, 5); cache.set('b', [1.5], 5); print(cache.incr('a'), cache.get('b'), cache.delete('b'))"
    )
    command = [sys.executable, "-c", script]
    env = _environment(guarded)
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "1 [1.5] True", done.stderr


def test_a_worker_works_with_the_rights_that_are_left(guarded: str, tmp_path: Path) -> None:
    """It hears its own queue and the question of the health check."""
    celery, log = [sys.executable, "-m", "celery", "-A", "config"], tmp_path / "log"
    env = _environment(guarded)
    with (
        log.open("wb") as written,
        subprocess.Popen(
            [*celery, "worker", "--pool=solo", "--hostname=one@test"], cwd=ROOT, env=env, stderr=written
        ) as worker,
    ):
        try:
            ping = [*celery, "inspect", "ping", "-t", "2", "-d", "one@test"]
            tries = (
                subprocess.run(ping, cwd=ROOT, env=env, capture_output=True, check=False) for _ in range(15)
            )
            assert any(done.returncode == 0 for done in tries), log.read_text()
            call = [*celery, "call", "notifications.send_one", "--args=[0]"]
            subprocess.run(call, cwd=ROOT, env=env, check=True, capture_output=True)
            end = time.monotonic() + 20
            while "notifications.send_one" not in log.read_text():
                assert time.monotonic() < end, log.read_text()
                time.sleep(0.1)
            assert "NOPERM" not in log.read_text()
        finally:
            worker.terminate()
