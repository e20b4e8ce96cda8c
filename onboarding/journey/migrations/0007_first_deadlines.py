"""Deadlines for the steps that people have to do on the day of the upgrade: none within three working days from then.

The latest time comes after the usual one by as much as for a step that begins later.
"""

from typing import Any

from django.db import migrations
from django.db.models import F, OuterRef, Subquery

from certs import clock
from onboarding.journey.deadlines.working_days import add_working_days

NOTICE = 3  # working days
TIMES = {
    "register": (2, 5),
    "invitation": (1, 3),
    "payment-method": (1, 3),
    "quote": (1, 3),
    "identity-profile": (2, 5),
    "api-credentials": (1, 3),
    "csr": (3, 5),
    "pfx": (2, 5),
    "dip-upload": (2, 5),
}


def give_deadlines(apps: Any, schema_editor: Any) -> None:
    """One update for each step, however many onboardings there are; waits keep the limit that they have.

    NOTICE is as long as the longest usual time, so that no step would have had more time by its own beginning.
    """
    records = apps.get_model("journey", "StepRecord").objects.filter(onboarding__status="active")
    records.filter(state="waiting", due_at__isnull=False).update(next_reminder_at=F("due_at"))
    now = clock.now()
    first = add_working_days(now, NOTICE)
    for slug, (usual, latest) in TIMES.items():
        last = add_working_days(now, NOTICE + latest - usual)
        steps = records.filter(slug=slug, state="open", due_at=None)
        steps.update(usual_at=first, due_at=last, next_reminder_at=first)
    onboardings = apps.get_model("journey", "Onboarding").objects.filter(status="active", current_state="open")
    current = records.filter(onboarding=OuterRef("pk"), slug=OuterRef("current_step"))
    onboardings.update(due_at=Subquery(current.values("due_at")[:1]))


class Migration(migrations.Migration):
    dependencies = [("journey", "0006_deadlines")]

    operations = [migrations.RunPython(give_deadlines, migrations.RunPython.noop)]
