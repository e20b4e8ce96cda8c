"""When the certificates of an onboarding end is read from indexes alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("certs", "0005_notices")]

    operations = [
        migrations.AddIndex(
            model_name="certificate",
            index=models.Index(fields=["not_after", "case_id"], name="certificates_by_end"),
        ),
        migrations.AddIndex(
            model_name="certificate",
            index=models.Index(fields=["case_id", "not_after"], name="ends_of_certificates_of_a_case"),
        ),
        migrations.AlterField(
            model_name="certificate",
            name="not_after",
            field=models.DateTimeField(),
        ),
    ]
