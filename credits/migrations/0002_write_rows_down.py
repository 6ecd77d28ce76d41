"""What each ledger entry says is written down beside it, of those that are there too."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

# In one statement whatever their number, once before the trigger is there and again for what came meanwhile: only the
# second holds up who writes.
WRITE_DOWN_WHAT_IS_THERE = """
    INSERT INTO billing_admin_writtenrows (table_name, row_ids, client_ids, digests, typed)
    SELECT 'credits_creditentry', array_agg(id), array_agg(client_id),
           array_agg(hash_record_extended(ROW(id, grant_id, kind, currency, amount, invoice_id, reverses_id, batch, description,
               actor_name, at), 0)),
           array_agg(hashtextextended(nullif(note, ''), 0))
    FROM credits_creditentry row
    WHERE NOT EXISTS (
        SELECT FROM (
            SELECT unnest(row_ids) AS id FROM billing_admin_writtenrows WHERE table_name = 'credits_creditentry'
        ) written WHERE written.id = row.id)
    GROUP BY id / 1000
"""


class Migration(migrations.Migration):

    dependencies = [
        ('billing_admin', '0002_written_rows'),
        ('credits', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(WRITE_DOWN_WHAT_IS_THERE, migrations.RunSQL.noop),
        pgtrigger.migrations.AddTrigger(
            model_name='creditentry',
            trigger=pgtrigger.compiler.Trigger(name='write_down', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                INSERT INTO billing_admin_writtenrows (table_name, row_ids, client_ids, digests, typed)\n                SELECT 'credits_creditentry', array_agg(id), array_agg(client_id), array_agg(hash_record_extended(ROW(id, grant_id, kind, currency, amount, invoice_id, reverses_id, batch, description, actor_name, at), 0)),\n                       array_agg(hashtextextended(nullif(note, ''), 0))\n                FROM new_rows HAVING count(*) > 0;\n                RETURN NULL;\n            ", hash='8b046a21a383f66011a7f12ccb0932ea9d2abd69', level='STATEMENT', operation='INSERT', pgid='pgtrigger_write_down_25a72', referencing='REFERENCING NEW TABLE AS new_rows ', table='credits_creditentry', when='AFTER')),
        ),
        migrations.RunSQL(WRITE_DOWN_WHAT_IS_THERE, migrations.RunSQL.noop),
    ]
