"""No page offers what its reader may not have: everybody follows every link of every page that they come to.

Downloads are links like others. What is behind an address that no page offers is asked for in test_leak_matrix.py.
"""

import logging
from datetime import timedelta
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from onboarding.handover import claims
from onboarding.handover.models import Grant
from onboarding.journey.models import Evidence
from tests.leaks.scenario import Scenario
from tests.people_fixtures import fresh_client_of

# tests/dead_ends follows every link of every role in every run; this adds what is behind the links to files.
pytestmark = pytest.mark.nightly
MOST = 600  # pages of one person
READERS = ("alice", "bob", "tess", "rhea", "olga", "granted", "charlie")


@pytest.fixture
def scene(db: None, settings: Any, caplog: pytest.LogCaptureFixture) -> Scenario:
    caplog.set_level(logging.CRITICAL, "django.request")
    return Scenario(settings)


def _links(answer: Any, page: str) -> set[str]:
    """The addresses of the portal that the page's main part offers."""
    main = BeautifulSoup(answer.content, "html.parser").find("main")
    links = (
        [urldefrag(urljoin(page, str(each["href"]))).url for each in main.select("a[href]")] if main else []
    )
    return {
        each for each in links if not urlsplit(each).netloc and not urlsplit(each).scheme
    }  # no tel: either


def _walk(client: Client, starts: list[str]) -> tuple[list[str], set[str]]:
    """(what was offered and refused, every file that was fetched)."""
    seen, wanted, refused, files = set(starts), [("", each) for each in starts], [], set()
    while wanted:
        page, address = wanted.pop()
        answer: Any = client.get(address, follow=True)
        if answer.status_code >= 400:
            refused.append(f"{page} offers {address}: {answer.status_code}")
            continue
        if "attachment" in answer.headers.get("Content-Disposition", ""):
            files.add(urlsplit(address).path.rstrip("/").rsplit("/", 1)[-1])
            continue
        for link in sorted(_links(answer, address) - seen):
            seen.add(link)
            wanted.append((address, link))
        assert len(seen) < MOST, sorted(seen)
    return refused, files


def _walk_all(scene: Scenario) -> dict[str, set[str]]:
    """What each reader could fetch; nobody was offered what is refused."""
    code, fetched, wrong = scene.onboarding.code, {}, []
    for who in READERS:
        starts = (
            ["/?stay", "/clients/"] if who == "charlie" else ["/?stay", "/clients/", f"/onboardings/{code}/"]
        )
        user = scene.dana if who == "granted" else getattr(scene.people, who)
        refused, fetched[who] = _walk(fresh_client_of(user), starts)
        wrong += [f"{who}: {each}" for each in refused]
    assert wrong == []
    return fetched


def _take_from_dana(scene: Scenario) -> None:
    """So that the company can go on by itself; she is let in to look at the technical steps."""
    bob, until = scene.people.bob, timezone.now() + timedelta(days=30)
    claims.unclaim(claims.reassign(scene.setup.record("csr"), actor=bob, reason="She is away"), actor=bob)
    grant = Grant.objects.create(onboarding=scene.onboarding, user=scene.dana, until=until, given_by=bob)
    grant.steps.set(scene.onboarding.steps.filter(slug__in=("csr", "pfx", "proof")))


def test_what_is_offered_while_a_journey_goes_on_is_given(scene: Scenario) -> None:
    _take_from_dana(scene)
    scene.setup.finish("csr")
    fetched = _walk_all(scene)
    assert "csr.pem" in fetched["alice"]
    evidence = str(Evidence.objects.exclude(stored_file=None).get().pk)
    assert {who for who, files in fetched.items() if evidence in files} == {"alice", "bob", "tess", "rhea"}


def test_what_is_offered_when_all_is_done_is_given(scene: Scenario) -> None:
    _take_from_dana(scene)
    scene.setup.bring_to("dip-upload")
    fetched = _walk_all(scene)
    assert {"csr.pem", "certificate.pem"} <= fetched["rhea"] & fetched["olga"] & fetched["tess"]
    scene.setup.finish("dip-upload")
    _walk_all(scene)
