import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('credits', '0002_write_rows_down'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='creditgrant',
            trigger=pgtrigger.compiler.Trigger(name='keeps_its_payment', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.transaction_id IS DISTINCT FROM NEW.transaction_id)', func="\n                    IF (current_setting('billing_admin.maintenance', true) = 'delete_transactions') IS NOT TRUE OR NEW.transaction_id IS NOT NULL OR NEW.remaining <> 0\n                       OR (SELECT sum(amount) FROM credits_creditentry\n                           WHERE grant_id = NEW.id AND kind IN ('apply', 'release', 'transfer')) <> 0 THEN\n                        RAISE EXCEPTION 'A credit keeps the payment that it came from, unless both are taken back unused.' USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='a065c431d038ef17b0da124950e0d8885eac6f4a', operation='UPDATE', pgid='pgtrigger_keeps_its_payment_c2479', table='credits_creditgrant', when='BEFORE')),
        ),
    ]
