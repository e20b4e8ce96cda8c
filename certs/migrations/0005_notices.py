"""A certificate remembers that the notices of its end are written."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("certs", "0004_certificates_to_complete")]

    operations = [
        migrations.AddField(
            model_name="certificate",
            name="notice_state",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="what held when it was last seen that its notices are written; the caller's words",
                max_length=40,
            ),
        ),
    ]
