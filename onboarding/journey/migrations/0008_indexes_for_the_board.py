"""What the board counts and lists, found without reading every onboarding and every step."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journey", "0007_first_deadlines")]

    operations = [
        migrations.AddIndex(
            model_name="onboarding",
            index=models.Index(
                condition=models.Q(("status", "active")),
                fields=["current_step", "next_actor", "current_state", "since", "due_at", "deadlines_paused_at"],
                name="onboardings_under_way",
            ),
        ),
        migrations.AddIndex(
            model_name="onboarding",
            index=models.Index(
                condition=models.Q(("status", "active")),
                fields=["since"],
                name="onboardings_standing_longest",
            ),
        ),
        migrations.AddIndex(
            model_name="onboarding",
            index=models.Index(
                condition=models.Q(("status", "completed")),
                fields=["ended_at"],
                name="onboardings_completed_lately",
            ),
        ),
        migrations.AddIndex(
            model_name="steprecord",
            index=models.Index(
                condition=models.Q(("next_check_at__isnull", False)),
                fields=["polled_at"],
                name="steps_polled_last",
            ),
        ),
    ]
