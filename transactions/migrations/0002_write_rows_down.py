"""What each transaction says is written down beside it, of those that are there too."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

# In one statement whatever their number, once before the trigger is there and again for what came meanwhile: only the
# second holds up who writes.
WRITE_DOWN_WHAT_IS_THERE = """
    INSERT INTO billing_admin_writtenrows (table_name, row_ids, client_ids, digests, typed)
    SELECT 'transactions_transaction', array_agg(id), array_agg(client_id),
           array_agg(hash_record_extended(ROW(id, currency, amount_in, fees, amount_out, refund_of_id, part_of_id, kind,
               date, payment_method_id, reference, part, description, created_by_name, created_at), 0)),
           array_agg(hashtextextended(nullif(note, ''), 0))
    FROM transactions_transaction row
    WHERE NOT EXISTS (
        SELECT FROM (
            SELECT unnest(row_ids) AS id FROM billing_admin_writtenrows WHERE table_name = 'transactions_transaction'
        ) written WHERE written.id = row.id)
    GROUP BY id / 1000
"""


class Migration(migrations.Migration):

    dependencies = [
        ('billing_admin', '0002_written_rows'),
        ('transactions', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(WRITE_DOWN_WHAT_IS_THERE, migrations.RunSQL.noop),
        pgtrigger.migrations.AddTrigger(
            model_name='transaction',
            trigger=pgtrigger.compiler.Trigger(name='write_down', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                INSERT INTO billing_admin_writtenrows (table_name, row_ids, client_ids, digests, typed)\n                SELECT 'transactions_transaction', array_agg(id), array_agg(client_id), array_agg(hash_record_extended(ROW(id, currency, amount_in, fees, amount_out, refund_of_id, part_of_id, kind, date, payment_method_id, reference, part, description, created_by_name, created_at), 0)),\n                       array_agg(hashtextextended(nullif(note, ''), 0))\n                FROM new_rows HAVING count(*) > 0;\n                RETURN NULL;\n            ", hash='aee3d0c97bd9ebd0879c60b1b70be7c65906583a', level='STATEMENT', operation='INSERT', pgid='pgtrigger_write_down_6f262', referencing='REFERENCING NEW TABLE AS new_rows ', table='transactions_transaction', when='AFTER')),
        ),
        migrations.RunSQL(WRITE_DOWN_WHAT_IS_THERE, migrations.RunSQL.noop),
    ]
