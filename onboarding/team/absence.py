"""Absence: from one day to another somebody else stands in; chains are followed, circles refused.

A deputy gets no right by it: whoever stands in must have the rights already, and is written to as well.
"""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from certs import clock
from certs.prepared_queries import prepare_query
from onboarding.audit.chain import record_event
from onboarding.audit.event_names import EventName
from onboarding.notifications.outbox import queue_email
from onboarding.people.access import role_in
from onboarding.people.decisions import PermissionRefused, StateConflict
from onboarding.people.email_facts import describe_company, describe_person
from onboarding.people.models import ADMINS, TECHNICAL, Company, Membership, Role, User
from onboarding.team.models import Absence
from onboarding.ui.formatting import day

# Who may stand in for whom: at least the rights of the person who is away (the primary's own steps wait, R1).
DEPUTY_ROLES: dict[Role, frozenset[Role]] = {
    Role.PRIMARY: frozenset(ADMINS),
    Role.ADMIN: frozenset(ADMINS),
    Role.TECHNICIAN: frozenset(TECHNICAL),
    Role.READER: frozenset(Role),
}


def list_possible_deputies(user: User, company: Company) -> list[User]:
    """Those whom this person may name."""
    role = role_in(user, company)
    if role is None:
        return []
    rows = Membership.objects.filter(
        company=company, role__in=DEPUTY_ROLES[role], user__is_active=True
    ).exclude(user=user)
    return [row.user for row in rows.select_related("user").order_by("user__name")]


def enter_absence(company: Company, user: User, first: date, last: date, deputy: User | None) -> Absence:
    """Write down one's own absence and tell the deputy. Raises RequestRefused with a sentence."""
    with transaction.atomic():
        Company.objects.select_for_update(no_key=True).get(pk=company.pk)
        _require_possible(company, user, first, last, deputy)
        made = Absence.objects.create(
            company=company, user=user, first_day=first, last_day=last, deputy=deputy
        )
        _record_event(EventName.ABSENCE_SET, made, user)
        if deputy is not None:
            _write_to(deputy, made)
    return made


def end_absence(read: Absence, *, actor: User) -> None:
    """Take an absence away, its own person or a Certificate Admin. Raises RequestRefused."""
    if actor.pk != read.user_id and role_in(actor, read.company) not in ADMINS:
        raise PermissionRefused(
            f"Only {read.user} or a Certificate Admin of {read.company.name} may do this."
        )
    with transaction.atomic():
        gone, _ = Absence.objects.filter(pk=read.pk).delete()
        if not gone:
            raise StateConflict("This absence has ended already.")
        _record_event(EventName.ABSENCE_ENDED, read, actor)


def _require_possible(company: Company, user: User, first: date, last: date, deputy: User | None) -> None:
    if last < first or last < clock.today():
        raise StateConflict("The last day must not be before the first day, nor in the past.")
    own = Absence.objects.filter(company=company, user=user, first_day__lte=last, last_day__gte=first).first()
    if own is not None:
        raise StateConflict(
            f"You are away from {day(own.first_day)} to {day(own.last_day)} already. End that absence first."
        )
    if deputy is None:
        if role_in(user, company) is None:
            raise PermissionRefused(f"You are not a member of {company.name}.")
        return
    if deputy not in list_possible_deputies(user, company):
        raise PermissionRefused(
            f"{deputy} cannot stand in for you: that needs at least your role in {company.name}."
        )
    if user in _list_chain(deputy, _list_overlapping(company, first, last), first, last):
        raise StateConflict(f"{deputy} is away in that time, and you stand in. Name somebody else.")


def _list_overlapping(company: Company, first: date, last: date) -> list[Absence]:
    return list(
        Absence.objects.filter(
            company=company, first_day__lte=last, last_day__gte=first, deputy__isnull=False
        ).select_related("deputy", "user")
    )


def _list_chain(start: User, absences: list[Absence], first: date, last: date) -> list[User]:
    """Everybody to whom the work could come from this person on some day of the time, near or far."""
    found = [start]
    for row in absences:
        if row.user_id == start.pk and row.deputy and row.first_day <= last and row.last_day >= first:
            rest = [other for other in absences if other.user_id != start.pk]
            found += _list_chain(row.deputy, rest, max(first, row.first_day), min(last, row.last_day))
    return found


def list_absent_today(company: Company, day: date | None = None) -> list[Absence]:
    """Who is away on a day (today)."""
    day = day or clock.today()
    return _read_absences(company.pk, day)


@prepare_query
def _read_absences(company: UUID, day: date) -> QuerySet[Absence]:
    return filter_absent(day).filter(company=company).select_related("user", "deputy")


def filter_absent(day: date) -> QuerySet[Absence]:
    """Who is away on a day, of every company: to be narrowed to companies that were already fetched for a person."""
    return Absence.objects.filter(first_day__lte=day, last_day__gte=day)


def list_away_companies() -> set[UUID]:
    """The ids of the companies of which somebody is away today."""
    day = clock.today()
    rows = filter_absent(day).order_by()
    return set(rows.values_list("company_id", flat=True).distinct())


def list_planned(company: Company) -> list[Absence]:
    """Absences that have not ended, the nearest first."""
    rows = Absence.objects.filter(company=company, last_day__gte=clock.today())
    return list(rows.select_related("user", "deputy"))


def find_deputy(user: User, company: Company, day: date | None = None) -> User | None:
    """Who stands in for a person on a day: the chain followed to somebody who is there; None when nobody is."""
    return _follow_deputies(user, {row.user_id: row for row in list_absent_today(company, day)})


def _follow_deputies(user: User, away: dict[UUID, Absence]) -> User | None:
    seen = {user.pk}
    row = away.get(user.pk)
    while row is not None and row.deputy is not None and row.deputy.pk not in seen:
        if row.deputy.pk not in away:
            return row.deputy
        seen.add(row.deputy.pk)
        row = away[row.deputy.pk]
    return None


def list_deputies(users: Iterable[User], company: Company) -> list[User]:
    """Who stands in today for those of these people who are away; nobody twice."""
    away = {row.user_id: row for row in list_absent_today(company)}
    found = (_follow_deputies(user, away) for user in users if user.pk in away)
    return list({deputy.pk: deputy for deputy in found if deputy}.values())


def describe_absences(company: Company) -> dict[UUID, str]:
    """Who is away today, until when, and who stands in: a sentence by person."""
    away = {row.user_id: row for row in list_absent_today(company)}
    return {pk: _describe(row, _follow_deputies(row.user, away)) for pk, row in away.items()}


def _describe(row: Absence, deputy: User | None) -> str:
    return f"{row.user} is away until {day(row.last_day)}; {deputy or 'nobody'} stands in."


def delete_absences(user: User, company: Company) -> None:
    """Who leaves is not away any more. Inside the transaction of leaving, before `clear_invalid_deputies`."""
    Absence.objects.filter(company=company, user=user).delete()


def clear_invalid_deputies(company: Company) -> None:
    """After a change of roles: who may not stand in any more does not. Inside the transaction of the change."""
    for row in list_planned(company):
        if row.deputy is not None and row.deputy not in list_possible_deputies(row.user, company):
            row.deputy = None
            row.save(update_fields=["deputy"])


def _record_event(name: EventName, row: Absence, actor: User) -> None:
    data = {
        "to": str(row.user),
        "from": row.first_day.isoformat(),
        "until": row.last_day.isoformat(),
        "deputy": str(row.deputy or ""),
    }
    record_event(name, company=row.company, actor=actor, data=data)


def _write_to(deputy: User, row: Absence) -> None:
    company = describe_company(row.company)
    facts = {
        "absence": {"user": describe_person(row.user), "first_day": row.first_day, "last_day": row.last_day},
        "onboarding": {"company": company},
        "path": reverse("team:team", args=[row.company.slug]),
    }
    queue_email("deputy", key=f"deputy:{row.pk}", to=[deputy], facts=facts)
