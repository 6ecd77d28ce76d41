"""A run writes an invoice as it ends; what belongs together is said by the keys."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('credits', '0006_keys_of_several_columns'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='creditaccount',
            name='one_currency',
        ),
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
        pgtrigger.migrations.RemoveTrigger(
            model_name='creditgrant',
            name='given_once',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditaccount',
            trigger=pgtrigger.compiler.Trigger(name='one_currency', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.id IS DISTINCT FROM NEW.id OR OLD.currency IS DISTINCT FROM NEW.currency) AND (false) IS NOT TRUE)', func="RAISE EXCEPTION 'The currency of a credit account never changes.' USING ERRCODE = 'check_violation';", hash='9e8ff881c6c4cbc29bc3054517e7cdfeb2497be0', operation='UPDATE', pgid='pgtrigger_one_currency_8fa7a', table='credits_creditaccount', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditentry',
            trigger=pgtrigger.compiler.Trigger(name='keep_sums_on_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    UPDATE credits_creditgrant grant_ SET remaining = grant_.remaining + moved.amount\n    FROM (SELECT grant_id, sum(amount) AS amount FROM (SELECT grant_id, account_id, invoice_id, amount FROM new_rows) changes\n          GROUP BY grant_id HAVING sum(amount) <> 0) moved\n    WHERE grant_.id = moved.grant_id;\n\n    UPDATE credits_creditaccount account SET balance = account.balance + moved.amount\n    FROM (SELECT account_id, sum(amount) AS amount FROM (SELECT grant_id, account_id, invoice_id, amount FROM new_rows) changes\n          GROUP BY account_id HAVING sum(amount) <> 0) moved\n    WHERE account.id = moved.account_id;\n\n    EXECUTE $settle$\n    UPDATE invoices_invoice invoice\n    SET credit_applied = invoice.credit_applied + moved.amount,\n        status = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.status\n            WHEN invoice.balance_due = moved.amount THEN 'paid'\n            ELSE 'unpaid' END,\n        paid_at = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.paid_at\n            WHEN invoice.balance_due = moved.amount THEN statement_timestamp()\n            END\n    FROM (SELECT invoice_id, sum(amount) AS amount FROM (SELECT invoice_id, -amount AS amount FROM (SELECT grant_id, account_id, invoice_id, amount FROM new_rows) entries) changes\n          WHERE invoice_id IS NOT NULL GROUP BY invoice_id HAVING sum(amount) <> 0) moved\n    WHERE invoice.id = moved.invoice_id;\n    \n    $settle$;\n    RETURN NULL;\n", hash='a1d476db360cf0895fc3e1b4ea6f3b511b484216', level='STATEMENT', operation='INSERT', pgid='pgtrigger_keep_sums_on_insert_ff054', referencing='REFERENCING NEW TABLE AS new_rows ', table='credits_creditentry', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditentry',
            trigger=pgtrigger.compiler.Trigger(name='keep_sums_on_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    UPDATE credits_creditgrant grant_ SET remaining = grant_.remaining + moved.amount\n    FROM (SELECT grant_id, sum(amount) AS amount FROM (SELECT grant_id, account_id, invoice_id, amount FROM new_rows UNION ALL SELECT grant_id, account_id, invoice_id, -amount FROM old_rows) changes\n          GROUP BY grant_id HAVING sum(amount) <> 0) moved\n    WHERE grant_.id = moved.grant_id;\n\n    UPDATE credits_creditaccount account SET balance = account.balance + moved.amount\n    FROM (SELECT account_id, sum(amount) AS amount FROM (SELECT grant_id, account_id, invoice_id, amount FROM new_rows UNION ALL SELECT grant_id, account_id, invoice_id, -amount FROM old_rows) changes\n          GROUP BY account_id HAVING sum(amount) <> 0) moved\n    WHERE account.id = moved.account_id;\n\n    EXECUTE $settle$\n    UPDATE invoices_invoice invoice\n    SET credit_applied = invoice.credit_applied + moved.amount,\n        status = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.status\n            WHEN invoice.balance_due = moved.amount THEN 'paid'\n            ELSE 'unpaid' END,\n        paid_at = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.paid_at\n            WHEN invoice.balance_due = moved.amount THEN statement_timestamp()\n            END\n    FROM (SELECT invoice_id, sum(amount) AS amount FROM (SELECT invoice_id, -amount AS amount FROM (SELECT grant_id, account_id, invoice_id, amount FROM new_rows UNION ALL SELECT grant_id, account_id, invoice_id, -amount FROM old_rows) entries) changes\n          WHERE invoice_id IS NOT NULL GROUP BY invoice_id HAVING sum(amount) <> 0) moved\n    WHERE invoice.id = moved.invoice_id;\n    \n    $settle$;\n    RETURN NULL;\n", hash='bf6549cfec6f4cb2fb11b46a593ea72f3c2648c7', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_keep_sums_on_update_b4af7', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='credits_creditentry', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditentry',
            trigger=pgtrigger.compiler.Trigger(name='keep_sums_on_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    UPDATE credits_creditgrant grant_ SET remaining = grant_.remaining + moved.amount\n    FROM (SELECT grant_id, sum(amount) AS amount FROM (SELECT grant_id, account_id, invoice_id, -amount AS amount FROM old_rows) changes\n          GROUP BY grant_id HAVING sum(amount) <> 0) moved\n    WHERE grant_.id = moved.grant_id;\n\n    UPDATE credits_creditaccount account SET balance = account.balance + moved.amount\n    FROM (SELECT account_id, sum(amount) AS amount FROM (SELECT grant_id, account_id, invoice_id, -amount AS amount FROM old_rows) changes\n          GROUP BY account_id HAVING sum(amount) <> 0) moved\n    WHERE account.id = moved.account_id;\n\n    EXECUTE $settle$\n    UPDATE invoices_invoice invoice\n    SET credit_applied = invoice.credit_applied + moved.amount,\n        status = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.status\n            WHEN invoice.balance_due = moved.amount THEN 'paid'\n            ELSE 'unpaid' END,\n        paid_at = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.paid_at\n            WHEN invoice.balance_due = moved.amount THEN statement_timestamp()\n            END\n    FROM (SELECT invoice_id, sum(amount) AS amount FROM (SELECT invoice_id, -amount AS amount FROM (SELECT grant_id, account_id, invoice_id, -amount AS amount FROM old_rows) entries) changes\n          WHERE invoice_id IS NOT NULL GROUP BY invoice_id HAVING sum(amount) <> 0) moved\n    WHERE invoice.id = moved.invoice_id;\n    \n    $settle$;\n    RETURN NULL;\n", hash='c45efb9eff436df39b7205e0edab17106b1ae6da', level='STATEMENT', operation='DELETE', pgid='pgtrigger_keep_sums_on_delete_61031', referencing='REFERENCING OLD TABLE AS old_rows ', table='credits_creditentry', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditgrant',
            trigger=pgtrigger.compiler.Trigger(name='given_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.id IS DISTINCT FROM NEW.id OR OLD.currency IS DISTINCT FROM NEW.currency OR OLD.amount IS DISTINCT FROM NEW.amount OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.category IS DISTINCT FROM NEW.category OR OLD.created_at IS DISTINCT FROM NEW.created_at) AND (false) IS NOT TRUE)', func="RAISE EXCEPTION 'What a grant gave never changes; book an entry instead.' USING ERRCODE = 'check_violation';", hash='812a8d9929e7d0d6d919e5c5de8fa979e344c6ad', operation='UPDATE', pgid='pgtrigger_given_once_60e0b', table='credits_creditgrant', when='BEFORE')),
        ),
    ]
