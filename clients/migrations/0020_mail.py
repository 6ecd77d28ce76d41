"""The outbox of mail, how it is sent, and the mailbox that keeps what goes nowhere."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.serializers.json
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0019_issued_documents'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='client',
            name='no_mail',
            field=models.BooleanField(db_default=False, default=False, help_text='Nothing is sent to this client by itself.', verbose_name='no mail'),
        ),
        migrations.AddField(
            model_name='client',
            name='reminders_paused_until',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name='MailSettings',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('from_name', models.CharField(blank=True, db_default='', default='', max_length=100, verbose_name='sender’s name')),
                ('from_address', models.EmailField(blank=True, db_default='', default='', max_length=254, verbose_name='sender’s address')),
                ('reply_to', models.EmailField(blank=True, db_default='', default='', help_text='Empty: to the sender.', max_length=254, verbose_name='answers go to')),
                ('switched_on', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('invoice', 'Invoice issued'), ('credit_note', 'Credit note'), ('payment', 'Payment received'), ('credit', 'Credit given'), ('expiring', 'Credit about to expire'), ('reminder', 'Reminder'), ('statement', 'Statement'), ('test', 'Test message')], max_length=16), blank=True, db_default=[], default=list)),
                ('per_minute', models.PositiveIntegerField(db_default=120, default=120, verbose_name='messages a minute, at most')),
                ('most_megabytes', models.PositiveSmallIntegerField(db_default=10, default=10, verbose_name='largest message, in MB')),
                ('expiring_days', models.PositiveSmallIntegerField(db_default=7, default=7, help_text='When the client is told.', verbose_name='days before credit expires')),
                ('tested_at', models.DateTimeField(null=True)),
                ('tested_address', models.CharField(blank=True, db_default='', default='', max_length=254)),
                ('stopped_until', models.DateTimeField(null=True)),
                ('stopped_why', models.CharField(blank=True, db_default='', default='', max_length=500)),
                ('stops', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('version', models.PositiveIntegerField(db_default=0, default=0)),
            ],
            options={
                'verbose_name_plural': 'mail settings',
                'permissions': (('change_mailsettings', 'Set how mail is sent, and its texts'),),
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_row_of_mail_settings'), models.CheckConstraint(condition=models.Q(('switched_on', []), models.Q(('tested_at__isnull', False), models.Q(('from_address', ''), _negated=True)), _connector='OR'), name='mail_is_tested_first', violation_error_message='Send a test message first.'), models.CheckConstraint(condition=models.Q(('per_minute__gte', 1), ('per_minute__lte', 60000)), name='mail_rate'), models.CheckConstraint(condition=models.Q(('most_megabytes__gte', 1), ('most_megabytes__lte', 50)), name='mail_size')],
            },
        ),
        migrations.CreateModel(
            name='MailTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('invoice', 'Invoice issued'), ('credit_note', 'Credit note'), ('payment', 'Payment received'), ('credit', 'Credit given'), ('expiring', 'Credit about to expire'), ('reminder', 'Reminder'), ('statement', 'Statement'), ('test', 'Test message')], max_length=16)),
                ('level', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('language', models.CharField(max_length=10)),
                ('subject', models.CharField(max_length=300)),
                ('body', models.TextField()),
                ('version', models.PositiveIntegerField(db_default=0, default=0)),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('kind', 'level', 'language'), name='mail_template_once')],
            },
        ),
        migrations.CreateModel(
            name='MailWave',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('invoice', 'Invoice issued'), ('credit_note', 'Credit note'), ('payment', 'Payment received'), ('credit', 'Credit given'), ('expiring', 'Credit about to expire'), ('reminder', 'Reminder'), ('statement', 'Statement'), ('test', 'Test message')], max_length=16)),
                ('level', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('subject_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField())),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by_name', models.CharField(max_length=150)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='MailboxMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message_id', models.BigIntegerField(null=True)),
                ('address', models.CharField(max_length=254)),
                ('subject', models.CharField(max_length=300)),
                ('raw', models.BinaryField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('client', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mailbox_mail', to='clients.client')),
            ],
            options={
                'default_permissions': (),
                'indexes': [models.Index(fields=['client', '-id'], name='mailbox_of_client')],
            },
        ),
        migrations.CreateModel(
            name='MailMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('invoice', 'Invoice issued'), ('credit_note', 'Credit note'), ('payment', 'Payment received'), ('credit', 'Credit given'), ('expiring', 'Credit about to expire'), ('reminder', 'Reminder'), ('statement', 'Statement'), ('test', 'Test message')], max_length=16)),
                ('subject_id', models.BigIntegerField(null=True)),
                ('level', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('key', models.CharField(max_length=80)),
                ('contact_id', models.BigIntegerField(null=True)),
                ('about', models.CharField(blank=True, db_default='', default='', max_length=40)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('sending', 'Being sent'), ('sent', 'Sent'), ('perhaps_sent', 'Perhaps sent'), ('failed', 'Failed'), ('bounced', 'Bounced'), ('withheld', 'Withheld')], db_default='waiting', default='waiting', max_length=12)),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('attempts', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('why', models.CharField(blank=True, db_default='', default='', max_length=500)),
                ('address', models.CharField(blank=True, db_default='', default='', max_length=254)),
                ('language', models.CharField(blank=True, db_default='', default='', max_length=10)),
                ('subject', models.CharField(blank=True, db_default='', default='', max_length=300)),
                ('body', models.TextField(blank=True, db_default='', default='')),
                ('typed', models.CharField(blank=True, db_default='', default='', max_length=500)),
                ('data', models.JSONField(blank=True, db_default={}, default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('is_secret', models.BooleanField(db_default=False, default=False)),
                ('sender', models.BigIntegerField(null=True)),
                ('claimed_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('provider_id', models.CharField(blank=True, db_default='', default='', max_length=200)),
                ('queued_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('queued_by_name', models.CharField(max_length=150)),
                ('client', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mail', to='clients.client')),
                ('queued_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'permissions': (('view_mailmessage', 'See mail'), ('send_mailmessage', 'Send mail, and send it again')),
                'default_permissions': (),
                'indexes': [models.Index(fields=['client', '-id'], name='mail_of_client'), models.Index(condition=models.Q(('state', 'waiting')), fields=['due_at', 'id'], name='mail_waiting'), models.Index(condition=models.Q(('state', 'sending')), fields=['sender'], name='mail_being_sent'), models.Index(fields=['kind', '-id'], name='mail_of_kind'), models.Index(condition=models.Q(('state', 'sent'), _negated=True), fields=['state', '-id'], name='mail_not_sent'), models.Index(condition=models.Q(('subject_id__isnull', False)), fields=['subject_id', 'kind'], name='mail_about'), models.Index(condition=models.Q(('provider_id', ''), _negated=True), fields=['provider_id'], name='mail_by_provider'), models.Index(models.F('client'), django.db.models.functions.text.Upper('address'), condition=models.Q(('state', 'bounced')), name='mail_bounced'), models.Index(condition=models.Q(('queued_by__isnull', False)), fields=['queued_by'], name='mail_queued_by'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(models.F('typed'), name='gin_trgm_ops'), condition=models.Q(('typed', ''), _negated=True), name='mail_by_typed')],
                'constraints': [models.UniqueConstraint(fields=('key', 'contact_id'), name='mail_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('kind__in', ['invoice', 'credit_note', 'payment', 'credit', 'expiring', 'reminder', 'statement', 'test'])), name='mail_kind'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'sending', 'sent', 'perhaps_sent', 'failed', 'bounced', 'withheld'])), name='mail_state'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'sending'), _negated=True), ('sender__isnull', False), _connector='OR'), name='mail_has_a_sender_while_sent'), models.CheckConstraint(condition=models.Q(('is_secret', False), models.Q(('body', ''), models.Q(('state__in', ['waiting', 'sending']), ('data', {}), _connector='OR')), _connector='OR'), name='secret_mail_is_emptied')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mailmessage',
            trigger=pgtrigger.compiler.Trigger(name='stays_with_client', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.client_id IS DISTINCT FROM NEW.client_id) AND (current_setting('billing_admin.maintenance', true) = 'merge') IS NOT TRUE)", func="RAISE EXCEPTION 'Mail moves to another client only by a merge.' USING ERRCODE = 'check_violation';", hash='ea8753583030c3041e860f16ad48771ca8f24560', operation='UPDATE', pgid='pgtrigger_stays_with_client_3a345', table='clients_mailmessage', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mailmessage',
            trigger=pgtrigger.compiler.Trigger(name='says_what_it_is_about', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.key IS DISTINCT FROM NEW.key OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.subject_id IS DISTINCT FROM NEW.subject_id OR OLD.level IS DISTINCT FROM NEW.level OR OLD.contact_id IS DISTINCT FROM NEW.contact_id) AND (false) IS NOT TRUE)', func="RAISE EXCEPTION 'What a message is about stays as it was queued.' USING ERRCODE = 'check_violation';", hash='8badbc36d93e2ca07f814d97941c2effb16ebc0e', operation='UPDATE', pgid='pgtrigger_says_what_it_is_about_fd8d4', table='clients_mailmessage', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mailmessage',
            trigger=pgtrigger.compiler.Trigger(name='never_sent_twice', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.state IN ('sent', 'bounced') AND NEW.state IN ('waiting', 'sending') OR OLD.state = 'perhaps_sent' AND NEW.state NOT IN ('perhaps_sent', 'sent', 'bounced', 'failed'))", func="RAISE EXCEPTION 'What was sent is never sent again; a message of its own is.' USING ERRCODE = 'check_violation';", hash='0c5ec8538c549785a9b5e0eb19202303165783b7', operation='UPDATE OF "state"', pgid='pgtrigger_never_sent_twice_6ae21', table='clients_mailmessage', when='BEFORE')),
        ),
        migrations.RunSQL(
            "ALTER TABLE clients_mailboxmail ALTER COLUMN raw SET STORAGE EXTERNAL", migrations.RunSQL.noop
        ),
    ]
