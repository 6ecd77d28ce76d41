"""Credit settles what is not written off, and a settled invoice of which some was is called Written off."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('invoices', '0013_write_offs'),
        ('credits', '0012_by_amount'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='creditentry',
            name='keep_sums_on_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='creditentry',
            name='keep_sums_on_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='creditentry',
            name='keep_sums_on_delete',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditentry',
            trigger=pgtrigger.compiler.Trigger(name='keep_sums_on_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    UPDATE credits_creditgrant grant_ SET remaining = grant_.remaining + moved.amount\n    FROM (SELECT grant_id, sum(amount) AS amount FROM (SELECT grant_id, account_id, invoice_id, amount FROM new_rows) changes\n          GROUP BY grant_id HAVING sum(amount) <> 0) moved\n    WHERE grant_.id = moved.grant_id;\n\n    UPDATE credits_creditaccount account SET balance = account.balance + moved.amount\n    FROM (SELECT account_id, sum(amount) AS amount FROM (SELECT grant_id, account_id, invoice_id, amount FROM new_rows) changes\n          GROUP BY account_id HAVING sum(amount) <> 0) moved\n    WHERE account.id = moved.account_id;\n\n    EXECUTE $settle$\n    UPDATE invoices_invoice invoice\n    SET credit_applied = invoice.credit_applied + moved.amount,\n        status = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid', 'writtenoff') THEN invoice.status\n            WHEN invoice.balance_due <> moved.amount THEN 'unpaid'\n            WHEN invoice.amount_written_off > 0 THEN 'writtenoff'\n            ELSE 'paid' END,\n        paid_at = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid', 'writtenoff') THEN invoice.paid_at\n            WHEN invoice.balance_due = moved.amount AND invoice.amount_written_off = 0 THEN statement_timestamp()\n            END\n    FROM (SELECT invoice_id, sum(amount) AS amount FROM (SELECT invoice_id, -amount AS amount FROM (SELECT grant_id, account_id, invoice_id, amount FROM new_rows) entries) changes\n          WHERE invoice_id IS NOT NULL GROUP BY invoice_id HAVING sum(amount) <> 0) moved\n    WHERE invoice.id = moved.invoice_id;\n    \n    $settle$;\n    RETURN NULL;\n", hash='f867175e05a8ba9f05093a45bdb2512de75cba0c', level='STATEMENT', operation='INSERT', pgid='pgtrigger_keep_sums_on_insert_ff054', referencing='REFERENCING NEW TABLE AS new_rows ', table='credits_creditentry', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditentry',
            trigger=pgtrigger.compiler.Trigger(name='keep_sums_on_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    UPDATE credits_creditgrant grant_ SET remaining = grant_.remaining + moved.amount\n    FROM (SELECT grant_id, sum(amount) AS amount FROM (SELECT grant_id, account_id, invoice_id, amount FROM new_rows UNION ALL SELECT grant_id, account_id, invoice_id, -amount FROM old_rows) changes\n          GROUP BY grant_id HAVING sum(amount) <> 0) moved\n    WHERE grant_.id = moved.grant_id;\n\n    UPDATE credits_creditaccount account SET balance = account.balance + moved.amount\n    FROM (SELECT account_id, sum(amount) AS amount FROM (SELECT grant_id, account_id, invoice_id, amount FROM new_rows UNION ALL SELECT grant_id, account_id, invoice_id, -amount FROM old_rows) changes\n          GROUP BY account_id HAVING sum(amount) <> 0) moved\n    WHERE account.id = moved.account_id;\n\n    EXECUTE $settle$\n    UPDATE invoices_invoice invoice\n    SET credit_applied = invoice.credit_applied + moved.amount,\n        status = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid', 'writtenoff') THEN invoice.status\n            WHEN invoice.balance_due <> moved.amount THEN 'unpaid'\n            WHEN invoice.amount_written_off > 0 THEN 'writtenoff'\n            ELSE 'paid' END,\n        paid_at = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid', 'writtenoff') THEN invoice.paid_at\n            WHEN invoice.balance_due = moved.amount AND invoice.amount_written_off = 0 THEN statement_timestamp()\n            END\n    FROM (SELECT invoice_id, sum(amount) AS amount FROM (SELECT invoice_id, -amount AS amount FROM (SELECT grant_id, account_id, invoice_id, amount FROM new_rows UNION ALL SELECT grant_id, account_id, invoice_id, -amount FROM old_rows) entries) changes\n          WHERE invoice_id IS NOT NULL GROUP BY invoice_id HAVING sum(amount) <> 0) moved\n    WHERE invoice.id = moved.invoice_id;\n    \n    $settle$;\n    RETURN NULL;\n", hash='a941b8b76a4eddd4f8203e50c7daa1903122a6c4', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_keep_sums_on_update_b4af7', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='credits_creditentry', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditentry',
            trigger=pgtrigger.compiler.Trigger(name='keep_sums_on_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    UPDATE credits_creditgrant grant_ SET remaining = grant_.remaining + moved.amount\n    FROM (SELECT grant_id, sum(amount) AS amount FROM (SELECT grant_id, account_id, invoice_id, -amount AS amount FROM old_rows) changes\n          GROUP BY grant_id HAVING sum(amount) <> 0) moved\n    WHERE grant_.id = moved.grant_id;\n\n    UPDATE credits_creditaccount account SET balance = account.balance + moved.amount\n    FROM (SELECT account_id, sum(amount) AS amount FROM (SELECT grant_id, account_id, invoice_id, -amount AS amount FROM old_rows) changes\n          GROUP BY account_id HAVING sum(amount) <> 0) moved\n    WHERE account.id = moved.account_id;\n\n    EXECUTE $settle$\n    UPDATE invoices_invoice invoice\n    SET credit_applied = invoice.credit_applied + moved.amount,\n        status = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid', 'writtenoff') THEN invoice.status\n            WHEN invoice.balance_due <> moved.amount THEN 'unpaid'\n            WHEN invoice.amount_written_off > 0 THEN 'writtenoff'\n            ELSE 'paid' END,\n        paid_at = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid', 'writtenoff') THEN invoice.paid_at\n            WHEN invoice.balance_due = moved.amount AND invoice.amount_written_off = 0 THEN statement_timestamp()\n            END\n    FROM (SELECT invoice_id, sum(amount) AS amount FROM (SELECT invoice_id, -amount AS amount FROM (SELECT grant_id, account_id, invoice_id, -amount AS amount FROM old_rows) entries) changes\n          WHERE invoice_id IS NOT NULL GROUP BY invoice_id HAVING sum(amount) <> 0) moved\n    WHERE invoice.id = moved.invoice_id;\n    \n    $settle$;\n    RETURN NULL;\n", hash='7413351b730dd0c6d62e66c1bdce0058ea67c1b9', level='STATEMENT', operation='DELETE', pgid='pgtrigger_keep_sums_on_delete_61031', referencing='REFERENCING OLD TABLE AS old_rows ', table='credits_creditentry', when='AFTER')),
        ),
    ]
