"""The few companies that are archived or on hold, found without reading all others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0004_holds_archive_search")]

    operations = [
        migrations.AddIndex(
            model_name="company",
            index=models.Index(
                condition=models.Q(("archived_at__isnull", False)),
                fields=["archived_at"],
                name="archived_companies",
            ),
        ),
        migrations.AddIndex(
            model_name="company",
            index=models.Index(
                condition=models.Q(("on_hold_since__isnull", False)),
                fields=["on_hold_since"],
                name="companies_on_hold",
            ),
        ),
    ]
