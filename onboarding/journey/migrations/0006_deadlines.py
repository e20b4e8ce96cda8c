"""Times that ops set for a company, pauses, and by when a step is usually done and at the latest."""

import certs.clock
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('journey', '0005_known_witnesses'),
        ('people', '0003_company_country'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CompanyDeadlines',
            fields=[
                ('company', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='deadlines', serialize=False, to='people.company')),
                ('times', models.JSONField(default=dict)),
                ('paused_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='DeadlinePause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=500)),
                ('started_at', models.DateTimeField(default=certs.clock.now)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['started_at'],
            },
        ),
        migrations.AddField(
            model_name='onboarding',
            name='deadlines_paused_at',
            field=models.DateTimeField(help_text='since when its deadlines rest (deadlines/pauses.py)', null=True),
        ),
        migrations.AddField(
            model_name='steprecord',
            name='next_reminder_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='steprecord',
            name='usual_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='steprecord',
            index=models.Index(condition=models.Q(('next_reminder_at__isnull', False)), fields=['next_reminder_at', 'id'], name='steps_to_remind_of'),
        ),
        migrations.AddIndex(
            model_name='steprecord',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='steps_with_deadline'),
        ),
        migrations.AddIndex(
            model_name='steprecord',
            index=models.Index(condition=models.Q(('state', 'problem')), fields=['since'], name='steps_with_problem'),
        ),
        migrations.AddField(
            model_name='deadlinepause',
            name='company',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deadline_pauses', to='people.company'),
        ),
        migrations.AddField(
            model_name='deadlinepause',
            name='ended_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='deadlinepause',
            name='onboarding',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='deadline_pauses', to='journey.onboarding'),
        ),
        migrations.AddField(
            model_name='deadlinepause',
            name='started_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='deadlinepause',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('onboarding',), name='one_pause_of_an_onboarding_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='deadlinepause',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None), ('onboarding', None)), fields=('company',), name='one_pause_of_a_company_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='deadlinepause',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), models.Q(('ended_at', None), ('ended_by', None)), _connector='OR'), name='an_ended_pause_says_by_whom'),
        ),
    ]
