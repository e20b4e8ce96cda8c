"""Telephone numbers of people: empty until somebody enters their own.

The columns are added by hand. On SQLite Django would copy the table and drop the old one, which triggers of other tables
name; adding a column that has a default is one statement there as well as on PostgreSQL.
"""

from django.db import migrations, models

COLUMNS = ("telephone", "direct_line")


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"ALTER TABLE people_user ADD COLUMN {column} varchar(40) DEFAULT '' NOT NULL",
                    f"ALTER TABLE people_user DROP COLUMN {column}",
                )
                for column in COLUMNS
            ],
            state_operations=[
                migrations.AddField(
                    model_name="user",
                    name=column,
                    field=models.CharField(blank=True, db_default="", default="", max_length=40),
                )
                for column in COLUMNS
            ],
        )
    ]
