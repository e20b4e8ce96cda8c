"""Emails as a kind with its facts; their words are made when they are sent.

Containers of the version before write rows without the new columns, and with words.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_undelivered_emails")]

    operations = [
        migrations.AddField(
            model_name="outboxemail",
            name="kind",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="the folder of its templates",
                max_length=40,
            ),
        ),
        migrations.AddField(
            model_name="outboxemail",
            name="facts",
            field=models.JSONField(
                blank=True,
                db_default={},
                default=dict,
                help_text="what it tells (fact_encoding.py), until its words are made",
            ),
        ),
        migrations.AlterField(
            model_name="outboxemail",
            name="subject",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AlterField(
            model_name="outboxemail",
            name="text",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AlterField(
            model_name="outboxemail",
            name="html",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
    ]
