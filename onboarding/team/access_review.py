"""The guided review of everybody who has access, before production (R60-R62): keep or remove, and why, on record.

Of Atlas the company types who is there: nothing outside Atlas knows its list. Removing itself is done in
membership_changes.py, by revoking an access, and in Atlas by hand.
"""

from django.db import IntegrityError, transaction

from certs import clock
from onboarding.audit.chain import record_event
from onboarding.audit.event_names import EventName
from onboarding.handover.models import Grant
from onboarding.people.access import list_members, require_admin, role_in
from onboarding.people.decisions import PermissionRefused, StateConflict
from onboarding.people.models import Company, Membership, Role, User
from onboarding.team.models import AccessReview, AccessReviewLine
from onboarding.ui.formatting import day

PORTAL, ATLAS = AccessReviewLine.System.PORTAL, AccessReviewLine.System.ATLAS


def start(company: Company, *, actor: User) -> AccessReview:
    """A new review with everybody who has access here. Raises RequestRefused."""
    require_admin(actor, company)
    try:
        with transaction.atomic():
            review = AccessReview.objects.create(company=company, started_by=actor)
            AccessReviewLine.objects.bulk_create(_list_access(review), ignore_conflicts=True)
    except IntegrityError:
        raise StateConflict("A review is under way already. Go on with that one.") from None
    return review


def _list_access(review: AccessReview) -> list[AccessReviewLine]:
    members = [(m.user, m.get_role_display()) for m in list_members(review.company)]
    outside = Grant.objects.in_force().filter(onboarding__company=review.company).select_related("user")
    people = [*members, *((grant.user, "Outside technician") for grant in outside)]
    return [
        AccessReviewLine(review=review, system=PORTAL, name=user.name, email=user.email, role=role)
        for user, role in people
    ]


def add_atlas_user(
    review: AccessReview, *, name: str, email: str, role: str, actor: User
) -> AccessReviewLine:
    """One user as Atlas shows them. Raises RequestRefused."""
    require_admin(actor, review.company)
    with transaction.atomic():
        _lock_open(review)
        address = email.strip().lower()
        if AccessReviewLine.objects.filter(review=review, system=ATLAS, email=address).exists():
            raise StateConflict(f"{address} is on the list of Atlas users already.")
        return AccessReviewLine.objects.create(
            review=review, system=ATLAS, name=name, email=address, role=role
        )


def decide(line: AccessReviewLine, decision: str, why: str, *, actor: User) -> AccessReviewLine:
    """Keep or remove, and why; can be changed until the review is finished. Raises RequestRefused."""
    review = line.review
    require_admin(actor, review.company)
    with transaction.atomic():
        _lock_open(review)
        line.decision, line.why = decision, why
        line.decided_by, line.decided_at = actor, clock.now()
        line.save(update_fields=["decision", "why", "decided_by", "decided_at"])
        what = f"{line.get_decision_display()} {line.name} <{line.email}> in {line.get_system_display()}"
        _record_event(review, actor, what, why)
    return line


def finish(review: AccessReview, *, actor: User) -> AccessReview:
    """Closed by the Primary Certificate Admin, who answers for who has access (R61). Raises RequestRefused."""
    if role_in(actor, review.company) != Role.PRIMARY:
        raise PermissionRefused(
            "Only the Primary Certificate Admin finishes the review: that person answers for it (R61)."
        )
    _require_all_listed(review)
    with transaction.atomic():
        found = _lock_open(review)
        _require_complete(found)
        found.finished_by, found.finished_at = actor, clock.now()
        found.save(update_fields=["finished_by", "finished_at"])
        _record_event(found, actor, "Finished the review", "")
    return found


def _require_all_listed(review: AccessReview) -> None:
    """Who came in after the review began is put on the list, and the finish waits for the decision."""
    with transaction.atomic():
        found = _lock_open(review)
        known = set(found.lines.filter(system=PORTAL).values_list("email", flat=True))
        late = {line.email: line for line in _list_access(found) if line.email not in known}
        AccessReviewLine.objects.bulk_create(late.values(), ignore_conflicts=True)
    if late:
        names = ", ".join(line.name for line in late.values())
        raise StateConflict(f"{names} came in after the review began and is on the list now. Decide first.")


def _require_complete(review: AccessReview) -> None:
    lines = list(review.lines.all())
    if undecided := [line.name for line in lines if not line.decision]:
        raise StateConflict(f"Decide first about {', '.join(undecided)}.")
    if not any(line.system == ATLAS for line in lines):
        raise StateConflict("Add the users that Atlas shows first: profile icon, Account Settings, Users.")
    if still := list_still_present(review):
        raise StateConflict(f"Remove {', '.join(still)} first, or decide to keep: the list says “remove”.")


def list_still_present(review: AccessReview) -> list[str]:
    """Who is to be removed from the portal and has access to it still."""
    gone = review.lines.filter(system=PORTAL, decision=AccessReviewLine.Decision.REMOVE)
    addresses = list(gone.values_list("email", flat=True))
    members = Membership.objects.filter(company=review.company, user__email__in=addresses)
    outside = Grant.objects.in_force().filter(onboarding__company=review.company, user__email__in=addresses)
    names = {*members.values_list("user__name", flat=True), *outside.values_list("user__name", flat=True)}
    return sorted(names)


def _lock_open(read: AccessReview) -> AccessReview:
    review = AccessReview.objects.select_for_update(of=("self",)).select_related("company").get(pk=read.pk)
    if review.finished_at is not None:
        raise StateConflict(f"This review was finished on {day(review.finished_at)}. Start a new one.")
    return review


def _record_event(review: AccessReview, actor: User, what: str, why: str) -> None:
    data = {"to": what, "reason": why}
    record_event(EventName.REVIEW_DECIDED, company=review.company, actor=actor, data=data)
