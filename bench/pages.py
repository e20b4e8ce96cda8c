"""How much work a page of somebody with 300 onboardings is for the server, beside a bare view of the same template.

The bare view draws, behind the same middleware, what the page has just shown: its template from constants. A page that
takes at most three times as long (a ratio of a third) does little more than to draw itself. Measured is this process's
time on the processor, in turn with the bare view's, so that whatever else runs here counts for neither. The database's
own time is not in it; the number of queries is held by tests/budgets.
"""

from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from statistics import median
from time import process_time
from typing import Any

from bench.harness import Entry, compare, measurement, portal

MANY = 300
ROUNDS = 25


@measurement
def pages() -> Iterator[Entry]:
    """Your tasks and Clients, of a technician who belongs to half of the companies and was let in by the others."""
    portal()
    browser = _make_browser()
    yield measure_page(browser, f"Your tasks, {MANY} onboardings", "/?stay")
    yield measure_page(browser, f"Clients, {MANY} onboardings", "/clients/")
    yield measure_page(browser, f"one of its lists, {MANY} onboardings", "/tasks/waiting/")


def measure_page(browser: Any, name: str, path: str) -> Entry:
    """A page beside the bare view of its template."""
    from django.test import override_settings

    template, constants, size = read_template(browser, path)
    with override_settings(ROOT_URLCONF=make_addresses(template, constants)):
        drawn = len(browser.get("/bare/").content)
        assert abs(drawn - size) < size / 50, f"the bare view draws {drawn} bytes, the page {size}"
        pairs = [(_measure(browser, path), _measure(browser, "/bare/")) for _ in range(ROUNDS)]
    ours, theirs = (median(figures) for figures in zip(*pairs, strict=True))
    return compare(name, ours=ours, unit="ms", against="bare view, same template", theirs=theirs)


def _measure(browser: Any, path: str) -> float:
    """Milliseconds on the processor for one answer."""
    begun = process_time()
    browser.get(path)
    return (process_time() - begun) * 1000


def read_template(browser: Any, path: str) -> tuple[str, dict[str, Any], int]:
    """What a view hands to its template, and the bytes that come of it."""
    from django.test.utils import setup_test_environment, teardown_test_environment

    setup_test_environment()  # from here on templates tell what they draw, which takes time
    try:
        answer = browser.get(path)
    finally:
        teardown_test_environment()
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return answer.templates[0].name, dict(answer.context[0].dicts[-1]), len(answer.content)


def make_addresses(template: str, constants: dict[str, Any]) -> tuple[Any, ...]:
    """The portal's addresses, and that of the bare view."""
    from django.shortcuts import render
    from django.urls import path

    def draw(request: Any) -> Any:
        return render(request, template, constants)

    return (path("bare/", draw), *import_module("config.urls").urlpatterns)


def _make_browser() -> Any:
    """Of somebody with MANY onboardings: a step to do, one that waits and one that cannot start yet in each."""
    from django.test import Client

    from bench.moves import _company
    from onboarding.handover.models import Grant
    from onboarding.journey.models import StepRecord
    from onboarding.people.models import Membership, Role, User

    user = User.objects.create_user("many@bench.example", None, name="Many Bench")
    for number in range(MANY):
        onboarding, lead = _company(number, "Listed")
        steps = onboarding.steps.filter(slug__in=["csr", "pfx", "proof"])
        if number % 2:
            Membership.objects.create(user=user, company=onboarding.company, role=Role.TECHNICIAN)
            continue
        until = onboarding.started_at + timedelta(days=30)
        grant = Grant.objects.create(onboarding=onboarding, user=user, until=until, given_by=lead)
        grant.steps.set(steps)
        steps.update(assignee=user, assigned_at=onboarding.started_at)
    StepRecord.objects.filter(slug="csr", onboarding__company__slug__startswith="listed-").update(
        state="open"
    )
    browser = Client()
    browser.force_login(user)
    return browser
