"""Whoever comes to a button's address without pressing it (Back, a reload, a typed address, after signing in) is led to
the page that holds the button, by the same rules as there, and nothing happens.
"""

import logging
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.urls import resolve

from onboarding.audit.models import Event
from tests.leaks.expected_access import rows
from tests.leaks.scenario import WHO, Scenario
from tests.leaks.url_names import every_name
from tests.outside_calls import begin_test_transaction

pytestmark = pytest.mark.long
MACHINES: frozenset[str] = (
    frozenset()
)  # addresses of programs, which must be told that they ask in the wrong way
ALONE = ("invitations:", "own:")  # their page stands for whoever has the link, or for one's own account


@pytest.fixture
def scene(db: None, settings: Any, caplog: pytest.LogCaptureFixture) -> Scenario:
    caplog.set_level(logging.CRITICAL, "django.request")
    return Scenario(settings)


def _ask(scene: Scenario, who: str, method: str, name: str) -> Any:
    with begin_test_transaction():
        answer = getattr(scene.clients[who], method)(scene.address(name, who))
        transaction.set_rollback(True)
    return answer


def _post_only(scene: Scenario) -> list[str]:
    """Every address that leads to another one, unless it is posted to."""
    names = sorted(every_name())
    views = {name: resolve(urlsplit(scene.address(name, "alice")).path).func for name in names}
    return [name for name in names if hasattr(views[name], "get_page_address")]


def test_no_page_answers_a_link_with_method_not_allowed(scene: Scenario) -> None:
    """The table of GET is compared with what comes, and a new address without its row fails, in test_leak_matrix.py."""
    assert {name for name, words in rows("GET").items() if "405" in words} == MACHINES
    for name in sorted(every_name() - MACHINES):
        for who in ("anonymous", "alice"):
            assert _ask(scene, who, "head", name).status_code != 405, f"HEAD {name} for {who}"


def test_everybody_is_led_to_the_page_of_the_button_as_far_as_they_may_see_it(scene: Scenario) -> None:
    found, events = _post_only(scene), Event.objects.count()
    assert len(found) > 20
    for name in found:
        for who in WHO[1:]:
            asked, head = (_ask(scene, who, method, name) for method in ("get", "head"))
            where = f"{name} for {who}"
            assert (head.status_code, head.headers.get("Location")) == (
                asked.status_code,
                asked.headers.get("Location"),
            ), where
            if asked.status_code == 302:
                page = scene.clients[who].get(asked["Location"])
                assert page.status_code == 200 or name.startswith(ALONE), f"{where}: {asked['Location']}"
            else:
                assert asked.status_code in (403, 404), where
            is_not_hers = name.startswith(("team:agree", "ops:", "journey:resume-deadlines"))
            assert asked.status_code == 302 or who != "alice" or is_not_hers, where
    assert Event.objects.count() == events


def test_a_stranger_gets_no_hint(scene: Scenario) -> None:
    for name in _post_only(scene):
        if not name.startswith((*ALONE, "clients:")):
            assert _ask(scene, "charlie", "get", name).status_code == 404, name
            assert urlsplit(_ask(scene, "anonymous", "get", name)["Location"]).path == "/accounts/login/"


def test_other_methods_are_still_refused(scene: Scenario) -> None:
    answer = _ask(scene, "alice", "put", "journey:reopen")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, POST")
