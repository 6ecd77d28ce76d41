"""Limits of roles and people, what was used of them, and what waits for approval."""

import django.core.serializers.json
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.lookups
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import billing_admin.db.functions
import billing_admin.money.fields


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('clients', '0026_activity_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Limit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('given', 'Credit given'), ('adjusted', 'Balances raised'), ('transferred', 'Credit transferred'), ('refunded', 'Payments refunded or reversed'), ('written_off', 'Invoices written off'), ('credited', 'Credit notes'), ('bulk', 'Bulk credit')], max_length=12)),
                ('scope', models.CharField(choices=[('entry', 'At once'), ('client_day', 'For one client in a day'), ('person_day', 'In a day')], max_length=10)),
                ('currency', billing_admin.money.fields.CurrencyField(max_length=3)),
                ('amount', billing_admin.money.fields.MoneyField(currency_field_name='currency', decimal_places=3, max_digits=18)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('role', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='auth.group')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='LimitSettings',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('is_on', models.BooleanField(db_default=False, default=False)),
            ],
            options={
                'verbose_name_plural': 'limit settings',
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_row_of_limit_settings')],
            },
        ),
        migrations.CreateModel(
            name='LimitUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('given', 'Credit given'), ('adjusted', 'Balances raised'), ('transferred', 'Credit transferred'), ('refunded', 'Payments refunded or reversed'), ('written_off', 'Invoices written off'), ('credited', 'Credit notes'), ('bulk', 'Bulk credit')], max_length=12)),
                ('day', models.DateField()),
                ('client_key', models.BigIntegerField(null=True)),
                ('currency', billing_admin.money.fields.CurrencyField(max_length=3)),
                ('amount', billing_admin.money.fields.MoneyField(currency_field_name='currency', decimal_places=3, max_digits=18)),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ApprovalRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.CharField(max_length=40)),
                ('subject', models.CharField(blank=True, db_default='', default='', max_length=200)),
                ('kind', models.CharField(choices=[('given', 'Credit given'), ('adjusted', 'Balances raised'), ('transferred', 'Credit transferred'), ('refunded', 'Payments refunded or reversed'), ('written_off', 'Invoices written off'), ('credited', 'Credit notes'), ('bulk', 'Bulk credit')], max_length=12)),
                ('currency', billing_admin.money.fields.CurrencyField(max_length=3)),
                ('amount', billing_admin.money.fields.MoneyField(currency_field_name='currency', decimal_places=3, max_digits=18)),
                ('payload', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('why', models.CharField(max_length=500)),
                ('reason', models.CharField(max_length=500)),
                ('once', models.CharField(max_length=64)),
                ('requester_name', models.CharField(max_length=150)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('approved', 'Approved'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], default='waiting', max_length=10)),
                ('decided_by_name', models.CharField(blank=True, db_default='', default='', max_length=150)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decision', models.CharField(blank=True, db_default='', default='', max_length=500)),
                ('client', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='approval_requests', to='clients.client')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('requester', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('uploader', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'permissions': (('approve_request', 'Approve what is above somebody’s limit'),),
                'default_permissions': (),
                'indexes': [models.Index(fields=['state', '-id'], name='approval_by_state'), models.Index(fields=['-asked_at', '-id'], name='approval_by_age')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='approval_amount'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'approved', 'refused', 'withdrawn'])), name='approval_state'), models.CheckConstraint(condition=models.Q(('kind__in', ['given', 'adjusted', 'transferred', 'refunded', 'written_off', 'credited', 'bulk'])), name='approval_kind'), models.CheckConstraint(condition=models.Q(django.db.models.lookups.GreaterThanOrEqual(django.db.models.functions.comparison.Coalesce(billing_admin.db.functions.MinorUnits(models.F('currency')), models.Value(-1)), models.Func(models.F('amount'), function='min_scale', output_field=models.IntegerField()))), name='approval_places'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='approval_decided'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('approved', 'refused')), _negated=True), models.Q(models.Q(('decided_by', None), ('requester', None), models.Q(('decided_by', models.F('requester')), _negated=True), _connector='OR'), models.Q(('decided_by', None), ('uploader', None), models.Q(('decided_by', models.F('uploader')), _negated=True), _connector='OR')), _connector='OR'), name='approval_by_another', violation_error_message='Somebody else has to decide on it.'), models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('once',), name='approval_waits_once')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='approvalrequest',
            trigger=pgtrigger.compiler.Trigger(name='asked_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.action IS DISTINCT FROM NEW.action OR OLD.subject IS DISTINCT FROM NEW.subject OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.currency IS DISTINCT FROM NEW.currency OR OLD.amount IS DISTINCT FROM NEW.amount OR OLD.why IS DISTINCT FROM NEW.why OR OLD.requester_name IS DISTINCT FROM NEW.requester_name OR OLD.asked_at IS DISTINCT FROM NEW.asked_at) AND (false) IS NOT TRUE)', func="RAISE EXCEPTION 'What was asked for stays as it was asked.' USING ERRCODE = 'check_violation';", hash='63dabb938f802a7436dc9117b838a443de7421ff', operation='UPDATE', pgid='pgtrigger_asked_stays_c1005', table='clients_approvalrequest', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='approvalrequest',
            trigger=pgtrigger.compiler.Trigger(name='decision_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.state IS DISTINCT FROM NEW.state OR OLD.decided_at IS DISTINCT FROM NEW.decided_at OR OLD.decided_by_name IS DISTINCT FROM NEW.decided_by_name) AND (OLD.state = 'waiting') IS NOT TRUE)", func="RAISE EXCEPTION 'What was decided stays so.' USING ERRCODE = 'check_violation';", hash='138a1e899553e20885f36041309ac0ebfdf0dd94', operation='UPDATE', pgid='pgtrigger_decision_stays_e9d90', table='clients_approvalrequest', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='approvalrequest',
            trigger=pgtrigger.compiler.Trigger(name='stays_with_client', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.client_id IS DISTINCT FROM NEW.client_id) AND (current_setting('billing_admin.maintenance', true) = 'merge') IS NOT TRUE)", func="RAISE EXCEPTION 'A request moves to another client only by a merge.' USING ERRCODE = 'check_violation';", hash='685cd841bb0c1ed03edb7b048c1f1674c3e628d5', operation='UPDATE', pgid='pgtrigger_stays_with_client_2dbfe', table='clients_approvalrequest', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='approvalrequest',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((current_setting('billing_admin.maintenance', true) = 'delete') IS NOT TRUE)", func="RAISE EXCEPTION 'A request goes only with its client.' USING ERRCODE = 'check_violation';", hash='32dd8f75c16cdc7f9e664a432b8804e5c414f751', operation='DELETE', pgid='pgtrigger_never_deleted_f2266', table='clients_approvalrequest', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='limit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('person__isnull', False), ('role', None)), models.Q(('person', None), ('role__isnull', False)), _connector='OR'), name='limit_of_a_role_or_a_person'),
        ),
        migrations.AddConstraint(
            model_name='limit',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['given', 'adjusted', 'transferred', 'refunded', 'written_off', 'credited', 'bulk'])), name='limit_kind'),
        ),
        migrations.AddConstraint(
            model_name='limit',
            constraint=models.CheckConstraint(condition=models.Q(('scope__in', ['entry', 'client_day', 'person_day'])), name='limit_scope'),
        ),
        migrations.AddConstraint(
            model_name='limit',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='limit_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='limit',
            constraint=models.CheckConstraint(condition=models.Q(django.db.models.lookups.GreaterThanOrEqual(django.db.models.functions.comparison.Coalesce(billing_admin.db.functions.MinorUnits(models.F('currency')), models.Value(-1)), models.Func(models.F('amount'), function='min_scale', output_field=models.IntegerField()))), name='limit_places'),
        ),
        migrations.AddConstraint(
            model_name='limit',
            constraint=models.UniqueConstraint(fields=('role', 'person', 'kind', 'scope', 'currency'), name='limit_once', nulls_distinct=False),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='limit',
            trigger=pgtrigger.compiler.Trigger(name='currency_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.currency IS DISTINCT FROM NEW.currency) AND (false) IS NOT TRUE)', func="RAISE EXCEPTION 'A limit stays in its currency.' USING ERRCODE = 'check_violation';", hash='15e15b85fc0885c1a16232ced7b2ccc3f0ab5642', operation='UPDATE', pgid='pgtrigger_currency_stays_17d5e', table='clients_limit', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='limituse',
            index=models.Index(fields=['person', 'day', 'kind'], name='limit_use_of_day'),
        ),
        migrations.AddConstraint(
            model_name='limituse',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='limit_use_positive'),
        ),
        migrations.AddConstraint(
            model_name='limituse',
            constraint=models.CheckConstraint(condition=models.Q(django.db.models.lookups.GreaterThanOrEqual(django.db.models.functions.comparison.Coalesce(billing_admin.db.functions.MinorUnits(models.F('currency')), models.Value(-1)), models.Func(models.F('amount'), function='min_scale', output_field=models.IntegerField()))), name='limit_use_places'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='limituse',
            trigger=pgtrigger.compiler.Trigger(name='stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.person_id IS DISTINCT FROM NEW.person_id OR OLD.day IS DISTINCT FROM NEW.day OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.client_key IS DISTINCT FROM NEW.client_key OR OLD.currency IS DISTINCT FROM NEW.currency OR OLD.amount IS DISTINCT FROM NEW.amount) AND (false) IS NOT TRUE)', func="RAISE EXCEPTION 'What was used stays as it was written down.' USING ERRCODE = 'check_violation';", hash='43a26ca82006d649a826811af42a1ed204e5bd6e', operation='UPDATE', pgid='pgtrigger_stays_4439e', table='clients_limituse', when='BEFORE')),
        ),
    ]
