"""What the journey's pages show of questions: those of a step or of the case, and the way to ask one.

These pages are of a lower room, which leaves a place for it (journey/slots.py) and knows nothing of questions.
"""

from typing import Any

from django.dispatch import receiver
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from onboarding.journey import guards
from onboarding.journey.access import Access
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.slots import journey_links, step_sidebar
from onboarding.questions import rules
from onboarding.questions.access import list_of_onboarding, list_of_step


@receiver(step_sidebar)
def render_questions_of_step(*, record: StepRecord, access: Access, **_: Any) -> SafeString:
    """The part of a step's sidebar about questions to ops.

    Who can report a problem finds the way there, as “Something else”.
    """
    reports = guards.may_report_problem(access, record)
    context = {
        "record": record,
        "onboarding": record.onboarding,
        "questions": list_of_step(access, record),
        "may_ask": bool(not reports and rules.may_ask(access, record)),
    }
    return render_to_string("questions/partials/of_step.html", context)


@receiver(journey_links)
def render_questions_of_case(*, onboarding: Onboarding, access: Access, **_: Any) -> SafeString | str:
    """The questions of the whole case in the journey's sidebar; nothing while nobody has asked."""
    questions = list_of_onboarding(access, onboarding)
    if not questions:
        return ""
    context = {"onboarding": onboarding, "questions": questions}
    return render_to_string("questions/partials/of_case.html", context)
