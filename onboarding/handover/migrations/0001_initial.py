"""The tables of handover."""

import certs.clock
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('journey', '0001_initial'),
        ('people', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('to_email', models.EmailField(blank=True, max_length=254)),
                ('reason', models.TextField()),
                ('note', models.TextField(blank=True)),
                ('answer', models.TextField(blank=True)),
                ('status', models.CharField(choices=[('offered', 'Offered'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn'), ('returned', 'Returned'), ('expired', 'Expired')], default='offered', max_length=9)),
                ('made_at', models.DateTimeField(default=certs.clock.now)),
                ('expires_at', models.DateTimeField()),
                ('access_until', models.DateTimeField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offers', to='people.company')),
                ('from_user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offers_made', to=settings.AUTH_USER_MODEL)),
                ('invitation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='offers', to='people.invitation')),
                ('onboarding', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offers', to='journey.onboarding')),
                ('to_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='offers_received', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-made_at'],
            },
        ),
        migrations.CreateModel(
            name='Grant',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('until', models.DateTimeField()),
                ('given_at', models.DateTimeField(default=certs.clock.now)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('onboarding', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='grants', to='journey.onboarding')),
                ('revoked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('steps', models.ManyToManyField(related_name='grants', to='journey.steprecord')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to=settings.AUTH_USER_MODEL)),
                ('offer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='handover.offer')),
            ],
            options={
                'ordering': ['-given_at'],
            },
        ),
        migrations.CreateModel(
            name='OfferedStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_open', models.BooleanField(default=True)),
                ('offer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='handover.offer')),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offers', to='journey.steprecord')),
            ],
        ),
        migrations.AddIndex(
            model_name='offer',
            index=models.Index(fields=['to_user', 'status'], name='offers_received'),
        ),
        migrations.AddIndex(
            model_name='offer',
            index=models.Index(condition=models.Q(('status', 'offered')), fields=['expires_at'], name='offers_to_expire'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(('to_user__isnull', False), ('invitation__isnull', False), _connector='OR'), name='an_offer_has_a_receiver'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['offered', 'accepted', 'declined', 'withdrawn', 'returned', 'expired'])), name='offers_have_a_known_status'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'offered'), ('answered_at__isnull', True)), models.Q(models.Q(('status', 'offered'), _negated=True), models.Q(('answered_at__isnull', True), _negated=True)), _connector='OR'), name='an_offer_that_is_over_says_since_when'),
        ),
        migrations.AddIndex(
            model_name='grant',
            index=models.Index(fields=['user', 'until'], name='grants_of_a_person'),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('revoked_by__isnull', False), _negated=True), ('revoked_at__isnull', False), _connector='OR'), name='who_revoked_a_grant_says_since_when'),
        ),
        migrations.AddConstraint(
            model_name='offeredstep',
            constraint=models.UniqueConstraint(condition=models.Q(('is_open', True)), fields=('record',), name='one_open_offer_per_step'),
        ),
        migrations.AddConstraint(
            model_name='offeredstep',
            constraint=models.UniqueConstraint(fields=('offer', 'record'), name='a_step_once_per_offer'),
        ),
    ]
