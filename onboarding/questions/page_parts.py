"""What the journey's pages show of questions: those of a step or of the case, and the way to ask one.

These pages are of a lower room, which leaves a place for it (journey/slots.py) and knows nothing of questions.
"""

from typing import Any

from django.db.models import Exists, OuterRef
from django.dispatch import receiver
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from onboarding.journey import guards
from onboarding.journey.access import Access
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.rare_parts import may_have
from onboarding.journey.signals import case_columns_requested
from onboarding.journey.slots import journey_links, step_sidebar
from onboarding.questions import rules
from onboarding.questions.access import list_of_onboarding, list_of_step
from onboarding.questions.models import Question


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


@receiver(case_columns_requested)
def add_questions(**_: Any) -> dict[str, Exists]:
    """Whether somebody asked in an onboarding that is read for its page."""
    return {"has_questions": Exists(Question.objects.filter(record__onboarding=OuterRef("pk")))}


@receiver(journey_links)
def render_questions_of_case(*, onboarding: Onboarding, access: Access, **_: Any) -> SafeString | str:
    """The questions of the whole case in the journey's sidebar; nothing while nobody has asked."""
    questions = list_of_onboarding(access, onboarding) if may_have(onboarding, "has_questions") else []
    if not questions:
        return ""
    context = {"onboarding": onboarding, "questions": questions}
    return render_to_string("questions/partials/of_case.html", context)
