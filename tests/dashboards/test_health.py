"""The machine checks: alive, ready, and what is said when the cache is gone (the database: tests/attacks).

What they are used for stands in docker-compose.yml.
"""

import socket
from typing import Any

import pytest
from django.test import Client


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_the_portal_says_that_it_is_well_to_anybody(path: str) -> None:
    answer = Client().get(path)
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"ok", "text/plain")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_the_machine_checks_answer_a_question_without_a_body(path: str) -> None:
    answer = Client().head(path)
    assert (answer.status_code, answer.content) == (200, b"")
    assert Client().post(path).status_code == 405


@pytest.mark.django_db
def test_without_its_cache_it_is_ready_and_says_so(settings: Any) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        gone = f"redis://127.0.0.1:{probe.getsockname()[1]}/0"
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": gone}
    }
    assert Client().get("/healthz").status_code == 200
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.content) == (200, b"ok, without redis")
