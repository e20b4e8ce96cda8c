"""Saved views as long as the filters that the list takes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ops", "0001_initial")]

    operations = [
        migrations.AlterField(model_name="savedview", name="query", field=models.TextField(blank=True)),
    ]
