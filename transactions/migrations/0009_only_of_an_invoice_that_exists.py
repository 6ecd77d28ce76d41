"""A transaction comes after the invoice that it settles."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('transactions', '0008_currency_of_a_file'),
    ]

    operations = [
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
            trigger=pgtrigger.compiler.Trigger(name='settles_on_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (SELECT FROM new_rows paid LEFT JOIN invoices_invoice invoice ON invoice.id = paid.invoice_id\n               WHERE paid.invoice_id IS NOT NULL AND (invoice.id IS NULL OR invoice.currency <> paid.currency\n                     OR invoice.client_id IS DISTINCT FROM paid.client_id)) THEN\n        RAISE EXCEPTION 'A transaction settles only an invoice of its own client and currency.' USING ERRCODE = 'check_violation';\n    END IF;\n\n    UPDATE invoices_invoice invoice\n    SET amount_paid = invoice.amount_paid + moved.amount,\n        status = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.status\n            WHEN invoice.balance_due = moved.amount THEN 'paid'\n            ELSE 'unpaid' END,\n        paid_at = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.paid_at\n            WHEN invoice.balance_due = moved.amount THEN statement_timestamp()\n            END\n    FROM (SELECT invoice_id, sum(amount) AS amount FROM (SELECT invoice_id, amount_in - amount_out AS amount FROM new_rows) changes\n          WHERE invoice_id IS NOT NULL GROUP BY invoice_id HAVING sum(amount) <> 0) moved\n    WHERE invoice.id = moved.invoice_id;\n    RETURN NULL;\n", hash='a5dea09df49c0c624a8e4c3ea43b54981229495b', level='STATEMENT', operation='INSERT', pgid='pgtrigger_settles_on_insert_4592a', referencing='REFERENCING NEW TABLE AS new_rows ', table='transactions_transaction', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='transaction',
            trigger=pgtrigger.compiler.Trigger(name='settles_on_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (current_setting('billing_admin.maintenance', true) = 'merge' OR current_setting('billing_admin.maintenance', true) = 'delete') IS NOT TRUE THEN \n    IF EXISTS (SELECT FROM new_rows paid LEFT JOIN invoices_invoice invoice ON invoice.id = paid.invoice_id\n               WHERE paid.invoice_id IS NOT NULL AND (invoice.id IS NULL OR invoice.currency <> paid.currency\n                     OR invoice.client_id IS DISTINCT FROM paid.client_id)) THEN\n        RAISE EXCEPTION 'A transaction settles only an invoice of its own client and currency.' USING ERRCODE = 'check_violation';\n    END IF;\n END IF;\n    UPDATE invoices_invoice invoice\n    SET amount_paid = invoice.amount_paid + moved.amount,\n        status = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.status\n            WHEN invoice.balance_due = moved.amount THEN 'paid'\n            ELSE 'unpaid' END,\n        paid_at = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.paid_at\n            WHEN invoice.balance_due = moved.amount THEN statement_timestamp()\n            END\n    FROM (SELECT invoice_id, sum(amount) AS amount FROM (SELECT invoice_id, amount_in - amount_out AS amount FROM new_rows UNION ALL SELECT invoice_id, amount_out - amount_in FROM old_rows) changes\n          WHERE invoice_id IS NOT NULL GROUP BY invoice_id HAVING sum(amount) <> 0) moved\n    WHERE invoice.id = moved.invoice_id;\n    RETURN NULL;\n", hash='ceadce04a6939ac23e1f74565d32c5c4d3c0b06d', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_settles_on_update_a3a87', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='transactions_transaction', when='AFTER')),
        ),
    ]
