# What is held back and gathered, and e-mails to whoever has an account at an address.

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0004_atlas_rules'),
        ('people', '0008_atlas_rules'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='message',
            name='a_message_has_one_receiver',
        ),
        migrations.RemoveConstraint(
            model_name='message',
            name='messages_have_a_known_delivery',
        ),
        migrations.AddField(
            model_name='message',
            name='address',
            field=models.EmailField(blank=True, db_default='', default='', help_text='goes to whoever has an account at this address when it is sent; to nobody if there is none', max_length=254),
        ),
        migrations.AddField(
            model_name='message',
            name='company_id',
            field=models.UUIDField(help_text='counted: the company of whoever caused it', null=True),
        ),
        migrations.AddField(
            model_name='message',
            name='gathered_into',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='gathered', to='notices.message'),
        ),
        migrations.AddField(
            model_name='message',
            name='held_by',
            field=models.CharField(blank=True, choices=[('person', '20 e-mails were sent by the same person within an hour'), ('pause', 'this address has got another e-mail less than 5 minutes before'), ('day', 'this address has got as many e-mails as it may get within a day')], db_default='', default='', max_length=6),
        ),
        migrations.AddField(
            model_name='message',
            name='leaves_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='message',
            name='receiver',
            field=models.EmailField(blank=True, db_default='', default='', help_text='counted: the address it goes to', max_length=254),
        ),
        migrations.AddField(
            model_name='message',
            name='sender_id',
            field=models.UUIDField(help_text='counted: the person who caused it', null=True),
        ),
        migrations.AlterField(
            model_name='message',
            name='delivery',
            field=models.CharField(choices=[('queued', 'Queued'), ('sending', 'Being sent'), ('sent', 'Sent'), ('failed', 'Could not be sent'), ('held', 'Held back'), ('dropped', 'Not needed any more')], default='queued', max_length=8),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('delivery', 'held')), fields=['delivery'], name='messages_held_back'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('leaves_at__isnull', False)), fields=['receiver', 'company_id', 'leaves_at'], name='messages_per_receiver'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('leaves_at__isnull', False)), fields=['sender_id', 'company_id', 'leaves_at'], name='messages_per_sender'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('address', ''), ('invitation', None), ('to__isnull', False)), models.Q(('address', ''), ('invitation__isnull', False), ('to', None)), models.Q(('invitation', None), ('to', None), models.Q(('address', ''), _negated=True)), _connector='OR'), name='a_message_has_one_receiver'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('delivery', 'held'), _negated=True), ('next_try_at', None), _connector='OR'), name='what_is_held_back_is_not_tried'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('delivery__in', ['queued', 'sending', 'sent', 'failed', 'held', 'dropped'])), name='messages_have_a_known_delivery'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('held_by__in', ['person', 'pause', 'day', ''])), name='messages_are_held_by_a_known_limit'),
        ),
    ]
