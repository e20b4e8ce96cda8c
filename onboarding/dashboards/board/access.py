"""What ops read of every company: each function asks who it is for, and raises Http404 for anybody else."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    F,
    Func,
    Max,
    Min,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, Lower, TruncWeek

from certs.models import Certificate
from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.journey.choices import OnboardingStatus
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.querysets import StepRecordQuerySet
from onboarding.journey.steps import State, StepSlug
from onboarding.notifications.models import UNDELIVERED, OutboxEmail
from onboarding.people.access import require_ops
from onboarding.people.contact_details import COLUMNS, select_primary
from onboarding.people.models import Company, EmergencyInvitation, Invitation, User

EMERGENCIES = "emergencies"
CURRENT_STEP_COLUMNS = (
    *("slug", "state", "since", "usual_at", "due_at", "submitted_at", "problem_code"),
    *("onboarding__code", "onboarding__environment", "onboarding__since", "onboarding__deadlines_paused_at"),
    *("onboarding__company__name", *(f"assignee__{name}" for name in (*COLUMNS, "is_active"))),
)  # what the list of the stuck says


class UuidText(Func):
    """A UUID as its 36 characters, also on SQLite, which keeps 32 of them."""

    template = "CAST(%(expressions)s AS text)"
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Cut from the 32 digits."""
        pieces = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
        digits, parameters = compiler.compile(self.source_expressions[0])
        joined = " || '-' || ".join(f"substr({digits}, {start}, {length})" for start, length in pieces)
        return f"({joined})", list(parameters) * len(pieces)


class IsSame(Func):
    """Whether two values are equal; not where one is null.

    Of a plain comparison PostgreSQL believes that hardly a row fits, and reads and sorts all of them for one page of a
    list: 240 ms for 50 of 8,600 certificates. Of this it knows nothing: it takes half to fit, and goes along the index.
    """

    output_field = BooleanField()
    template, arg_joiner, arity = "COALESCE(%(expressions)s, FALSE)", " = ", 2


def list_under_way(user: User) -> QuerySet[Onboarding]:
    """Every onboarding that is neither completed nor withdrawn."""
    require_ops(user)
    return Onboarding.objects.visible_to(user).active()


def list_current_steps(user: User) -> StepRecordQuerySet:
    """The step at which each onboarding under way stands, with its company, who has it, and `primary`.

    That is the company's Primary Certificate Admin, for read_contact(); None where nobody can sign in.
    """
    require_ops(user)
    found = StepRecord.objects.visible_to(user).filter(
        onboarding__status=OnboardingStatus.ACTIVE, slug=F("onboarding__current_step")
    )
    return (
        found.select_related("onboarding__company", "assignee")
        .only(*CURRENT_STEP_COLUMNS)
        .annotate(primary=select_primary("onboarding__company"))
    )


def count_completed(user: User, since: datetime) -> dict[datetime, int]:
    """Completed onboardings by the week (its Monday, local time) in which they ended."""
    require_ops(user)
    done = Onboarding.objects.visible_to(user).filter(status=OnboardingStatus.COMPLETED, ended_at__gte=since)
    weeks = (
        done.annotate(week=TruncWeek("ended_at"))
        .values_list("week")
        .annotate(count=Count("*"))
        .order_by("week")
    )
    return dict(weeks)


def list_valid_certificates(user: User) -> QuerySet[Certificate]:
    """The certificates on which an onboarding rests and that no later onboarding has replaced, by its environment.

    The same as journey/company_certificates.py counts, asked of the database for all companies that are not archived.
    """
    require_ops(user)
    cases = Onboarding.objects.visible_to(user).filter(pk=OuterRef("case_id")).order_by()
    steps = StepRecord.objects.visible_to(user)
    facts = steps.filter(onboarding=OuterRef("case_id"), slug=StepSlug.CERTIFICATE)
    proven = steps.filter(
        slug=StepSlug.PROOF,
        state=State.DONE,
        onboarding__company=OuterRef("company_id"),
        onboarding__environment=OuterRef("environment"),
        onboarding__started_at__gt=OuterRef("started_at"),
    )
    return (
        Certificate.objects.annotate(
            environment=Subquery(cases.values("environment")),
            started_at=Subquery(cases.values("started_at")),
        )
        .filter(
            Exists(cases.exclude(status=OnboardingStatus.WITHDRAWN).filter(company__archived_at=None)),
            IsSame(Subquery(facts.values(named=KT("facts__certificate_id"))), Lower(UuidText("pk"))),
        )
        .exclude(Exists(proven.exclude(onboarding__status=OnboardingStatus.WITHDRAWN)))
        .defer("pem", "chain_pem")
    )


def has_companies(user: User) -> bool:
    """Whether any company was added yet."""
    require_ops(user)
    return Company.objects.visible_to(user).exists()


def count_to_act(user: User) -> dict[str, int]:
    """Emails that have not arrived, by their delivery, and open emergency invitations: one query."""
    require_ops(user)
    emails = OutboxEmail.objects.filter(delivery__in=UNDELIVERED).order_by().values_list("delivery")
    stopped = EmergencyInvitation.objects.filter(status__in=EmergencyInvitation.OPEN).order_by()
    counted = stopped.values_list(Value(EMERGENCIES)).annotate(count=Count("*"))
    return dict(emails.annotate(count=Count("*")).union(counted, all=True))


def list_undelivered(user: User, deliveries: Sequence[str]) -> QuerySet[OutboxEmail]:
    """Emails that have not arrived, without their words; those whose words are not made yet with their facts."""
    require_ops(user)
    found = OutboxEmail.objects.filter(delivery__in=deliveries).select_related("to", "gathered_into")
    of_first = ("gathered_into__text", "gathered_into__html", "gathered_into__facts")
    return found.defer("text", "html", *of_first)


def read_invited(user: User, ids: set[UUID]) -> dict[UUID, Invitation]:
    """Invitations with their company, by id."""
    require_ops(user)
    return Invitation.objects.select_related("company").in_bulk(ids) if ids else {}


def read_onboardings(user: User, ids: set[UUID]) -> dict[UUID, Onboarding]:
    """Onboardings with their company, by id."""
    require_ops(user)
    return Onboarding.objects.visible_to(user).select_related("company").in_bulk(ids) if ids else {}


def find_last_quota(user: User, since: datetime) -> Event | None:
    """The last proof of a PFX since then that was told how many certificates the company's quota has left."""
    require_ops(user)
    done = Event.objects.filter(name=EventName.STEP_DONE, step=StepSlug.PROOF, at__gte=since)
    return done.filter(data__has_key="quota").order_by("-at").first()


def read_backlog(user: User, now: datetime) -> dict[str, Any]:
    """How many polls are due and since when, and when the last one ended (`last`): two indexes."""
    require_ops(user)
    steps = StepRecord.objects.visible_to(user).order_by()
    polled = steps.filter(next_check_at__isnull=False, polled_at__isnull=False)
    last = Subquery(polled.order_by("-polled_at").values("polled_at")[:1])
    due = steps.due(now).order_by()
    # Both in one question; the second value says the same of the few, and makes the first one of an aggregate.
    return due.aggregate(
        count=Count("pk"), oldest=Min("next_check_at"), last=Coalesce(last, Max("polled_at"))
    )
