from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("certs", "0006_chain_again")]

    operations = [
        migrations.AddField(
            model_name="signingrequest",
            name="exposed_at",
            field=models.DateTimeField(
                help_text="when somebody said that others may have seen the private key", null=True
            ),
        ),
        migrations.AddField(
            model_name="revealgrant",
            name="sign_in",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="the fresh sign-in that is good for this one grant, if it is for one",
                max_length=80,
            ),
        ),
        migrations.AddConstraint(
            model_name="revealgrant",
            constraint=models.UniqueConstraint(
                condition=models.Q(("sign_in", ""), _negated=True),
                fields=("kind", "record_id", "person_id", "sign_in"),
                name="one_grant_per_sign_in",
            ),
        ),
    ]
