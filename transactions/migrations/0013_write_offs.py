"""Payments settle what is not written off, and a paid invoice of which some was is called Written off."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('invoices', '0013_write_offs'),
        ('transactions', '0012_by_money'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='transaction',
            name='settles_on_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='transaction',
            name='settles_on_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='transaction',
            name='settles_on_update',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='transaction',
            trigger=pgtrigger.compiler.Trigger(name='settles_on_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (SELECT FROM new_rows paid LEFT JOIN invoices_invoice invoice ON invoice.id = paid.invoice_id\n               WHERE paid.invoice_id IS NOT NULL AND (invoice.id IS NULL OR invoice.currency <> paid.currency\n                     OR invoice.client_id IS DISTINCT FROM paid.client_id)) THEN\n        RAISE EXCEPTION 'A transaction settles only an invoice of its own client and currency.' USING ERRCODE = 'check_violation';\n    END IF;\n\n    UPDATE invoices_invoice invoice\n    SET amount_paid = invoice.amount_paid + moved.amount,\n        status = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid', 'writtenoff') THEN invoice.status\n            WHEN invoice.balance_due <> moved.amount THEN 'unpaid'\n            WHEN invoice.amount_written_off > 0 THEN 'writtenoff'\n            ELSE 'paid' END,\n        paid_at = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid', 'writtenoff') THEN invoice.paid_at\n            WHEN invoice.balance_due = moved.amount AND invoice.amount_written_off = 0 THEN statement_timestamp()\n            END\n    FROM (SELECT invoice_id, sum(amount) AS amount FROM (SELECT invoice_id, amount_in - amount_out AS amount FROM new_rows) changes\n          WHERE invoice_id IS NOT NULL GROUP BY invoice_id HAVING sum(amount) <> 0) moved\n    WHERE invoice.id = moved.invoice_id;\n    RETURN NULL;\n", hash='a473ee14d18badf857ed311031008ff3a51db184', level='STATEMENT', operation='INSERT', pgid='pgtrigger_settles_on_insert_4592a', referencing='REFERENCING NEW TABLE AS new_rows ', table='transactions_transaction', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='transaction',
            trigger=pgtrigger.compiler.Trigger(name='settles_on_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (current_setting('billing_admin.maintenance', true) = 'merge' OR current_setting('billing_admin.maintenance', true) = 'delete') IS NOT TRUE THEN \n    IF EXISTS (SELECT FROM new_rows paid LEFT JOIN invoices_invoice invoice ON invoice.id = paid.invoice_id\n               WHERE paid.invoice_id IS NOT NULL AND (invoice.id IS NULL OR invoice.currency <> paid.currency\n                     OR invoice.client_id IS DISTINCT FROM paid.client_id)) THEN\n        RAISE EXCEPTION 'A transaction settles only an invoice of its own client and currency.' USING ERRCODE = 'check_violation';\n    END IF;\n END IF;\n    UPDATE invoices_invoice invoice\n    SET amount_paid = invoice.amount_paid + moved.amount,\n        status = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid', 'writtenoff') THEN invoice.status\n            WHEN invoice.balance_due <> moved.amount THEN 'unpaid'\n            WHEN invoice.amount_written_off > 0 THEN 'writtenoff'\n            ELSE 'paid' END,\n        paid_at = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid', 'writtenoff') THEN invoice.paid_at\n            WHEN invoice.balance_due = moved.amount AND invoice.amount_written_off = 0 THEN statement_timestamp()\n            END\n    FROM (SELECT invoice_id, sum(amount) AS amount FROM (SELECT invoice_id, amount_in - amount_out AS amount FROM new_rows UNION ALL SELECT invoice_id, amount_out - amount_in FROM old_rows) changes\n          WHERE invoice_id IS NOT NULL GROUP BY invoice_id HAVING sum(amount) <> 0) moved\n    WHERE invoice.id = moved.invoice_id;\n    RETURN NULL;\n", hash='b099a4aff04b5f97483c4412cf4c0b6c93c07c23', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_settles_on_update_a3a87', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='transactions_transaction', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='transaction',
            trigger=pgtrigger.compiler.Trigger(name='settles_on_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (SELECT FROM old_rows gone JOIN transactions_transaction left_ ON left_.id = gone.part_of_id)\n       OR EXISTS (SELECT FROM old_rows gone JOIN transactions_transaction left_ ON left_.id = gone.refund_of_id) THEN\n        RAISE EXCEPTION 'A payment is deleted whole: with its parts, refunds, reversals and moved rows.' USING ERRCODE = 'check_violation';\n    END IF;\n\n    UPDATE invoices_invoice invoice\n    SET status = CASE WHEN invoice.balance_due <> 0 THEN 'unpaid'\n                      WHEN invoice.amount_written_off > 0 THEN 'writtenoff' ELSE 'paid' END,\n        paid_at = CASE WHEN invoice.balance_due + invoice.amount_written_off = 0 THEN statement_timestamp() END\n    WHERE invoice.status = 'refunded' AND invoice.id IN (SELECT invoice_id FROM old_rows)\n      AND NOT EXISTS (SELECT FROM transactions_transaction left_ WHERE left_.invoice_id = invoice.id);\n\n    UPDATE invoices_invoice invoice\n    SET amount_paid = invoice.amount_paid + moved.amount,\n        status = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid', 'writtenoff') THEN invoice.status\n            WHEN invoice.balance_due <> moved.amount THEN 'unpaid'\n            WHEN invoice.amount_written_off > 0 THEN 'writtenoff'\n            ELSE 'paid' END,\n        paid_at = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid', 'writtenoff') THEN invoice.paid_at\n            WHEN invoice.balance_due = moved.amount AND invoice.amount_written_off = 0 THEN statement_timestamp()\n            END\n    FROM (SELECT invoice_id, sum(amount) AS amount FROM (SELECT invoice_id, amount_out - amount_in AS amount FROM old_rows) changes\n          WHERE invoice_id IS NOT NULL GROUP BY invoice_id HAVING sum(amount) <> 0) moved\n    WHERE invoice.id = moved.invoice_id;\n    RETURN NULL;\n", hash='616e1d6ec6244625567141e4aa4eb6f31420e2d2', level='STATEMENT', operation='DELETE', pgid='pgtrigger_settles_on_delete_f206c', referencing='REFERENCING OLD TABLE AS old_rows ', table='transactions_transaction', when='AFTER')),
        ),
    ]
