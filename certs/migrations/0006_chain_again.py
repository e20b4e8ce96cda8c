from typing import Any

from django.db import migrations, models


def seek_once_more(apps: Any, schema_editor: Any) -> None:
    """A search could end for want of an answer, or because of a stranger's certificate: those get another."""
    apps.get_model("certs", "Certificate").objects.filter(chain_pem="").update(chain_sought_at=None)


class Migration(migrations.Migration):
    dependencies = [("certs", "0005_chain_sought")]

    operations = [
        migrations.AddField(
            model_name="certificate",
            name="chain_tries",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, help_text="searches begun so far"
            ),
        ),
        migrations.AddField(
            model_name="certificate",
            name="chain_next_at",
            field=models.DateTimeField(help_text="when the next search is due; none was: at once", null=True),
        ),
        migrations.AlterField(
            model_name="certificate",
            name="chain_sought_at",
            field=models.DateTimeField(
                help_text="when the search for missing issuers ended, found or not", null=True
            ),
        ),
        migrations.RunPython(seek_once_more, migrations.RunPython.noop),
    ]
