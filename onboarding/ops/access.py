"""What ops see of a company, fetched for a person: everybody else learns nothing (404)."""

from uuid import UUID

from django.db.models import QuerySet

from certs.prepared_queries import prepare_query
from onboarding.audit.models import Event
from onboarding.ops.models import CompanyNote, SavedView
from onboarding.people.access import company_for, require_ops
from onboarding.people.models import Company, User


def company_for_ops(user: User, slug: str) -> Company:
    """The company, archived or not. Raises Http404 for everybody but ops."""
    require_ops(user)
    return company_for(user, slug)


def list_saved_views(user: User) -> list[SavedView]:
    """The person's own, by name."""
    return _read_saved_views(user.pk)


@prepare_query
def _read_saved_views(user: UUID) -> QuerySet[SavedView]:
    return SavedView.objects.filter(user=user)


def list_notes(company: Company, count: int) -> list[CompanyNote]:
    """The newest notes and calls of a company that was already fetched for ops."""
    return list(company.notes.select_related("by", "rung")[:count])


def list_company_events(company: Company, count: int) -> list[Event]:
    """What happened last to a company that was already fetched for ops, and in its onboardings; newest first."""
    return list(Event.objects.filter(chain=str(company.pk)).order_by("-number")[:count])
