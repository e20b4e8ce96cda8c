"""What is to be destroyed, and what may have come since, found without reading every onboarding and all evidence."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journey", "0011_registered_accounts")]

    operations = [
        migrations.AddField(
            model_name="onboarding",
            name="secrets_gone_at",
            field=models.DateTimeField(
                help_text="when it was seen that no secret came after they were destroyed", null=True
            ),
        ),
        migrations.AddIndex(
            model_name="onboarding",
            index=models.Index(
                condition=models.Q(("destroy_secrets_at__isnull", False), ("secrets_destroyed_at", None)),
                fields=["destroy_secrets_at"],
                name="onboardings_to_destroy",
            ),
        ),
        migrations.AddIndex(
            model_name="onboarding",
            index=models.Index(
                condition=models.Q(("secrets_destroyed_at__isnull", False), ("secrets_gone_at", None)),
                fields=["secrets_destroyed_at"],
                name="onboardings_destroyed_lately",
            ),
        ),
        migrations.AlterField(  # its index held also what was destroyed in all the years
            model_name="onboarding",
            name="destroy_secrets_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="evidence",
            index=models.Index(
                condition=models.Q(("file__isnull", False)), fields=["id"], name="evidence_to_seal"
            ),
        ),
    ]
