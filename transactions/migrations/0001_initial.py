from decimal import Decimal

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
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
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PaymentFileMapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('delimiter', models.CharField(choices=[(',', 'Comma'), (';', 'Semicolon'), ('\t', 'Tab'), ('|', 'Vertical bar')], default=',', max_length=1)),
                ('encoding', models.CharField(choices=[('utf-8', 'UTF-8'), ('cp1252', 'Windows (Western European)')], default='utf-8', max_length=10)),
                ('date_format', models.CharField(choices=[('%Y-%m-%d', '2026-01-31'), ('%d.%m.%Y', '31.01.2026'), ('%d.%m.%y', '31.01.26'), ('%d/%m/%Y', '31/01/2026'), ('%m/%d/%Y', '01/31/2026'), ('%Y%m%d', '20260131')], default='%Y-%m-%d', max_length=10)),
                ('decimal_comma', models.BooleanField(default=False, verbose_name='amounts have a decimal comma')),
                ('date_column', models.CharField(max_length=100)),
                ('amount_column', models.CharField(max_length=100)),
                ('reference_column', models.CharField(blank=True, max_length=100)),
                ('invoice_column', models.CharField(blank=True, max_length=100, verbose_name='invoice number column')),
                ('name_column', models.CharField(blank=True, max_length=100)),
                ('text_column', models.CharField(blank=True, max_length=100)),
                ('fees_column', models.CharField(blank=True, max_length=100)),
                ('currency_column', models.CharField(blank=True, max_length=100)),
                ('method_column', models.CharField(blank=True, max_length=100)),
                ('currency', models.CharField(blank=True, max_length=3)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='PaymentFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=255)),
                ('content', models.BinaryField()),
                ('uploaded_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('mapping', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='transactions.paymentfilemapping')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='PaymentMethod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('active', models.BooleanField(default=True)),
            ],
            options={
                'permissions': (('manage_payment_methods', 'Add, rename and switch off payment methods'),),
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Upper('name'), name='payment_method_name_once')],
            },
        ),
        migrations.AddField(
            model_name='paymentfilemapping',
            name='payment_method',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='transactions.paymentmethod'),
        ),
        migrations.CreateModel(
            name='Transaction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('client_number', models.PositiveBigIntegerField(null=True)),
                ('client_name', models.CharField(blank=True, max_length=300)),
                ('invoice_label', models.CharField(blank=True, max_length=40)),
                ('kind', models.CharField(choices=[('payment', 'Payment'), ('refund', 'Refund'), ('reversal', 'Reversal'), ('moved', 'Moved')], db_default='payment', default='payment', max_length=10)),
                ('date', models.DateField()),
                ('reference', models.CharField(blank=True, max_length=200)),
                ('part', models.PositiveSmallIntegerField(default=1)),
                ('description', models.CharField(blank=True, max_length=500)),
                ('note', models.TextField(blank=True, db_default='', default='')),
                ('currency', billing_admin.money.fields.CurrencyField(max_length=3)),
                ('amount_in', billing_admin.money.fields.MoneyField(currency_field_name='currency', decimal_places=3, default=Decimal('0'), max_digits=18)),
                ('fees', billing_admin.money.fields.MoneyField(currency_field_name='currency', decimal_places=3, default=Decimal('0'), max_digits=18)),
                ('amount_out', billing_admin.money.fields.MoneyField(currency_field_name='currency', decimal_places=3, default=Decimal('0'), max_digits=18)),
                ('created_by_name', models.CharField(max_length=150)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('file_key', models.CharField(blank=True, max_length=64, null=True)),
                ('client', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='transactions', to='clients.client')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('invoice', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='transactions', to='invoices.invoice')),
                ('part_of', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='transactions.transaction')),
                ('payment_method', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='transactions', to='transactions.paymentmethod')),
                ('refund_of', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='transactions.transaction')),
            ],
            options={
                'permissions': (('view_transaction', 'See transactions'), ('record_payment', 'Record and import payments, attach money to clients'), ('refund_payment', 'Refund and reverse payments'), ('delete_transaction', 'Delete transactions that nothing depends on')),
                'default_permissions': (),
            },
        ),
        migrations.AddConstraint(
            model_name='paymentfilemapping',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Upper('name'), name='payment_file_mapping_name_once', violation_error_message='There is a file format of this name already.'),
        ),
        migrations.AddConstraint(
            model_name='paymentfilemapping',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('date_column', ''), _negated=True), models.Q(('amount_column', ''), _negated=True)), name='payment_file_mapping_columns'),
        ),
        migrations.AddIndex(
            model_name='transaction',
            index=models.Index(fields=['client', '-date', '-id'], name='transaction_of_client'),
        ),
        migrations.AddIndex(
            model_name='transaction',
            index=models.Index(condition=models.Q(('invoice__isnull', False)), fields=['invoice', 'id'], name='transaction_of_invoice'),
        ),
        migrations.AddIndex(
            model_name='transaction',
            index=models.Index(fields=['date', 'id'], name='transaction_by_date'),
        ),
        migrations.AddIndex(
            model_name='transaction',
            index=models.Index(fields=['payment_method', 'date', 'id'], name='transaction_by_method'),
        ),
        migrations.AddIndex(
            model_name='transaction',
            index=models.Index(fields=['currency', 'date', 'id'], name='transaction_by_currency'),
        ),
        migrations.AddIndex(
            model_name='transaction',
            index=models.Index(condition=models.Q(('client_number', None)), fields=['date', 'id'], name='transaction_unattached'),
        ),
        migrations.AddIndex(
            model_name='transaction',
            index=models.Index(condition=models.Q(('amount_out__gt', 0)), fields=['date', 'id'], name='transaction_out'),
        ),
        migrations.AddIndex(
            model_name='transaction',
            index=models.Index(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('reference'), name='text_pattern_ops'), name='transaction_by_reference'),
        ),
        migrations.AddIndex(
            model_name='transaction',
            index=models.Index(condition=models.Q(('part_of__isnull', False)), fields=['part_of'], name='transaction_parts'),
        ),
        migrations.AddIndex(
            model_name='transaction',
            index=models.Index(condition=models.Q(('refund_of__isnull', False)), fields=['refund_of'], name='transaction_refunds'),
        ),
        migrations.AddIndex(
            model_name='transaction',
            index=models.Index(fields=['client_number'], name='transaction_by_label'),
        ),
        migrations.AddConstraint(
            model_name='transaction',
            constraint=models.CheckConstraint(condition=models.Q(django.db.models.lookups.GreaterThanOrEqual(django.db.models.functions.comparison.Coalesce(billing_admin.db.functions.MinorUnits(models.F('currency')), models.Value(-1)), django.db.models.functions.comparison.Greatest(models.Func(models.F('amount_in'), function='min_scale', output_field=models.IntegerField()), models.Func(models.F('fees'), function='min_scale', output_field=models.IntegerField()), models.Func(models.F('amount_out'), function='min_scale', output_field=models.IntegerField())))), name='transaction_places'),
        ),
        migrations.AddConstraint(
            model_name='transaction',
            constraint=models.CheckConstraint(condition=models.Q(('client', None), ('client_number__isnull', False), _connector='OR'), name='transaction_client_has_label'),
        ),
        migrations.AddConstraint(
            model_name='transaction',
            constraint=models.CheckConstraint(condition=models.Q(('amount_in__gte', 0), ('amount_out__gte', 0), ('fees__gte', 0), models.Q(models.Q(('amount_in__gt', 0), ('amount_out', 0)), models.Q(('amount_in', 0), ('amount_out__gt', 0)), models.Q(('amount_in', 0), ('fees__gt', 0)), _connector='OR')), name='transaction_in_or_out'),
        ),
        migrations.AddConstraint(
            model_name='transaction',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'payment'), models.Q(('amount_in', 0), ('kind__in', ['refund', 'reversal']), ('refund_of__isnull', False)), ('kind', 'moved'), _connector='OR'), name='transaction_kind'),
        ),
        migrations.AddConstraint(
            model_name='transaction',
            constraint=models.UniqueConstraint(condition=models.Q(('reference', ''), _negated=True), fields=('payment_method', 'reference', 'part'), name='payment_reference_once_per_method'),
        ),
        migrations.AddConstraint(
            model_name='transaction',
            constraint=models.UniqueConstraint(fields=('file_key', 'part'), name='transaction_file_key_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='transaction',
            trigger=pgtrigger.compiler.Trigger(name='amounts_frozen', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.currency IS DISTINCT FROM NEW.currency OR OLD.amount_in IS DISTINCT FROM NEW.amount_in OR OLD.fees IS DISTINCT FROM NEW.fees OR OLD.amount_out IS DISTINCT FROM NEW.amount_out OR OLD.refund_of_id IS DISTINCT FROM NEW.refund_of_id OR OLD.part_of_id IS DISTINCT FROM NEW.part_of_id OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.date IS DISTINCT FROM NEW.date OR OLD.description IS DISTINCT FROM NEW.description) AND (false) IS NOT TRUE)', func="RAISE EXCEPTION 'A transaction''s amounts, date and description never change; book a refund or a reversal.' USING ERRCODE = 'check_violation';", hash='f62bea74347c40d0782879805b70251ef944f6d0', operation='UPDATE', pgid='pgtrigger_amounts_frozen_d4c8e', table='transactions_transaction', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='transaction',
            trigger=pgtrigger.compiler.Trigger(name='stays_with_client', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.client_id IS DISTINCT FROM NEW.client_id) AND (current_setting('billing_admin.maintenance', true) = 'merge' OR current_setting('billing_admin.maintenance', true) = 'delete' OR OLD.client_number IS NULL) IS NOT TRUE)", func="RAISE EXCEPTION 'A transaction moves to another client only by a merge.' USING ERRCODE = 'check_violation';", hash='2e9f0a38989fe050f93a25518ecabb2c7a2cc8db', operation='UPDATE', pgid='pgtrigger_stays_with_client_4eeee', table='transactions_transaction', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='transaction',
            trigger=pgtrigger.compiler.Trigger(name='label_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.client_number IS DISTINCT FROM NEW.client_number OR OLD.client_name IS DISTINCT FROM NEW.client_name OR OLD.reference IS DISTINCT FROM NEW.reference OR OLD.payment_method_id IS DISTINCT FROM NEW.payment_method_id OR OLD.part IS DISTINCT FROM NEW.part) AND (OLD.client_number IS NULL) IS NOT TRUE)', func="RAISE EXCEPTION 'A transaction keeps the label, method and reference that it was booked with.' USING ERRCODE = 'check_violation';", hash='698365275a2bb9fcad4de58e37eb417e73807da2', operation='UPDATE', pgid='pgtrigger_label_stays_c7ea6', table='transactions_transaction', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='transaction',
            trigger=pgtrigger.compiler.Trigger(name='note_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.note IS DISTINCT FROM NEW.note) AND (NEW.note = '' AND current_setting('billing_admin.maintenance', true) = 'delete') IS NOT TRUE)", func="RAISE EXCEPTION 'A note stays as it was written; only a client''s deletion empties it.' USING ERRCODE = 'check_violation';", hash='88b9b5e29b5416f729aa113025a8872ed57835e0', operation='UPDATE', pgid='pgtrigger_note_stays_35a1e', table='transactions_transaction', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='transaction',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((current_setting('billing_admin.maintenance', true) = 'delete') IS NOT TRUE)", func="RAISE EXCEPTION 'A transaction is never deleted; reverse it.' USING ERRCODE = 'check_violation';", hash='f96ef547aa101ff7120f924cd56fdf6847b32b43', operation='DELETE', pgid='pgtrigger_never_deleted_15749', table='transactions_transaction', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='transaction',
            trigger=pgtrigger.compiler.Trigger(name='refunded_within', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (SELECT FROM transactions_transaction paid\n               WHERE paid.id IN (SELECT refund_of_id FROM new_rows WHERE refund_of_id IS NOT NULL)\n                 AND paid.amount_in < (SELECT sum(refund.amount_out) FROM transactions_transaction refund\n                                       WHERE refund.refund_of_id = paid.id)) THEN\n        RAISE EXCEPTION 'No more is given back of a payment than came in.' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NULL;\n", hash='c2fd0c24555e79b2a518fabfe4c2ca2845a73b79', level='STATEMENT', operation='INSERT', pgid='pgtrigger_refunded_within_0df95', referencing='REFERENCING NEW TABLE AS new_rows ', table='transactions_transaction', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='transaction',
            trigger=pgtrigger.compiler.Trigger(name='settles_on_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (SELECT FROM new_rows paid JOIN invoices_invoice invoice ON invoice.id = paid.invoice_id\n               WHERE invoice.currency <> paid.currency OR invoice.client_id IS DISTINCT FROM paid.client_id) THEN\n        RAISE EXCEPTION 'A transaction settles only an invoice of its own client and currency.' USING ERRCODE = 'check_violation';\n    END IF;\n\n    UPDATE invoices_invoice invoice\n    SET amount_paid = invoice.amount_paid + moved.amount,\n        status = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.status\n            WHEN invoice.balance_due = moved.amount THEN 'paid'\n            ELSE 'unpaid' END,\n        paid_at = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.paid_at\n            WHEN invoice.balance_due = moved.amount THEN statement_timestamp()\n            END\n    FROM (SELECT invoice_id, sum(amount) AS amount FROM (SELECT invoice_id, amount_in - amount_out AS amount FROM new_rows) changes\n          WHERE invoice_id IS NOT NULL GROUP BY invoice_id HAVING sum(amount) <> 0) moved\n    WHERE invoice.id = moved.invoice_id;\n    RETURN NULL;\n", hash='bfeb53ca69b62ea3d39f8c863aec46c3350bde32', level='STATEMENT', operation='INSERT', pgid='pgtrigger_settles_on_insert_4592a', referencing='REFERENCING NEW TABLE AS new_rows ', table='transactions_transaction', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='transaction',
            trigger=pgtrigger.compiler.Trigger(name='settles_on_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (current_setting('billing_admin.maintenance', true) = 'merge' OR current_setting('billing_admin.maintenance', true) = 'delete') IS NOT TRUE THEN \n    IF EXISTS (SELECT FROM new_rows paid JOIN invoices_invoice invoice ON invoice.id = paid.invoice_id\n               WHERE invoice.currency <> paid.currency OR invoice.client_id IS DISTINCT FROM paid.client_id) THEN\n        RAISE EXCEPTION 'A transaction settles only an invoice of its own client and currency.' USING ERRCODE = 'check_violation';\n    END IF;\n END IF;\n    UPDATE invoices_invoice invoice\n    SET amount_paid = invoice.amount_paid + moved.amount,\n        status = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.status\n            WHEN invoice.balance_due = moved.amount THEN 'paid'\n            ELSE 'unpaid' END,\n        paid_at = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.paid_at\n            WHEN invoice.balance_due = moved.amount THEN statement_timestamp()\n            END\n    FROM (SELECT invoice_id, sum(amount) AS amount FROM (SELECT invoice_id, amount_in - amount_out AS amount FROM new_rows UNION ALL SELECT invoice_id, amount_out - amount_in FROM old_rows) changes\n          WHERE invoice_id IS NOT NULL GROUP BY invoice_id HAVING sum(amount) <> 0) moved\n    WHERE invoice.id = moved.invoice_id;\n    RETURN NULL;\n", hash='03d6c4089b44934971512f923eebc937b7c745f1', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_settles_on_update_a3a87', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='transactions_transaction', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='transaction',
            trigger=pgtrigger.compiler.Trigger(name='settles_on_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    UPDATE invoices_invoice invoice\n    SET amount_paid = invoice.amount_paid + moved.amount,\n        status = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.status\n            WHEN invoice.balance_due = moved.amount THEN 'paid'\n            ELSE 'unpaid' END,\n        paid_at = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.paid_at\n            WHEN invoice.balance_due = moved.amount THEN statement_timestamp()\n            END\n    FROM (SELECT invoice_id, sum(amount) AS amount FROM (SELECT invoice_id, amount_out - amount_in AS amount FROM old_rows) changes\n          WHERE invoice_id IS NOT NULL GROUP BY invoice_id HAVING sum(amount) <> 0) moved\n    WHERE invoice.id = moved.invoice_id;\n    RETURN NULL;\n", hash='e7f04dd1575cd3993365298c2cc6d871a2b06f60', level='STATEMENT', operation='DELETE', pgid='pgtrigger_settles_on_delete_f206c', referencing='REFERENCING OLD TABLE AS old_rows ', table='transactions_transaction', when='AFTER')),
        ),
        migrations.RunSQL(
            "INSERT INTO transactions_paymentmethod (name, active)"
            " VALUES ('Bank transfer', true), ('Card', true), ('PayPal', true), ('Cash', true)",
            migrations.RunSQL.noop,
        ),
    ]
