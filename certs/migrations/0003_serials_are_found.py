"""A certificate is found by its serial number without reading all of them. A hash, as a serial may be of any length."""

from django.db import migrations

from certs.triggers import in_sql


class Migration(migrations.Migration):
    dependencies = [("certs", "0002_pfx_with_open_certificates")]

    operations = [
        in_sql(
            postgresql="CREATE INDEX certificates_by_serial ON certs_certificate USING hash (serial)",
            undo_postgresql="DROP INDEX certificates_by_serial",
        )
    ]
