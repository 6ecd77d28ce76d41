"""What an invoice says was applied is proved for each statement of the ledger when its transaction ends."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('billing_admin', '0003_name_words'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='writtenrows',
            trigger=pgtrigger.compiler.Trigger(name='credit_proved', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (NEW.table_name = 'credits_creditentry')", constraint='CONSTRAINT', declare='DECLARE otherwise boolean;', func="\n            EXECUTE $proof$\n                SELECT EXISTS (\n                    SELECT FROM (SELECT DISTINCT invoice_id FROM credits_creditentry\n                                 WHERE id = ANY($1) AND invoice_id IS NOT NULL) settled\n                    JOIN invoices_invoice invoice ON invoice.id = settled.invoice_id\n                    WHERE invoice.credit_applied <> (\n                        SELECT -sum(amount) FROM credits_creditentry entry WHERE entry.invoice_id = settled.invoice_id)\n                )\n            $proof$ INTO otherwise USING NEW.row_ids;\n            IF otherwise THEN\n                RAISE EXCEPTION 'What an invoice says was applied is what its credit entries come to.' USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NULL;\n        ", hash='02edc0cdcbf37e148f3a1077f8b14ed588c3a268', operation='INSERT', pgid='pgtrigger_credit_proved_2fbfe', table='billing_admin_writtenrows', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
    ]
