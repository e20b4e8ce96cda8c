"""Accesses whose date is past, found without reading those that ended in all the years."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("handover", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="grant",
            index=models.Index(
                condition=models.Q(("revoked_at", None)), fields=["until"], name="grants_to_close"
            ),
        ),
    ]
