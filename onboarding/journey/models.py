"""Onboarding (one company's case), StepRecord (how one step stands), Sending and Evidence (what a person saw).

A step's state is written only by progress.py; the columns marked as a projection only by projection.py, from there.
"""

import secrets
import uuid
from datetime import datetime
from typing import TypeAlias

from django.conf import settings
from django.db import models
from django.db.models import Q

from certs import clock
from certs.constraints import both_or_neither, demands, exactly_when, one_of
from certs.evidence.file_types import EvidenceFileType
from certs.models import EvidenceFile
from onboarding.journey.answer_models import SentAnswers as SentAnswers
from onboarding.journey.choices import OnboardingEnvironment, OnboardingStatus
from onboarding.journey.deadline_models import CompanyDeadlines as CompanyDeadlines
from onboarding.journey.deadline_models import DeadlinePause as DeadlinePause
from onboarding.journey.indexes import ONBOARDING_INDEXES, STEP_INDEXES
from onboarding.journey.querysets import OnboardingQuerySet, StepRecordQuerySet
from onboarding.journey.steps import BY_SLUG, ORDER, Actor, State, Step, Wait, Witness
from onboarding.people.models import Company

CODE_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"  # none that look alike when read out on the telephone


def new_code() -> str:
    """A short random code such as NW7K-42QD (about 39 bits), never a counter."""
    letters = [secrets.choice(CODE_LETTERS) for _ in range(8)]
    return "".join(letters[:4]) + "-" + "".join(letters[4:])


class Onboarding(models.Model):
    """One company's way through the twelve steps in one environment."""

    Environment: TypeAlias = OnboardingEnvironment

    Status: TypeAlias = OnboardingStatus

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=9, unique=True, default=new_code, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="onboardings")
    environment = models.CharField(max_length=10, choices=Environment.choices, default=Environment.UIT)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ACTIVE)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    destroy_secrets_at = models.DateTimeField(null=True)
    secrets_destroyed_at = models.DateTimeField(null=True)
    secrets_gone_at = models.DateTimeField(
        null=True, help_text="when it was seen that no secret came after they were destroyed"
    )
    deadlines_paused_at = models.DateTimeField(
        null=True, help_text="since when its deadlines rest (deadlines/pauses.py)"
    )

    # Projection for the board: equals what the step records say (projection.py; `manage.py check_projection`).
    current_step = models.CharField(max_length=30, blank=True)
    current_state = models.CharField(max_length=8, blank=True)
    next_actor = models.CharField(max_length=12, default=Actor.NOBODY)
    since = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)

    objects = OnboardingQuerySet.as_manager()

    class Meta:
        ordering = ["started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "environment"],
                condition=Q(status=OnboardingStatus.ACTIVE),
                name="one_open_onboarding_per_environment",
            ),
            one_of("environment", OnboardingEnvironment, "onboardings_are_in_a_known_environment"),
            one_of("status", OnboardingStatus, "onboardings_have_a_known_status"),
            one_of("current_step", ORDER, "onboardings_stand_at_a_known_step", blank=True),
            one_of("current_state", State, "onboardings_stand_in_a_known_state", blank=True),
            one_of("next_actor", Actor, "onboardings_have_a_known_next_actor"),
            exactly_when(
                Q(status=OnboardingStatus.ACTIVE),
                Q(ended_at__isnull=True),
                "an_onboarding_that_is_over_says_since_when",
            ),
            demands(
                ~Q(status=OnboardingStatus.ACTIVE),
                Q(destroy_secrets_at__isnull=False),
                "what_is_over_loses_its_secrets",
            ),
            demands(
                Q(status=OnboardingStatus.ACTIVE),
                ~Q(current_step=""),
                "an_active_onboarding_stands_at_a_step",
            ),
            demands(
                Q(secrets_destroyed_at__isnull=False),
                Q(destroy_secrets_at__isnull=False),
                "secrets_are_destroyed_when_it_was_due",
            ),
        ]
        indexes = ONBOARDING_INDEXES

    def __str__(self) -> str:
        return f"{self.company} {self.get_environment_display()} {self.code}"

    @property
    def is_active(self) -> bool:
        """Neither completed nor withdrawn."""
        return self.status == self.Status.ACTIVE


def get_wait(slug: str, submitted_at: datetime | None) -> Wait | None:
    """The wait of a step: the one after the person's act once that is done, else the one before it."""
    definition = BY_SLUG[slug]
    return definition.after if submitted_at else definition.before


class StepRecord(models.Model):
    """How one step of one onboarding stands. On PostgreSQL a trigger demands one record of each step at commit.

    `version` counts every change: who read an older one moves nothing. `since` is when the state began, `usual_at` when
    it usually ends, `due_at` when it is late (a wait at its limit, a person's step at its latest time),
    `next_reminder_at` when the portal reminds of it next, `next_check_at` when a worker polls next, `reminded_at` when
    somebody last had a reminder sent (all UTC). `facts` prove that it is done, `draft` holds typed and unsent answers;
    neither ever holds a secret.
    """

    onboarding = models.ForeignKey(Onboarding, on_delete=models.CASCADE, related_name="steps")
    slug = models.CharField(max_length=30)
    state = models.CharField(max_length=8, choices=[(s.value, s.value) for s in State], default=State.LOCKED)
    version = models.PositiveIntegerField(default=0)
    since = models.DateTimeField(default=clock.now)
    usual_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    next_reminder_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    moved_at = models.DateTimeField(null=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="assigned_steps"
    )
    assigned_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    answers = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    draft = models.JSONField(default=dict)
    witness = models.CharField(
        max_length=8, blank=True, help_text="who saw the wait end: atlas, portal or person"
    )
    problem_code = models.CharField(max_length=40, blank=True)
    problem_detail = models.TextField(blank=True)
    next_check_at = models.DateTimeField(null=True)
    polled_at = models.DateTimeField(null=True)
    poll_count = models.PositiveIntegerField(default=0)
    poll_queued = models.BooleanField(
        default=False, db_default=False, help_text="claimed for a poll that no worker has begun"
    )
    unfinished_polls = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="polls in a row that ended with their worker"
    )
    last_poll_result = models.CharField(
        max_length=300, blank=True, help_text="what the last poll found, for ops"
    )

    objects = StepRecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["onboarding", "slug"], name="one_record_per_step"),
            one_of("slug", ORDER, "records_are_of_a_known_step"),
            one_of("state", State, "records_are_in_a_known_state"),
            one_of("witness", Witness, "records_have_a_known_witness", blank=True),
            exactly_when(Q(state=State.PROBLEM), ~Q(problem_code=""), "a_problem_has_a_code"),
            both_or_neither("assignee", "assigned_at", "an_assigned_step_says_since_when"),
        ]
        indexes = STEP_INDEXES

    def __str__(self) -> str:
        return f"{self.onboarding_id} {self.slug} {self.state}"

    @property
    def definition(self) -> Step:
        """What the table says of this step."""
        return BY_SLUG[self.slug]

    @property
    def submission(self) -> str:
        """Names this one stay in the state: the same for every poll and every worker, another after the next move.

        What is asked of Atlas is asked once under this name, whoever is killed meanwhile.
        """
        return f"{self.pk}-{self.since:%Y%m%dT%H%M%S.%f}"

    @property
    def wait(self) -> Wait | None:
        """The wait that this record is in, or would be in: the one after the person's act once that is done."""
        return get_wait(self.slug, self.submitted_at)

    @property
    def is_late(self) -> bool:
        """A wait past its limit, or a person's step past its latest time; never while its deadlines rest."""
        return (
            self.due_at is not None and self.due_at < clock.now() and not self.onboarding.deadlines_paused_at
        )

    def usual_end(self) -> datetime | None:
        """When the wait usually is over (UTC); None when there is none."""
        if self.state != State.WAITING or not self.wait:
            return None
        return self.usual_at or self.since + self.wait.usual  # it began before this was stored


class Sending(models.Model):
    """That a form is to reach Atlas once, written before it is sent (sending.py), and what it became there.

    One row per submission. `candidates` are Atlas's ids of what may be the same; `again` says that a person looked at
    them and has the form sent all the same, for this `reason`. Nothing of what is sent is kept
    here, only its fingerprint.
    """

    record = models.ForeignKey(StepRecord, on_delete=models.CASCADE, related_name="sendings")
    submission = models.CharField(max_length=64)
    planned_at = models.DateTimeField(default=clock.now)
    sha256 = models.CharField(max_length=64, help_text="of what is sent, lower-case hex")
    atlas_id = models.CharField(max_length=64, blank=True, help_text="Atlas's own id of what it became")
    candidates = models.JSONField(default=list)
    again = models.BooleanField(default=False)
    reason = models.CharField(
        max_length=500, blank=True, default="", help_text="why it is sent again, as typed"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["record", "submission"], name="one_sending_per_submission")
        ]

    def __str__(self) -> str:
        return f"{self.record_id} sent as {self.atlas_id or 'nothing yet'}"

    @property
    def idempotency_key(self) -> str:
        """The same for every attempt of one submission, also in a database that was put back to before it."""
        return f"{self.submission}-{self.sha256[:16]}"


class Evidence(models.Model):
    """What a person saw that ended a wait: a date, a note, perhaps a file (at most 1 MB).

    The file lies sealed in the vault (`stored_file`) and is destroyed with the case's secrets; its name, kind, size in
    bytes and SHA-256 stay. `file` held it in the clear before and is empty since (evidence.py, `seal_plain`).
    """

    record = models.ForeignKey(StepRecord, on_delete=models.CASCADE, related_name="evidence")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    seen_on = models.DateTimeField(help_text="when the email came, or the thing was seen (UTC)")
    note = models.TextField(blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    file_kind = models.CharField(
        max_length=10, blank=True, choices=EvidenceFileType.choices, default="", db_default=""
    )
    file_size = models.PositiveIntegerField(null=True, help_text="bytes, as uploaded")
    file_sha256 = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_default="",
        help_text="of the file as uploaded, lower-case hex",
    )
    stored_file = models.OneToOneField(EvidenceFile, models.PROTECT, null=True, related_name="evidence")
    file = models.BinaryField(null=True)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(stored_file=None, file_sha256="")
                | Q(stored_file__isnull=False) & ~Q(file_sha256=""),
                name="a_stored_file_has_a_fingerprint",
            ),
            one_of("file_kind", EvidenceFileType, "evidence_is_of_a_known_kind", blank=True),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(file__isnull=False), name="evidence_to_seal"),
        ]

    def __str__(self) -> str:
        return f"{self.record} {self.seen_on:%Y-%m-%d}"
