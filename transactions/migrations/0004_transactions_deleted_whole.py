import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('transactions', '0003_search'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='transaction',
            options={'default_permissions': (), 'permissions': (('view_transaction', 'See transactions'), ('record_payment', 'Record and import payments, attach money to clients'), ('refund_payment', 'Refund and reverse payments'), ('delete_transaction', 'Delete transactions'))},
        ),
        # What the permission is called where it is there already; a new database gets it with the name above.
        migrations.RunSQL(
            """
            UPDATE auth_permission SET name = 'Delete transactions'
            WHERE codename = 'delete_transaction' AND content_type_id = (
                SELECT id FROM django_content_type WHERE app_label = 'transactions' AND model = 'transaction')
            """,
            migrations.RunSQL.noop,
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='transaction',
            name='never_deleted',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='transaction',
            name='settles_on_delete',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='transaction',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((current_setting('billing_admin.maintenance', true) = 'delete' OR current_setting('billing_admin.maintenance', true) = 'delete_transactions') IS NOT TRUE)", func="RAISE EXCEPTION 'A transaction is never deleted; reverse it.' USING ERRCODE = 'check_violation';", hash='d74934aa74a3243c7556594b578e29c822cf5916', operation='DELETE', pgid='pgtrigger_never_deleted_15749', table='transactions_transaction', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='transaction',
            trigger=pgtrigger.compiler.Trigger(name='settles_on_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (SELECT FROM old_rows gone JOIN transactions_transaction left_ ON left_.id = gone.part_of_id)\n       OR EXISTS (SELECT FROM old_rows gone JOIN transactions_transaction left_ ON left_.id = gone.refund_of_id) THEN\n        RAISE EXCEPTION 'A payment is deleted whole: with its parts, refunds, reversals and moved rows.' USING ERRCODE = 'check_violation';\n    END IF;\n\n    UPDATE invoices_invoice invoice\n    SET status = CASE WHEN invoice.balance_due = 0 THEN 'paid' ELSE 'unpaid' END,\n        paid_at = CASE WHEN invoice.balance_due = 0 THEN statement_timestamp() END\n    WHERE invoice.status = 'refunded' AND invoice.id IN (SELECT invoice_id FROM old_rows)\n      AND NOT EXISTS (SELECT FROM transactions_transaction left_ WHERE left_.invoice_id = invoice.id);\n\n    UPDATE invoices_invoice invoice\n    SET amount_paid = invoice.amount_paid + moved.amount,\n        status = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.status\n            WHEN invoice.balance_due = moved.amount THEN 'paid'\n            ELSE 'unpaid' END,\n        paid_at = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.paid_at\n            WHEN invoice.balance_due = moved.amount THEN statement_timestamp()\n            END\n    FROM (SELECT invoice_id, sum(amount) AS amount FROM (SELECT invoice_id, amount_out - amount_in AS amount FROM old_rows) changes\n          WHERE invoice_id IS NOT NULL GROUP BY invoice_id HAVING sum(amount) <> 0) moved\n    WHERE invoice.id = moved.invoice_id;\n    RETURN NULL;\n", hash='fc6d666f44dda26f0b57bb5f7d5ede836e569e2f', level='STATEMENT', operation='DELETE', pgid='pgtrigger_settles_on_delete_f206c', referencing='REFERENCING OLD TABLE AS old_rows ', table='transactions_transaction', when='AFTER')),
        ),
    ]
