"""What the team answers when rooms below it ask by their signals: deputies, absences, roles in other systems.

The answers themselves are made in absence.py and external_roles.py.
"""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.dispatch import receiver
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from onboarding.handover.models import Offer
from onboarding.handover.signals import offer_previewed, offer_shown
from onboarding.journey.models import StepRecord
from onboarding.journey.signals import case_columns_requested
from onboarding.journey.slots import start_notes
from onboarding.people.models import Company, User
from onboarding.people.signals import absences_requested, away_companies_requested, deputies_requested
from onboarding.team import absence, external_roles
from onboarding.team.access import newest_review


@receiver(deputies_requested)
def answer_deputies(company: Company, users: list[User], **_: Any) -> list[User]:
    """Who stands in today for those of them who are away."""
    return absence.list_deputies(users, company)


@receiver(absences_requested)
def answer_absences(company: Company, **_: Any) -> list[str]:
    """Who is away today, as sentences."""
    return list(absence.describe_absences(company).values())


@receiver(case_columns_requested)
def add_absences(day: date, **_: Any) -> dict[str, Exists]:
    """Whether somebody of the company is away today: a column of an onboarding that is read for its page."""
    return {"has_absences": Exists(absence.filter_absent(day).filter(company=OuterRef("company")))}


@receiver(away_companies_requested)
def answer_away_companies(**_: Any) -> set[UUID]:
    """Where somebody is away today."""
    return absence.list_away_companies()


@receiver(start_notes)
def render_review(company: Company, **_: Any) -> SafeString:
    """How the review of who has access stands, before an onboarding starts (R60 to R62)."""
    return render_to_string(
        "team/partials/review_state.html", {"company": company, "review": newest_review(company)}
    )


@receiver(offer_shown)
def add_external_roles(offer: Offer, **_: Any) -> dict[str, Any]:
    """What must be true in the other systems, for an offer's page."""
    return {"external_roles": external_roles.list_external_roles(offer)}


@receiver(offer_previewed)
def add_instructions(records: list[StepRecord], **_: Any) -> dict[str, Any]:
    """What will have to be done in the other systems, before the offer is sent."""
    needed = external_roles.need_external_role(records)
    return {"systems": external_roles.INSTRUCTIONS.values() if needed else ()}
