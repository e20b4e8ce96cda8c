"""What steps have on record of their forms becomes the first of what was sent, with the person whom the event names."""

from typing import Any

from django.db import migrations

FORMS = {
    "register": "RegisterForm",
    "invitation": "InvitationForm",
    "payment-method": "PaymentMethodForm",
    "quote": "QuoteForm",
    "identity-profile": "IdentityProfileForm",
    "api-credentials": "CredentialsForm",
    "csr": "CsrForm",
    "pfx": "PfxForm",
    "dip-upload": "DipUploadForm",
}


def keep_answers(apps: Any, schema_editor: Any) -> None:
    """One row per step that keeps answers; without a person where no event names one."""
    records = apps.get_model("journey", "StepRecord").objects
    events = apps.get_model("audit", "Event").objects.filter(name="step:state:submitted")
    rows = apps.get_model("journey", "SentAnswers").objects
    for record in records.exclude(answers={}).filter(slug__in=FORMS).iterator(chunk_size=500):
        event = events.filter(onboarding_id=record.onboarding_id, step=record.slug).order_by("-number").first()
        by = event.actor_id if event else None
        at = record.submitted_at or (event.at if event else record.since)
        rows.create(record=record, by_id=by, at=at, form=FORMS[record.slug], answers=record.answers)
        if record.submitted_at and by:
            records.filter(pk=record.pk).update(submitted_by=by)


class Migration(migrations.Migration):
    dependencies = [("journey", "0003_sent_answers"), ("audit", "0001_initial")]

    operations = [migrations.RunPython(keep_answers, migrations.RunPython.noop)]
