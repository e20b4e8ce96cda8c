"""A hold of a company is kept once: as the pause without an onboarding, which most holds have begun already.

people.0006 drops the table of holds afterwards. What an earlier version wrote of a hold alone becomes such a pause.
"""

from typing import Any

from django.db import migrations

from certs import clock


def keep_holds(apps: Any, schema_editor: Any) -> None:
    """No hold is lost, and since when a company rests is said with one value everywhere."""
    pauses = apps.get_model("journey", "DeadlinePause").objects.filter(onboarding=None)
    for each in apps.get_model("people", "CompanyHold").objects.order_by("since"):
        mine = pauses.filter(company=each.company_id)
        during = mine.filter(started_at__gte=each.since, started_at__lte=each.ended_at or clock.now())
        if (during if each.ended_at else mine.filter(ended_at=None)).exists():
            continue
        pauses.create(
            company_id=each.company_id,
            reason=each.reason,
            started_at=each.since,
            started_by_id=each.held_by_id,
            ended_at=each.ended_at,
            ended_by_id=each.ended_by_id,
        )
    companies, onboardings = apps.get_model("people", "Company"), apps.get_model("journey", "Onboarding")
    for pause in pauses.filter(ended_at=None):
        companies.objects.filter(pk=pause.company_id).update(on_hold_since=pause.started_at)
        active = onboardings.objects.filter(company=pause.company_id, status="active", deadlines_paused_at=None)
        active.update(deadlines_paused_at=pause.started_at)


class Migration(migrations.Migration):
    dependencies = [("journey", "0009_orders_of_the_list"), ("people", "0004_holds_archive_search")]

    operations = [
        migrations.RunPython(keep_holds, migrations.RunPython.noop),
        migrations.RemoveField(model_name="companydeadlines", name="paused_at"),
    ]
