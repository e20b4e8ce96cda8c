"""The emails that have not arrived, found without reading all that were ever sent."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="outboxemail",
            index=models.Index(
                condition=models.Q(("delivery__in", ("queued", "sending", "failed", "held"))),
                fields=["delivery", "created_at"],
                name="outbox_emails_undelivered",
            ),
        ),
    ]
