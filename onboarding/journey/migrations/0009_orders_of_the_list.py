"""The list of companies in the order of standing and of due times, without sorting every onboarding."""

import datetime

from django.db import migrations, models
from django.db.models.functions import Coalesce

FAR = datetime.datetime(9999, 1, 1, tzinfo=datetime.UTC)


class Migration(migrations.Migration):
    dependencies = [("journey", "0008_indexes_for_the_board")]

    operations = [
        migrations.AddIndex(
            model_name="onboarding",
            index=models.Index(
                Coalesce("ended_at", "since", "started_at"),
                models.F("company"),
                models.F("id"),
                name="onboardings_by_standing",
            ),
        ),
        migrations.AddIndex(
            model_name="onboarding",
            index=models.Index(
                Coalesce("due_at", models.Value(FAR)),
                models.F("company"),
                models.F("id"),
                name="onboardings_by_due_time",
            ),
        ),
    ]
