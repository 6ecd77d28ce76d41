"""What takes a write-off back belongs to the same invoice as it, every row of it."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('invoices', '0014_write_offs_hold'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='writeoff',
            name='settles_on_insert',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='writeoff',
            trigger=pgtrigger.compiler.Trigger(name='settles_on_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (SELECT FROM new_rows written LEFT JOIN invoices_invoice invoice ON invoice.id = written.invoice_id\n               WHERE written.amount > 0 AND invoice.status IS DISTINCT FROM 'unpaid') THEN\n        RAISE EXCEPTION 'Only what is due on an unpaid invoice is written off.' USING ERRCODE = 'check_violation';\n    END IF;\n    IF EXISTS (\n        SELECT FROM invoices_writeoff written\n        JOIN (SELECT reverses_id, sum(amount) AS amount, array_agg(invoice_id) AS invoices FROM invoices_writeoff\n              WHERE reverses_id IN (SELECT reverses_id FROM new_rows) GROUP BY reverses_id) back\n          ON back.reverses_id = written.id\n        WHERE written.amount < -back.amount OR written.amount < 0 OR written.invoice_id <> ANY (back.invoices)\n    ) THEN\n        RAISE EXCEPTION 'No more of a write-off is taken back than was written off, and of its own invoice.' USING ERRCODE = 'check_violation';\n    END IF;\n\n    UPDATE invoices_invoice invoice\n    SET amount_written_off = invoice.amount_written_off + moved.amount,\n        status = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid', 'writtenoff') THEN invoice.status\n            WHEN invoice.balance_due <> moved.amount THEN 'unpaid'\n            WHEN invoice.amount_written_off + moved.amount > 0 THEN 'writtenoff'\n            ELSE 'paid' END,\n        paid_at = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid', 'writtenoff') THEN invoice.paid_at\n            WHEN invoice.balance_due = moved.amount AND invoice.amount_written_off + moved.amount = 0 THEN statement_timestamp()\n            END\n    FROM (SELECT invoice_id, sum(amount) AS amount FROM (SELECT invoice_id, amount FROM new_rows) changes\n          WHERE invoice_id IS NOT NULL GROUP BY invoice_id HAVING sum(amount) <> 0) moved\n    WHERE invoice.id = moved.invoice_id;\n    RETURN NULL;", hash='acaaaca857b7655a104d263bc69d26ed11a977b9', level='STATEMENT', operation='INSERT', pgid='pgtrigger_settles_on_insert_f99d2', referencing='REFERENCING NEW TABLE AS new_rows ', table='invoices_writeoff', when='AFTER')),
        ),
    ]
