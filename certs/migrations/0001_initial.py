"""The tables of certs."""

import certs.clock
import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('company_id', models.UUIDField()),
                ('case_id', models.UUIDField(db_index=True)),
                ('created_at', models.DateTimeField(default=certs.clock.now, editable=False)),
                ('pem', models.TextField()),
                ('chain_pem', models.TextField(blank=True)),
                ('chain_searched_at', models.DateTimeField(help_text='when the search for missing issuers ended, found or not', null=True)),
                ('chain_searches', models.PositiveSmallIntegerField(db_default=0, default=0, help_text='searches begun so far')),
                ('unfinished_searches', models.PositiveSmallIntegerField(db_default=0, default=0, help_text='searches in a row that ended with their worker, or by a fault of ours')),
                ('chain_next_search_at', models.DateTimeField(help_text='when the next search is due; none was: at once', null=True)),
                ('serial', models.TextField(help_text='upper-case hex; RFC 5280 allows 20 octets, others wrote more')),
                ('not_before', models.DateTimeField()),
                ('not_after', models.DateTimeField(db_index=True)),
                ('sha256', models.CharField(help_text='of the DER, lower-case hex', max_length=64)),
            ],
            options={
                'ordering': ['created_at'],
            },
        ),
        migrations.CreateModel(
            name='OneTimeGrant',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('api-credential', 'an API key and secret'), ('pfx', 'a PFX')], max_length=20)),
                ('record_id', models.UUIDField(db_index=True)),
                ('person_id', models.CharField(help_text='whoever asked, as the caller names people', max_length=64)),
                ('granted_at', models.DateTimeField(default=certs.clock.now, editable=False)),
                ('used_at', models.DateTimeField(null=True)),
                ('sign_in', models.CharField(blank=True, db_default='', default='', help_text='the fresh sign-in that is good for this one grant, if it is for one', max_length=80)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('sign_in', ''), _negated=True), fields=('kind', 'record_id', 'person_id', 'sign_in'), name='one_grant_per_sign_in'), models.CheckConstraint(condition=models.Q(('kind__in', ['api-credential', 'pfx'])), name='one_time_grants_are_of_a_known_kind')],
            },
        ),
        migrations.CreateModel(
            name='Secret',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('company_id', models.UUIDField()),
                ('record_id', models.UUIDField(help_text='the row that the secret belongs to; bound into the encryption')),
                ('purpose', models.CharField(choices=[('private-key', 'the private key of a CSR'), ('api-key', 'an API key'), ('api-secret', 'an API secret'), ('pfx', 'a PFX'), ('pfx-password', 'the password of a PFX'), ('passed-on', 'a secret on its way to another person'), ('second-factor', "a person's second factor"), ('second-factor-draft', 'a second factor that is being set up'), ('evidence-file', 'a file of evidence')], max_length=40)),
                ('key_id', models.CharField(help_text='which of VAULT_KEYS wraps the data key', max_length=60)),
                ('wrapped_key', models.BinaryField(null=True)),
                ('ciphertext', models.BinaryField(null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('destroyed_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('destroyed_at', None)), fields=['key_id'], name='living_secrets_by_key')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('ciphertext__isnull', False), ('destroyed_at', None), ('wrapped_key__isnull', False)), models.Q(('ciphertext', None), ('destroyed_at__isnull', False), ('wrapped_key', None)), _connector='OR'), name='a_secret_is_whole_or_destroyed'), models.CheckConstraint(condition=models.Q(('purpose__in', ['private-key', 'api-key', 'api-secret', 'pfx', 'pfx-password', 'passed-on', 'second-factor', 'second-factor-draft', 'evidence-file'])), name='secrets_have_a_known_purpose')],
            },
        ),
        migrations.CreateModel(
            name='EvidenceFile',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('company_id', models.UUIDField()),
                ('case_id', models.UUIDField(db_index=True)),
                ('created_at', models.DateTimeField(default=certs.clock.now, editable=False)),
                ('secret', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='evidence_file', to='certs.secret')),
            ],
            options={
                'ordering': ['created_at'],
            },
        ),
        migrations.CreateModel(
            name='ApiCredential',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('company_id', models.UUIDField()),
                ('case_id', models.UUIDField(db_index=True)),
                ('created_at', models.DateTimeField(default=certs.clock.now, editable=False)),
                ('name', models.CharField(help_text='the familiar name in Atlas (R35)', max_length=100)),
                ('atlas_id', models.CharField(blank=True, help_text="Atlas's own id, if we know it", max_length=64)),
                ('key_last4', models.CharField(max_length=4)),
                ('key', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='credential_key', to='certs.secret')),
                ('secret', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='credential_secret', to='certs.secret')),
            ],
            options={
                'ordering': ['created_at'],
            },
        ),
        migrations.CreateModel(
            name='SigningRequest',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('company_id', models.UUIDField()),
                ('case_id', models.UUIDField(db_index=True)),
                ('created_at', models.DateTimeField(default=certs.clock.now, editable=False)),
                ('origin', models.CharField(choices=[('portal', 'made by the portal'), ('own', 'made by the company'), ('browser', 'made in a browser of the company'), ('key-vault', "made in the company's Azure Key Vault")], max_length=10)),
                ('csr_pem', models.TextField()),
                ('public_key_sha256', models.CharField(db_index=True, max_length=64)),
                ('exposed_at', models.DateTimeField(help_text='when somebody said that others may have seen the private key', null=True)),
                ('key', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='signing_request', to='certs.secret')),
            ],
            options={
                'ordering': ['created_at'],
            },
        ),
        migrations.CreateModel(
            name='SigningIntent',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('company_id', models.UUIDField()),
                ('case_id', models.UUIDField(db_index=True)),
                ('created_at', models.DateTimeField(default=certs.clock.now, editable=False)),
                ('purpose', models.CharField(choices=[('mtls', 'to sign in to Atlas')], default='mtls', max_length=20)),
                ('public_key_sha256', models.CharField(max_length=64)),
                ('account_id', models.CharField(max_length=64)),
                ('api_credential_ids', models.JSONField(default=list)),
                ('submission', models.CharField(blank=True, db_default='', default='', help_text='what the certificate is for, as the caller names it: one submission has one certificate', max_length=64)),
                ('status', models.CharField(choices=[('planned', 'not ordered yet'), ('unknown', 'asked, answer not received'), ('ordered', 'ordered, being signed'), ('collected', 'collected'), ('refused', 'refused by Atlas')], default='planned', max_length=10)),
                ('serial', models.CharField(blank=True, max_length=40)),
                ('detail', models.CharField(blank=True, help_text='what Atlas said; never a secret', max_length=300)),
                ('claimed_until', models.DateTimeField(help_text='a worker is talking to Atlas about it until then', null=True)),
                ('certificate', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='intents', to='certs.certificate')),
                ('signing_request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='intents', to='certs.signingrequest')),
            ],
            options={
                'ordering': ['created_at'],
            },
        ),
        migrations.AddField(
            model_name='certificate',
            name='signing_request',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='certs.signingrequest'),
        ),
        migrations.CreateModel(
            name='Bundle',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('company_id', models.UUIDField()),
                ('case_id', models.UUIDField(db_index=True)),
                ('created_at', models.DateTimeField(default=certs.clock.now, editable=False)),
                ('sha256', models.CharField(help_text='of the file, lower-case hex', max_length=64)),
                ('encryption', models.CharField(max_length=40)),
                ('source', models.CharField(choices=[('portal', 'made by the portal'), ('upload', 'uploaded'), ('browser', 'made in a browser of the company'), ('key-vault', "exported from the company's Azure Key Vault")], max_length=10)),
                ('certificate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bundles', to='certs.certificate')),
                ('password', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bundle_password', to='certs.secret')),
                ('secret', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='stored_bundle', to='certs.secret')),
            ],
            options={
                'ordering': ['created_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('source__in', ['portal', 'upload', 'browser', 'key-vault'])), name='bundles_have_a_known_source'), models.CheckConstraint(condition=models.Q(('encryption__in', ['passwordless', 'three-des-password', 'aes256-password', 'aes-empty', 'rc2-empty', 'unencrypted', 'no-mac', 'other', 'other-password'])), name='bundles_have_a_known_encryption'), models.CheckConstraint(condition=models.Q(models.Q(('password__isnull', False), _negated=True), ('secret__isnull', False), _connector='OR'), name='a_password_is_kept_with_its_bundle')],
            },
        ),
        migrations.CreateModel(
            name='SharedSecret',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('company_id', models.UUIDField()),
                ('case_id', models.UUIDField(db_index=True)),
                ('created_at', models.DateTimeField(default=certs.clock.now, editable=False)),
                ('what', models.CharField(choices=[('private-key', 'the private key'), ('api-credentials', 'the API key and secret'), ('pfx', 'the PFX')], max_length=20)),
                ('handover_id', models.UUIDField(db_index=True)),
                ('from_id', models.CharField(max_length=64)),
                ('to_id', models.CharField(max_length=64)),
                ('expires_at', models.DateTimeField()),
                ('opened_at', models.DateTimeField(null=True)),
                ('taken_back_at', models.DateTimeField(null=True)),
                ('secret', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='shared_secret', to='certs.secret')),
            ],
            options={
                'ordering': ['created_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('opened_at', None), ('taken_back_at', None), _connector='OR'), name='a_shared_secret_ends_once'), models.CheckConstraint(condition=models.Q(('what__in', ['private-key', 'api-credentials', 'pfx'])), name='shared_secrets_are_of_a_known_kind')],
            },
        ),
        migrations.AddConstraint(
            model_name='signingrequest',
            constraint=models.UniqueConstraint(fields=('case_id', 'public_key_sha256'), name='one_request_per_key_and_case'),
        ),
        migrations.AddConstraint(
            model_name='signingrequest',
            constraint=models.CheckConstraint(condition=models.Q(('origin__in', ['portal', 'own', 'browser', 'key-vault'])), name='requests_have_a_known_origin'),
        ),
        migrations.AddConstraint(
            model_name='signingrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('key__isnull', False), _negated=True), ('origin', 'portal'), _connector='OR'), name='only_keys_made_here_are_stored'),
        ),
        migrations.AddConstraint(
            model_name='signingintent',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ('planned', 'unknown', 'ordered'))), fields=('purpose', 'public_key_sha256'), name='one_open_intent_per_key'),
        ),
        migrations.AddConstraint(
            model_name='signingintent',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['planned', 'unknown', 'ordered', 'collected', 'refused'])), name='intents_have_a_known_status'),
        ),
        migrations.AddConstraint(
            model_name='signingintent',
            constraint=models.CheckConstraint(condition=models.Q(('purpose__in', ['mtls'])), name='intents_have_a_known_purpose'),
        ),
        migrations.AddConstraint(
            model_name='signingintent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'collected'), ('certificate__isnull', False)), models.Q(models.Q(('status', 'collected'), _negated=True), models.Q(('certificate__isnull', False), _negated=True)), _connector='OR'), name='collected_intents_have_a_certificate'),
        ),
        migrations.AddConstraint(
            model_name='signingintent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['ordered', 'collected']), _negated=True), models.Q(('serial', ''), _negated=True), _connector='OR'), name='ordered_intents_have_a_serial'),
        ),
        migrations.AddConstraint(
            model_name='certificate',
            constraint=models.UniqueConstraint(fields=('case_id', 'sha256'), name='one_row_per_certificate_and_case'),
        ),
        migrations.AddConstraint(
            model_name='certificate',
            constraint=models.CheckConstraint(condition=models.Q(('not_after__gt', models.F('not_before'))), name='a_certificate_begins_before_it_ends'),
        ),
    ]


# What makemigrations does not write: rules that no constraint can say, as triggers of the database.
from certs.triggers import written_once  # noqa: E402

Migration.operations += [
    written_once("certs_onetimegrant", "used_at", "a_grant_is_used_once"),
    written_once("certs_sharedsecret", "opened_at", "a_shared_secret_is_opened_once"),
    written_once("certs_sharedsecret", "taken_back_at", "a_shared_secret_is_taken_back_once"),
    written_once("certs_secret", "destroyed_at", "a_secret_is_destroyed_once"),
]
