"""The tables of journey."""

import certs.clock
import django.db.models.deletion
import onboarding.journey.definitions
import onboarding.journey.models
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('certs', '0001_initial'),
        ('people', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Onboarding',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(default=onboarding.journey.models.new_code, editable=False, max_length=9, unique=True)),
                ('environment', models.CharField(choices=[('uit', 'UIT'), ('production', 'Production')], default='uit', max_length=10)),
                ('status', models.CharField(choices=[('active', 'Active'), ('completed', 'Completed'), ('withdrawn', 'Withdrawn')], default='active', max_length=10)),
                ('started_at', models.DateTimeField(default=certs.clock.now)),
                ('ended_at', models.DateTimeField(null=True)),
                ('destroy_secrets_at', models.DateTimeField(db_index=True, null=True)),
                ('secrets_destroyed_at', models.DateTimeField(null=True)),
                ('current_step', models.CharField(blank=True, max_length=30)),
                ('current_state', models.CharField(blank=True, max_length=8)),
                ('next_actor', models.CharField(default=onboarding.journey.definitions.Actor['NOBODY'], max_length=12)),
                ('since', models.DateTimeField(null=True)),
                ('due_at', models.DateTimeField(null=True)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='onboardings', to='people.company')),
                ('started_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['started_at'],
            },
        ),
        migrations.CreateModel(
            name='StepRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.CharField(max_length=30)),
                ('state', models.CharField(choices=[('locked', 'locked'), ('open', 'open'), ('waiting', 'waiting'), ('problem', 'problem'), ('done', 'done')], default=onboarding.journey.definitions.State['LOCKED'], max_length=8)),
                ('version', models.PositiveIntegerField(default=0)),
                ('since', models.DateTimeField(default=certs.clock.now)),
                ('due_at', models.DateTimeField(null=True)),
                ('submitted_at', models.DateTimeField(null=True)),
                ('moved_at', models.DateTimeField(null=True)),
                ('assigned_at', models.DateTimeField(null=True)),
                ('answers', models.JSONField(default=dict)),
                ('facts', models.JSONField(default=dict)),
                ('draft', models.JSONField(default=dict)),
                ('witness', models.CharField(blank=True, help_text='who saw the wait end: atlas, portal or person', max_length=8)),
                ('problem_code', models.CharField(blank=True, max_length=40)),
                ('problem_detail', models.TextField(blank=True)),
                ('next_check_at', models.DateTimeField(null=True)),
                ('polled_at', models.DateTimeField(null=True)),
                ('poll_count', models.PositiveIntegerField(default=0)),
                ('poll_queued', models.BooleanField(db_default=False, default=False, help_text='claimed for a poll that no worker has begun')),
                ('unfinished_polls', models.PositiveSmallIntegerField(db_default=0, default=0, help_text='polls in a row that ended with their worker')),
                ('last_poll_result', models.CharField(blank=True, help_text='what the last poll found, for ops', max_length=300)),
                ('assignee', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assigned_steps', to=settings.AUTH_USER_MODEL)),
                ('moved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('onboarding', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='journey.onboarding')),
            ],
        ),
        migrations.CreateModel(
            name='Sending',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('submission', models.CharField(max_length=64)),
                ('planned_at', models.DateTimeField(default=certs.clock.now)),
                ('sha256', models.CharField(help_text='of what is sent, lower-case hex', max_length=64)),
                ('atlas_id', models.CharField(blank=True, help_text="Atlas's own id of what it became", max_length=64)),
                ('candidates', models.JSONField(default=list)),
                ('again', models.BooleanField(default=False)),
                ('reason', models.CharField(blank=True, default='', help_text='why it is sent again, as typed', max_length=500)),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sendings', to='journey.steprecord')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=certs.clock.now)),
                ('seen_on', models.DateTimeField(help_text='when the email came, or the thing was seen (UTC)')),
                ('note', models.TextField(blank=True)),
                ('file_name', models.CharField(blank=True, max_length=200)),
                ('file_kind', models.CharField(blank=True, choices=[('pdf', 'PDF'), ('png', 'PNG picture'), ('jpeg', 'JPEG picture'), ('message', 'email'), ('text', 'plain text')], db_default='', default='', max_length=10)),
                ('file_size', models.PositiveIntegerField(help_text='bytes, as uploaded', null=True)),
                ('file_sha256', models.CharField(blank=True, db_default='', default='', help_text='of the file as uploaded, lower-case hex', max_length=64)),
                ('file', models.BinaryField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('stored_file', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='certs.evidencefile')),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evidence', to='journey.steprecord')),
            ],
            options={
                'ordering': ['at'],
            },
        ),
        migrations.AddConstraint(
            model_name='onboarding',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'active')), fields=('company', 'environment'), name='one_open_onboarding_per_environment'),
        ),
        migrations.AddConstraint(
            model_name='onboarding',
            constraint=models.CheckConstraint(condition=models.Q(('environment__in', ['uit', 'production'])), name='onboardings_are_in_a_known_environment'),
        ),
        migrations.AddConstraint(
            model_name='onboarding',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['active', 'completed', 'withdrawn'])), name='onboardings_have_a_known_status'),
        ),
        migrations.AddConstraint(
            model_name='onboarding',
            constraint=models.CheckConstraint(condition=models.Q(('current_step__in', ['register', 'invitation', 'payment-method', 'quote', 'identity-profile', 'verification', 'api-credentials', 'csr', 'certificate', 'pfx', 'proof', 'dip-upload', ''])), name='onboardings_stand_at_a_known_step'),
        ),
        migrations.AddConstraint(
            model_name='onboarding',
            constraint=models.CheckConstraint(condition=models.Q(('current_state__in', ['locked', 'open', 'waiting', 'problem', 'done', ''])), name='onboardings_stand_in_a_known_state'),
        ),
        migrations.AddConstraint(
            model_name='onboarding',
            constraint=models.CheckConstraint(condition=models.Q(('next_actor__in', ['nobody', 'company', 'globalsign', 'atlas', 'portal', 'ops'])), name='onboardings_have_a_known_next_actor'),
        ),
        migrations.AddConstraint(
            model_name='onboarding',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'active'), ('ended_at__isnull', True)), models.Q(models.Q(('status', 'active'), _negated=True), models.Q(('ended_at__isnull', True), _negated=True)), _connector='OR'), name='an_onboarding_that_is_over_says_since_when'),
        ),
        migrations.AddConstraint(
            model_name='onboarding',
            constraint=models.CheckConstraint(condition=models.Q(('status', 'active'), ('destroy_secrets_at__isnull', False), _connector='OR'), name='what_is_over_loses_its_secrets'),
        ),
        migrations.AddConstraint(
            model_name='onboarding',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'active'), _negated=True), models.Q(('current_step', ''), _negated=True), _connector='OR'), name='an_active_onboarding_stands_at_a_step'),
        ),
        migrations.AddConstraint(
            model_name='onboarding',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('secrets_destroyed_at__isnull', False), _negated=True), ('destroy_secrets_at__isnull', False), _connector='OR'), name='secrets_are_destroyed_when_it_was_due'),
        ),
        migrations.AddIndex(
            model_name='steprecord',
            index=models.Index(condition=models.Q(('next_check_at__isnull', False)), fields=['next_check_at'], name='due_steps'),
        ),
        migrations.AddIndex(
            model_name='steprecord',
            index=models.Index(fields=['assignee', 'state'], name='assigned_steps'),
        ),
        migrations.AddConstraint(
            model_name='steprecord',
            constraint=models.UniqueConstraint(fields=('onboarding', 'slug'), name='one_record_per_step'),
        ),
        migrations.AddConstraint(
            model_name='steprecord',
            constraint=models.CheckConstraint(condition=models.Q(('slug__in', ['register', 'invitation', 'payment-method', 'quote', 'identity-profile', 'verification', 'api-credentials', 'csr', 'certificate', 'pfx', 'proof', 'dip-upload'])), name='records_are_of_a_known_step'),
        ),
        migrations.AddConstraint(
            model_name='steprecord',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['locked', 'open', 'waiting', 'problem', 'done'])), name='records_are_in_a_known_state'),
        ),
        migrations.AddConstraint(
            model_name='steprecord',
            constraint=models.CheckConstraint(condition=models.Q(('witness__in', ['atlas', 'portal', 'person', ''])), name='records_have_a_known_witness'),
        ),
        migrations.AddConstraint(
            model_name='steprecord',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', onboarding.journey.definitions.State['PROBLEM']), models.Q(('problem_code', ''), _negated=True)), models.Q(models.Q(('state', onboarding.journey.definitions.State['PROBLEM']), _negated=True), ('problem_code', '')), _connector='OR'), name='a_problem_has_a_code'),
        ),
        migrations.AddConstraint(
            model_name='steprecord',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('assigned_at__isnull', False), ('assignee__isnull', False)), models.Q(('assigned_at', None), ('assignee', None)), _connector='OR'), name='an_assigned_step_says_since_when'),
        ),
        migrations.AddConstraint(
            model_name='sending',
            constraint=models.UniqueConstraint(fields=('record', 'submission'), name='one_sending_per_submission'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('file_sha256', ''), ('stored_file', None)), models.Q(('stored_file__isnull', False), models.Q(('file_sha256', ''), _negated=True)), _connector='OR'), name='a_stored_file_has_a_fingerprint'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(('file_kind__in', ['pdf', 'png', 'jpeg', 'message', 'text', ''])), name='evidence_is_of_a_known_kind'),
        ),
    ]


# What makemigrations does not write: rules that no constraint can say, as triggers of the database.
from certs.triggers import in_sql  # noqa: E402
from onboarding.journey.step_list import TRIGGERS, UNDO, store_steps  # noqa: E402

# The steps as they were when this migration was written: steps.py may have others by now.
SLUGS = (
    "register",
    "invitation",
    "payment-method",
    "quote",
    "identity-profile",
    "verification",
    "api-credentials",
    "csr",
    "certificate",
    "pfx",
    "proof",
    "dip-upload",
)

Migration.operations += [
    migrations.RunPython(store_steps(SLUGS), migrations.RunPython.noop),
    in_sql(postgresql=TRIGGERS, undo_postgresql=UNDO),
]
