"""Fetching an offer or a grant for a person: the only door from a page to these rows.

A stranger gets 404, the same as for an id that does not exist; what may be done is asked in rules.py.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from certs import clock
from certs.prepared_queries import prepare_query
from onboarding.handover.models import Grant, Offer, OfferedStep
from onboarding.journey.access import Access, get_onboarding
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.querysets import role_of
from onboarding.people.access import require_admin
from onboarding.people.models import User


def offer_for(user: User, pk: UUID) -> Offer:
    """The offer, for its two sides. Raises Http404."""
    found = (
        Offer.objects.visible_to(user).with_everything().select_related("answered_by").filter(pk=pk).first()
    )
    if found is None:
        raise Http404
    return found


def offers_for(user: User, pks: list[UUID]) -> list[Offer]:
    """These offers in this order, for their two sides. Raises Http404 where one is not there for this person."""
    readable = Offer.objects.visible_to(user).with_everything().select_related("answered_by")
    found = {offer.pk: offer for offer in readable.filter(pk__in=pks)}
    if len(found) != len(pks):
        raise Http404
    return [found[pk] for pk in pks]


def is_offered(now: datetime) -> Exists:
    """Whether an offer of a step waits for its answer: a column of a query of steps that are read for a person."""
    return Exists(OfferedStep.objects.open(now).filter(record=OuterRef("pk")))


def open_offers(records: list[StepRecord]) -> list[OfferedStep]:
    """The offers, each with its people, of steps that were already fetched for a person."""
    return _read_open_offers([record.pk for record in records], clock.now())


@prepare_query
def _read_open_offers(records: list[int], now: datetime) -> QuerySet[OfferedStep]:
    return OfferedStep.objects.open(now).filter(record__in=records)


def offers_by_step(access: Access, records: Iterable[StepRecord]) -> dict[int, OfferedStep]:
    """By the keys of steps that this person was shown: the open offer of each, as far as it is theirs to know of.

    Members and ops know of every one; somebody from outside only of those made to them. Each says in `is_readable`
    whether its page is theirs to open, and in `to_role` which role the receiver has in the company. One query; where
    there are offers, one more, which takes longer to put together than all else on the page of a step.
    """
    offered = _read_open_offers_with_roles([record.pk for record in records], clock.now())
    if not offered:
        return {}
    theirs = Offer.objects.visible_to(access.user).filter(pk__in={each.offer_id for each in offered})
    readable = set(theirs.values_list("pk", flat=True))
    for each in offered:
        each.is_readable = each.offer_id in readable
    return {each.record_id: each for each in offered if each.is_readable or not access.is_outside}


@prepare_query
def _read_open_offers_with_roles(records: list[int], now: datetime) -> QuerySet[OfferedStep]:
    found = OfferedStep.objects.open(now).filter(record__in=records)
    return found.annotate(to_role=role_of("offer__to_user", "offer__company"))


def grants_page(user: User, code: str) -> tuple[Onboarding, list[Grant]]:
    """The onboarding and everybody who was let in to it. Raises Http404 and, for others than admins, a refusal."""
    onboarding = get_onboarding(user, code)
    require_admin(user, onboarding.company)
    found = Grant.objects.visible_to(user).filter(onboarding=onboarding)
    rows = list(found.select_related("user", "given_by", "revoked_by").prefetch_related("steps"))
    for row in rows:
        row.onboarding = onboarding
    return onboarding, rows


def grant_for(user: User, code: str, pk: UUID) -> Grant:
    """One grant of this onboarding. Raises as grants_page does."""
    _, rows = grants_page(user, code)
    found = next((row for row in rows if row.pk == pk), None)
    if found is None:
        raise Http404
    return found


def list_other_grants(grant: Grant) -> list[Grant]:
    """What else lets its holder into the same onboarding; the grant was already fetched for a person."""
    others = (
        Grant.objects.in_force().filter(user=grant.user, onboarding=grant.onboarding).exclude(pk=grant.pk)
    )
    found = list(others.prefetch_related("steps"))
    for each in found:
        each.onboarding = grant.onboarding
    return found
