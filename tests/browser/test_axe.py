"""Every page in every state: axe finds nothing, the content policy refuses nothing, no phone scrolls sideways.

Names and addresses are as long as they come. The last test proves that no page is left out.
"""

from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, Resolver404, URLPattern, URLResolver, get_resolver, resolve, reverse

from onboarding.journey.models import Evidence
from tests.browser import eyes
from tests.browser.scenes import SCENES
from tests.browser.stage import Stage
from tests.people import client_of

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", SCENES)
@pytest.mark.django_db(transaction=True)
def test_nothing_is_wrong_with_a_page(tabs, stage, name) -> None:
    stage.with_long_names()
    found = {}
    for view in SCENES[name](stage):
        tab = tabs.show(view)
        wrong = [*eyes.violations(tab), *eyes.refused_by_the_policy(tab), *eyes.too_wide(tab)]
        if (status := eyes.status_of(tab)) != view.status:
            wrong.append(f"status {status} instead of {view.status}")
        found[view.name] = wrong
    assert {view: wrong for view, wrong in found.items() if wrong} == {}
    assert len(found) > 3


def _names(resolver: URLResolver, space: str = "") -> list[str]:
    """Every name of the portal's addresses, with its room before it."""
    found = []
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            found += _names(each, f"{each.namespace}:" if each.namespace else space)
        elif isinstance(each, URLPattern) and each.name:  # what has no name hides an address of the same path
            found.append(f"{space}{each.name}")
    return found


def _shown(stage_of: Callable[[], Stage]) -> set[str]:
    """The names of all addresses that the scenes show."""
    shown = set()
    for scene in SCENES.values():
        with transaction.atomic():
            for view in scene(stage_of()):
                with suppress(Resolver404):  # addresses that fail on purpose are none of the portal's
                    shown.add(resolve(urlsplit(view.path).path, "config.urls").view_name)
            transaction.set_rollback(True)
    return shown


def _address(name: str, stage: Stage) -> str:
    """An address of this name that exists for the people of the stage."""
    code, one = stage.onboarding.code, stage.people.one.slug
    tried: tuple[dict[str, object], ...] = (
        {},
        {"code": code},
        {"code": code, "slug": "csr"},
        {"code": code, "pk": Evidence.objects.exclude(file=None).get().pk},
        {"slug": one},
    )
    for values in tried:
        with suppress(NoReverseMatch):
            return reverse(name, urlconf="config.urls", kwargs=values)
    raise AssertionError(f"This test does not know which arguments {name} takes.")


def _is_page(client: Client, address: str) -> bool:
    """Whether GET answers with a whole page. Files, redirects, pieces of pages and refusals are none."""
    answer = client.get(address)
    return answer.status_code == 200 and answer.getvalue().lstrip()[:9].lower() == b"<!doctype"


def test_every_address_that_answers_with_a_page_is_in_a_scene(db, settings) -> None:
    left_out = set(_names(get_resolver("config.urls"))) - _shown(lambda: Stage(settings))
    stage = Stage(settings)
    stage.start()
    stage.bring_to("verification")
    stage.confirm_with_a_file("verification")
    stage.finish_all()
    people = [Client(), *(client_of(each) for each in (stage.people.alice, stage.people.olga))]
    pages = [name for name in left_out if any(_is_page(one, _address(name, stage)) for one in people)]
    assert pages == []
    assert {"journey:csr-file", "journey:now", "handover:take", "desk:healthz"} <= left_out
