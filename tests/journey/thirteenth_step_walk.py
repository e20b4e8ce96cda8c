"""What a portal does before and after a step is added: `python -m tests.journey.thirteenth_step_walk before`, or after.

Run on a database of its own by test_thirteenth_step.py, each time by the code of the folder it is started in. Says as
JSON how everything stands.
"""

import json
import sys
from io import StringIO
from typing import Any

import django
from django.core.management import call_command
from django.test.utils import setup_test_environment

django.setup()

from onboarding.journey import progress  # noqa: E402
from onboarding.journey.models import Onboarding, StepRecord  # noqa: E402
from onboarding.journey.polling import jobs  # noqa: E402
from onboarding.people.models import Company, User  # noqa: E402
from tests.journey import test_definitions  # noqa: E402
from tests.journey.form_client import press, sentences_of  # noqa: E402
from tests.journey.step_actions import STEP_ACTIONS, bring_to, day, perform, step_action  # noqa: E402
from tests.journey.thirteenth_step import SLUG  # noqa: E402
from tests.people_fixtures import People, client_of, make_people, record_roles, step  # noqa: E402

BEFORE = ("complete", "withdrawn", "early", "late")


def _command(name: str, *arguments: str) -> str:
    said = StringIO()
    call_command(name, *arguments, stdout=said, stderr=said)
    return said.getvalue()


def _stands(onboarding: Onboarding) -> dict[str, Any]:
    onboarding.refresh_from_db()
    states = {record.slug: record.state for record in onboarding.steps.in_order()}
    return {"status": onboarding.status, "current": onboarding.current_step, "states": states}


def _finish(onboarding: Onboarding, people: People) -> None:
    for each in STEP_ACTIONS:
        record = step(onboarding, each.slug)
        if record.state != "done" and (record.state == "waiting") == each.waits:
            perform(onboarding, people, each)


def before() -> dict[str, Any]:
    """A portal with an onboarding of every kind: complete, withdrawn, and two under way."""
    call_command("migrate", verbosity=0)
    people = make_people()
    record_roles(people)
    made = {}
    for name, environment in (
        ("complete", "uit"),
        ("withdrawn", "uit"),
        ("early", "uit"),
        ("late", "production"),
    ):
        made[name] = progress.start(people.one, environment=environment, actor=people.alice)
        if name == "complete":
            _finish(made[name], people)
        else:
            bring_to(made[name], people, step_action("quote" if name == "early" else "csr"))
        if name == "withdrawn":
            progress.withdraw(made[name], actor=people.alice, reason="another one follows")
    return {name: _stands(each) for name, each in made.items()}


def after() -> dict[str, Any]:
    """The same portal with the new step: migrated, checked, and walked to the end."""
    said: dict[str, Any] = {"check": _command("check"), "diagram": _command("journey_diagram", "--write")}
    _command("makemigrations", "--check", "--dry-run")
    call_command("migrate", verbosity=0)
    call_command("migrate", verbosity=0)  # a second time it finds nothing to do
    made = dict(zip(BEFORE, Onboarding.objects.order_by("started_at"), strict=True))
    said["migrated"] = {name: _stands(each) for name, each in made.items()}
    said["after migrate"] = _audit()
    said["page"] = _walk_late(made["late"])
    people = _people()
    _finish(made["early"], people)
    said["walked"] = {name: _stands(each) for name, each in made.items()}
    said["at the end"] = _audit()
    _run_tests_of_the_table()
    return said


def _audit() -> list[str]:
    return [_command("check_projection"), _command("audit_check")]


def _people() -> People:
    named = {
        name: User.objects.get(email__startswith=f"{name}@") for name in ("alice", "bob", "tess", "rhea")
    }
    others = {name: User.objects.get(email__startswith=f"{name}@") for name in ("charlie", "olga")}
    one, two = Company.objects.get(slug="one"), Company.objects.get(slug="two")
    return People(one=one, two=two, **named, **others)


def _walk_late(onboarding: Onboarding) -> dict[str, Any]:
    """The worker ends the wait, and the person whose step it is does it on its page; somebody else may not."""
    people, path = _people(), f"/onboardings/{onboarding.code}/{SLUG}/"
    browser = client_of(people.alice)
    waiting = sentences_of(browser.get(path))
    jobs.poll_step(StepRecord.objects.get(onboarding=onboarding, slug=SLUG).pk)
    opened = step(onboarding, SLUG).state
    wrong = client_of(people.tess).post(path, {"version": step(onboarding, SLUG).version, **day("added_on")})
    stranger = client_of(people.charlie).get(path)
    press(browser, path, path, day("added_on"), action="save")
    journey = sentences_of(browser.get(f"/onboardings/{onboarding.code}/"))
    return {
        "waiting": waiting,
        "opened": opened,
        "refused": [wrong.status_code, stranger.status_code],
        "done": step(onboarding, SLUG).state,
        "journey": journey,
        "page": sentences_of(browser.get(path)),
    }


def _run_tests_of_the_table() -> None:
    test_definitions.test_the_six_stages_and_their_steps_are_in_order()
    test_definitions.test_every_step_needs_only_earlier_ones_so_the_table_has_no_circle()
    test_definitions.test_every_step_but_the_last_holds_something_back()
    test_definitions.test_the_table_and_the_problems_are_sound()
    test_definitions.test_the_documentation_of_the_journey_is_what_the_table_says()


if __name__ == "__main__":
    setup_test_environment()
    print(json.dumps({"before": before, "after": after}[sys.argv[1]]()))
