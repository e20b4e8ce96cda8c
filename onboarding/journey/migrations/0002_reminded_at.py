"""When whoever has to act on a step was last reminded: never, for the steps that exist."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journey", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="steprecord",
            name="reminded_at",
            field=models.DateTimeField(null=True),
        ),
    ]
