"""The same move as people write it with django-fsm-2: lock, steps, role, two transitions, three log rows, a summary.

It keeps no chain of events and proves nothing afterwards. Measurements only: nothing of the portal rests on it.
"""

from collections.abc import Callable, Sequence
from typing import Any

SLUGS = 12


def make_peer(cases: Sequence[tuple[Any, Any]]) -> Callable[[int], None]:
    """Tables of its own with a case for each of ours; answers what submits the first step of one."""
    from django.db import connection

    case, step, log = _make_models()
    with connection.schema_editor() as editor:
        for model in (case, step, log):
            editor.create_model(model)
    rows = case._default_manager.bulk_create(
        [case(company_id=ours.company_id, current_step="step-1", current_state="open") for ours, _ in cases]
    )
    for row in rows:
        slugs = [f"step-{number}" for number in range(1, SLUGS + 1)]
        step._default_manager.bulk_create(
            [step(case=row, slug=slug, state="open" if slug == "step-1" else "locked") for slug in slugs]
        )
    return lambda number: _submit(step, log, rows[number].pk, cases[number][1])


def _make_models() -> tuple[Any, Any, Any]:
    """Made late, because Django has to be set up."""
    from django.db import models
    from django_fsm import FSMField, transition

    from onboarding.people.models import Company, Membership, User

    class Case(models.Model):
        company = models.ForeignKey(Company, models.CASCADE, related_name="+")
        current_step = models.CharField(max_length=30)
        current_state = models.CharField(max_length=8)
        since = models.DateTimeField(null=True)

        class Meta:
            app_label = "bench"

    def may_submit(step: Any, user: Any) -> bool:
        roles = Membership.objects.filter(user=user, company=step.case.company_id).values_list(
            "role", flat=True
        )
        return roles.first() == "primary"

    class Step(models.Model):
        case = models.ForeignKey(Case, models.CASCADE, related_name="steps")
        slug = models.CharField(max_length=30)
        state = FSMField(default="locked", protected=True)
        since = models.DateTimeField(null=True)
        moved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
        moved_at = models.DateTimeField(null=True)
        due_at = models.DateTimeField(null=True)
        facts = models.JSONField(default=dict)

        class Meta:
            app_label = "bench"

        @transition(field=state, source="open", target="done", permission=may_submit)
        def submit(self, by: Any, now: Any) -> None:
            self.moved_by, self.moved_at, self.since = by, now, now

        @transition(field=state, source="locked", target="waiting")
        def begin(self, by: Any, now: Any) -> None:
            self.moved_by, self.moved_at, self.since, self.due_at = by, now, now, now

    class Log(models.Model):
        step = models.ForeignKey(Step, models.CASCADE, related_name="+")
        by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
        at = models.DateTimeField()
        name = models.CharField(max_length=60)
        data = models.JSONField(default=dict)

        class Meta:
            app_label = "bench"

    return Case, Step, Log


def _submit(step: Any, log: Any, pk: int, user: Any) -> None:
    from django.db import transaction
    from django.utils import timezone
    from django_fsm import has_transition_perm

    read = step.objects.select_related("case__company").get(case=pk, slug="step-1")
    with transaction.atomic():
        case = type(read.case).objects.select_for_update(of=("self",)).select_related("company").get(pk=pk)
        steps = {each.slug: each for each in case.steps.select_related("moved_by")}
        first, second, now = steps["step-1"], steps["step-2"], timezone.now()
        first.case = case
        if not has_transition_perm(first.submit, user):
            raise PermissionError(user)
        first.submit(user, now)
        first.save()
        log.objects.create(step=first, by=user, at=now, name="submitted")
        log.objects.create(step=first, by=user, at=now, name="done", data={"witness": "person"})
        second.begin(user, now)
        second.save()
        log.objects.create(step=second, by=user, at=now, name="begun")
        case.current_step, case.current_state, case.since = second.slug, second.state, now
        case.save(update_fields=["current_step", "current_state", "since"])
