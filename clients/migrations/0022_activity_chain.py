"""Activity is sealed in a chain, outlives its client, and says from where it was done; what is there is sealed too.

No big table is locked for longer than its columns and triggers take: what is personal in the rows that are there gets its
salted digests in between, a few thousand rows at a time.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models, transaction

import billing_admin.db.source

# Of each verb whether what it says beside its note is personal stands here as it was at this version.
PLAIN = """verb = ANY (ARRAY[
        'billable_items.imported', 'client.closed', 'client.reopened', 'client.merged', 'client.merged_away',
        'client.merge_undone', 'client.told_apart', 'client.exported', 'client.deleted',
        'client.fields_changed', 'client.reminders_paused', 'client.reminders_resumed', 'clients.imported',
        'contact.added', 'contact.changed', 'contact.removed', 'credit.added', 'credit.applied',
        'credit.released', 'credit.expired', 'credit.removed', 'credit.balance_adjusted', 'credit.edited',
        'credit.transferred', 'credit.entry_reversed', 'credit.reversed', 'credit.rest_taken_back',
        'credit_batch.booked', 'credit_batch.reversed', 'credit_note.issued', 'document.added',
        'document.deleted', 'invoice.drafted', 'invoice.issued', 'invoice.cancelled', 'invoice.written_off',
        'invoice.write_off_reversed', 'invoices.generated', 'note.added', 'note.changed', 'note.pinned',
        'note.unpinned', 'payment.recorded', 'payment.attached', 'payment.refunded', 'payment.reversed',
        'payment.shortfall_billed', 'payments.imported', 'reminder.held'])"""
PERSONAL_ROW = f"(note <> '' OR NOT {PLAIN})"
DIGEST = f"""
    sha256(drawn || convert_to(ROW(note, CASE WHEN NOT ({PLAIN} OR verb = 'client.edited') THEN summary END,
           CASE WHEN NOT {PLAIN} THEN data END)::text, 'UTF8'))
"""
FEW = 5_000


class Together(migrations.SeparateDatabaseAndState):
    """Operations that others see done at once."""

    def __init__(self, operations):
        super().__init__(database_operations=operations, state_operations=operations)

    def deconstruct(self):
        return "Together", [self.database_operations], {}

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        with transaction.atomic(using=schema_editor.connection.alias):
            super().database_forwards(app_label, schema_editor, from_state, to_state)


def salt_what_is_there(apps, schema_editor):
    """Give the rows that are there their salts: in order, past those that somebody holds at the moment."""
    with schema_editor.connection.cursor() as cursor:
        while True:
            cursor.execute(f"SELECT min(id), max(id) FROM clients_activity WHERE personal IS NULL AND {PERSONAL_ROW}")
            first, last = cursor.fetchone()
            if first is None:
                return
            for start in range(first, last + 1, FEW):
                cursor.execute(
                    f"""
                    WITH free AS (
                        SELECT id AS free_id, uuid_send(gen_random_uuid()) AS drawn FROM clients_activity
                        WHERE id BETWEEN %s AND %s AND personal IS NULL AND {PERSONAL_ROW}
                        ORDER BY id FOR NO KEY UPDATE SKIP LOCKED)
                    UPDATE clients_activity SET salt = drawn, personal = {DIGEST} FROM free WHERE id = free_id
                    """,
                    [start, start + FEW - 1],
                )


QUEUE_WHAT_IS_THERE = """
    INSERT INTO clients_unsealed (written_id)
    SELECT id FROM billing_admin_writtenrows WHERE table_name = 'clients_activity'
"""


class Migration(migrations.Migration):

    atomic = False  # what is there gets its salts while others work

    dependencies = [
        ('clients', '0021_rights'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ActivitySeal',
            fields=[
                ('number', models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('row_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField())),
                ('hashes', models.BinaryField()),
                ('link', models.BinaryField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'default_permissions': (),
                'constraints': (models.CheckConstraint(condition=models.Q(('number__gt', 0)), name='seal_number_positive'),),
            },
        ),
        migrations.CreateModel(
            name='ActivitySignOff',
            fields=[
                ('number', models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ('seal', models.PositiveBigIntegerField()),
                ('count', models.PositiveBigIntegerField()),
                ('link', models.BinaryField()),
                ('signature', models.BinaryField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'default_permissions': (),
                'constraints': (models.CheckConstraint(condition=models.Q(('number__gt', 0)), name='sign_off_number_positive'),),
            },
        ),
        migrations.CreateModel(
            name='UnsealedRows',
            fields=[
                ('written_id', models.BigIntegerField(primary_key=True, serialize=False)),
            ],
            options={
                'verbose_name_plural': 'unsealed rows',
                'db_table': 'clients_unsealed',
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='clientdeletion',
            name='client_key',
            field=models.BigIntegerField(null=True),
        ),
        AddIndexConcurrently(
            model_name='clientdeletion',
            index=models.Index(fields=['client_key'], name='deletion_of_client'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='activityseal',
            trigger=pgtrigger.compiler.Trigger(name='never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'A seal stays as it was made.' USING ERRCODE = 'check_violation';", hash='f325013943d535e9c5094823ea1df1fc39f989dd', operation='UPDATE OR DELETE', pgid='pgtrigger_never_changed_3ecc0', table='clients_activityseal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='activitysignoff',
            trigger=pgtrigger.compiler.Trigger(name='never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'A sign-off stays as it was made.' USING ERRCODE = 'check_violation';", hash='2a7d06b09689b4c8497169ad68becaa2c771d25c', operation='UPDATE OR DELETE', pgid='pgtrigger_never_changed_ae6ea', table='clients_activitysignoff', when='BEFORE')),
        ),
        Together([
            migrations.AddField(
                model_name='activity',
                name='personal',
                field=models.BinaryField(null=True),
            ),
            migrations.AddField(
                model_name='activity',
                name='salt',
                field=models.BinaryField(null=True),
            ),
            migrations.AddField(
                model_name='activity',
                name='source',
                field=models.JSONField(null=True),
            ),
            migrations.AlterField(
                model_name='activity',
                name='source',
                field=models.JSONField(db_default=billing_admin.db.source.SourceOfTransaction(), null=True),
            ),
            migrations.AlterField(
                model_name='activity',
                name='actor',
                field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AlterField(
                model_name='activity',
                name='client',
                field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='activities', to='clients.client'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='activity',
                trigger=pgtrigger.compiler.Trigger(name='salted', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (NEW.note <> '' OR NOT NEW.verb = ANY (ARRAY['billable_items.imported', 'client.closed', 'client.reopened', 'client.merged', 'client.merged_away', 'client.merge_undone', 'client.told_apart', 'client.exported', 'client.deleted', 'client.fields_changed', 'client.reminders_paused', 'client.reminders_resumed', 'clients.imported', 'contact.added', 'contact.changed', 'contact.removed', 'credit.added', 'credit.applied', 'credit.released', 'credit.expired', 'credit.removed', 'credit.balance_adjusted', 'credit.edited', 'credit.transferred', 'credit.entry_reversed', 'credit.reversed', 'credit.rest_taken_back', 'credit_batch.booked', 'credit_batch.reversed', 'credit_note.issued', 'document.added', 'document.deleted', 'invoice.drafted', 'invoice.issued', 'invoice.cancelled', 'invoice.written_off', 'invoice.write_off_reversed', 'invoices.generated', 'note.added', 'note.changed', 'note.pinned', 'note.unpinned', 'payment.recorded', 'payment.attached', 'payment.refunded', 'payment.reversed', 'payment.shortfall_billed', 'payments.imported', 'reminder.held']))", func="NEW.salt = uuid_send(gen_random_uuid()); NEW.personal = sha256(NEW.salt || convert_to(ROW(NEW.note, CASE WHEN NOT (NEW.verb = ANY (ARRAY['billable_items.imported', 'client.closed', 'client.reopened', 'client.merged', 'client.merged_away', 'client.merge_undone', 'client.told_apart', 'client.exported', 'client.deleted', 'client.fields_changed', 'client.reminders_paused', 'client.reminders_resumed', 'clients.imported', 'contact.added', 'contact.changed', 'contact.removed', 'credit.added', 'credit.applied', 'credit.released', 'credit.expired', 'credit.removed', 'credit.balance_adjusted', 'credit.edited', 'credit.transferred', 'credit.entry_reversed', 'credit.reversed', 'credit.rest_taken_back', 'credit_batch.booked', 'credit_batch.reversed', 'credit_note.issued', 'document.added', 'document.deleted', 'invoice.drafted', 'invoice.issued', 'invoice.cancelled', 'invoice.written_off', 'invoice.write_off_reversed', 'invoices.generated', 'note.added', 'note.changed', 'note.pinned', 'note.unpinned', 'payment.recorded', 'payment.attached', 'payment.refunded', 'payment.reversed', 'payment.shortfall_billed', 'payments.imported', 'reminder.held']) OR NEW.verb = 'client.edited') THEN NEW.summary END, CASE WHEN NOT NEW.verb = ANY (ARRAY['billable_items.imported', 'client.closed', 'client.reopened', 'client.merged', 'client.merged_away', 'client.merge_undone', 'client.told_apart', 'client.exported', 'client.deleted', 'client.fields_changed', 'client.reminders_paused', 'client.reminders_resumed', 'clients.imported', 'contact.added', 'contact.changed', 'contact.removed', 'credit.added', 'credit.applied', 'credit.released', 'credit.expired', 'credit.removed', 'credit.balance_adjusted', 'credit.edited', 'credit.transferred', 'credit.entry_reversed', 'credit.reversed', 'credit.rest_taken_back', 'credit_batch.booked', 'credit_batch.reversed', 'credit_note.issued', 'document.added', 'document.deleted', 'invoice.drafted', 'invoice.issued', 'invoice.cancelled', 'invoice.written_off', 'invoice.write_off_reversed', 'invoices.generated', 'note.added', 'note.changed', 'note.pinned', 'note.unpinned', 'payment.recorded', 'payment.attached', 'payment.refunded', 'payment.reversed', 'payment.shortfall_billed', 'payments.imported', 'reminder.held']) THEN NEW.data END)::text, 'UTF8')); RETURN NEW;", hash='6c811c312c1bd171f262c80795870b248687be45', operation='INSERT', pgid='pgtrigger_salted_3eb63', table='clients_activity', when='BEFORE')),
            ),
        ]),
        migrations.RunPython(salt_what_is_there, migrations.RunPython.noop),
        Together([
            migrations.AlterModelOptions(
                name='activity',
                options={'default_permissions': (), 'permissions': (('view_activity', 'See and verify the chain of all activity'),), 'verbose_name_plural': 'activities'},
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='activity',
                name='note_stays',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='activity',
                name='append_only',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='activity',
                name='actor_stays',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='activity',
                name='data_stays',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='activity',
                name='never_deleted',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='activity',
                name='write_down',
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='activity',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.id IS DISTINCT FROM NEW.id OR OLD.verb IS DISTINCT FROM NEW.verb OR OLD.actor_id IS DISTINCT FROM NEW.actor_id OR OLD.actor_name IS DISTINCT FROM NEW.actor_name OR OLD.at IS DISTINCT FROM NEW.at OR OLD.source IS DISTINCT FROM NEW.source OR OLD.personal IS DISTINCT FROM NEW.personal) AND (false) IS NOT TRUE)', func="RAISE EXCEPTION 'What was done stays as it was written down.' USING ERRCODE = 'check_violation';", hash='00ecc49e4202a6212f58ea55912c5de54bca60ca', operation='UPDATE', pgid='pgtrigger_append_only_b1a58', table='clients_activity', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='activity',
                trigger=pgtrigger.compiler.Trigger(name='summary_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.summary IS DISTINCT FROM NEW.summary) AND (NEW.summary = '' AND NEW.salt IS NULL AND current_setting('billing_admin.maintenance', true) = 'delete') IS NOT TRUE)", func="RAISE EXCEPTION 'What was done stays as it was written down.' USING ERRCODE = 'check_violation';", hash='b0d3a34976428ecf78a36d583d151bf8d824afeb', operation='UPDATE', pgid='pgtrigger_summary_stays_49648', table='clients_activity', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='activity',
                trigger=pgtrigger.compiler.Trigger(name='data_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.data IS DISTINCT FROM NEW.data) AND (NEW.data = '{}' AND NEW.salt IS NULL AND (current_setting('billing_admin.maintenance', true) = 'delete' OR current_setting('billing_admin.maintenance', true) = 'merge')) IS NOT TRUE)", func="RAISE EXCEPTION 'What was done stays as it was written down.' USING ERRCODE = 'check_violation';", hash='c7aced80f58ffdaa97135cfc261a6545c224ab22', operation='UPDATE', pgid='pgtrigger_data_stays_70e12', table='clients_activity', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='activity',
                trigger=pgtrigger.compiler.Trigger(name='note_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.note IS DISTINCT FROM NEW.note) AND (NEW.note = '' AND NEW.salt IS NULL AND (current_setting('billing_admin.maintenance', true) = 'delete' OR current_setting('billing_admin.maintenance', true) = 'merge')) IS NOT TRUE)", func="RAISE EXCEPTION 'A note stays as it was written; only a client''s deletion empties it.' USING ERRCODE = 'check_violation';", hash='28bffba63a68e96ad03a021703d27a075164a81a', operation='UPDATE', pgid='pgtrigger_note_stays_14cad', table='clients_activity', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='activity',
                trigger=pgtrigger.compiler.Trigger(name='salt_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.salt IS DISTINCT FROM NEW.salt) AND (NEW.salt IS NULL AND (current_setting('billing_admin.maintenance', true) = 'delete' OR current_setting('billing_admin.maintenance', true) = 'merge')) IS NOT TRUE)", func="RAISE EXCEPTION 'What was done stays as it was written down.' USING ERRCODE = 'check_violation';", hash='515049c6dae90b42c3d382a072decfdf77dbf9da', operation='UPDATE', pgid='pgtrigger_salt_stays_ecca9', table='clients_activity', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='activity',
                trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((false) IS NOT TRUE)', func="RAISE EXCEPTION 'Activity is never deleted; it outlives its client.' USING ERRCODE = 'check_violation';", hash='00823a40c3edc111b6aa859280843fc53e61d28d', operation='DELETE', pgid='pgtrigger_never_deleted_0e1e9', table='clients_activity', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='activity',
                trigger=pgtrigger.compiler.Trigger(name='write_down', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                WITH written AS (INSERT INTO billing_admin_writtenrows (table_name, row_ids, client_ids, digests, typed)\n                SELECT 'clients_activity', array_agg(id), array_agg(client_id), array_agg(hash_record_extended(ROW(id, actor_name, verb, summary, at, CASE verb WHEN 'client.edited' THEN to_jsonb(note) ELSE data END), 0)),\n                       array_agg(hashtextextended(nullif(CASE verb WHEN 'client.edited' THEN coalesce(nullif(data, '{}')::text, '') ELSE note END, ''), 0))\n                FROM new_rows HAVING count(*) > 0 RETURNING id) INSERT INTO clients_unsealed (written_id) SELECT id FROM written;\n                RETURN NULL;\n            ", hash='3e7411c6396f5ae44653fa541b19196794c3cfbb', level='STATEMENT', operation='INSERT', pgid='pgtrigger_write_down_67554', referencing='REFERENCING NEW TABLE AS new_rows ', table='clients_activity', when='AFTER')),
            ),
            migrations.RunSQL(QUEUE_WHAT_IS_THERE, migrations.RunSQL.noop),
        ]),
    ]
