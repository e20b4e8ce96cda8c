"""Which company has an account of Atlas, found without reading every step."""

from django.db import migrations, models
from django.db.models.fields.json import KeyTransform


class Migration(migrations.Migration):
    dependencies = [("journey", "0010_holds")]

    operations = [
        migrations.AddIndex(
            model_name="steprecord",
            index=models.Index(KeyTransform("account_id", "facts"), name="steps_by_atlas_account"),
        ),
    ]
