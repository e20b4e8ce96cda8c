"""Two more who can have seen a step done: an earlier onboarding, and a person of what was done before the portal."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journey", "0004_answers_on_record")]

    operations = [
        migrations.RemoveConstraint(model_name="steprecord", name="records_have_a_known_witness"),
        migrations.AddConstraint(
            model_name="steprecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("witness__in", ["atlas", "portal", "person", "carried", "earlier", ""])
                ),
                name="records_have_a_known_witness",
            ),
        ),
    ]
