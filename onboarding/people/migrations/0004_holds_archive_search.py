"""Holds of companies, the archive, and what finds a company among many.

The indexes of words need nothing but PostgreSQL itself (no extension); on SQLite a search reads the rows. The columns
are added by hand, as those of 0002 are and for the same reason.
"""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import certs.clock
from certs.triggers import in_sql

WORDS = "to_tsvector('simple'::regconfig, regexp_replace(lower({}), '[^[:alnum:]]+', ' ', 'g'))"


class Migration(migrations.Migration):
    dependencies = [("people", "0003_company_country")]

    operations = [
        migrations.CreateModel(
            name="CompanyHold",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("reason", models.CharField(max_length=500)),
                ("since", models.DateTimeField(default=certs.clock.now)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="holds", to="people.company"
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "held_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["since"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("company",),
                        name="one_open_hold_per_company",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            models.Q(("ended_at", None), ("ended_by", None)),
                            _connector="OR",
                        ),
                        name="the_end_of_a_hold_says_when_and_by_whom",
                    ),
                ],
            },
        ),
        *(
            migrations.SeparateDatabaseAndState(
                database_operations=[
                    in_sql(
                        postgresql=f"ALTER TABLE people_company ADD COLUMN {column} timestamp with time zone NULL",
                        sqlite=f"ALTER TABLE people_company ADD COLUMN {column} datetime NULL",
                        undo_postgresql=f"ALTER TABLE people_company DROP COLUMN {column}",
                        undo_sqlite=f"ALTER TABLE people_company DROP COLUMN {column}",
                    )
                ],
                state_operations=[
                    migrations.AddField(
                        model_name="company", name=column, field=models.DateTimeField(null=True)
                    )
                ],
            )
            for column in ("on_hold_since", "archived_at")
        ),
        migrations.AddIndex(
            model_name="company",
            index=models.Index(fields=["created_at", "id"], name="companies_by_age"),
        ),
        in_sql(
            postgresql=f"""
                CREATE INDEX companies_by_name ON people_company (lower(name) COLLATE "C", id);;
                CREATE INDEX words_of_companies ON people_company
                    USING gin (({WORDS.format("name || ' ' || number")}));;
                CREATE INDEX words_of_people ON people_user
                    USING gin (({WORDS.format("name || ' ' || email")}))""",
            undo_postgresql="""
                DROP INDEX companies_by_name;; DROP INDEX words_of_companies;; DROP INDEX words_of_people""",
        ),
    ]
