"""The sums of months and days that are over, and what keeps them to the ledger."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import billing_admin.money.fields


class Migration(migrations.Migration):

    dependencies = [
        ('credits', '0007_invoices_born_settled'),
    ]

    operations = [
        migrations.CreateModel(
            name='ClosedPeriod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('length', models.CharField(choices=[('month', 'Month'), ('day', 'Day or a part of it')], max_length=5)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('summed_at', models.DateTimeField(null=True)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ClosedPeriodSum',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('currency', billing_admin.money.fields.CurrencyField(max_length=3)),
                ('category', models.CharField(max_length=12)),
                ('kind', models.CharField(max_length=10)),
                ('amount', models.DecimalField(decimal_places=3, max_digits=30)),
                ('period', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sums', to='credits.closedperiod')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.AddIndex(
            model_name='closedperiod',
            index=models.Index(fields=['length', 'starts_at'], name='closed_period_by_start'),
        ),
        migrations.AddIndex(
            model_name='closedperiod',
            index=models.Index(fields=['ends_at'], name='closed_period_by_end'),
        ),
        migrations.AddConstraint(
            model_name='closedperiod',
            constraint=models.CheckConstraint(condition=models.Q(('length__in', ['month', 'day'])), name='closed_period_length'),
        ),
        migrations.AddConstraint(
            model_name='closedperiod',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='closed_period_ends'),
        ),
        migrations.AddConstraint(
            model_name='closedperiod',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('length', 'month')), expressions=((models.Func('starts_at', 'ends_at', function='tstzrange', output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField()), '&&'),), name='closed_months_apart'),
        ),
        migrations.AddConstraint(
            model_name='closedperiod',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('length', 'day')), expressions=((models.Func('starts_at', 'ends_at', function='tstzrange', output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField()), '&&'),), name='closed_days_apart'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='closedperiod',
            trigger=pgtrigger.compiler.Trigger(name='stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.length IS DISTINCT FROM NEW.length OR OLD.starts_at IS DISTINCT FROM NEW.starts_at OR OLD.ends_at IS DISTINCT FROM NEW.ends_at) AND (false) IS NOT TRUE)', func="RAISE EXCEPTION 'A closed period stays as it is.' USING ERRCODE = 'check_violation';", hash='7bb07984b81e410ed1b879d290dc6b5cc8c6adea', operation='UPDATE', pgid='pgtrigger_stays_ccca2', table='credits_closedperiod', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='closedperiod',
            trigger=pgtrigger.compiler.Trigger(name='summed_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.summed_at IS DISTINCT FROM NEW.summed_at) AND (OLD.summed_at IS NULL) IS NOT TRUE)', func="RAISE EXCEPTION 'A closed period is summed up once.' USING ERRCODE = 'check_violation';", hash='3447dfcc83a01cdd166f74188b4f1b084d1d6844', operation='UPDATE', pgid='pgtrigger_summed_once_7addb', table='credits_closedperiod', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='closedperiod',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((false) IS NOT TRUE)', func="RAISE EXCEPTION 'A closed period stays closed.' USING ERRCODE = 'check_violation';", hash='6a0defcef65fdf5c8584b034f8cb88564212bb43', operation='DELETE', pgid='pgtrigger_never_deleted_1d85f', table='credits_closedperiod', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='closedperiodsum',
            trigger=pgtrigger.compiler.Trigger(name='never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'The sums of closed periods are only added to.' USING ERRCODE = 'check_violation';", hash='db986a7a6daf95bd7ef9e6b2feb6c7d8cee2e20d', operation='UPDATE', pgid='pgtrigger_never_changed_363f7', table='credits_closedperiodsum', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='closedperiodsum',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((current_setting('billing_admin.maintenance', true) = 'sum_up') IS NOT TRUE)", func="RAISE EXCEPTION 'The parts of a sum go only where their sum replaces them.' USING ERRCODE = 'check_violation';", hash='57f2985c0a79b2c242040ce48e8ff1d285a4ad55', operation='DELETE', pgid='pgtrigger_never_deleted_13932', table='credits_closedperiodsum', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditentry',
            trigger=pgtrigger.compiler.Trigger(name='correct_closed_on_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF EXISTS (SELECT FROM new_rows WHERE at < (SELECT max(ends_at) FROM credits_closedperiod)) THEN\n                \n    INSERT INTO credits_closedperiodsum (period_id, currency, category, kind, amount)\n    SELECT period.id, changed.currency, changed.category, changed.kind, sum(changed.amount)\n    FROM (SELECT at, currency, category, kind, sum(amount) AS amount\n          FROM (\n    SELECT entry.at, entry.currency, grant_.category, entry.kind, entry.amount\n    FROM new_rows entry JOIN credits_creditgrant grant_ ON grant_.id = entry.grant_id\n) each (at, currency, category, kind, amount) GROUP BY 1, 2, 3, 4) changed\n    CROSS JOIN (VALUES ('month'), ('day')) lengths (length)\n    JOIN LATERAL (SELECT id, ends_at FROM credits_closedperiod closed\n                  WHERE closed.length = lengths.length AND closed.starts_at <= changed.at\n                  ORDER BY starts_at DESC LIMIT 1) period ON period.ends_at > changed.at\n    GROUP BY 1, 2, 3, 4 HAVING sum(changed.amount) <> 0;\n\n            END IF;\n            RETURN NULL;\n        ", hash='39b857fecff3aebb3b2f2cf50c206f8b49b7e532', level='STATEMENT', operation='INSERT', pgid='pgtrigger_correct_closed_on_insert_bb203', referencing='REFERENCING NEW TABLE AS new_rows ', table='credits_creditentry', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditentry',
            trigger=pgtrigger.compiler.Trigger(name='correct_closed_on_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    INSERT INTO credits_closedperiodsum (period_id, currency, category, kind, amount)\n    SELECT period.id, changed.currency, changed.category, changed.kind, sum(changed.amount)\n    FROM (SELECT at, currency, category, kind, sum(amount) AS amount\n          FROM (\n    SELECT entry.at, entry.currency, grant_.category, entry.kind, -entry.amount\n    FROM old_rows entry JOIN credits_creditgrant grant_ ON grant_.id = entry.grant_id\n) each (at, currency, category, kind, amount) GROUP BY 1, 2, 3, 4) changed\n    CROSS JOIN (VALUES ('month'), ('day')) lengths (length)\n    JOIN LATERAL (SELECT id, ends_at FROM credits_closedperiod closed\n                  WHERE closed.length = lengths.length AND closed.starts_at <= changed.at\n                  ORDER BY starts_at DESC LIMIT 1) period ON period.ends_at > changed.at\n    GROUP BY 1, 2, 3, 4 HAVING sum(changed.amount) <> 0;\n RETURN NULL;", hash='8146f4b68f8012e7e15121542e8dd276916bd26c', level='STATEMENT', operation='DELETE', pgid='pgtrigger_correct_closed_on_delete_94746', referencing='REFERENCING OLD TABLE AS old_rows ', table='credits_creditentry', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditgrant',
            trigger=pgtrigger.compiler.Trigger(name='correct_closed_on_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    INSERT INTO credits_closedperiodsum (period_id, currency, category, kind, amount)\n    SELECT period.id, changed.currency, changed.category, changed.kind, sum(changed.amount)\n    FROM (SELECT at, currency, category, kind, sum(amount) AS amount\n          FROM (\n    SELECT entry.at, entry.currency, grant_.category, entry.kind, -entry.amount\n    FROM credits_creditentry entry JOIN old_rows grant_ ON grant_.id = entry.grant_id\n) each (at, currency, category, kind, amount) GROUP BY 1, 2, 3, 4) changed\n    CROSS JOIN (VALUES ('month'), ('day')) lengths (length)\n    JOIN LATERAL (SELECT id, ends_at FROM credits_closedperiod closed\n                  WHERE closed.length = lengths.length AND closed.starts_at <= changed.at\n                  ORDER BY starts_at DESC LIMIT 1) period ON period.ends_at > changed.at\n    GROUP BY 1, 2, 3, 4 HAVING sum(changed.amount) <> 0;\n RETURN NULL;", hash='c86dfdcb86d76a2e4c7e06119fe9f3a845b7a3c6', level='STATEMENT', operation='DELETE', pgid='pgtrigger_correct_closed_on_delete_685a1', referencing='REFERENCING OLD TABLE AS old_rows ', table='credits_creditgrant', when='AFTER')),
        ),
    ]
