"""Pages timed by the clock, database and all, in turn with two others of the same process.

These are a bare view that renders the same template from constants, behind the same middleware, and for the board and
the list of companies Django's admin with the same onboardings (scale_admin.py). A page is one line in PAGES.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from statistics import median
from typing import Any, NamedTuple

from bench.harness import Entry, compare
from bench.pages import read_template
from bench.scale_admin import make_admin_addresses

ROUNDS, FEWEST = 9, 3
PATIENCE = 12.0  # seconds for a page and those beside it; after FEWEST rounds no further one begins
MOST_QUERIES = 12


class Page(NamedTuple):
    """A page: who opens it (ops, primary or helper), its address, and the admin's query for the same rows.

    `is_kept`: part of it is kept for some seconds, and for this figure drawn anew each time.
    """

    name: str
    who: str
    path: str
    admin: str = ""
    is_kept: bool = False


LISTS = (
    *("", "q=energy", "q=williams", "q=energy&state=stuck", "state=not-started", "state=under-way"),
    *("state=stuck", "state=complete", "state=withdrawn", "state=held", "state=archived"),
    *("environment=uit", "environment=production", "stage=Vetting", "actor=companies", "actor=globalsign"),
    *("actor=us", "dcp=any", "dcp=none", "age=35", "age=3-7", "problem=any", "problem=identity-rejected"),
    *("expiring=30", "expiring=60", "expiring=90", "sort=since", "sort=due", "sort=added"),
    *("state=stuck&sort=since", "state=under-way&sort=due", "state=complete&sort=since"),
    *(
        "stage=Vetting&actor=globalsign&sort=since",
        "expiring=60&sort=due",
        "environment=production&sort=added",
    ),
)
PAGES = (
    Page("ops board", "ops", "/ops/", "status__exact=active"),
    Page("ops board, drawn anew", "ops", "/ops/", "status__exact=active", is_kept=True),
    *(
        Page(
            f"list of companies, {query or 'all'}",
            "ops",
            f"/ops/companies/?{query}",
            f"rows={query or 'sort=name'}",
        )
        for query in LISTS
    ),
    Page("list of companies, second page", "ops", "/ops/companies/{next}"),
    Page("certificates that end", "ops", "/ops/certificates/"),
    Page("what happened", "ops", "/ops/activity/"),
    Page("company, for ops", "ops", "/ops/companies/{slug}/"),
    Page("company", "primary", "/companies/{slug}/"),
    Page("journey", "primary", "/onboardings/{code}/"),
    Page("step", "primary", "/onboardings/{code}/{step}/"),
    Page("your tasks", "primary", "/?stay"),
    Page("clients of a helper", "helper", "/clients/"),
)
_drawn: dict[str, Any] = {}  # the template and the constants that the bare view renders


def measure_pages(size: int) -> Iterator[tuple[str, Entry]]:
    """Each page beside its peers and with its queries; named, so that sizes can be compared."""
    with _serve_peers():
        for page in PAGES:
            for entry in _measure_page(page, size):
                yield page.name, entry


def _measure_page(page: Page, size: int) -> Iterator[Entry]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from onboarding.dashboards.board.shared_part import forget_part

    browser, path = open_browser(page.who, page.path)
    browser.get(path)  # so that what is kept is there, and the template is the page's
    _drawn["template"], _drawn["constants"], length = read_template(browser, path)
    others = {"bare view, same template": "/bare/"}
    if page.admin:
        others["Django's admin, 50 rows"] = f"/admin/journey/onboarding/?{_quote(page.admin)}"
    drawn = len(browser.get("/bare/").content)
    if abs(drawn - length) > length / 20:
        raise RuntimeError(f"{path}: the bare view draws {drawn} bytes, the page {length}")
    if page.is_kept:
        others.pop("bare view, same template")
    times = _measure_in_turn(browser, [path, *others.values()], forget_part if page.is_kept else None)
    if page.is_kept:
        forget_part()
    with CaptureQueriesContext(connection) as seen:
        browser.get(path)
    name = f"{page.name}, {size:,} companies"
    for against, other in others.items():
        yield compare(name, ours=times[path], unit="ms", against=against, theirs=times[other])
    yield compare(name, ours=len(seen), unit="queries", against="the most allowed", theirs=MOST_QUERIES)


def _quote(query: str) -> str:
    from urllib.parse import quote

    name, _, value = query.partition("=")
    return query if name != "rows" else f"{name}={quote(value)}"


def _measure_in_turn(
    browser: Any, paths: list[str], prepare: Callable[[], None] | None = None
) -> dict[str, float]:
    """Median milliseconds of each, without what `prepare` takes; the first round is not counted."""
    seconds: dict[str, list[float]] = {path: [] for path in paths}
    until = time.perf_counter() + PATIENCE
    for number in range(ROUNDS + 1):
        if number > FEWEST and time.perf_counter() > until:
            break
        for path in paths:
            if prepare:
                prepare()
            begun = time.perf_counter()
            answer = browser.get(path)
            if number:
                seconds[path].append((time.perf_counter() - begun) * 1000)
            assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return {path: median(found) for path, found in seconds.items()}


@contextmanager
def _serve_peers() -> Iterator[None]:
    """The portal's addresses with those of the bare view and of the admin."""
    from django.conf import settings
    from django.shortcuts import render
    from django.test import override_settings
    from django.urls import path

    from config.urls import urlpatterns

    def draw(request: Any) -> Any:
        return render(request, _drawn["template"], _drawn["constants"])

    apps = [*settings.INSTALLED_APPS, "django.contrib.admin"]
    with override_settings(INSTALLED_APPS=apps, BOARD_SECONDS=10):  # as in production
        addresses = (*make_admin_addresses(), path("bare/", draw), *urlpatterns)
        with override_settings(ROOT_URLCONF=addresses):
            yield


def open_browser(who: str, path: str) -> tuple[Any, str]:
    """Somebody of the kind, signed in, and the address of a company that they may see: the same at every size."""
    from django.test import Client

    user, case = _choose_people()[who], _choose_case()
    browser = Client()
    browser.force_login(user)
    following = _find_next(browser) if "{next}" in path else ""
    return browser, path.format(
        slug=case.company.slug, code=case.code, step=case.current_step, next=following
    )


def _find_next(browser: Any) -> str:
    answer: str = browser.get("/ops/companies/").content.decode()
    return answer.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]


@cache
def _choose_case() -> Any:
    from onboarding.journey.models import Onboarding

    found = Onboarding.objects.filter(status="active", current_step="verification")
    return found.select_related("company").order_by("pk")[0]


@cache
def _choose_people() -> dict[str, Any]:
    from onboarding.handover.models import Grant
    from onboarding.people.models import Membership, Role, User

    grants = Grant.objects.in_force().order_by("user").select_related("user")
    return {
        "ops": User.objects.filter(is_ops=True).order_by("pk")[0],
        "primary": Membership.objects.get(company=_choose_case().company, role=Role.PRIMARY).user,
        "helper": grants[0].user,
    }
