"""What each transaction says is written down beside it, of those that are there too."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

# In one statement whatever their number, once before the trigger is there and again for what came meanwhile: only the
# second holds up who writes.
WRITE_DOWN_WHAT_IS_THERE = """
    INSERT INTO billing_admin_writtenrows (table_name, row_ids, client_ids, digests)
    SELECT 'transactions_transaction', array_agg(id), array_agg(client_id), array_agg(
               substr(sha256(convert_to(ROW(id, currency, amount_in, fees, amount_out, refund_of_id, part_of_id, kind, date - DATE '2000-01-01', payment_method_id, reference, part, description, created_by_name, extract(epoch FROM created_at))::text, 'UTF8')), 1, 8)
               || CASE note WHEN '' THEN ''
                   ELSE substr(sha256(convert_to(note, 'UTF8')), 1, 4) END)
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
            trigger=pgtrigger.compiler.Trigger(name='write_down', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                INSERT INTO billing_admin_writtenrows (table_name, row_ids, client_ids, digests)\n                SELECT 'transactions_transaction', array_agg(id), array_agg(client_id), array_agg(substr(sha256(convert_to(ROW(id, currency, amount_in, fees, amount_out, refund_of_id, part_of_id, kind, date - DATE '2000-01-01', payment_method_id, reference, part, description, created_by_name, extract(epoch FROM created_at))::text, 'UTF8')), 1, 8) || CASE note WHEN '' THEN '' ELSE substr(sha256(convert_to(note, 'UTF8')), 1, 4) END)\n                FROM new_rows HAVING count(*) > 0;\n                RETURN NULL;\n            ", hash='7cc9bc44a6c5857fe3ad716f0e83a378818654f5', level='STATEMENT', operation='INSERT', pgid='pgtrigger_write_down_6f262', referencing='REFERENCING NEW TABLE AS new_rows ', table='transactions_transaction', when='AFTER')),
        ),
        migrations.RunSQL(WRITE_DOWN_WHAT_IS_THERE, migrations.RunSQL.noop),
    ]
