"""The tables of notifications."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='OutboxEmail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, unique=True)),
                ('invitation_id', models.UUIDField(db_index=True, help_text='goes to the address that is invited; its link is put in when it is sent, and never stored', null=True)),
                ('address', models.EmailField(blank=True, db_default='', default='', help_text='goes to whoever has an account at this address when it is sent; to nobody if there is none', max_length=254)),
                ('onboarding_id', models.UUIDField(db_index=True, null=True)),
                ('subject', models.CharField(max_length=200)),
                ('text', models.TextField()),
                ('html', models.TextField()),
                ('delivery', models.CharField(choices=[('queued', 'Queued'), ('sending', 'Being sent'), ('sent', 'Sent'), ('failed', 'Could not be sent'), ('held', 'Held back'), ('dropped', 'Not needed any more')], default='queued', max_length=8)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('unfinished_tries', models.PositiveSmallIntegerField(db_default=0, default=0, help_text='attempts in a row that ended with their worker')),
                ('next_try_at', models.DateTimeField(db_index=True, null=True)),
                ('last_error', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('receiver', models.EmailField(blank=True, db_default='', default='', help_text='counted: the address it goes to', max_length=254)),
                ('company_id', models.UUIDField(help_text='counted: the company of whoever caused it', null=True)),
                ('company_name', models.CharField(blank=True, db_default='', default='', help_text='counted: its name, for the email', max_length=160)),
                ('sender_id', models.UUIDField(help_text='counted: the person who caused it', null=True)),
                ('leaves_at', models.DateTimeField(null=True)),
                ('held_back_by', models.CharField(blank=True, choices=[('person', '20 emails were sent by the same person within an hour'), ('pause', 'this address has got another email less than 5 minutes before'), ('day', 'this address has got as many emails as it may get within a day')], db_default='', default='', max_length=6)),
                ('gathered_into', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='gathered', to='notifications.outboxemail')),
                ('to', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='outbox_emails', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['created_at'],
                'indexes': [models.Index(condition=models.Q(('delivery', 'held')), fields=['delivery'], name='outbox_emails_held_back'), models.Index(condition=models.Q(('leaves_at__isnull', False)), fields=['receiver', 'company_id', 'leaves_at'], name='outbox_emails_per_receiver'), models.Index(condition=models.Q(('leaves_at__isnull', False)), fields=['sender_id', 'company_id', 'leaves_at'], name='outbox_emails_per_sender')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('address', ''), ('invitation_id', None), ('to__isnull', False)), models.Q(('address', ''), ('invitation_id__isnull', False), ('to', None)), models.Q(('invitation_id', None), ('to', None), models.Q(('address', ''), _negated=True)), _connector='OR'), name='an_outbox_email_has_one_receiver'), models.CheckConstraint(condition=models.Q(('delivery__in', ['queued', 'sending', 'sent', 'failed', 'held', 'dropped'])), name='outbox_emails_have_a_known_delivery'), models.CheckConstraint(condition=models.Q(('held_back_by__in', ['person', 'pause', 'day', ''])), name='outbox_emails_are_held_back_by_a_known_limit'), models.CheckConstraint(condition=models.Q(models.Q(('delivery', 'sent'), ('sent_at__isnull', False)), models.Q(models.Q(('delivery', 'sent'), _negated=True), models.Q(('sent_at__isnull', False), _negated=True)), _connector='OR'), name='what_is_sent_has_its_date'), models.CheckConstraint(condition=models.Q(models.Q(('delivery', 'held'), _negated=True), ('next_try_at', None), _connector='OR'), name='what_is_held_back_is_not_tried')],
            },
        ),
    ]
