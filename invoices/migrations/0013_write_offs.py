"""What will not be paid is written off: rows of their own, and a sum on the invoice that follows them.

`balance_due` is reckoned anew from five sums, for which the table of invoices is written anew, once: about 20 seconds
for a million invoices, in which nobody else reads or writes them.
"""

from decimal import Decimal

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.lookups
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

import billing_admin.db.functions
import billing_admin.db.keys
import billing_admin.money.fields

_ONE_ALTER = """
    ALTER TABLE invoices_invoice
        ADD COLUMN amount_written_off numeric(18, 3) DEFAULT 0 NOT NULL,
        DROP COLUMN balance_due,
        -- squawk-ignore adding-field-with-default
        ADD COLUMN balance_due numeric(18, 3) GENERATED ALWAYS AS
            ((((total - credit_applied) - amount_paid) - amount_credited) - amount_written_off) STORED
"""
_BACK = """
    ALTER TABLE invoices_invoice
        DROP COLUMN balance_due,
        DROP COLUMN amount_written_off,
        ADD COLUMN balance_due numeric(18, 3) GENERATED ALWAYS AS
            (((total - credit_applied) - amount_paid) - amount_credited) STORED;
    CREATE INDEX invoice_not_paid_of_client ON invoices_invoice (client_id, status, id)
        INCLUDE (currency, due_on, balance_due) WHERE NOT (status = 'paid')
"""


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0019_issued_documents'),
        ('invoices', '0012_due_date_stays'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='invoice',
            options={'default_permissions': (), 'permissions': (('view_invoice', 'See invoices'), ('issue_invoice', 'Create and issue invoices'), ('cancel_invoice', 'Cancel invoices'), ('write_off_invoice', 'Write off what will not be paid'))},
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='creditnote',
            name='credits_on_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='creditnote',
            name='credits_on_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='invoice',
            name='settlement_moves',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='invoice',
            name='settlement_start',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='invoice',
            name='settled_at_start',
        ),
        migrations.RemoveConstraint(
            model_name='invoice',
            name='invoice_places',
        ),
        migrations.RemoveConstraint(
            model_name='invoice',
            name='invoice_status',
        ),
        migrations.RemoveConstraint(
            model_name='invoice',
            name='invoice_settled_within_total',
        ),
        migrations.RemoveConstraint(
            model_name='invoice',
            name='invoice_paid_exactly_when_nothing_due',
        ),
        migrations.RemoveConstraint(
            model_name='invoice',
            name='invoice_unsettled_unless_issued',
        ),
        # One statement, so that the table is written anew once. A generated column cannot be altered; the index that
        # includes it goes with it and is made again by the next migration.
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(_ONE_ALTER, _BACK)],
            state_operations=[
                migrations.RemoveIndex(
                    model_name='invoice',
                    name='invoice_not_paid_of_client',
                ),
                migrations.AddField(
                    model_name='invoice',
                    name='amount_written_off',
                    field=billing_admin.money.fields.MoneyField(currency_field_name='currency', db_default=Decimal('0'), decimal_places=3, default=Decimal('0'), max_digits=18),
                ),
                migrations.AlterField(
                    model_name='invoice',
                    name='balance_due',
                    field=models.GeneratedField(db_persist=True, expression=django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('total'), '-', models.F('credit_applied')), '-', models.F('amount_paid')), '-', models.F('amount_credited')), '-', models.F('amount_written_off')), output_field=models.DecimalField(decimal_places=3, max_digits=18)),
                ),
            ],
        ),
        migrations.AlterField(
            model_name='invoice',
            name='status',
            field=models.CharField(choices=[('draft', 'Draft'), ('unpaid', 'Unpaid'), ('paid', 'Paid'), ('cancelled', 'Cancelled'), ('refunded', 'Refunded'), ('writtenoff', 'Written off')], default='draft', max_length=10),
        ),
        migrations.CreateModel(
            name='WriteOff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('client', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='write_offs', to='clients.client')),
                ('invoice', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='write_offs', to='invoices.invoice')),
                ('currency', billing_admin.money.fields.CurrencyField(max_length=3)),
                ('amount', billing_admin.money.fields.MoneyField(currency_field_name='currency', decimal_places=3, max_digits=18)),
                ('reverses', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversals', to='invoices.writeoff')),
                ('description', models.CharField(blank=True, db_default='', default='', max_length=500)),
                ('note', models.TextField(blank=True, db_default='', default='')),
                ('created_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by_name', models.CharField(max_length=150)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditnote',
            trigger=pgtrigger.compiler.Trigger(name='credits_on_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (SELECT FROM new_notes note LEFT JOIN invoices_invoice invoice ON invoice.id = note.invoice_id\n               WHERE invoice.id IS NULL OR invoice.client_id <> note.client_id OR invoice.currency <> note.currency\n                  OR invoice.status IN ('draft', 'cancelled')) THEN\n        RAISE EXCEPTION 'A credit note is of an issued invoice, and of its client and currency.' USING ERRCODE = 'check_violation';\n    END IF;\n\n    UPDATE invoices_invoice invoice\n    SET amount_credited = invoice.amount_credited + moved.amount,\n        status = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid', 'writtenoff') THEN invoice.status\n            WHEN invoice.balance_due <> moved.amount THEN 'unpaid'\n            WHEN invoice.amount_written_off > 0 THEN 'writtenoff'\n            ELSE 'paid' END,\n        paid_at = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid', 'writtenoff') THEN invoice.paid_at\n            WHEN invoice.balance_due = moved.amount AND invoice.amount_written_off = 0 THEN statement_timestamp()\n            END\n    FROM (SELECT invoice_id, sum(amount) AS amount FROM (SELECT invoice_id, total AS amount FROM new_notes) changes\n          WHERE invoice_id IS NOT NULL GROUP BY invoice_id HAVING sum(amount) <> 0) moved\n    WHERE invoice.id = moved.invoice_id;\n    RETURN NULL;", hash='3d34a6ef083ab873d0901b2e58d86c47e201b6fe', level='STATEMENT', operation='INSERT', pgid='pgtrigger_credits_on_insert_5ed32', referencing='REFERENCING NEW TABLE AS new_notes ', table='invoices_creditnote', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditnote',
            trigger=pgtrigger.compiler.Trigger(name='credits_on_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    UPDATE invoices_invoice invoice\n    SET amount_credited = invoice.amount_credited + moved.amount,\n        status = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid', 'writtenoff') THEN invoice.status\n            WHEN invoice.balance_due <> moved.amount THEN 'unpaid'\n            WHEN invoice.amount_written_off > 0 THEN 'writtenoff'\n            ELSE 'paid' END,\n        paid_at = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid', 'writtenoff') THEN invoice.paid_at\n            WHEN invoice.balance_due = moved.amount AND invoice.amount_written_off = 0 THEN statement_timestamp()\n            END\n    FROM (SELECT invoice_id, sum(amount) AS amount FROM (SELECT invoice_id, -total AS amount FROM old_notes) changes\n          WHERE invoice_id IS NOT NULL GROUP BY invoice_id HAVING sum(amount) <> 0) moved\n    WHERE invoice.id = moved.invoice_id;\n    RETURN NULL;", hash='106372b0a32a06fff35248c0ebf0d721c05e8e44', level='STATEMENT', operation='DELETE', pgid='pgtrigger_credits_on_delete_90994', referencing='REFERENCING OLD TABLE AS old_notes ', table='invoices_creditnote', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoice',
            trigger=pgtrigger.compiler.Trigger(name='settlement_start', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW.amount_paid <> 0 OR NEW.amount_credited <> 0 OR NEW.amount_written_off <> 0)', func="RAISE EXCEPTION 'What settles an invoice follows the ledger, the transactions, credit notes and write-offs; write those.' USING ERRCODE = 'check_violation';", hash='8e0223d826b43a27a9d308d837eae762f8635a91', operation='INSERT', pgid='pgtrigger_settlement_start_74b95', table='invoices_invoice', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoice',
            trigger=pgtrigger.compiler.Trigger(name='settlement_moves', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.credit_applied IS DISTINCT FROM NEW.credit_applied OR OLD.amount_paid IS DISTINCT FROM NEW.amount_paid OR OLD.amount_credited IS DISTINCT FROM NEW.amount_credited OR OLD.amount_written_off IS DISTINCT FROM NEW.amount_written_off) AND pg_trigger_depth() = 0)', func="RAISE EXCEPTION 'What settles an invoice follows the ledger, the transactions, credit notes and write-offs; write those.' USING ERRCODE = 'check_violation';", hash='bd875db0694314ea2c5ae8f339d9b7b96d96d3ac', operation='UPDATE', pgid='pgtrigger_settlement_moves_27356', table='invoices_invoice', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoice',
            trigger=pgtrigger.compiler.Trigger(name='settled_at_start', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE settled_otherwise boolean;', func="\n                    EXECUTE $proof$\n                        SELECT EXISTS (\n                            SELECT FROM new_rows invoice LEFT JOIN LATERAL (\n                                SELECT -sum(amount) AS applied FROM credits_creditentry WHERE invoice_id = invoice.id\n                            ) entries ON true\n                            WHERE coalesce(entries.applied, 0) <> invoice.credit_applied\n                        )\n                    $proof$ INTO settled_otherwise;\n                    IF settled_otherwise THEN\n                        RAISE EXCEPTION 'What settles an invoice follows the ledger, the transactions, credit notes and write-offs; write those.' USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NULL;\n                ", hash='d2b728af6ad72d63d7fe435de7d13050d4c9bf19', level='STATEMENT', operation='INSERT', pgid='pgtrigger_settled_at_start_abd18', referencing='REFERENCING NEW TABLE AS new_rows ', table='invoices_invoice', when='AFTER')),
        ),
        AddConstraintNotValid(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(django.db.models.lookups.GreaterThanOrEqual(django.db.models.functions.comparison.Coalesce(billing_admin.db.functions.MinorUnits(models.F('currency')), models.Value(-1)), django.db.models.functions.comparison.Greatest(models.Func(models.F('subtotal'), function='min_scale', output_field=models.IntegerField()), models.Func(models.F('tax'), function='min_scale', output_field=models.IntegerField()), models.Func(models.F('total'), function='min_scale', output_field=models.IntegerField()), models.Func(models.F('credit_applied'), function='min_scale', output_field=models.IntegerField()), models.Func(models.F('amount_paid'), function='min_scale', output_field=models.IntegerField()), models.Func(models.F('amount_credited'), function='min_scale', output_field=models.IntegerField()), models.Func(models.F('amount_written_off'), function='min_scale', output_field=models.IntegerField())))), name='invoice_places'),
        ),
        AddConstraintNotValid(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'unpaid', 'paid', 'cancelled', 'refunded', 'writtenoff'])), name='invoice_status'),
        ),
        AddConstraintNotValid(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(('amount_credited__gte', 0), ('amount_paid__gte', 0), ('amount_written_off__gte', 0), ('credit_applied__gte', 0), ('total__gte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('credit_applied'), '+', models.F('amount_paid')), '+', models.F('amount_credited')), '+', models.F('amount_written_off')))), name='invoice_settled_within_total'),
        ),
        AddConstraintNotValid(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['unpaid', 'paid', 'writtenoff']), _negated=True), models.Q(('amount_written_off', 0), ('status', 'paid'), ('total', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('credit_applied'), '+', models.F('amount_paid')), '+', models.F('amount_credited')), '+', models.F('amount_written_off')))), models.Q(('amount_written_off__gt', 0), ('status', 'writtenoff'), ('total', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('credit_applied'), '+', models.F('amount_paid')), '+', models.F('amount_credited')), '+', models.F('amount_written_off')))), models.Q(('status', 'unpaid'), ('total__gt', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('credit_applied'), '+', models.F('amount_paid')), '+', models.F('amount_credited')), '+', models.F('amount_written_off')))), _connector='OR'), name='invoice_paid_exactly_when_nothing_due'),
        ),
        AddConstraintNotValid(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['draft', 'cancelled']), _negated=True), models.Q(('amount_credited', 0), ('amount_paid', 0), ('amount_written_off', 0), ('credit_applied', 0)), _connector='OR'), name='invoice_unsettled_unless_issued'),
        ),
        migrations.AddIndex(
            model_name='writeoff',
            index=models.Index(fields=['invoice', 'id'], name='write_off_of_invoice'),
        ),
        migrations.AddIndex(
            model_name='writeoff',
            index=models.Index(fields=['client', '-id'], name='write_off_of_client'),
        ),
        migrations.AddIndex(
            model_name='writeoff',
            index=models.Index(fields=['created_at', 'id'], name='write_off_by_time'),
        ),
        migrations.AddIndex(
            model_name='writeoff',
            index=models.Index(condition=models.Q(('reverses__isnull', False)), fields=['reverses'], name='write_off_taken_back'),
        ),
        migrations.AddIndex(
            model_name='writeoff',
            index=models.Index(condition=models.Q(('created_by__isnull', False)), fields=['created_by'], name='write_off_by_creator'),
        ),
        migrations.AddIndex(
            model_name='writeoff',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(models.F('note'), name='gin_trgm_ops'), condition=models.Q(('note', ''), _negated=True), name='write_off_by_note'),
        ),
        migrations.AddConstraint(
            model_name='writeoff',
            constraint=models.CheckConstraint(condition=models.Q(django.db.models.lookups.GreaterThanOrEqual(django.db.models.functions.comparison.Coalesce(billing_admin.db.functions.MinorUnits(models.F('currency')), models.Value(-1)), models.Func(models.F('amount'), function='min_scale', output_field=models.IntegerField()))), name='write_off_places'),
        ),
        migrations.AddConstraint(
            model_name='writeoff',
            constraint=billing_admin.db.keys.SameAs(fields=('invoice', 'client', 'currency'), name='write_off_of_its_invoice', to='invoices.Invoice', to_fields=('id', 'client', 'currency')),
        ),
        migrations.AddConstraint(
            model_name='writeoff',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount__gt', 0), ('reverses', None)), models.Q(('amount__lt', 0), ('reverses__isnull', False)), _connector='OR'), name='write_off_or_taken_back'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='writeoff',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.invoice_id IS DISTINCT FROM NEW.invoice_id OR OLD.currency IS DISTINCT FROM NEW.currency OR OLD.amount IS DISTINCT FROM NEW.amount OR OLD.reverses_id IS DISTINCT FROM NEW.reverses_id OR OLD.description IS DISTINCT FROM NEW.description OR OLD.created_by_name IS DISTINCT FROM NEW.created_by_name OR OLD.created_at IS DISTINCT FROM NEW.created_at) AND (false) IS NOT TRUE)', func="RAISE EXCEPTION 'A write-off never changes; take it back with another row.' USING ERRCODE = 'check_violation';", hash='5ede8bfd50deb39bc3f4bf7150622f0a77f32953', operation='UPDATE', pgid='pgtrigger_append_only_b7d01', table='invoices_writeoff', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='writeoff',
            trigger=pgtrigger.compiler.Trigger(name='note_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.note IS DISTINCT FROM NEW.note) AND (NEW.note = '' AND current_setting('billing_admin.maintenance', true) = 'delete') IS NOT TRUE)", func="RAISE EXCEPTION 'A note stays as it was written; only a client''s deletion empties it.' USING ERRCODE = 'check_violation';", hash='12f43ade5e87d0db4c16c7545138f40caf228dcc', operation='UPDATE', pgid='pgtrigger_note_stays_b9089', table='invoices_writeoff', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='writeoff',
            trigger=pgtrigger.compiler.Trigger(name='stays_with_client', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.client_id IS DISTINCT FROM NEW.client_id) AND (current_setting('billing_admin.maintenance', true) = 'merge') IS NOT TRUE)", func="RAISE EXCEPTION 'A write-off moves to another client only by a merge.' USING ERRCODE = 'check_violation';", hash='cc37073af8dcba5041c138cbbb0a7c2a1ef8ea11', operation='UPDATE', pgid='pgtrigger_stays_with_client_6db4d', table='invoices_writeoff', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='writeoff',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((current_setting('billing_admin.maintenance', true) = 'delete') IS NOT TRUE)", func="RAISE EXCEPTION 'A write-off is never deleted; reverse it.' USING ERRCODE = 'check_violation';", hash='a46c9e1e38a8c5906534104eae4b9cbbd01e8249', operation='DELETE', pgid='pgtrigger_never_deleted_30de3', table='invoices_writeoff', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='writeoff',
            trigger=pgtrigger.compiler.Trigger(name='write_down', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                INSERT INTO billing_admin_writtenrows (table_name, row_ids, client_ids, digests, typed)\n                SELECT 'invoices_writeoff', array_agg(id), array_agg(client_id), array_agg(hash_record_extended(ROW(id, invoice_id, currency, amount, reverses_id, description, created_by_name, created_at), 0)),\n                       array_agg(hashtextextended(nullif(note, ''), 0))\n                FROM new_rows HAVING count(*) > 0;\n                RETURN NULL;\n            ", hash='d58b78f6ad70b69c550685e88622069c5389e1a6', level='STATEMENT', operation='INSERT', pgid='pgtrigger_write_down_c0881', referencing='REFERENCING NEW TABLE AS new_rows ', table='invoices_writeoff', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='writeoff',
            trigger=pgtrigger.compiler.Trigger(name='settles_on_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (SELECT FROM new_rows written LEFT JOIN invoices_invoice invoice ON invoice.id = written.invoice_id\n               WHERE written.amount > 0 AND invoice.status IS DISTINCT FROM 'unpaid') THEN\n        RAISE EXCEPTION 'Only what is due on an unpaid invoice is written off.' USING ERRCODE = 'check_violation';\n    END IF;\n    IF EXISTS (\n        SELECT FROM invoices_writeoff written\n        JOIN (SELECT reverses_id, sum(amount) AS amount, array_agg(invoice_id) AS invoices FROM invoices_writeoff\n              WHERE reverses_id IN (SELECT reverses_id FROM new_rows) GROUP BY reverses_id) back\n          ON back.reverses_id = written.id\n        WHERE written.amount < -back.amount OR written.amount < 0 OR written.invoice_id <> ALL (back.invoices)\n    ) THEN\n        RAISE EXCEPTION 'No more of a write-off is taken back than was written off.' USING ERRCODE = 'check_violation';\n    END IF;\n\n    UPDATE invoices_invoice invoice\n    SET amount_written_off = invoice.amount_written_off + moved.amount,\n        status = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid', 'writtenoff') THEN invoice.status\n            WHEN invoice.balance_due <> moved.amount THEN 'unpaid'\n            WHEN invoice.amount_written_off + moved.amount > 0 THEN 'writtenoff'\n            ELSE 'paid' END,\n        paid_at = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid', 'writtenoff') THEN invoice.paid_at\n            WHEN invoice.balance_due = moved.amount AND invoice.amount_written_off + moved.amount = 0 THEN statement_timestamp()\n            END\n    FROM (SELECT invoice_id, sum(amount) AS amount FROM (SELECT invoice_id, amount FROM new_rows) changes\n          WHERE invoice_id IS NOT NULL GROUP BY invoice_id HAVING sum(amount) <> 0) moved\n    WHERE invoice.id = moved.invoice_id;\n    RETURN NULL;", hash='36099e33c4c71bdd04403208de7c3ee17e4bd580', level='STATEMENT', operation='INSERT', pgid='pgtrigger_settles_on_insert_f99d2', referencing='REFERENCING NEW TABLE AS new_rows ', table='invoices_writeoff', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='writeoff',
            trigger=pgtrigger.compiler.Trigger(name='settles_on_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    UPDATE invoices_invoice invoice\n    SET amount_written_off = invoice.amount_written_off + moved.amount,\n        status = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid', 'writtenoff') THEN invoice.status\n            WHEN invoice.balance_due <> moved.amount THEN 'unpaid'\n            WHEN invoice.amount_written_off + moved.amount > 0 THEN 'writtenoff'\n            ELSE 'paid' END,\n        paid_at = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid', 'writtenoff') THEN invoice.paid_at\n            WHEN invoice.balance_due = moved.amount AND invoice.amount_written_off + moved.amount = 0 THEN statement_timestamp()\n            END\n    FROM (SELECT invoice_id, sum(amount) AS amount FROM (SELECT invoice_id, -amount AS amount FROM old_rows) changes\n          WHERE invoice_id IS NOT NULL GROUP BY invoice_id HAVING sum(amount) <> 0) moved\n    WHERE invoice.id = moved.invoice_id;\n    RETURN NULL;", hash='33678725b11941b67ed46bbcc52a8ffde6d0fcb3', level='STATEMENT', operation='DELETE', pgid='pgtrigger_settles_on_delete_fe1a7', referencing='REFERENCING OLD TABLE AS old_rows ', table='invoices_writeoff', when='AFTER')),
        ),
    ]
