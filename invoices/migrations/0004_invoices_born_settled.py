"""A run writes an invoice as it ends; what belongs together is said by the keys."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('invoices', '0003_keys_of_several_columns'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='creditnote',
            name='credits_on_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='invoice',
            name='one_currency',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='invoice',
            name='settlement_start',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='invoiceline',
            name='issued_at_once',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditnote',
            trigger=pgtrigger.compiler.Trigger(name='credits_on_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (SELECT FROM new_notes note LEFT JOIN invoices_invoice invoice ON invoice.id = note.invoice_id\n               WHERE invoice.id IS NULL OR invoice.client_id <> note.client_id OR invoice.currency <> note.currency\n                  OR invoice.status IN ('draft', 'cancelled')) THEN\n        RAISE EXCEPTION 'A credit note is of an issued invoice, and of its client and currency.' USING ERRCODE = 'check_violation';\n    END IF;\n\n    UPDATE invoices_invoice invoice\n    SET amount_credited = invoice.amount_credited + moved.amount,\n        status = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.status\n            WHEN invoice.balance_due = moved.amount THEN 'paid'\n            ELSE 'unpaid' END,\n        paid_at = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.paid_at\n            WHEN invoice.balance_due = moved.amount THEN statement_timestamp()\n            END\n    FROM (SELECT invoice_id, sum(amount) AS amount FROM (SELECT invoice_id, total AS amount FROM new_notes) changes\n          WHERE invoice_id IS NOT NULL GROUP BY invoice_id HAVING sum(amount) <> 0) moved\n    WHERE invoice.id = moved.invoice_id;\n    RETURN NULL;", hash='646482cdcb238cdc5589a98a78f86a9d0844debd', level='STATEMENT', operation='INSERT', pgid='pgtrigger_credits_on_insert_5ed32', referencing='REFERENCING NEW TABLE AS new_notes ', table='invoices_creditnote', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoice',
            trigger=pgtrigger.compiler.Trigger(name='one_currency', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.id IS DISTINCT FROM NEW.id OR OLD.currency IS DISTINCT FROM NEW.currency) AND (false) IS NOT TRUE)', func="RAISE EXCEPTION 'The currency of an invoice never changes.' USING ERRCODE = 'check_violation';", hash='733d9adae69f3b507b9c8645fad79c5d5e1c70ee', operation='UPDATE', pgid='pgtrigger_one_currency_a006d', table='invoices_invoice', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoice',
            trigger=pgtrigger.compiler.Trigger(name='settlement_start', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW.amount_paid <> 0 OR NEW.amount_credited <> 0)', func="RAISE EXCEPTION 'What settles an invoice follows the ledger, the transactions and the credit notes; write those.' USING ERRCODE = 'check_violation';", hash='4928ff7fa020b7ba8843e274fc8e2dc1e188eff0', operation='INSERT', pgid='pgtrigger_settlement_start_74b95', table='invoices_invoice', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoice',
            trigger=pgtrigger.compiler.Trigger(name='settled_at_start', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE settled_otherwise boolean;', func="\n                    EXECUTE $proof$\n                        SELECT EXISTS (\n                            SELECT FROM new_rows invoice LEFT JOIN LATERAL (\n                                SELECT -sum(amount) AS applied FROM credits_creditentry WHERE invoice_id = invoice.id\n                            ) entries ON true\n                            WHERE coalesce(entries.applied, 0) <> invoice.credit_applied\n                        )\n                    $proof$ INTO settled_otherwise;\n                    IF settled_otherwise THEN\n                        RAISE EXCEPTION 'What settles an invoice follows the ledger, the transactions and the credit notes; write those.' USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NULL;\n                ", hash='140f5465c3a62b3cd0ce1530582188b236ecc8bc', level='STATEMENT', operation='INSERT', pgid='pgtrigger_settled_at_start_abd18', referencing='REFERENCING NEW TABLE AS new_rows ', table='invoices_invoice', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoiceline',
            trigger=pgtrigger.compiler.Trigger(name='issued_at_once', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF EXISTS (\n                        SELECT FROM (\n                            SELECT invoice_id, count(*) AS lines, sum(amount) AS amount, sum(tax) AS tax\n                            FROM new_lines GROUP BY invoice_id\n                        ) added\n                        LEFT JOIN invoices_invoice invoice ON invoice.id = added.invoice_id\n                        WHERE invoice.id IS NULL\n                           OR (invoice.status <> 'draft' AND (\n                                  added.amount <> invoice.subtotal OR added.tax <> invoice.tax\n                                  OR added.lines <> (SELECT count(*) FROM invoices_invoiceline line\n                                                     WHERE line.invoice_id = added.invoice_id)))\n                    ) THEN\n                        RAISE EXCEPTION 'Lines come with or after their invoice, and an issued one takes no more.' USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NULL;\n                ", hash='9d5e4ff412e59f7f19772428f15acfa05d63cbec', level='STATEMENT', operation='INSERT', pgid='pgtrigger_issued_at_once_b17b0', referencing='REFERENCING NEW TABLE AS new_lines ', table='invoices_invoiceline', when='AFTER')),
        ),
    ]
