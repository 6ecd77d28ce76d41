import uuid
from decimal import Decimal

import django.core.serializers.json
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.lookups
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import billing_admin.db.functions
import billing_admin.money.fields


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('clients', '0001_initial'),
        ('invoices', '0001_initial'),
        ('transactions', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LedgerCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('finished_at', models.DateTimeField(null=True)),
                ('finding_count', models.PositiveIntegerField(default=0)),
            ],
            options={
                'permissions': (('check_ledger', 'Check the ledger'),),
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='CreditAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('currency', billing_admin.money.fields.CurrencyField(max_length=3)),
                ('balance', billing_admin.money.fields.MoneyField(currency_field_name='currency', decimal_places=3, default=Decimal('0'), max_digits=18)),
                ('is_open', models.GeneratedField(db_persist=True, expression=models.ExpressionWrapper(models.Q(('balance__gt', 0)), output_field=models.BooleanField()), output_field=models.BooleanField())),
                ('client', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='credit_accounts', to='clients.client')),
            ],
            options={
                'permissions': (('view_credit', 'See credit'), ('add_credit', 'Give credit'), ('adjust_balance', 'Set a credit balance by hand'), ('apply_credit', 'Apply credit to invoices and take it off'), ('remove_credit', 'Remove, reverse and edit credit'), ('transfer_credit', 'Transfer credit between clients')),
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='CreditBatch',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('file_name', models.CharField(max_length=200)),
                ('digest', models.CharField(max_length=64)),
                ('row_count', models.PositiveIntegerField(default=0)),
                ('grant_count', models.PositiveIntegerField(default=0)),
                ('totals', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('created_by_name', models.CharField(max_length=150)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('booked_at', models.DateTimeField(null=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'credit batches',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='CreditBatchRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveIntegerField()),
                ('outcome', models.CharField(choices=[('good', 'Will be added'), ('there', 'Already there'), ('bad', 'Bad')], default='good', max_length=5)),
                ('reason', models.TextField(blank=True)),
                ('client_number', models.PositiveBigIntegerField(null=True)),
                ('client_key', models.BigIntegerField(null=True)),
                ('amount', models.DecimalField(decimal_places=3, max_digits=18, null=True)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('description', models.CharField(blank=True, max_length=500)),
                ('category', models.CharField(blank=True, max_length=12)),
                ('expires_on', models.DateField(null=True)),
                ('priority', models.PositiveSmallIntegerField(null=True)),
                ('file_key', models.CharField(max_length=64, null=True)),
                ('batch', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='credits.creditbatch')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='CreditGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('credit', 'Credit'), ('adjustment', 'Adjustment'), ('overpayment', 'Overpayment'), ('refund', 'Refund'), ('transfer', 'Transfer')], default='credit', max_length=12)),
                ('category', models.CharField(choices=[('promotional', 'Promotional'), ('paid', 'Paid')], default='promotional', max_length=12)),
                ('description', models.CharField(max_length=500)),
                ('currency', billing_admin.money.fields.CurrencyField(max_length=3)),
                ('amount', billing_admin.money.fields.MoneyField(currency_field_name='currency', decimal_places=3, max_digits=18)),
                ('remaining', billing_admin.money.fields.MoneyField(currency_field_name='currency', decimal_places=3, default=0, max_digits=18)),
                ('is_open', models.GeneratedField(db_persist=True, expression=models.ExpressionWrapper(models.Q(('remaining__gt', 0)), output_field=models.BooleanField()), output_field=models.BooleanField())),
                ('priority', models.PositiveSmallIntegerField(default=50)),
                ('expires_on', models.DateField(blank=True, null=True)),
                ('listed', models.BooleanField(default=True, verbose_name='on the Credits List')),
                ('file_key', models.CharField(blank=True, max_length=64, null=True)),
                ('created_by_name', models.CharField(max_length=150)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='credits.creditaccount')),
                ('client', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='credit_grants', to='clients.client')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('transaction', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='credit_grants', to='transactions.transaction')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='CreditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('grant', 'Given'), ('apply', 'Applied'), ('release', 'Released'), ('remove', 'Removed'), ('reverse', 'Reversed'), ('expire', 'Expired'), ('adjust', 'Adjusted'), ('transfer', 'Transferred')], max_length=10)),
                ('currency', billing_admin.money.fields.CurrencyField(max_length=3)),
                ('amount', billing_admin.money.fields.MoneyField(currency_field_name='currency', decimal_places=3, max_digits=18)),
                ('batch', models.UUIDField(blank=True, null=True)),
                ('description', models.CharField(blank=True, max_length=500)),
                ('note', models.TextField(blank=True, db_default='', default='')),
                ('actor_name', models.CharField(max_length=150)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='credits.creditaccount')),
                ('actor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('client', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='credit_entries', to='clients.client')),
                ('invoice', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='credit_entries', to='invoices.invoice')),
                ('reverses', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversals', to='credits.creditentry')),
                ('grant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='credits.creditgrant')),
            ],
            options={
                'verbose_name_plural': 'credit entries',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='CreditSettings',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('credit_use', models.CharField(choices=[('always', 'Always'), ('whole', 'Only if it covers the whole invoice'), ('never', 'Never')], default='always', max_length=10, verbose_name='automatic use of credit')),
            ],
            options={
                'verbose_name_plural': 'credit settings',
                'permissions': (('change_creditsettings', 'Change how credit is used'),),
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_row_of_credit_settings'), models.CheckConstraint(condition=models.Q(('credit_use__in', ['always', 'whole', 'never'])), name='credit_settings_use')],
            },
        ),
        migrations.CreateModel(
            name='LedgerFinding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('invariant', models.CharField(max_length=10)),
                ('subject', models.CharField(max_length=40)),
                ('subject_id', models.BigIntegerField()),
                ('text', models.TextField()),
                ('check_run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='findings', to='credits.ledgercheck')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.AddIndex(
            model_name='creditaccount',
            index=models.Index(condition=models.Q(('is_open', True)), fields=['currency', 'id'], name='credit_account_open'),
        ),
        migrations.AddConstraint(
            model_name='creditaccount',
            constraint=models.UniqueConstraint(fields=('client', 'currency'), name='one_credit_account_per_currency'),
        ),
        migrations.AddConstraint(
            model_name='creditaccount',
            constraint=models.CheckConstraint(condition=models.Q(('balance__gte', 0)), name='credit_balance_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='creditaccount',
            constraint=models.CheckConstraint(condition=models.Q(django.db.models.lookups.GreaterThanOrEqual(django.db.models.functions.comparison.Coalesce(billing_admin.db.functions.MinorUnits(models.F('currency')), models.Value(-1)), models.Func(models.F('balance'), function='min_scale', output_field=models.IntegerField()))), name='credit_account_places'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditaccount',
            trigger=pgtrigger.compiler.Trigger(name='one_currency', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.currency IS DISTINCT FROM NEW.currency) AND (false) IS NOT TRUE)', func="RAISE EXCEPTION 'The currency of a credit account never changes.' USING ERRCODE = 'check_violation';", hash='da278af0cf878ec772f0fe7a07b34e0cc19b44e0', operation='UPDATE', pgid='pgtrigger_one_currency_8fa7a', table='credits_creditaccount', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditaccount',
            trigger=pgtrigger.compiler.Trigger(name='stays_with_client', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.client_id IS DISTINCT FROM NEW.client_id) AND (current_setting('billing_admin.maintenance', true) = 'merge') IS NOT TRUE)", func="RAISE EXCEPTION 'A credit account moves only by a merge.' USING ERRCODE = 'check_violation';", hash='319ddfee4589b21e7dc288206efde09f4260a50f', operation='UPDATE', pgid='pgtrigger_stays_with_client_7066f', table='credits_creditaccount', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditaccount',
            trigger=pgtrigger.compiler.Trigger(name='ledger_start', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW.balance <> 0)', func="RAISE EXCEPTION 'A balance follows the ledger; insert a credit entry instead.' USING ERRCODE = 'check_violation';", hash='b704eeb8a78037b3c9076acbccf66f9ad1772aa3', operation='INSERT', pgid='pgtrigger_ledger_start_cacda', table='credits_creditaccount', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditaccount',
            trigger=pgtrigger.compiler.Trigger(name='ledger_moves', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.balance IS DISTINCT FROM NEW.balance) AND pg_trigger_depth() = 0)', func="RAISE EXCEPTION 'A balance follows the ledger; insert a credit entry instead.' USING ERRCODE = 'check_violation';", hash='32fcf6cf7fd31c618761538fdecff53940e7165a', operation='UPDATE', pgid='pgtrigger_ledger_moves_95114', table='credits_creditaccount', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='creditbatch',
            index=models.Index(fields=['digest'], name='credit_batch_by_digest'),
        ),
        migrations.AddIndex(
            model_name='creditbatch',
            index=models.Index(fields=['created_at', 'id'], name='credit_batch_by_age'),
        ),
        migrations.AddConstraint(
            model_name='creditbatch',
            constraint=models.CheckConstraint(condition=models.Q(('grant_count', 0), ('booked_at__isnull', False), _connector='OR'), name='credit_batch_grants_when_booked'),
        ),
        migrations.AddIndex(
            model_name='creditbatchrow',
            index=models.Index(models.F('batch'), models.F('outcome'), models.F('line'), name='credit_batch_row_outcomes'),
        ),
        migrations.AddConstraint(
            model_name='creditbatchrow',
            constraint=models.UniqueConstraint(fields=('batch', 'line'), name='credit_batch_row_line_once'),
        ),
        migrations.AddConstraint(
            model_name='creditbatchrow',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['there', 'bad']), models.Q(('amount__gt', 0), ('client_number__isnull', False), ('outcome', 'good'), ('priority__isnull', False), models.Q(('currency', ''), _negated=True), models.Q(('description', ''), _negated=True), models.Q(('category', ''), _negated=True)), _connector='OR'), name='credit_batch_row_outcome'),
        ),
        migrations.AddIndex(
            model_name='creditgrant',
            index=models.Index(fields=['account', 'id'], name='credit_grant_of_account'),
        ),
        migrations.AddIndex(
            model_name='creditgrant',
            index=models.Index(fields=['client', '-id'], name='credit_grant_of_client'),
        ),
        migrations.AddIndex(
            model_name='creditgrant',
            index=models.Index(condition=models.Q(('expires_on__isnull', False), ('is_open', True)), fields=['expires_on', 'id'], name='credit_grant_expiring'),
        ),
        migrations.AddIndex(
            model_name='creditgrant',
            index=models.Index(condition=models.Q(('transaction__isnull', False)), fields=['transaction'], name='credit_grant_of_transaction'),
        ),
        migrations.AddConstraint(
            model_name='creditgrant',
            constraint=models.CheckConstraint(condition=models.Q(django.db.models.lookups.GreaterThanOrEqual(django.db.models.functions.comparison.Coalesce(billing_admin.db.functions.MinorUnits(models.F('currency')), models.Value(-1)), django.db.models.functions.comparison.Greatest(models.Func(models.F('amount'), function='min_scale', output_field=models.IntegerField()), models.Func(models.F('remaining'), function='min_scale', output_field=models.IntegerField())))), name='credit_grant_places'),
        ),
        migrations.AddConstraint(
            model_name='creditgrant',
            constraint=models.UniqueConstraint(condition=models.Q(('file_key__isnull', False)), fields=('file_key',), name='credit_grant_file_key_once'),
        ),
        migrations.AddConstraint(
            model_name='creditgrant',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='credit_grant_amount'),
        ),
        migrations.AddConstraint(
            model_name='creditgrant',
            constraint=models.CheckConstraint(condition=models.Q(('remaining__gte', 0), ('remaining__lte', models.F('amount'))), name='credit_grant_remaining'),
        ),
        migrations.AddConstraint(
            model_name='creditgrant',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['credit', 'adjustment', 'overpayment', 'refund', 'transfer'])), name='credit_grant_kind'),
        ),
        migrations.AddConstraint(
            model_name='creditgrant',
            constraint=models.CheckConstraint(condition=models.Q(('category__in', ['promotional', 'paid'])), name='credit_grant_category'),
        ),
        migrations.AddConstraint(
            model_name='creditgrant',
            constraint=models.CheckConstraint(condition=models.Q(('priority__gte', 0), ('priority__lte', 1000)), name='credit_grant_priority'),
        ),
        migrations.AddConstraint(
            model_name='creditgrant',
            constraint=models.CheckConstraint(condition=models.Q(('description', ''), _negated=True), name='credit_grant_says_why'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditgrant',
            trigger=pgtrigger.compiler.Trigger(name='given_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.currency IS DISTINCT FROM NEW.currency OR OLD.amount IS DISTINCT FROM NEW.amount OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.category IS DISTINCT FROM NEW.category OR OLD.created_at IS DISTINCT FROM NEW.created_at) AND (false) IS NOT TRUE)', func="RAISE EXCEPTION 'What a grant gave never changes; book an entry instead.' USING ERRCODE = 'check_violation';", hash='14ac7b676662efd84f8613f85fafda5b0b32fe15', operation='UPDATE', pgid='pgtrigger_given_once_60e0b', table='credits_creditgrant', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditgrant',
            trigger=pgtrigger.compiler.Trigger(name='stays_with_client', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.client_id IS DISTINCT FROM NEW.client_id OR OLD.account_id IS DISTINCT FROM NEW.account_id) AND (current_setting('billing_admin.maintenance', true) = 'merge') IS NOT TRUE)", func="RAISE EXCEPTION 'A grant moves only by a merge.' USING ERRCODE = 'check_violation';", hash='e5b722524d7a0d0b1fd05180ed6fc68df0565628', operation='UPDATE', pgid='pgtrigger_stays_with_client_50231', table='credits_creditgrant', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditgrant',
            trigger=pgtrigger.compiler.Trigger(name='ledger_start', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW.remaining <> 0)', func="RAISE EXCEPTION 'What remains follows the ledger; insert a credit entry instead.' USING ERRCODE = 'check_violation';", hash='8a2db7e09ed891d8f6460849f1d29ba30c59cc98', operation='INSERT', pgid='pgtrigger_ledger_start_3bc94', table='credits_creditgrant', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditgrant',
            trigger=pgtrigger.compiler.Trigger(name='ledger_moves', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.remaining IS DISTINCT FROM NEW.remaining) AND pg_trigger_depth() = 0)', func="RAISE EXCEPTION 'What remains follows the ledger; insert a credit entry instead.' USING ERRCODE = 'check_violation';", hash='b40a1271a7708d9411029083470cdc38d2b6daf8', operation='UPDATE', pgid='pgtrigger_ledger_moves_dfb4d', table='credits_creditgrant', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditgrant',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((current_setting('billing_admin.maintenance', true) = 'delete') IS NOT TRUE)", func="RAISE EXCEPTION 'A grant is never deleted; take its rest back.' USING ERRCODE = 'check_violation';", hash='53b0fe5efbeba716ade26b64f66a4aa5825e24e4', operation='DELETE', pgid='pgtrigger_never_deleted_95f4d', table='credits_creditgrant', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='creditentry',
            index=models.Index(fields=['account', 'id'], name='credit_entry_of_account'),
        ),
        migrations.AddIndex(
            model_name='creditentry',
            index=models.Index(fields=['client', '-id'], name='credit_entry_of_client'),
        ),
        migrations.AddIndex(
            model_name='creditentry',
            index=models.Index(fields=['grant', 'id'], name='credit_entry_of_grant'),
        ),
        migrations.AddIndex(
            model_name='creditentry',
            index=models.Index(condition=models.Q(('invoice__isnull', False)), fields=['invoice', 'id'], name='credit_entry_of_invoice'),
        ),
        migrations.AddIndex(
            model_name='creditentry',
            index=models.Index(fields=['at', 'id'], name='credit_entry_by_time'),
        ),
        migrations.AddIndex(
            model_name='creditentry',
            index=models.Index(fields=['currency', 'at', 'id'], name='credit_entry_by_currency'),
        ),
        migrations.AddIndex(
            model_name='creditentry',
            index=models.Index(fields=['kind', 'at', 'id'], name='credit_entry_by_kind'),
        ),
        migrations.AddIndex(
            model_name='creditentry',
            index=models.Index(condition=models.Q(('batch__isnull', False)), fields=['batch'], name='credit_entry_of_batch'),
        ),
        migrations.AddIndex(
            model_name='creditentry',
            index=models.Index(condition=models.Q(('actor__isnull', False)), fields=['actor'], name='credit_entry_of_actor'),
        ),
        migrations.AddConstraint(
            model_name='creditentry',
            constraint=models.CheckConstraint(condition=models.Q(django.db.models.lookups.GreaterThanOrEqual(django.db.models.functions.comparison.Coalesce(billing_admin.db.functions.MinorUnits(models.F('currency')), models.Value(-1)), models.Func(models.F('amount'), function='min_scale', output_field=models.IntegerField()))), name='credit_entry_places'),
        ),
        migrations.AddConstraint(
            model_name='creditentry',
            constraint=models.UniqueConstraint(condition=models.Q(('reverses__isnull', False)), fields=('reverses',), name='credit_entry_reversed_once'),
        ),
        migrations.AddConstraint(
            model_name='creditentry',
            constraint=models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='credit_entry_moves_something'),
        ),
        migrations.AddConstraint(
            model_name='creditentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount__gt', 0), ('kind', 'grant')), models.Q(('amount__lt', 0), ('kind__in', ['remove', 'expire'])), ('kind__in', ['apply', 'release', 'reverse', 'adjust', 'transfer']), _connector='OR'), name='credit_entry_kind_and_sign'),
        ),
        migrations.AddConstraint(
            model_name='creditentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount__lt', 0), ('invoice__isnull', False), ('kind', 'apply')), models.Q(('amount__gt', 0), ('invoice__isnull', False), ('kind', 'release')), models.Q(models.Q(('kind__in', ['apply', 'release']), _negated=True), ('invoice', None)), _connector='OR'), name='credit_entry_invoice_settled'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditentry',
            trigger=pgtrigger.compiler.Trigger(name='keep_sums_on_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (\n        SELECT FROM new_rows entry\n        JOIN credits_creditgrant grant_ ON grant_.id = entry.grant_id\n        JOIN credits_creditaccount account ON account.id = entry.account_id\n        LEFT JOIN invoices_invoice invoice ON invoice.id = entry.invoice_id\n        WHERE grant_.account_id <> entry.account_id OR account.client_id <> entry.client_id\n           OR grant_.client_id <> entry.client_id OR grant_.currency <> entry.currency\n           OR account.currency <> entry.currency OR invoice.client_id <> entry.client_id\n           OR invoice.currency <> entry.currency\n    ) THEN\n        RAISE EXCEPTION 'A credit entry, its grant, account and invoice belong to one client and one currency.' USING ERRCODE = 'check_violation';\n    END IF;\n\n    UPDATE credits_creditgrant grant_ SET remaining = grant_.remaining + moved.amount\n    FROM (SELECT grant_id, sum(amount) AS amount FROM (SELECT grant_id, account_id, invoice_id, amount FROM new_rows) changes\n          GROUP BY grant_id HAVING sum(amount) <> 0) moved\n    WHERE grant_.id = moved.grant_id;\n\n    UPDATE credits_creditaccount account SET balance = account.balance + moved.amount\n    FROM (SELECT account_id, sum(amount) AS amount FROM (SELECT grant_id, account_id, invoice_id, amount FROM new_rows) changes\n          GROUP BY account_id HAVING sum(amount) <> 0) moved\n    WHERE account.id = moved.account_id;\n\n    \n    UPDATE invoices_invoice invoice\n    SET credit_applied = invoice.credit_applied + moved.amount,\n        status = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.status\n            WHEN invoice.balance_due = moved.amount THEN 'paid'\n            ELSE 'unpaid' END,\n        paid_at = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.paid_at\n            WHEN invoice.balance_due = moved.amount THEN statement_timestamp()\n            END\n    FROM (SELECT invoice_id, sum(amount) AS amount FROM (SELECT invoice_id, -amount AS amount FROM (SELECT grant_id, account_id, invoice_id, amount FROM new_rows) entries) changes\n          WHERE invoice_id IS NOT NULL GROUP BY invoice_id HAVING sum(amount) <> 0) moved\n    WHERE invoice.id = moved.invoice_id;\n    \n    RETURN NULL;\n", hash='7e8a5682aa44538b63cc4834ab602be8141bb62c', level='STATEMENT', operation='INSERT', pgid='pgtrigger_keep_sums_on_insert_ff054', referencing='REFERENCING NEW TABLE AS new_rows ', table='credits_creditentry', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditentry',
            trigger=pgtrigger.compiler.Trigger(name='keep_sums_on_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (\n        SELECT FROM new_rows entry\n        JOIN credits_creditgrant grant_ ON grant_.id = entry.grant_id\n        JOIN credits_creditaccount account ON account.id = entry.account_id\n        LEFT JOIN invoices_invoice invoice ON invoice.id = entry.invoice_id\n        WHERE grant_.account_id <> entry.account_id OR account.client_id <> entry.client_id\n           OR grant_.client_id <> entry.client_id OR grant_.currency <> entry.currency\n           OR account.currency <> entry.currency OR invoice.client_id <> entry.client_id\n           OR invoice.currency <> entry.currency\n    ) THEN\n        RAISE EXCEPTION 'A credit entry, its grant, account and invoice belong to one client and one currency.' USING ERRCODE = 'check_violation';\n    END IF;\n\n    UPDATE credits_creditgrant grant_ SET remaining = grant_.remaining + moved.amount\n    FROM (SELECT grant_id, sum(amount) AS amount FROM (SELECT grant_id, account_id, invoice_id, amount FROM new_rows UNION ALL SELECT grant_id, account_id, invoice_id, -amount FROM old_rows) changes\n          GROUP BY grant_id HAVING sum(amount) <> 0) moved\n    WHERE grant_.id = moved.grant_id;\n\n    UPDATE credits_creditaccount account SET balance = account.balance + moved.amount\n    FROM (SELECT account_id, sum(amount) AS amount FROM (SELECT grant_id, account_id, invoice_id, amount FROM new_rows UNION ALL SELECT grant_id, account_id, invoice_id, -amount FROM old_rows) changes\n          GROUP BY account_id HAVING sum(amount) <> 0) moved\n    WHERE account.id = moved.account_id;\n\n    \n    UPDATE invoices_invoice invoice\n    SET credit_applied = invoice.credit_applied + moved.amount,\n        status = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.status\n            WHEN invoice.balance_due = moved.amount THEN 'paid'\n            ELSE 'unpaid' END,\n        paid_at = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.paid_at\n            WHEN invoice.balance_due = moved.amount THEN statement_timestamp()\n            END\n    FROM (SELECT invoice_id, sum(amount) AS amount FROM (SELECT invoice_id, -amount AS amount FROM (SELECT grant_id, account_id, invoice_id, amount FROM new_rows UNION ALL SELECT grant_id, account_id, invoice_id, -amount FROM old_rows) entries) changes\n          WHERE invoice_id IS NOT NULL GROUP BY invoice_id HAVING sum(amount) <> 0) moved\n    WHERE invoice.id = moved.invoice_id;\n    \n    RETURN NULL;\n", hash='a2afe7026d6f711003ae89258442203953c4c2bb', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_keep_sums_on_update_b4af7', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='credits_creditentry', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditentry',
            trigger=pgtrigger.compiler.Trigger(name='keep_sums_on_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    UPDATE credits_creditgrant grant_ SET remaining = grant_.remaining + moved.amount\n    FROM (SELECT grant_id, sum(amount) AS amount FROM (SELECT grant_id, account_id, invoice_id, -amount AS amount FROM old_rows) changes\n          GROUP BY grant_id HAVING sum(amount) <> 0) moved\n    WHERE grant_.id = moved.grant_id;\n\n    UPDATE credits_creditaccount account SET balance = account.balance + moved.amount\n    FROM (SELECT account_id, sum(amount) AS amount FROM (SELECT grant_id, account_id, invoice_id, -amount AS amount FROM old_rows) changes\n          GROUP BY account_id HAVING sum(amount) <> 0) moved\n    WHERE account.id = moved.account_id;\n\n    \n    UPDATE invoices_invoice invoice\n    SET credit_applied = invoice.credit_applied + moved.amount,\n        status = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.status\n            WHEN invoice.balance_due = moved.amount THEN 'paid'\n            ELSE 'unpaid' END,\n        paid_at = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.paid_at\n            WHEN invoice.balance_due = moved.amount THEN statement_timestamp()\n            END\n    FROM (SELECT invoice_id, sum(amount) AS amount FROM (SELECT invoice_id, -amount AS amount FROM (SELECT grant_id, account_id, invoice_id, -amount AS amount FROM old_rows) entries) changes\n          WHERE invoice_id IS NOT NULL GROUP BY invoice_id HAVING sum(amount) <> 0) moved\n    WHERE invoice.id = moved.invoice_id;\n    \n    RETURN NULL;\n", hash='90398e8c132adb507b7052b7598681d61b11c246', level='STATEMENT', operation='DELETE', pgid='pgtrigger_keep_sums_on_delete_61031', referencing='REFERENCING OLD TABLE AS old_rows ', table='credits_creditentry', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditentry',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.grant_id IS DISTINCT FROM NEW.grant_id OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.currency IS DISTINCT FROM NEW.currency OR OLD.amount IS DISTINCT FROM NEW.amount OR OLD.invoice_id IS DISTINCT FROM NEW.invoice_id OR OLD.reverses_id IS DISTINCT FROM NEW.reverses_id OR OLD.batch IS DISTINCT FROM NEW.batch OR OLD.description IS DISTINCT FROM NEW.description OR OLD.actor_name IS DISTINCT FROM NEW.actor_name OR OLD.at IS DISTINCT FROM NEW.at) AND (false) IS NOT TRUE)', func="RAISE EXCEPTION 'The ledger is append-only; book another entry instead.' USING ERRCODE = 'check_violation';", hash='06dfc87f737d5314b54a3b730e1fa11c86d22dc4', operation='UPDATE', pgid='pgtrigger_append_only_1a262', table='credits_creditentry', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditentry',
            trigger=pgtrigger.compiler.Trigger(name='note_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.note IS DISTINCT FROM NEW.note) AND (NEW.note = '' AND current_setting('billing_admin.maintenance', true) = 'delete') IS NOT TRUE)", func="RAISE EXCEPTION 'A note stays as it was written; only a client''s deletion empties it.' USING ERRCODE = 'check_violation';", hash='6058916c8f799ec7ddfba62d3c7978c9ca176963', operation='UPDATE', pgid='pgtrigger_note_stays_f4826', table='credits_creditentry', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditentry',
            trigger=pgtrigger.compiler.Trigger(name='stays_with_client', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.client_id IS DISTINCT FROM NEW.client_id OR OLD.account_id IS DISTINCT FROM NEW.account_id) AND (current_setting('billing_admin.maintenance', true) = 'merge') IS NOT TRUE)", func="RAISE EXCEPTION 'The ledger is append-only; only a merge re-points entries.' USING ERRCODE = 'check_violation';", hash='ce81f31fbfd60b755c1f9b9752b718ee0bee8bd9', operation='UPDATE', pgid='pgtrigger_stays_with_client_3b0cf', table='credits_creditentry', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditentry',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((current_setting('billing_admin.maintenance', true) = 'delete') IS NOT TRUE)", func="RAISE EXCEPTION 'The ledger is append-only; entries go only with their client.' USING ERRCODE = 'check_violation';", hash='34ddfed2de68b7778a6cbc12fb3418ae1a949101', operation='DELETE', pgid='pgtrigger_never_deleted_df4bd', table='credits_creditentry', when='BEFORE')),
        ),
        # Balances and settlements are updated in every run: room on the page keeps those updates off the indexes.
        migrations.RunSQL("ALTER TABLE credits_creditaccount SET (fillfactor = 80)", migrations.RunSQL.noop),
        migrations.RunSQL("ALTER TABLE credits_creditgrant SET (fillfactor = 80)", migrations.RunSQL.noop),
    ]
