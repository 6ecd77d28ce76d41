"""Transactions keep what a file said of the payer, and which file it was; staff's choices are remembered."""

import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

# The column is empty; the next migration looks at the rows, which then holds up nobody.
BATCH = """
    ALTER TABLE transactions_transaction ADD COLUMN batch_id bigint NULL;
    ALTER TABLE transactions_transaction ADD CONSTRAINT transactions_transaction_batch_id_fk
        FOREIGN KEY (batch_id) REFERENCES transactions_paymentbatch (id) DEFERRABLE INITIALLY DEFERRED NOT VALID;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0006_names_as_words'),
        ('invoices', '0002_countries'),
        ('transactions', '0005_payment_formats'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RememberedPayer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('account', 'Account'), ('name', 'Name')], max_length=10)),
                ('value', models.TextField()),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='remembered_payers', to='clients.client')),
                ('remembered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('remembered_by_name', models.CharField(max_length=150)),
                ('remembered_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'default_permissions': (),
                'constraints': [
                    models.UniqueConstraint(fields=('kind', 'value'), name='remembered_payer_once'),
                    models.CheckConstraint(condition=models.Q(('kind__in', ['account', 'name']), models.Q(('value', ''), _negated=True)), name='remembered_payer_kind'),
                ],
            },
        ),
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL(BATCH, migrations.RunSQL.noop)],
            [
                migrations.AddField(
                    model_name='transaction',
                    name='batch',
                    field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='transactions', to='transactions.paymentbatch'),
                ),
            ],
        ),
        migrations.AddField(
            model_name='transaction',
            name='payer_account',
            field=models.CharField(blank=True, db_default='', default='', max_length=100),
        ),
        migrations.AddField(
            model_name='transaction',
            name='payer_name',
            field=models.CharField(blank=True, db_default='', default='', max_length=300),
        ),
        migrations.AddField(
            model_name='transaction',
            name='payer_reference',
            field=models.CharField(blank=True, db_default='', default='', max_length=200),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='transaction',
            trigger=pgtrigger.compiler.Trigger(name='payer_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.payer_name IS DISTINCT FROM NEW.payer_name OR OLD.payer_account IS DISTINCT FROM NEW.payer_account OR OLD.payer_reference IS DISTINCT FROM NEW.payer_reference) AND (NEW.payer_name = '' AND NEW.payer_account = '' AND NEW.payer_reference = '' AND current_setting('billing_admin.maintenance', true) = 'delete') IS NOT TRUE)", func="RAISE EXCEPTION 'What a file said of a payer stays as it was; only a client''s deletion empties it.' USING ERRCODE = 'check_violation';", hash='48b0450547aa2b6861a94f496ebba83530343a19', operation='UPDATE', pgid='pgtrigger_payer_stays_350d8', table='transactions_transaction', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='transaction',
            trigger=pgtrigger.compiler.Trigger(name='batch_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.batch_id IS DISTINCT FROM NEW.batch_id) AND (false) IS NOT TRUE)', func="RAISE EXCEPTION 'A transaction stays with the file that it was booked from.' USING ERRCODE = 'check_violation';", hash='9b11a3045e318f7f93ee2936081a163babcd0696', operation='UPDATE', pgid='pgtrigger_batch_stays_294d5', table='transactions_transaction', when='BEFORE')),
        ),
    ]
