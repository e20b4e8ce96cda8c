"""Pages and jobs at several sizes: `./run bench scale [COMPANIES...]`; 1,000 and 10,000 unless numbers are given.

The companies are those of `manage.py seed`. Each page is timed by the clock, database and all, in turn with two others:
a bare view that renders the same template from constants, and for the board Django's admin with its list of the same
onboardings, 50 a page, under the same filter. A page is one line in PAGES. Jobs are timed twice: the first run has what
seeding left for it, the second has nothing to do.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from io import StringIO
from statistics import median
from typing import Any, NamedTuple

from bench import harness
from bench.harness import Entry, compare, measurement, portal
from bench.pages import make_addresses, read_template

SIZES = (1_000, 10_000)
ROUNDS = 9


class Page(NamedTuple):
    """A page: who opens it (ops, primary or helper), its address, and the admin's query for the same rows."""

    name: str
    who: str
    path: str
    admin: str = ""


PAGES = (
    Page("ops board", "ops", "/ops/", "status__exact=active"),
    Page(
        "ops board, with GlobalSign",
        "ops",
        "/ops/?with=globalsign",
        "status__exact=active&next_actor=globalsign",
    ),
    Page("company, for ops", "ops", "/companies/{slug}/"),
    Page("company", "primary", "/companies/{slug}/"),
    Page("journey", "primary", "/onboardings/{code}/"),
    Page("step", "primary", "/onboardings/{code}/{step}/"),
    Page("your tasks", "primary", "/?stay"),
    Page("clients of a helper", "helper", "/clients/"),
)


@measurement
def scale() -> Iterator[Entry]:
    """Everything at each size, the smallest first; then how much each page has grown."""
    portal()
    sizes = sorted(harness.numbers) or SIZES
    medians: dict[str, list[float]] = {}
    for size in sizes:
        _grow(size)
        for page in PAGES:
            for entry in _measure_page(page, size):
                if "bare view" in entry.against:
                    medians.setdefault(page.name, []).append(entry.ours)
                yield entry
        yield from _measure_jobs(size)
    for name, found in medians.items():
        yield compare(
            f"{name}: growth from {sizes[0]:,} to {sizes[-1]:,}", ours=found[-1] / found[0], unit="times"
        )


def _grow(size: int) -> None:
    """Seed as many as are missing, and let PostgreSQL count them."""
    from django.core.management import call_command
    from django.db import connection

    from onboarding.people.models import Company

    if (missing := size - Company.objects.count()) > 0:
        call_command("seed", missing, stdout=StringIO())
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _measure_page(page: Page, size: int) -> Iterator[Entry]:
    from django.conf import settings
    from django.db import connection
    from django.test import override_settings
    from django.test.utils import CaptureQueriesContext

    browser, path = _open_browser(page)
    answer = browser.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answers {answer.status_code}")
    template, constants, _ = read_template(browser, path)
    others = {"bare view, same template": "/bare/"}
    addresses, apps = make_addresses(template, constants), []
    if page.admin:
        others["Django's admin, 50 rows"] = f"/admin/journey/onboarding/?{page.admin}"
        apps = ["django.contrib.admin"]
    with ExitStack() as stack:
        stack.enter_context(override_settings(INSTALLED_APPS=[*settings.INSTALLED_APPS, *apps]))
        stack.enter_context(override_settings(ROOT_URLCONF=(*_list_admin(apps), *addresses)))
        times = _measure_in_turn(browser, [path, *others.values()])
        with CaptureQueriesContext(connection) as seen:
            browser.get(path)
    name = f"{page.name}, {size:,} companies, {len(seen)} queries"
    for against, other in others.items():
        yield compare(name, ours=times[path], unit="ms", against=against, theirs=times[other])


def _measure_in_turn(browser: Any, paths: list[str]) -> dict[str, float]:
    """Median milliseconds of each; the first round is not counted."""
    seconds: dict[str, list[float]] = {path: [] for path in paths}
    for number in range(ROUNDS + 1):
        for path in paths:
            begun = time.perf_counter()
            answer = browser.get(path)
            if number:
                seconds[path].append((time.perf_counter() - begun) * 1000)
            assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return {path: median(found) for path, found in seconds.items()}


def _list_admin(apps: list[str]) -> tuple[Any, ...]:
    """The admin's address, where it is wanted: of this one list, open to whoever asks. Measurements only."""
    if not apps:
        return ()
    from django.contrib import admin
    from django.urls import path

    from onboarding.journey.models import Onboarding

    class OpenSite(admin.AdminSite):
        def has_permission(self, request: Any) -> bool:
            return True

    class OnboardingList(admin.ModelAdmin):  # type: ignore[type-arg]
        list_display = (
            "code",
            "company",
            "environment",
            "current_step",
            "current_state",
            "next_actor",
            "since",
            "due_at",
        )
        list_filter = ("status", "environment", "current_step", "next_actor")
        search_fields = ("code", "company__name", "company__number")
        list_select_related = ("company",)
        list_per_page = 50
        ordering = ("since",)

        def has_view_permission(self, request: Any, obj: Any = None) -> bool:
            return True

        def has_module_permission(self, request: Any) -> bool:
            return True

        has_add_permission = has_change_permission = has_delete_permission = lambda self, request, obj=None: (
            False
        )

    site = OpenSite(name="admin")
    site.register(Onboarding, OnboardingList)
    return (path("admin/", site.urls),)


def _open_browser(page: Page) -> tuple[Any, str]:
    """Somebody of the kind that opens it, signed in, and the address of a company under way that they may see."""
    from django.test import Client

    from onboarding.handover.models import Grant
    from onboarding.journey.models import Onboarding
    from onboarding.people.models import Membership, Role, User

    case = Onboarding.objects.filter(status="active", current_step="verification").select_related("company")[
        0
    ]
    if page.who == "ops":
        user = User.objects.filter(is_ops=True)[0]
    elif page.who == "primary":
        user = Membership.objects.get(company=case.company, role=Role.PRIMARY).user
    else:
        user = Grant.objects.in_force().order_by("user").select_related("user")[0].user
    browser = Client()
    browser.force_login(user)
    return browser, page.path.format(slug=case.company.slug, code=case.code, step=case.current_step)


def _measure_jobs(size: int) -> Iterator[Entry]:
    for name, job in _list_jobs().items():
        first, done = _time(job)
        again, _ = _time(job)
        count = f" ({done:,} rows)" if isinstance(done, int) else ""
        yield compare(f"{name}, {size:,} companies{count}", ours=first, unit="s")
        yield compare(f"{name}, {size:,} companies, again", ours=again, unit="s")


def _list_jobs() -> dict[str, Callable[[], Any]]:
    from django.core.management import call_command

    from onboarding.handover import tasks as handover
    from onboarding.journey.deadlines import reminders
    from onboarding.journey.polling import claims, expiring, jobs
    from onboarding.notifications.sending import find_due_emails

    return {
        "find due emails": lambda: len(find_due_emails()),
        "claim due steps": lambda: len(claims.claim_due()),
        "remind_late": reminders.remind_of_due_steps,
        "remind_expiring": expiring.remind_expiring,
        "complete_chains": jobs.complete_chains,
        "destroy_expired_secrets": jobs.destroy_expired_secrets,
        "expire offers and grants": handover.expire,
        "check_projection": lambda: call_command("check_projection", stdout=StringIO()),
        "audit_check": lambda: call_command("audit_check", stdout=StringIO()),
    }


def _time(job: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    done = job()
    return time.perf_counter() - begun, done
