"""Where a company is registered: the United Kingdom, until ops say otherwise.

The column is added by hand, as those of 0002 are and for the same reason.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0002_telephone")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE people_company ADD COLUMN country varchar(2) DEFAULT 'GB' NOT NULL",
                    "ALTER TABLE people_company DROP COLUMN country",
                )
            ],
            state_operations=[
                migrations.AddField(
                    model_name="company",
                    name="country",
                    field=models.CharField(
                        db_default="GB", default="GB", help_text="where it is registered", max_length=2
                    ),
                )
            ],
        )
    ]
