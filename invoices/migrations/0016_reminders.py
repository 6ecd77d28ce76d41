"""Reminders of what is not paid: their levels, what stops them for an invoice, and the fees of those sent."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import billing_admin.db.keys
import billing_admin.money.fields


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0020_mail'),
        ('invoices', '0015_taken_back_of_its_own_invoice'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReminderHold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('currency', billing_admin.money.fields.CurrencyField(max_length=3)),
                ('kind', models.CharField(choices=[('announced', 'Payment announced'), ('disputed', 'Disputed')], max_length=10)),
                ('said_on', models.DateField()),
                ('until', models.DateField(blank=True, null=True)),
                ('note', models.CharField(blank=True, db_default='', default='', max_length=500, verbose_name='reason')),
                ('created_by_name', models.CharField(max_length=150)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('lifted_at', models.DateTimeField(null=True)),
                ('lifted_by_name', models.CharField(blank=True, db_default='', default='', max_length=150)),
                ('client', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='reminder_holds', to='clients.client')),
                ('created_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('invoice', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='reminder_holds', to='invoices.invoice')),
            ],
            options={
                'permissions': (('add_reminderhold', 'Mark invoices as payment announced or disputed, and lift that'),),
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ReminderLevel',
            fields=[
                ('level', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('days', models.PositiveSmallIntegerField(verbose_name='days after it is due')),
                ('is_on', models.BooleanField(db_default=True, default=True, verbose_name='goes out')),
                ('fees', models.JSONField(blank=True, db_default={}, default=dict)),
                ('exempt_groups', models.ManyToManyField(blank=True, related_name='+', to='clients.clientgroup')),
            ],
            options={
                'permissions': (('change_reminderlevel', 'Set when reminders go out, and their fees'),),
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ReminderFee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('currency', billing_admin.money.fields.CurrencyField(max_length=3)),
                ('level', models.PositiveSmallIntegerField()),
                ('booked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('client', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='reminder_fees', to='clients.client')),
                ('invoice', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='reminder_fees', to='invoices.invoice')),
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='reminder_fee', to='invoices.billableitem')),
            ],
            options={
                'default_permissions': (),
                'indexes': [models.Index(fields=['client', '-id'], name='reminder_fee_of_client')],
                'constraints': [models.UniqueConstraint(fields=('invoice', 'level'), name='reminder_fee_once'), models.CheckConstraint(condition=models.Q(('level__gte', 1), ('level__lte', 3)), name='reminder_fee_level')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reminderfee',
            trigger=pgtrigger.compiler.Trigger(name='stays_as_booked', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.invoice_id IS DISTINCT FROM NEW.invoice_id OR OLD.currency IS DISTINCT FROM NEW.currency OR OLD.level IS DISTINCT FROM NEW.level OR OLD.item_id IS DISTINCT FROM NEW.item_id OR OLD.booked_at IS DISTINCT FROM NEW.booked_at) AND (false) IS NOT TRUE)', func="RAISE EXCEPTION 'The fee of a reminder stays as it was booked.' USING ERRCODE = 'check_violation';", hash='831b144dac45c4eacf1016cd6c3016e7d265ffde', operation='UPDATE', pgid='pgtrigger_stays_as_booked_73032', table='invoices_reminderfee', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reminderfee',
            trigger=pgtrigger.compiler.Trigger(name='stays_with_client', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.client_id IS DISTINCT FROM NEW.client_id) AND (current_setting('billing_admin.maintenance', true) = 'merge') IS NOT TRUE)", func="RAISE EXCEPTION 'A fee moves to another client only by a merge.' USING ERRCODE = 'check_violation';", hash='db95cccc2ff7b07e70377aebddfd8d477b8eead7', operation='UPDATE', pgid='pgtrigger_stays_with_client_b7f1c', table='invoices_reminderfee', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='reminderhold',
            index=models.Index(fields=['invoice', '-id'], name='reminder_hold_of_invoice'),
        ),
        migrations.AddIndex(
            model_name='reminderhold',
            index=models.Index(fields=['client', '-id'], name='reminder_hold_of_client'),
        ),
        migrations.AddIndex(
            model_name='reminderhold',
            index=models.Index(condition=models.Q(('created_by__isnull', False)), fields=['created_by'], name='reminder_hold_by_creator'),
        ),
        migrations.AddIndex(
            model_name='reminderhold',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(models.F('note'), name='gin_trgm_ops'), condition=models.Q(('note', ''), _negated=True), name='reminder_hold_by_note'),
        ),
        migrations.AddConstraint(
            model_name='reminderhold',
            constraint=billing_admin.db.keys.SameAs(fields=('invoice', 'client', 'currency'), name='reminder_hold_of_its_invoice', to='invoices.Invoice', to_fields=('id', 'client', 'currency')),
        ),
        migrations.AddConstraint(
            model_name='reminderhold',
            constraint=models.UniqueConstraint(condition=models.Q(('lifted_at__isnull', True)), fields=('invoice', 'kind'), name='reminder_hold_once'),
        ),
        migrations.AddConstraint(
            model_name='reminderhold',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['announced', 'disputed'])), name='reminder_hold_kind'),
        ),
        migrations.AddConstraint(
            model_name='reminderhold',
            constraint=models.CheckConstraint(condition=models.Q(('until', None), models.Q(('kind', 'announced'), ('until__gte', models.F('said_on'))), _connector='OR'), name='reminder_hold_until'),
        ),
        migrations.AddConstraint(
            model_name='reminderhold',
            constraint=models.CheckConstraint(condition=models.Q(('lifted_at', None), models.Q(('lifted_by_name', ''), _negated=True), _connector='OR'), name='reminder_hold_lifted'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reminderhold',
            trigger=pgtrigger.compiler.Trigger(name='stays_as_said', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.invoice_id IS DISTINCT FROM NEW.invoice_id OR OLD.currency IS DISTINCT FROM NEW.currency OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.said_on IS DISTINCT FROM NEW.said_on OR OLD.until IS DISTINCT FROM NEW.until OR OLD.created_by_name IS DISTINCT FROM NEW.created_by_name OR OLD.created_at IS DISTINCT FROM NEW.created_at) AND (false) IS NOT TRUE)', func="RAISE EXCEPTION 'What was said of an invoice stays; lift it and say something else.' USING ERRCODE = 'check_violation';", hash='b731a2358ac253c0014fa5e1c9f99f46c2266795', operation='UPDATE', pgid='pgtrigger_stays_as_said_1f7d8', table='invoices_reminderhold', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reminderhold',
            trigger=pgtrigger.compiler.Trigger(name='note_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.note IS DISTINCT FROM NEW.note) AND (NEW.note = '' AND current_setting('billing_admin.maintenance', true) = 'delete') IS NOT TRUE)", func="RAISE EXCEPTION 'A note stays as it was written; only a client''s deletion empties it.' USING ERRCODE = 'check_violation';", hash='9c8967cfa24a7bbce929d79e472aeba796512b57', operation='UPDATE', pgid='pgtrigger_note_stays_dc4c6', table='invoices_reminderhold', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reminderhold',
            trigger=pgtrigger.compiler.Trigger(name='stays_with_client', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.client_id IS DISTINCT FROM NEW.client_id) AND (current_setting('billing_admin.maintenance', true) = 'merge') IS NOT TRUE)", func="RAISE EXCEPTION 'A mark moves to another client only by a merge.' USING ERRCODE = 'check_violation';", hash='6ebda67198a94f2b545b964ec40a477be222f8a0', operation='UPDATE', pgid='pgtrigger_stays_with_client_b50e3', table='invoices_reminderhold', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reminderhold',
            trigger=pgtrigger.compiler.Trigger(name='lifted_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.lifted_at IS DISTINCT FROM NEW.lifted_at OR OLD.lifted_by_name IS DISTINCT FROM NEW.lifted_by_name) AND (OLD.lifted_at IS NULL) IS NOT TRUE)', func="RAISE EXCEPTION 'What was lifted stays lifted.' USING ERRCODE = 'check_violation';", hash='b8e901bc6654177c0b7fa62041bac0f17e4abaf2', operation='UPDATE', pgid='pgtrigger_lifted_once_0b2e4', table='invoices_reminderhold', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='reminderlevel',
            constraint=models.CheckConstraint(condition=models.Q(('level__gte', 1), ('level__lte', 3)), name='reminder_level'),
        ),
        migrations.AddConstraint(
            model_name='reminderlevel',
            constraint=models.CheckConstraint(condition=models.Q(('days__gte', 1), ('days__lte', 1000)), name='reminder_days'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reminderlevel',
            trigger=pgtrigger.compiler.Trigger(name='days_grow', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (SELECT FROM invoices_reminderlevel lower JOIN invoices_reminderlevel higher\n               ON higher.level > lower.level AND higher.days <= lower.days) THEN\n        RAISE EXCEPTION 'A reminder of a higher level goes out later than those below it.' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NULL;\n", hash='37754362ae5188e48a40981db43e5eb8ccd582c2', level='STATEMENT', operation='INSERT OR UPDATE', pgid='pgtrigger_days_grow_ed69c', table='invoices_reminderlevel', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='reminderfee',
            constraint=billing_admin.db.keys.SameAs(fields=('invoice', 'client', 'currency'), name='reminder_fee_of_its_invoice', to='invoices.Invoice', to_fields=('id', 'client', 'currency')),
        ),
        # Both tables are empty: nothing is waited for.
        migrations.RunSQL(
            """
            -- squawk-ignore constraint-missing-not-valid
            ALTER TABLE invoices_reminderhold VALIDATE CONSTRAINT reminder_hold_of_its_invoice;
            -- squawk-ignore constraint-missing-not-valid
            ALTER TABLE invoices_reminderfee VALIDATE CONSTRAINT reminder_fee_of_its_invoice
            """,
            migrations.RunSQL.noop,
        ),
    ]
