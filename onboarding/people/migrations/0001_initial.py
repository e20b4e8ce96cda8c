"""The tables of people."""

import certs.clock
import django.db.models.deletion
import django.db.models.functions.text
import onboarding.people.models
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Company',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('slug', models.SlugField(max_length=60, unique=True)),
                ('name', models.CharField(max_length=160, verbose_name='registered name')),
                ('number', models.CharField(blank=True, max_length=20, verbose_name='company number')),
                ('retention_days', models.PositiveSmallIntegerField(default=onboarding.people.models.usual_retention, help_text='days that key, API secret and PFX are kept after the upload to the DIP')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name_plural': 'companies',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='email address')),
                ('name', models.CharField(max_length=150)),
                ('is_ops', models.BooleanField(default=False)),
                ('is_active', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField(default=certs.clock.now, editable=False)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='emails_are_lower_case')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(max_length=254, verbose_name='email address')),
                ('role', models.CharField(blank=True, choices=[('primary', 'Primary Certificate Admin'), ('admin', 'Certificate Admin'), ('technician', 'Technician'), ('reader', 'Reader')], max_length=12)),
                ('note', models.TextField(blank=True)),
                ('invited_at', models.DateTimeField(default=certs.clock.now)),
                ('expires_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(default=certs.clock.now)),
                ('sent_count', models.PositiveSmallIntegerField(default=1)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('accepted_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('accepted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='people.company')),
                ('invited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['invited_at'],
            },
        ),
        migrations.CreateModel(
            name='EmergencyInvitation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(max_length=254, verbose_name='email address')),
                ('reason', models.TextField()),
                ('asked_at', models.DateTimeField(default=certs.clock.now)),
                ('expires_at', models.DateTimeField(help_text='until then somebody must have agreed')),
                ('agreed_as', models.CharField(blank=True, choices=[('company', 'a Certificate Admin of the company'), ('ops', 'another person of ops'), ('operator', 'the operator of the portal')], max_length=8)),
                ('agreed_at', models.DateTimeField(null=True)),
                ('agreed_note', models.TextField(blank=True, help_text='how the operator made sure')),
                ('goes_out_at', models.DateTimeField(help_text='not before then is the invitation sent', null=True)),
                ('status', models.CharField(choices=[('asked', 'Asked, nobody has agreed yet'), ('agreed', 'Agreed, the waiting time runs'), ('sent', 'The invitation was sent'), ('stopped', 'Stopped'), ('expired', 'Ended without an invitation')], default='asked', max_length=7)),
                ('ended_at', models.DateTimeField(null=True)),
                ('agreed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='emergencies', to='people.company')),
                ('stopped_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('invitation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='emergencies', to='people.invitation')),
            ],
            options={
                'ordering': ['-asked_at'],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('primary', 'Primary Certificate Admin'), ('admin', 'Certificate Admin'), ('technician', 'Technician'), ('reader', 'Reader')], max_length=12)),
                ('since', models.DateTimeField(default=certs.clock.now, editable=False)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='people.company')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddField(
            model_name='company',
            name='members',
            field=models.ManyToManyField(related_name='companies', through='people.Membership', to=settings.AUTH_USER_MODEL),
        ),
        migrations.CreateModel(
            name='OpenedLink',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(help_text="hash of the link's token", max_length=64, unique=True)),
                ('opened_at', models.DateTimeField(default=certs.clock.now)),
                ('closed_at', models.DateTimeField(help_text='from then on its browser may do nothing with it', null=True)),
                ('new_link_at', models.DateTimeField(help_text='when a new link was asked for in its place', null=True)),
                ('invitation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='opened_links', to='people.invitation')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='opened_links', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['opened_at'],
            },
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.UniqueConstraint(condition=models.Q(('accepted_at', None), ('withdrawn_at', None)), fields=('company', 'email'), name='one_open_invitation_per_address'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='invitations_are_lower_case'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(('role', 'primary'), _negated=True), name='no_primary_by_invitation'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['primary', 'admin', 'technician', 'reader', ''])), name='invitations_are_to_a_known_role'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('accepted_at__isnull', False), ('accepted_by__isnull', False)), models.Q(('accepted_at', None), ('accepted_by', None)), _connector='OR'), name='an_acceptance_says_when_and_by_whom'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('accepted_at__isnull', False), _negated=True), ('withdrawn_at__isnull', True), _connector='OR'), name='an_invitation_ends_once'),
        ),
        migrations.AddConstraint(
            model_name='emergencyinvitation',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['asked', 'agreed'])), fields=('company', 'email'), name='one_open_emergency_per_address'),
        ),
        migrations.AddConstraint(
            model_name='emergencyinvitation',
            constraint=models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='emergencies_are_lower_case'),
        ),
        migrations.AddConstraint(
            model_name='emergencyinvitation',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['asked', 'agreed', 'sent', 'stopped', 'expired'])), name='emergency_status_is_known'),
        ),
        migrations.AddConstraint(
            model_name='emergencyinvitation',
            constraint=models.CheckConstraint(condition=models.Q(('agreed_as__in', ['company', 'ops', 'operator', ''])), name='emergency_second_is_known'),
        ),
        migrations.AddConstraint(
            model_name='emergencyinvitation',
            constraint=models.CheckConstraint(condition=models.Q(('agreed_by', None), models.Q(('agreed_by', models.F('asked_by')), _negated=True), _connector='OR'), name='two_people_agree_to_an_emergency'),
        ),
        migrations.AddConstraint(
            model_name='emergencyinvitation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agreed_as', ''), ('agreed_at', None), ('agreed_by', None)), models.Q(('agreed_as', 'operator'), ('agreed_at__isnull', False), ('agreed_by', None)), models.Q(('agreed_as__in', ['company', 'ops']), ('agreed_at__isnull', False), ('agreed_by__isnull', False)), _connector='OR'), name='emergency_agreement_is_whole'),
        ),
        migrations.AddConstraint(
            model_name='emergencyinvitation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['agreed', 'sent']), _negated=True), ('agreed_at__isnull', False), _connector='OR'), name='no_emergency_without_agreement'),
        ),
        migrations.AddConstraint(
            model_name='emergencyinvitation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'sent'), _negated=True), models.Q(('goes_out_at__isnull', False), ('invitation__isnull', False)), _connector='OR'), name='sent_emergency_has_invitation'),
        ),
        migrations.AddConstraint(
            model_name='emergencyinvitation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'agreed'), _negated=True), ('goes_out_at__isnull', False), _connector='OR'), name='agreed_emergency_has_a_time'),
        ),
        migrations.AddConstraint(
            model_name='emergencyinvitation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'stopped'), _negated=True), models.Q(('ended_at__isnull', False), ('stopped_by__isnull', False)), _connector='OR'), name='stopped_emergency_says_by_whom'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(fields=('user', 'company'), name='one_role_per_person_and_company'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(condition=models.Q(('role', 'primary')), fields=('company',), name='one_primary_per_company'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['primary', 'admin', 'technician', 'reader'])), name='members_have_a_known_role'),
        ),
        migrations.AddConstraint(
            model_name='company',
            constraint=models.CheckConstraint(condition=models.Q(('retention_days__range', (0, 365))), name='secrets_are_kept_for_a_year_at_most'),
        ),
        migrations.AddConstraint(
            model_name='openedlink',
            constraint=models.CheckConstraint(condition=models.Q(('user', None), ('invitation', None), _connector='XOR'), name='an_opened_link_is_of_one_kind'),
        ),
    ]


# What makemigrations does not write: rules that no constraint can say, as triggers of the database.
from certs.triggers import in_sql, refuse, written_once  # noqa: E402

ONE, OPS = "a_company_has_one_primary", "ops_are_no_members"

Migration.operations += [
    written_once("people_invitation", "accepted_at", "an_invitation_is_accepted_once"),
    in_sql(
        postgresql=f"""
            CREATE FUNCTION people_demand_one_primary(wanted uuid) RETURNS void LANGUAGE plpgsql AS $$
            BEGIN
                IF EXISTS (SELECT 1 FROM people_company WHERE id = wanted)
                    AND (SELECT count(*) FROM people_membership WHERE company_id = wanted AND role = 'primary') <> 1
                THEN {refuse(ONE, "a company has exactly one Primary Certificate Admin")};
                END IF;
            END $$;;
            CREATE FUNCTION {ONE}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_TABLE_NAME = 'people_company' THEN PERFORM people_demand_one_primary(NEW.id);
                ELSE
                    IF TG_OP <> 'DELETE' THEN PERFORM people_demand_one_primary(NEW.company_id); END IF;
                    IF TG_OP <> 'INSERT' THEN PERFORM people_demand_one_primary(OLD.company_id); END IF;
                END IF;
                RETURN NULL;
            END $$;;
            CREATE CONSTRAINT TRIGGER {ONE} AFTER INSERT ON people_company
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {ONE}();;
            CREATE CONSTRAINT TRIGGER {ONE} AFTER INSERT OR DELETE ON people_membership
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {ONE}();;
            CREATE CONSTRAINT TRIGGER {ONE}_moved AFTER UPDATE ON people_membership
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
                WHEN (OLD.company_id IS DISTINCT FROM NEW.company_id OR OLD.role IS DISTINCT FROM NEW.role)
                EXECUTE FUNCTION {ONE}();;
            CREATE FUNCTION {OPS}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_TABLE_NAME = 'people_membership' THEN
                    IF EXISTS (SELECT 1 FROM people_user WHERE id = NEW.user_id AND is_ops)
                    THEN {refuse(OPS, "ops are members of no company")};
                    END IF;
                ELSIF NEW.is_ops AND EXISTS (SELECT 1 FROM people_membership WHERE user_id = NEW.id)
                THEN {refuse(OPS, "ops are members of no company")};
                END IF;
                RETURN NEW;
            END $$;;
            CREATE TRIGGER {OPS} BEFORE INSERT OR UPDATE OF user_id ON people_membership
                FOR EACH ROW EXECUTE FUNCTION {OPS}();;
            CREATE TRIGGER {OPS} BEFORE UPDATE OF is_ops ON people_user FOR EACH ROW EXECUTE FUNCTION {OPS}()""",
        sqlite=f"""
            CREATE TRIGGER {OPS} BEFORE INSERT ON people_membership
                WHEN (SELECT is_ops FROM people_user WHERE id = NEW.user_id)
                BEGIN SELECT RAISE(ABORT, '{OPS}'); END;;
            CREATE TRIGGER {OPS}_either BEFORE UPDATE OF is_ops ON people_user
                WHEN NEW.is_ops AND EXISTS (SELECT 1 FROM people_membership WHERE user_id = NEW.id)
                BEGIN SELECT RAISE(ABORT, '{OPS}'); END""",
        undo_postgresql=f"""
            DROP TRIGGER {OPS} ON people_user;; DROP TRIGGER {OPS} ON people_membership;;
            DROP TRIGGER {ONE}_moved ON people_membership;;
            DROP TRIGGER {ONE} ON people_membership;; DROP TRIGGER {ONE} ON people_company;;
            DROP FUNCTION {OPS}();; DROP FUNCTION {ONE}();; DROP FUNCTION people_demand_one_primary(uuid)""",
        undo_sqlite=f"DROP TRIGGER {OPS};; DROP TRIGGER {OPS}_either",
    ),
]
