"""How many working days a step has: what ops set for the company, else the settings, else the step's definition.

What ops set is stored with its reason in CompanyDeadlines; when that makes a step due is in due_times.py.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from onboarding.journey.definitions import Times
from onboarding.journey.steps import BY_SLUG

# Of one company: step -> {"usual": 3, "latest": 8, "reason": "..."}
CompanyTimes = Mapping[str, Mapping[str, Any]]
MOST_DAYS = 250  # a year of work; as in config/env.py


def get_times(slug: str, company_times: CompanyTimes) -> Times:
    """The times that hold for a step of a company. Raises KeyError for a step that is not in the table."""
    if slug in company_times:
        return Times(company_times[slug]["usual"], company_times[slug]["latest"])
    return get_usual_times(slug)


def get_usual_times(slug: str) -> Times:
    """The times of a step for every company for which ops changed nothing. Raises KeyError as above."""
    if slug in settings.PORTAL.step_times:
        return Times(*settings.PORTAL.step_times[slug])
    return BY_SLUG[slug].times
