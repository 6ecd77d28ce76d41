"""Invoices of other systems: marked, with the number that they had, and what they came to there in tables of their own.

The number as it is printed becomes a plain column, in the catalogue alone. The new rules are made valid after
`migrate`, while others work.
"""

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

import billing_admin.db.functions
import billing_admin.db.keys
import billing_admin.money.fields

# The version before goes on: a trigger gives the label of what it numbers.
_LABEL = """
    ALTER TABLE invoices_invoice
        -- squawk-ignore ban-drop-generated-expression
        ALTER COLUMN label DROP EXPRESSION,
        ALTER COLUMN label SET DEFAULT 'Draft'
"""
_LABEL_BACK = """
    ALTER TABLE invoices_invoice
        DROP COLUMN label,
        ADD COLUMN label text GENERATED ALWAYS AS
            (coalesce(document_label(number_prefix, number), 'Draft')) STORED NOT NULL
"""
# The texts of other systems have any length. Nothing is written anew for it.
_DESCRIPTION = """
    -- squawk-ignore changing-column-type
    ALTER TABLE invoices_invoiceline ALTER COLUMN description TYPE text
"""
# Both tables are new and empty.
_KEYS = """
    -- squawk-ignore constraint-missing-not-valid
    ALTER TABLE invoices_importedinvoice VALIDATE CONSTRAINT imported_of_its_invoice;
    -- squawk-ignore constraint-missing-not-valid
    ALTER TABLE invoices_importedline VALIDATE CONSTRAINT imported_line_of_its_invoice
"""
_DESCRIPTION_BACK = "ALTER TABLE invoices_invoiceline ALTER COLUMN description TYPE varchar(500)"


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0028_approval_mail'),
        ('invoices', '0016_reminders'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ImportedInvoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('invoice', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='imported', to='invoices.invoice')),
                ('client', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.client')),
                ('currency', billing_admin.money.fields.CurrencyField(max_length=3)),
                ('status', models.TextField(blank=True)),
                ('subtotal', billing_admin.money.fields.MoneyField(currency_field_name='currency', decimal_places=3, max_digits=18)),
                ('tax', billing_admin.money.fields.MoneyField(currency_field_name='currency', decimal_places=3, max_digits=18)),
                ('tax2', billing_admin.money.fields.MoneyField(currency_field_name='currency', decimal_places=3, max_digits=18)),
                ('tax_rate', models.DecimalField(decimal_places=3, max_digits=10)),
                ('tax2_rate', models.DecimalField(decimal_places=3, max_digits=10)),
                ('credit', billing_admin.money.fields.MoneyField(currency_field_name='currency', decimal_places=3, max_digits=18)),
                ('total', billing_admin.money.fields.MoneyField(currency_field_name='currency', decimal_places=3, max_digits=18)),
                ('paid', billing_admin.money.fields.MoneyField(currency_field_name='currency', decimal_places=3, max_digits=18)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ImportedLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('invoice', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='imported_lines', to='invoices.invoice')),
                ('client', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.client')),
                ('currency', billing_admin.money.fields.CurrencyField(max_length=3)),
                ('position', models.PositiveIntegerField()),
                ('description', models.TextField(blank=True)),
                ('amount', billing_admin.money.fields.MoneyField(currency_field_name='currency', decimal_places=3, max_digits=18)),
                ('taxed', models.BooleanField(default=False)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='creditnote',
            name='credits_on_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='creditnote',
            name='credits_on_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='invoice',
            name='issued_frozen',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='invoice',
            name='settlement_start',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='writeoff',
            name='settles_on_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='writeoff',
            name='settles_on_insert',
        ),
        migrations.RemoveConstraint(
            model_name='invoice',
            name='invoice_amounts_not_negative',
        ),
        migrations.RemoveConstraint(
            model_name='invoice',
            name='invoice_numbered_when_issued',
        ),
        migrations.RemoveConstraint(
            model_name='invoice',
            name='invoice_settled_within_total',
        ),
        migrations.AddField(
            model_name='invoice',
            name='origin',
            field=models.CharField(blank=True, choices=[('', 'Made here'), ('open', 'Imported open'), ('history', 'Imported history')], db_default='', default='', max_length=7),
        ),
        migrations.AddField(
            model_name='numberseries',
            name='first_number',
            field=models.PositiveBigIntegerField(db_default=1, default=1),
        ),
        # A generated column becomes a plain one in the catalogue alone: no row is written anew.
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(_LABEL, _LABEL_BACK)],
            state_operations=[
                migrations.AlterField(
                    model_name='invoice',
                    name='label',
                    field=models.TextField(db_default='Draft'),
                ),
            ],
        ),
        # PostgreSQL changes the type of no column that a trigger names.
        pgtrigger.migrations.RemoveTrigger(
            model_name='invoiceline',
            name='issued_unchanged',
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(_DESCRIPTION, _DESCRIPTION_BACK)],
            state_operations=[
                migrations.AlterField(
                    model_name='invoiceline',
                    name='description',
                    field=models.TextField(),
                ),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoiceline',
            trigger=pgtrigger.compiler.Trigger(name='issued_unchanged', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.invoice_id IS DISTINCT FROM NEW.invoice_id OR OLD.billable_item_id IS DISTINCT FROM NEW.billable_item_id OR OLD.period IS DISTINCT FROM NEW.period OR OLD.position IS DISTINCT FROM NEW.position OR OLD.description IS DISTINCT FROM NEW.description OR OLD.quantity IS DISTINCT FROM NEW.quantity OR OLD.unit_price IS DISTINCT FROM NEW.unit_price OR OLD.tax_rate IS DISTINCT FROM NEW.tax_rate OR OLD.tax_included IS DISTINCT FROM NEW.tax_included OR OLD.amount IS DISTINCT FROM NEW.amount OR OLD.tax IS DISTINCT FROM NEW.tax OR OLD.po_number IS DISTINCT FROM NEW.po_number OR OLD.period_end IS DISTINCT FROM NEW.period_end OR OLD.unit IS DISTINCT FROM NEW.unit OR OLD.tax_category IS DISTINCT FROM NEW.tax_category OR OLD.tax_reason IS DISTINCT FROM NEW.tax_reason)', func="\n                    IF EXISTS (SELECT FROM invoices_invoice\n                               WHERE id IN (OLD.invoice_id, NEW.invoice_id) AND status <> 'draft') THEN\n                        RAISE EXCEPTION 'The lines of an issued invoice never change.' USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='598981c06444240fa281389b832b6024434cabf5', operation='UPDATE', pgid='pgtrigger_issued_unchanged_f0d80', table='invoices_invoiceline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditnote',
            trigger=pgtrigger.compiler.Trigger(name='credits_on_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (SELECT FROM new_notes note LEFT JOIN invoices_invoice invoice ON invoice.id = note.invoice_id\n               WHERE invoice.id IS NULL OR invoice.client_id <> note.client_id OR invoice.currency <> note.currency\n                  OR invoice.status IN ('draft', 'cancelled')) THEN\n        RAISE EXCEPTION 'A credit note is of an issued invoice, and of its client and currency.' USING ERRCODE = 'check_violation';\n    END IF;\n\n    UPDATE invoices_invoice invoice\n    SET amount_credited = invoice.amount_credited + moved.amount,\n        status = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid', 'writtenoff') THEN invoice.status\n            WHEN invoice.balance_due <> moved.amount THEN 'unpaid'\n            WHEN invoice.amount_written_off > 0 THEN 'writtenoff'\n            ELSE 'paid' END,\n        paid_at = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid', 'writtenoff') THEN invoice.paid_at\n            WHEN invoice.balance_due = moved.amount AND invoice.amount_written_off = 0 THEN statement_timestamp()\n            END\n    FROM (SELECT invoice_id, sum(amount) AS amount FROM (SELECT invoice_id, total AS amount FROM new_notes) changes\n          WHERE invoice_id IS NOT NULL GROUP BY invoice_id HAVING sum(amount) <> 0) moved\n    WHERE invoice.id = moved.invoice_id AND invoice.origin <> 'history';\n    RETURN NULL;", hash='cc3b196fa5afa76c5f8dadf5f584b63133f06ce6', level='STATEMENT', operation='INSERT', pgid='pgtrigger_credits_on_insert_5ed32', referencing='REFERENCING NEW TABLE AS new_notes ', table='invoices_creditnote', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditnote',
            trigger=pgtrigger.compiler.Trigger(name='credits_on_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    UPDATE invoices_invoice invoice\n    SET amount_credited = invoice.amount_credited + moved.amount,\n        status = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid', 'writtenoff') THEN invoice.status\n            WHEN invoice.balance_due <> moved.amount THEN 'unpaid'\n            WHEN invoice.amount_written_off > 0 THEN 'writtenoff'\n            ELSE 'paid' END,\n        paid_at = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid', 'writtenoff') THEN invoice.paid_at\n            WHEN invoice.balance_due = moved.amount AND invoice.amount_written_off = 0 THEN statement_timestamp()\n            END\n    FROM (SELECT invoice_id, sum(amount) AS amount FROM (SELECT invoice_id, -total AS amount FROM old_notes) changes\n          WHERE invoice_id IS NOT NULL GROUP BY invoice_id HAVING sum(amount) <> 0) moved\n    WHERE invoice.id = moved.invoice_id AND invoice.origin <> 'history';\n    RETURN NULL;", hash='7a3e383073f321ac1223eafc66093ecb3201ef7a', level='STATEMENT', operation='DELETE', pgid='pgtrigger_credits_on_delete_90994', referencing='REFERENCING OLD TABLE AS old_notes ', table='invoices_creditnote', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoice',
            trigger=pgtrigger.compiler.Trigger(name='issued_frozen', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.number IS DISTINCT FROM NEW.number OR OLD.number_prefix IS DISTINCT FROM NEW.number_prefix OR OLD.label IS DISTINCT FROM NEW.label OR OLD.subtotal IS DISTINCT FROM NEW.subtotal OR OLD.tax IS DISTINCT FROM NEW.tax OR OLD.total IS DISTINCT FROM NEW.total OR OLD.issued_on IS DISTINCT FROM NEW.issued_on OR OLD.due_on IS DISTINCT FROM NEW.due_on OR OLD.po_number IS DISTINCT FROM NEW.po_number OR OLD.seller_id IS DISTINCT FROM NEW.seller_id OR OLD.bill_to_name IS DISTINCT FROM NEW.bill_to_name OR OLD.bill_to_address IS DISTINCT FROM NEW.bill_to_address OR OLD.bill_to_email IS DISTINCT FROM NEW.bill_to_email OR OLD.bill_to_tax_id IS DISTINCT FROM NEW.bill_to_tax_id OR OLD.bill_to_person IS DISTINCT FROM NEW.bill_to_person OR OLD.bill_to_line_1 IS DISTINCT FROM NEW.bill_to_line_1 OR OLD.bill_to_line_2 IS DISTINCT FROM NEW.bill_to_line_2 OR OLD.bill_to_postcode IS DISTINCT FROM NEW.bill_to_postcode OR OLD.bill_to_city IS DISTINCT FROM NEW.bill_to_city OR OLD.bill_to_region IS DISTINCT FROM NEW.bill_to_region OR OLD.bill_to_country IS DISTINCT FROM NEW.bill_to_country OR OLD.bill_to_registration IS DISTINCT FROM NEW.bill_to_registration OR OLD.bill_to_e_scheme IS DISTINCT FROM NEW.bill_to_e_scheme OR OLD.bill_to_e_address IS DISTINCT FROM NEW.bill_to_e_address OR OLD.buyer_reference IS DISTINCT FROM NEW.buyer_reference OR OLD.language IS DISTINCT FROM NEW.language OR OLD.e_invoice IS DISTINCT FROM NEW.e_invoice OR OLD.accounting_rate IS DISTINCT FROM NEW.accounting_rate) AND (OLD.status = 'draft') IS NOT TRUE)", func="RAISE EXCEPTION 'An issued invoice never changes. Correct it with a new document.' USING ERRCODE = 'check_violation';", hash='85ae275a6a51189cf39f438ecd3303f4cc95e3cd', operation='UPDATE', pgid='pgtrigger_issued_frozen_b775d', table='invoices_invoice', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoice',
            trigger=pgtrigger.compiler.Trigger(name='settlement_start', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((NEW.amount_paid <> 0 OR NEW.amount_credited <> 0 OR NEW.amount_written_off <> 0) AND NOT (NEW.origin = 'history'))", func="RAISE EXCEPTION 'What settles an invoice follows the ledger, the transactions, credit notes and write-offs; write those.' USING ERRCODE = 'check_violation';", hash='0d2bd9300971969c828ba5cd35203ea70c2bd1d1', operation='INSERT', pgid='pgtrigger_settlement_start_74b95', table='invoices_invoice', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoice',
            trigger=pgtrigger.compiler.Trigger(name='label_follows', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (NEW.number IS NOT NULL AND NEW.label = 'Draft')", func='NEW.label := document_label(NEW.number_prefix, NEW.number); RETURN NEW;', hash='b5e32a70f080d84fd4944bbfa0358d53b407746c', operation='INSERT OR UPDATE', pgid='pgtrigger_label_follows_0fdd2', table='invoices_invoice', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoice',
            trigger=pgtrigger.compiler.Trigger(name='imported_by_import', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (NEW.origin <> '' AND (current_setting('billing_admin.maintenance', true) = 'import') IS NOT TRUE)", func="RAISE EXCEPTION 'Only an import brings invoices of another system.' USING ERRCODE = 'check_violation';", hash='556e463d032f52afa06bec8b68aa7c65accc1de0', operation='INSERT', pgid='pgtrigger_imported_by_import_47e77', table='invoices_invoice', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoice',
            trigger=pgtrigger.compiler.Trigger(name='origin_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.origin IS DISTINCT FROM NEW.origin) AND (false) IS NOT TRUE)', func="RAISE EXCEPTION 'Where an invoice came from never changes.' USING ERRCODE = 'check_violation';", hash='338cd379e0fd2d04547ff3ad5c34cefe3c77f0f1', operation='UPDATE', pgid='pgtrigger_origin_stays_fe04a', table='invoices_invoice', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoice',
            trigger=pgtrigger.compiler.Trigger(name='history_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.status IS DISTINCT FROM NEW.status OR OLD.paid_at IS DISTINCT FROM NEW.paid_at OR OLD.cancelled_at IS DISTINCT FROM NEW.cancelled_at OR OLD.amount_paid IS DISTINCT FROM NEW.amount_paid) AND (OLD.origin <> 'history') IS NOT TRUE)", func="RAISE EXCEPTION 'An invoice that ended in another system stays as it ended there.' USING ERRCODE = 'check_violation';", hash='f489c474e536f7994585d34143faac0f88923f0d', operation='UPDATE', pgid='pgtrigger_history_stays_2cfbb', table='invoices_invoice', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='numberseries',
            trigger=pgtrigger.compiler.Trigger(name='first_number_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.first_number IS DISTINCT FROM NEW.first_number) AND (false) IS NOT TRUE)', func="RAISE EXCEPTION 'Where a number series began never changes.' USING ERRCODE = 'check_violation';", hash='6050be69aa943620b7fba0c5257ffaf08dc55fe9', operation='UPDATE', pgid='pgtrigger_first_number_stays_1b043', table='invoices_numberseries', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='numberseries',
            trigger=pgtrigger.compiler.Trigger(name='begins_at_its_first', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW.first_number <> 1)', func="\n                    IF NEW.next_number <> NEW.first_number OR (current_setting('billing_admin.maintenance', true) = 'import') IS NOT TRUE THEN\n                        RAISE EXCEPTION 'Only an import begins a number series after 1, before anything has a number of it.' USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='c8303f31c6dbd0f7620f91b9793f557234d1a4cd', operation='INSERT', pgid='pgtrigger_begins_at_its_first_8aa35', table='invoices_numberseries', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='writeoff',
            trigger=pgtrigger.compiler.Trigger(name='settles_on_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (SELECT FROM new_rows written LEFT JOIN invoices_invoice invoice ON invoice.id = written.invoice_id\n               WHERE written.amount > 0 AND invoice.status IS DISTINCT FROM 'unpaid') THEN\n        RAISE EXCEPTION 'Only what is due on an unpaid invoice is written off.' USING ERRCODE = 'check_violation';\n    END IF;\n    IF EXISTS (\n        SELECT FROM invoices_writeoff written\n        JOIN (SELECT reverses_id, sum(amount) AS amount, array_agg(invoice_id) AS invoices FROM invoices_writeoff\n              WHERE reverses_id IN (SELECT reverses_id FROM new_rows) GROUP BY reverses_id) back\n          ON back.reverses_id = written.id\n        WHERE written.amount < -back.amount OR written.amount < 0 OR written.invoice_id <> ANY (back.invoices)\n    ) THEN\n        RAISE EXCEPTION 'No more of a write-off is taken back than was written off, and of its own invoice.' USING ERRCODE = 'check_violation';\n    END IF;\n\n    UPDATE invoices_invoice invoice\n    SET amount_written_off = invoice.amount_written_off + moved.amount,\n        status = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid', 'writtenoff') THEN invoice.status\n            WHEN invoice.balance_due <> moved.amount THEN 'unpaid'\n            WHEN invoice.amount_written_off + moved.amount > 0 THEN 'writtenoff'\n            ELSE 'paid' END,\n        paid_at = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid', 'writtenoff') THEN invoice.paid_at\n            WHEN invoice.balance_due = moved.amount AND invoice.amount_written_off + moved.amount = 0 THEN statement_timestamp()\n            END\n    FROM (SELECT invoice_id, sum(amount) AS amount FROM (SELECT invoice_id, amount FROM new_rows) changes\n          WHERE invoice_id IS NOT NULL GROUP BY invoice_id HAVING sum(amount) <> 0) moved\n    WHERE invoice.id = moved.invoice_id AND invoice.origin <> 'history';\n    RETURN NULL;", hash='1709320516eeb0ec9653a56116a79fd2201badab', level='STATEMENT', operation='INSERT', pgid='pgtrigger_settles_on_insert_f99d2', referencing='REFERENCING NEW TABLE AS new_rows ', table='invoices_writeoff', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='writeoff',
            trigger=pgtrigger.compiler.Trigger(name='settles_on_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    UPDATE invoices_invoice invoice\n    SET amount_written_off = invoice.amount_written_off + moved.amount,\n        status = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid', 'writtenoff') THEN invoice.status\n            WHEN invoice.balance_due <> moved.amount THEN 'unpaid'\n            WHEN invoice.amount_written_off + moved.amount > 0 THEN 'writtenoff'\n            ELSE 'paid' END,\n        paid_at = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid', 'writtenoff') THEN invoice.paid_at\n            WHEN invoice.balance_due = moved.amount AND invoice.amount_written_off + moved.amount = 0 THEN statement_timestamp()\n            END\n    FROM (SELECT invoice_id, sum(amount) AS amount FROM (SELECT invoice_id, -amount AS amount FROM old_rows) changes\n          WHERE invoice_id IS NOT NULL GROUP BY invoice_id HAVING sum(amount) <> 0) moved\n    WHERE invoice.id = moved.invoice_id AND invoice.origin <> 'history';\n    RETURN NULL;", hash='599e7d4863d88a9344b3feb2af6ec9fdd9a3410a', level='STATEMENT', operation='DELETE', pgid='pgtrigger_settles_on_delete_fe1a7', referencing='REFERENCING OLD TABLE AS old_rows ', table='invoices_writeoff', when='AFTER')),
        ),
        AddConstraintNotValid(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(('origin__in', ['', 'open', 'history'])), name='invoice_origin'),
        ),
        AddConstraintNotValid(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(('label', django.db.models.functions.comparison.Coalesce(billing_admin.db.functions.DocumentLabel(models.F('number_prefix'), models.F('number')), models.Value('Draft'), output_field=models.TextField())), models.Q(models.Q(('origin', ''), _negated=True), ('number', None), models.Q(('label', ''), _negated=True), models.Q(('status', 'draft'), _negated=True)), _connector='OR'), name='invoice_label'),
        ),
        AddConstraintNotValid(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('origin', 'history'), _negated=True), models.Q(('amount_credited', 0), ('amount_paid', models.F('total')), ('amount_written_off', 0), ('credit_applied', 0), ('status', 'paid')), models.Q(('amount_credited', 0), ('amount_paid', 0), ('amount_written_off', 0), ('credit_applied', 0), ('status__in', ['cancelled', 'refunded'])), _connector='OR'), name='invoice_history'),
        ),
        AddConstraintNotValid(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(('origin', 'history'), models.Q(('subtotal__gte', 0), ('tax__gte', 0)), _connector='OR'), name='invoice_amounts_not_negative'),
        ),
        AddConstraintNotValid(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(('origin', 'history'), models.Q(('amount_credited__gte', 0), ('amount_paid__gte', 0), ('amount_written_off__gte', 0), ('credit_applied__gte', 0), ('total__gte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('credit_applied'), '+', models.F('amount_paid')), '+', models.F('amount_credited')), '+', models.F('amount_written_off')))), _connector='OR'), name='invoice_settled_within_total'),
        ),
        AddConstraintNotValid(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('number', None), ('status', 'draft')), models.Q(models.Q(('status', 'draft'), _negated=True), ('due_on__isnull', False), ('issued_on__isnull', False), models.Q(models.Q(('number__gt', 0), ('number__isnull', False)), models.Q(models.Q(('origin', ''), _negated=True), ('number', None)), _connector='OR')), _connector='OR'), name='invoice_numbered_when_issued'),
        ),
        migrations.AddConstraint(
            model_name='importedinvoice',
            constraint=billing_admin.db.keys.SameAs(fields=('invoice', 'client', 'currency'), name='imported_of_its_invoice', to='invoices.Invoice', to_fields=('id', 'client', 'currency')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='importedinvoice',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.currency IS DISTINCT FROM NEW.currency OR OLD.invoice_id IS DISTINCT FROM NEW.invoice_id OR OLD.status IS DISTINCT FROM NEW.status OR OLD.subtotal IS DISTINCT FROM NEW.subtotal OR OLD.tax IS DISTINCT FROM NEW.tax OR OLD.tax2 IS DISTINCT FROM NEW.tax2 OR OLD.tax_rate IS DISTINCT FROM NEW.tax_rate OR OLD.tax2_rate IS DISTINCT FROM NEW.tax2_rate OR OLD.credit IS DISTINCT FROM NEW.credit OR OLD.total IS DISTINCT FROM NEW.total OR OLD.paid IS DISTINCT FROM NEW.paid) AND (false) IS NOT TRUE)', func="RAISE EXCEPTION 'What an invoice came to in another system stays as it was.' USING ERRCODE = 'check_violation';", hash='d50f153eb0dc83ba0af6e751a5d3cfda21d8db11', operation='UPDATE', pgid='pgtrigger_append_only_27a79', table='invoices_importedinvoice', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='importedinvoice',
            trigger=pgtrigger.compiler.Trigger(name='stays_with_client', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.client_id IS DISTINCT FROM NEW.client_id) AND (current_setting('billing_admin.maintenance', true) = 'merge') IS NOT TRUE)", func="RAISE EXCEPTION 'What an invoice came to in another system stays as it was. Only a merge moves it.' USING ERRCODE = 'check_violation';", hash='ba0c16916224a4b2bfa56939b115b2249bcf6c57', operation='UPDATE', pgid='pgtrigger_stays_with_client_beb51', table='invoices_importedinvoice', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='importedinvoice',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((current_setting('billing_admin.maintenance', true) = 'delete') IS NOT TRUE)", func="RAISE EXCEPTION 'What an invoice came to in another system stays as it was.' USING ERRCODE = 'check_violation';", hash='34adb187ad3db135f74b642795c3584b21361ec2', operation='DELETE', pgid='pgtrigger_never_deleted_8c304', table='invoices_importedinvoice', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='importedinvoice',
            trigger=pgtrigger.compiler.Trigger(name='imported_by_import', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((current_setting('billing_admin.maintenance', true) = 'import') IS NOT TRUE)", func="RAISE EXCEPTION 'Only an import says this.' USING ERRCODE = 'check_violation';", hash='6d4d5e29e7e189255f444a108591b475f0ea4707', operation='INSERT', pgid='pgtrigger_imported_by_import_1a88a', table='invoices_importedinvoice', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='importedinvoice',
            trigger=pgtrigger.compiler.Trigger(name='write_down', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                INSERT INTO billing_admin_writtenrows (table_name, row_ids, client_ids, digests, typed)\n                SELECT 'invoices_importedinvoice', array_agg(id), array_agg(client_id), array_agg(hash_record_extended(ROW(id, currency, invoice_id, status, subtotal, tax, tax2, tax_rate, tax2_rate, credit, total, paid), 0)),\n                       array_agg(hashtextextended(nullif('', ''), 0))\n                FROM new_rows HAVING count(*) > 0;\n                RETURN NULL;\n            ", hash='37f660677cc6c1b4cd7e37f22ae88cf5f07783ba', level='STATEMENT', operation='INSERT', pgid='pgtrigger_write_down_2513c', referencing='REFERENCING NEW TABLE AS new_rows ', table='invoices_importedinvoice', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='importedline',
            constraint=billing_admin.db.keys.SameAs(fields=('invoice', 'client', 'currency'), name='imported_line_of_its_invoice', to='invoices.Invoice', to_fields=('id', 'client', 'currency')),
        ),
        migrations.AddConstraint(
            model_name='importedline',
            constraint=models.UniqueConstraint(fields=('invoice', 'position'), name='imported_line_position_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='importedline',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.currency IS DISTINCT FROM NEW.currency OR OLD.invoice_id IS DISTINCT FROM NEW.invoice_id OR OLD.position IS DISTINCT FROM NEW.position OR OLD.description IS DISTINCT FROM NEW.description OR OLD.amount IS DISTINCT FROM NEW.amount OR OLD.taxed IS DISTINCT FROM NEW.taxed) AND (false) IS NOT TRUE)', func="RAISE EXCEPTION 'What an invoice came to in another system stays as it was.' USING ERRCODE = 'check_violation';", hash='c82ea4ed49bdce487916eb77832219da3615940e', operation='UPDATE', pgid='pgtrigger_append_only_7c931', table='invoices_importedline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='importedline',
            trigger=pgtrigger.compiler.Trigger(name='stays_with_client', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.client_id IS DISTINCT FROM NEW.client_id) AND (current_setting('billing_admin.maintenance', true) = 'merge') IS NOT TRUE)", func="RAISE EXCEPTION 'What an invoice came to in another system stays as it was. Only a merge moves it.' USING ERRCODE = 'check_violation';", hash='10e7dbf71f77733ad64130b7c51e06b025474fe0', operation='UPDATE', pgid='pgtrigger_stays_with_client_a1f6b', table='invoices_importedline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='importedline',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((current_setting('billing_admin.maintenance', true) = 'delete') IS NOT TRUE)", func="RAISE EXCEPTION 'What an invoice came to in another system stays as it was.' USING ERRCODE = 'check_violation';", hash='5ea8bfda03eaaffb42cfbbb1affec7f90038660f', operation='DELETE', pgid='pgtrigger_never_deleted_8f59e', table='invoices_importedline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='importedline',
            trigger=pgtrigger.compiler.Trigger(name='imported_by_import', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((current_setting('billing_admin.maintenance', true) = 'import') IS NOT TRUE)", func="RAISE EXCEPTION 'Only an import says this.' USING ERRCODE = 'check_violation';", hash='ec79b733c99b3049cbfc9730085316592671ca66', operation='INSERT', pgid='pgtrigger_imported_by_import_f6cf8', table='invoices_importedline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='importedline',
            trigger=pgtrigger.compiler.Trigger(name='write_down', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                INSERT INTO billing_admin_writtenrows (table_name, row_ids, client_ids, digests, typed)\n                SELECT 'invoices_importedline', array_agg(id), array_agg(client_id), array_agg(hash_record_extended(ROW(id, currency, invoice_id, position, description, amount, taxed), 0)),\n                       array_agg(hashtextextended(nullif('', ''), 0))\n                FROM new_rows HAVING count(*) > 0;\n                RETURN NULL;\n            ", hash='6e80b8919dee45eea199ee6c8013516e107c49bd', level='STATEMENT', operation='INSERT', pgid='pgtrigger_write_down_45091', referencing='REFERENCING NEW TABLE AS new_rows ', table='invoices_importedline', when='AFTER')),
        ),
        migrations.RunSQL(_KEYS, migrations.RunSQL.noop),
    ]
