"""Fetching an absence, a change of the primary or a review for a person: the only way from a page to these rows.

A stranger gets 404, the same as for an id that does not exist; who may do what is asked where it is done.
"""

from django.http import Http404

from onboarding.people.models import Company, User
from onboarding.team.models import Absence, AccessReview, AccessReviewLine, PrimaryChange


def absence_for(company: Company, pk: int) -> Absence:
    """An absence from a company that was already fetched. Raises Http404."""
    found = company.absences.select_related("user", "company", "deputy").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def open_change(company: Company) -> PrimaryChange | None:
    """Who is asked to become the primary at the moment; None when nobody is."""
    changes = company.primary_changes.select_related("successor", "started_by", "company")
    return changes.filter(ended_at=None).first()


def change_asked_of(company: Company, user: User) -> PrimaryChange:
    """What this person is, or was last, asked; somebody else's question is nobody else's page. Raises Http404."""
    changes = company.primary_changes.select_related("successor", "started_by", "company")
    found = changes.filter(successor=user).order_by("-started_at").first()
    if found is None:
        raise Http404
    return found


def newest_review(company: Company) -> AccessReview | None:
    """The review under way, else the last one; None before the first."""
    return company.reviews.select_related("company", "started_by", "finished_by").first()


def review_line_for(company: Company, pk: int) -> AccessReviewLine:
    """One line of a review of this company. Raises Http404."""
    lines = AccessReviewLine.objects.select_related("review__company")
    found = lines.filter(review__company=company, pk=pk).first()
    if found is None:
        raise Http404
    return found
