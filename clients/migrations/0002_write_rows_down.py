"""Activity is only added to; what it says is written down beside it, of the rows that are there too."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

# In one statement whatever their number, once before the trigger is there and again for what came meanwhile: only the
# second holds up who writes.
WRITE_DOWN_WHAT_IS_THERE = """
    INSERT INTO billing_admin_writtenrows (table_name, row_ids, client_ids, digests, typed)
    SELECT 'clients_activity', array_agg(id), array_agg(client_id),
           array_agg(hash_record_extended(ROW(id, actor_name, verb, summary, at,
               CASE verb WHEN 'client.edited' THEN to_jsonb(note) ELSE data END), 0)),
           array_agg(hashtextextended(nullif(
               CASE verb WHEN 'client.edited' THEN coalesce(nullif(data, '{}')::text, '') ELSE note END, ''), 0))
    FROM clients_activity row
    WHERE NOT EXISTS (
        SELECT FROM (
            SELECT unnest(row_ids) AS id FROM billing_admin_writtenrows WHERE table_name = 'clients_activity'
        ) written WHERE written.id = row.id)
    GROUP BY id / 1000
"""


class Migration(migrations.Migration):

    dependencies = [
        ('billing_admin', '0002_written_rows'),
        ('clients', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(WRITE_DOWN_WHAT_IS_THERE, migrations.RunSQL.noop),
        pgtrigger.migrations.RemoveTrigger(
            model_name='activity',
            name='summary_stays',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='activity',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.verb IS DISTINCT FROM NEW.verb OR OLD.summary IS DISTINCT FROM NEW.summary OR OLD.actor_name IS DISTINCT FROM NEW.actor_name OR OLD.at IS DISTINCT FROM NEW.at) AND (false) IS NOT TRUE)', func="RAISE EXCEPTION 'What was done stays as it was written down.' USING ERRCODE = 'check_violation';", hash='207ece24d50e477b68db6ef4bd6b8bdcd95fcc1b', operation='UPDATE', pgid='pgtrigger_append_only_b1a58', table='clients_activity', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='activity',
            trigger=pgtrigger.compiler.Trigger(name='actor_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.actor_id IS DISTINCT FROM NEW.actor_id) AND (NEW.actor_id IS NULL) IS NOT TRUE)', func="RAISE EXCEPTION 'Who did it stays as it was written down.' USING ERRCODE = 'check_violation';", hash='fd2e7a4cd2f8292ae85b139f5633bd49b5b27b0a', operation='UPDATE', pgid='pgtrigger_actor_stays_a5722', table='clients_activity', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='activity',
            trigger=pgtrigger.compiler.Trigger(name='data_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.data IS DISTINCT FROM NEW.data) AND (NEW.verb = 'client.edited' AND NEW.data = '{}' AND current_setting('billing_admin.maintenance', true) = 'merge') IS NOT TRUE)", func="RAISE EXCEPTION 'What was done stays as it was written down.' USING ERRCODE = 'check_violation';", hash='f2bdf1b935e39b73905b44d16a472d5e50526c84', operation='UPDATE', pgid='pgtrigger_data_stays_70e12', table='clients_activity', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='activity',
            trigger=pgtrigger.compiler.Trigger(name='stays_with_client', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.client_id IS DISTINCT FROM NEW.client_id) AND (current_setting('billing_admin.maintenance', true) = 'merge') IS NOT TRUE)", func="RAISE EXCEPTION 'Activity moves to another client only by a merge.' USING ERRCODE = 'check_violation';", hash='31d7170be4a4c512ddaed7813c0774b3ed9c1a63', operation='UPDATE', pgid='pgtrigger_stays_with_client_6ec7f', table='clients_activity', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='activity',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((current_setting('billing_admin.maintenance', true) = 'delete') IS NOT TRUE)", func="RAISE EXCEPTION 'Activity is never deleted; it goes only with its client.' USING ERRCODE = 'check_violation';", hash='1b834417eff7db820f9bd4ccfb2cf2b74766a883', operation='DELETE', pgid='pgtrigger_never_deleted_0e1e9', table='clients_activity', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='activity',
            trigger=pgtrigger.compiler.Trigger(name='write_down', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                INSERT INTO billing_admin_writtenrows (table_name, row_ids, client_ids, digests, typed)\n                SELECT 'clients_activity', array_agg(id), array_agg(client_id), array_agg(hash_record_extended(ROW(id, actor_name, verb, summary, at, CASE verb WHEN 'client.edited' THEN to_jsonb(note) ELSE data END), 0)),\n                       array_agg(hashtextextended(nullif(CASE verb WHEN 'client.edited' THEN coalesce(nullif(data, '{}')::text, '') ELSE note END, ''), 0))\n                FROM new_rows HAVING count(*) > 0;\n                RETURN NULL;\n            ", hash='1d845f1b31a11189480a40d5f935c6fd64e18037', level='STATEMENT', operation='INSERT', pgid='pgtrigger_write_down_67554', referencing='REFERENCING NEW TABLE AS new_rows ', table='clients_activity', when='AFTER')),
        ),
        migrations.RunSQL(WRITE_DOWN_WHAT_IS_THERE, migrations.RunSQL.noop),
    ]
