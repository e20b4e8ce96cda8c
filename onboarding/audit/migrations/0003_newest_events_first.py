"""The newest events of all chains, found without sorting them all."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_chains_grow")]

    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["-at", "-id"], name="events_newest_first"),
        ),
    ]
