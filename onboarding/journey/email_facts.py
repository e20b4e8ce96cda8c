"""What emails tell of onboardings, their steps and problems, as plain values of this moment.

How facts are stored is in notifications/fact_encoding.py; those of people and companies are people/email_facts.py's.
"""

from typing import Any

from django.urls import reverse

from onboarding.journey.deadlines.stuck import explain_stuck
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.problems import find_problem
from onboarding.journey.problems.shape import ProblemDefinition
from onboarding.journey.steps import State
from onboarding.people.email_facts import Facts, describe_company


def describe_onboarding(onboarding: Onboarding) -> Facts:
    """An onboarding and its company."""
    return {
        "company": describe_company(onboarding.company),
        "environment": onboarding.get_environment_display(),
        "code": onboarding.code,
    }


def describe_step(record: StepRecord) -> Facts:
    """Which step of which onboarding, and where its page is."""
    return {
        "onboarding": describe_onboarding(record.onboarding),
        "definition": describe_definition(record),
        "path": reverse("journey:step", args=[record.onboarding.code, record.slug]),
    }


def describe_definition(record: StepRecord) -> Facts:
    """What the table says of the step."""
    step = record.definition
    return {"title": step.title, "system": step.system, "who_words": step.who_words()}


def describe_problem(problem: ProblemDefinition) -> Facts:
    """A problem, and what is done first."""
    return {
        "title": problem.title,
        "what_happened": problem.what_happened,
        "first_action": problem.what_to_do[0],
    }


def describe_delay(record: StepRecord) -> Facts:
    """Since when a step is to do and by when, and the problem that it has."""
    problem = find_problem(record.problem_code) if record.state == State.PROBLEM else None
    times = {"since": record.since, "usual_at": record.usual_at, "due_at": record.due_at}
    return {"record": times, "problem": problem and describe_problem(problem)}


def describe_stuck(record: Any) -> Facts:
    """A step of StepRecordQuerySet.stuck(), with what is wrong and what ops do now."""
    stuck = explain_stuck(record)
    return {
        **describe_step(record),
        "since": record.stuck_since,
        "stuck": stuck and {"reason": stuck.reason, "action": stuck.action},
    }
