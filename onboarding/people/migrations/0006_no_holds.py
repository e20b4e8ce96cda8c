"""Holds of companies are kept with the deadlines that rest; journey.0010 has taken them over."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0005_few_companies"), ("journey", "0010_holds")]

    operations = [migrations.DeleteModel(name="CompanyHold")]
