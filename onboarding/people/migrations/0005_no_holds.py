"""Holds of companies are kept with the deadlines that rest; journey.0009 has taken them over."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0004_holds_archive_search"), ("journey", "0009_holds")]

    operations = [migrations.DeleteModel(name="CompanyHold")]
