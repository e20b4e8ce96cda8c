"""The tables of team."""

import certs.clock
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('handover', '0001_initial'),
        ('people', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AccessReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField(default=certs.clock.now)),
                ('finished_at', models.DateTimeField(null=True)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reviews', to='people.company')),
                ('finished_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('started_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-started_at'],
            },
        ),
        migrations.CreateModel(
            name='AccessReviewLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('system', models.CharField(choices=[('portal', 'This portal'), ('atlas', 'Atlas')], max_length=6)),
                ('name', models.CharField(max_length=150)),
                ('email', models.EmailField(max_length=254, verbose_name='email address')),
                ('role', models.CharField(blank=True, max_length=60)),
                ('decision', models.CharField(blank=True, choices=[('keep', 'Keep'), ('remove', 'Remove')], max_length=6)),
                ('why', models.CharField(blank=True, max_length=300)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='team.accessreview')),
            ],
            options={
                'ordering': ['system', 'name'],
            },
        ),
        migrations.CreateModel(
            name='ExternalRoleCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('system', models.CharField(choices=[('dip', 'the DIP'), ('atlas', 'Atlas')], max_length=5)),
                ('at', models.DateTimeField(default=certs.clock.now)),
                ('by_api', models.BooleanField(default=False, help_text='the portal itself added or found the person')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('offer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='external_role_checks', to='handover.offer')),
            ],
        ),
        migrations.CreateModel(
            name='PrimaryChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField()),
                ('started_at', models.DateTimeField(default=certs.clock.now)),
                ('ended_at', models.DateTimeField(null=True)),
                ('agreed', models.BooleanField(default=False)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='primary_changes', to='people.company')),
                ('started_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('successor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-started_at'],
            },
        ),
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_day', models.DateField()),
                ('last_day', models.DateField()),
                ('entered_at', models.DateTimeField(default=certs.clock.now)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='absences', to='people.company')),
                ('deputy', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='deputy_in', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='absences', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['first_day'],
                'constraints': [models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='absences_end_after_start'), models.CheckConstraint(condition=models.Q(('deputy', None), models.Q(('deputy', models.F('user')), _negated=True), _connector='OR'), name='nobody_is_his_own_deputy')],
            },
        ),
        migrations.AddConstraint(
            model_name='accessreview',
            constraint=models.UniqueConstraint(condition=models.Q(('finished_at', None)), fields=('company',), name='one_open_review_per_company'),
        ),
        migrations.AddConstraint(
            model_name='accessreview',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', False), ('finished_by__isnull', False)), models.Q(('finished_at', None), ('finished_by', None)), _connector='OR'), name='a_finished_review_says_when_and_by_whom'),
        ),
        migrations.AddConstraint(
            model_name='accessreviewline',
            constraint=models.UniqueConstraint(fields=('review', 'system', 'email'), name='one_line_per_person_and_system'),
        ),
        migrations.AddConstraint(
            model_name='accessreviewline',
            constraint=models.CheckConstraint(condition=models.Q(('system__in', ['portal', 'atlas'])), name='review_lines_are_of_a_known_system'),
        ),
        migrations.AddConstraint(
            model_name='accessreviewline',
            constraint=models.CheckConstraint(condition=models.Q(('decision__in', ['keep', 'remove', ''])), name='review_lines_have_a_known_decision'),
        ),
        migrations.AddConstraint(
            model_name='accessreviewline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), models.Q(('decided_at', None), ('decided_by', None)), _connector='OR'), name='a_decision_says_when_and_by_whom'),
        ),
        migrations.AddConstraint(
            model_name='accessreviewline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('decision', ''), _negated=True), ('decided_at__isnull', False)), models.Q(('decision', ''), models.Q(('decided_at__isnull', False), _negated=True)), _connector='OR'), name='what_is_decided_has_its_date'),
        ),
        migrations.AddConstraint(
            model_name='externalrolecheck',
            constraint=models.UniqueConstraint(fields=('offer', 'system'), name='one_external_role_check_per_system'),
        ),
        migrations.AddConstraint(
            model_name='externalrolecheck',
            constraint=models.CheckConstraint(condition=models.Q(('system__in', ['dip', 'atlas'])), name='external_role_checks_are_of_a_known_system'),
        ),
        migrations.AddConstraint(
            model_name='primarychange',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('company',), name='one_open_change_of_primary'),
        ),
        migrations.AddConstraint(
            model_name='primarychange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agreed', True), _negated=True), ('ended_at__isnull', False), _connector='OR'), name='an_agreed_change_has_ended'),
        ),
    ]
