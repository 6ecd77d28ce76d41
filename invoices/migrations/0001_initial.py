from decimal import Decimal

import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.core.serializers.json
import django.db.models.deletion
import django.db.models.expressions
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

    initial = True

    dependencies = [
        ('clients', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BillableItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('description', models.CharField(max_length=500)),
                ('quantity', models.DecimalField(decimal_places=4, default=Decimal('1'), max_digits=12)),
                ('currency', billing_admin.money.fields.CurrencyField(max_length=3)),
                ('unit_price', billing_admin.money.fields.MoneyField(currency_field_name='currency', decimal_places=3, max_digits=18)),
                ('tax_rate', models.DecimalField(blank=True, decimal_places=3, max_digits=6, null=True, verbose_name='tax rate, %')),
                ('tax_included', models.BooleanField(blank=True, null=True, verbose_name='price includes tax')),
                ('cycle', models.CharField(choices=[('once', 'Once'), ('weekly', 'Weekly'), ('monthly', 'Monthly'), ('quarterly', 'Quarterly'), ('half_yearly', 'Half-yearly'), ('yearly', 'Yearly'), ('two_yearly', 'Every two years'), ('three_yearly', 'Every three years')], default='once', max_length=12)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('periods_billed', models.PositiveIntegerField(default=0)),
                ('next_due_on', models.DateField(blank=True, null=True)),
                ('paused', models.BooleanField(default=False)),
                ('import_key', models.CharField(blank=True, max_length=64, null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('version', models.PositiveIntegerField(db_default=0, default=0)),
                ('client', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='billable_items', to='clients.client')),
            ],
            options={
                'permissions': (('add_billableitem', 'Add, change and import billable items'),),
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='DeletedNumbers',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.CharField(choices=[('invoice', 'Invoice'), ('credit_note', 'Credit note')], max_length=20)),
                ('prefix', models.CharField(blank=True, max_length=16)),
                ('ranges', django.contrib.postgres.fields.ArrayField(base_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField())),
                ('deletion', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='document_numbers', to='clients.clientdeletion')),
            ],
            options={
                'verbose_name_plural': 'deleted numbers',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Invoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number_prefix', models.CharField(blank=True, max_length=16)),
                ('number', models.PositiveBigIntegerField(blank=True, null=True)),
                ('label', models.GeneratedField(db_persist=True, expression=django.db.models.functions.comparison.Coalesce(billing_admin.db.functions.DocumentLabel(models.F('number_prefix'), models.F('number')), models.Value('Draft'), output_field=models.TextField()), output_field=models.TextField())),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('unpaid', 'Unpaid'), ('paid', 'Paid'), ('cancelled', 'Cancelled'), ('refunded', 'Refunded')], default='draft', max_length=10)),
                ('issued_on', models.DateField(blank=True, null=True)),
                ('due_on', models.DateField(blank=True, null=True)),
                ('paid_at', models.DateTimeField(blank=True, null=True)),
                ('cancelled_at', models.DateTimeField(blank=True, null=True)),
                ('bill_to_name', models.CharField(blank=True, max_length=300)),
                ('bill_to_address', models.TextField(blank=True)),
                ('bill_to_email', models.CharField(blank=True, max_length=254)),
                ('bill_to_tax_id', models.CharField(blank=True, max_length=40)),
                ('currency', billing_admin.money.fields.CurrencyField(max_length=3)),
                ('subtotal', billing_admin.money.fields.MoneyField(currency_field_name='currency', decimal_places=3, default=Decimal('0'), max_digits=18)),
                ('tax', billing_admin.money.fields.MoneyField(currency_field_name='currency', decimal_places=3, default=Decimal('0'), max_digits=18)),
                ('total', billing_admin.money.fields.MoneyField(currency_field_name='currency', decimal_places=3, default=Decimal('0'), max_digits=18)),
                ('credit_applied', billing_admin.money.fields.MoneyField(currency_field_name='currency', decimal_places=3, default=Decimal('0'), max_digits=18)),
                ('amount_paid', billing_admin.money.fields.MoneyField(currency_field_name='currency', decimal_places=3, default=Decimal('0'), max_digits=18)),
                ('amount_credited', billing_admin.money.fields.MoneyField(currency_field_name='currency', decimal_places=3, default=Decimal('0'), max_digits=18)),
                ('balance_due', models.GeneratedField(db_persist=True, expression=django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('total'), '-', models.F('credit_applied')), '-', models.F('amount_paid')), '-', models.F('amount_credited')), output_field=models.DecimalField(decimal_places=3, max_digits=18))),
                ('credit_use', models.CharField(blank=True, choices=[('always', 'Always'), ('whole', 'Only if it covers the whole invoice'), ('never', 'Never')], max_length=10, verbose_name='automatic use of credit')),
                ('notes', models.TextField(blank=True)),
                ('version', models.PositiveIntegerField(db_default=0, default=0)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('client', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='invoices', to='clients.client')),
                ('created_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'permissions': (('view_invoice', 'See invoices'), ('issue_invoice', 'Create and issue invoices'), ('cancel_invoice', 'Cancel invoices')),
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='CreditNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number_prefix', models.CharField(blank=True, max_length=16)),
                ('number', models.PositiveBigIntegerField()),
                ('label', models.GeneratedField(db_persist=True, expression=billing_admin.db.functions.DocumentLabel(models.F('number_prefix'), models.F('number')), output_field=models.TextField())),
                ('issued_on', models.DateField()),
                ('reason', models.CharField(max_length=500)),
                ('bill_to_name', models.CharField(blank=True, max_length=300)),
                ('bill_to_address', models.TextField(blank=True)),
                ('bill_to_email', models.CharField(blank=True, max_length=254)),
                ('bill_to_tax_id', models.CharField(blank=True, max_length=40)),
                ('currency', billing_admin.money.fields.CurrencyField(max_length=3)),
                ('subtotal', billing_admin.money.fields.MoneyField(currency_field_name='currency', decimal_places=3, max_digits=18)),
                ('tax', billing_admin.money.fields.MoneyField(currency_field_name='currency', decimal_places=3, max_digits=18)),
                ('total', billing_admin.money.fields.MoneyField(currency_field_name='currency', decimal_places=3, max_digits=18)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('client', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='credit_notes', to='clients.client')),
                ('created_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('invoice', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='credit_notes', to='invoices.invoice')),
            ],
            options={
                'permissions': (('issue_creditnote', 'Issue credit notes'),),
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='InvoiceLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', models.DateField(blank=True, null=True)),
                ('position', models.PositiveIntegerField()),
                ('description', models.CharField(max_length=500)),
                ('quantity', models.DecimalField(decimal_places=4, default=Decimal('1'), max_digits=12)),
                ('currency', billing_admin.money.fields.CurrencyField(max_length=3)),
                ('unit_price', billing_admin.money.fields.MoneyField(currency_field_name='currency', decimal_places=3, max_digits=18)),
                ('tax_rate', models.DecimalField(decimal_places=3, default=Decimal('0'), max_digits=6, verbose_name='tax rate, %')),
                ('tax_included', models.BooleanField(db_default=False, default=False, verbose_name='price includes tax')),
                ('amount', billing_admin.money.fields.MoneyField(currency_field_name='currency', decimal_places=3, max_digits=18)),
                ('tax', billing_admin.money.fields.MoneyField(currency_field_name='currency', decimal_places=3, default=Decimal('0'), max_digits=18)),
                ('billable_item', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='invoices.billableitem')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.client')),
                ('invoice', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='invoices.invoice')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='CreditNoteLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('description', models.CharField(max_length=500)),
                ('quantity', models.DecimalField(blank=True, decimal_places=4, max_digits=12, null=True)),
                ('currency', billing_admin.money.fields.CurrencyField(max_length=3)),
                ('tax_rate', models.DecimalField(decimal_places=3, max_digits=6, verbose_name='tax rate, %')),
                ('amount', billing_admin.money.fields.MoneyField(currency_field_name='currency', decimal_places=3, max_digits=18)),
                ('tax', billing_admin.money.fields.MoneyField(currency_field_name='currency', decimal_places=3, max_digits=18)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.client')),
                ('credit_note', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='invoices.creditnote')),
                ('invoice_line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credit_note_lines', to='invoices.invoiceline')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='InvoiceRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('as_of', models.DateField()),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Running'), ('finished', 'Finished'), ('failed', 'Failed'), ('cancelled', 'Cancelled'), ('interrupted', 'Interrupted')], default='running', max_length=11)),
                ('dry_run', models.BooleanField(db_default=False, default=False)),
                ('worker_count', models.PositiveSmallIntegerField(db_default=1, default=1)),
                ('cancel_asked', models.BooleanField(db_default=False, default=False)),
                ('clients_due', models.PositiveIntegerField(db_default=0, default=0)),
                ('beyond_limits', models.PositiveIntegerField(db_default=0, default=0)),
                ('clients_done', models.PositiveIntegerField(db_default=0, default=0)),
                ('failed_count', models.PositiveIntegerField(db_default=0, default=0)),
                ('invoice_count', models.PositiveIntegerField(default=0)),
                ('paid_count', models.PositiveIntegerField(default=0)),
                ('totals', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('failure', models.TextField(blank=True, default='')),
                ('started_by_name', models.CharField(max_length=150)),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('worked_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('started_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'permissions': (('generate_invoices', 'Run the invoices'),),
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='invoice',
            name='run',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='invoices', to='invoices.invoicerun'),
        ),
        migrations.CreateModel(
            name='InvoiceRunError',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invoice_run_errors', to='clients.client')),
                ('run', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='errors', to='invoices.invoicerun')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='NumberFormat',
            fields=[
                ('document', models.CharField(choices=[('invoice', 'Invoice'), ('credit_note', 'Credit note')], max_length=20, primary_key=True, serialize=False)),
                ('prefix', models.CharField(blank=True, max_length=18)),
            ],
            options={
                'permissions': (('change_numbering', 'Set how documents are numbered'),),
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('document__in', ['invoice', 'credit_note'])), name='number_format_document'), models.CheckConstraint(condition=models.Q(('prefix__regex', '([0-9]|\\{year\\})$'), _negated=True), name='number_format_ends_without_digit')],
            },
        ),
        migrations.CreateModel(
            name='NumberSeries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.CharField(choices=[('invoice', 'Invoice'), ('credit_note', 'Credit note')], max_length=20)),
                ('prefix', models.CharField(blank=True, max_length=16)),
                ('next_number', models.PositiveBigIntegerField(default=1)),
            ],
            options={
                'verbose_name_plural': 'number series',
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('document', 'prefix'), name='one_number_series_per_prefix')],
            },
        ),
        migrations.CreateModel(
            name='RunLimits',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('largest_totals', models.JSONField(blank=True, default=dict)),
                ('most_lines', models.PositiveIntegerField(blank=True, default=1000, null=True)),
                ('oldest_days', models.PositiveIntegerField(blank=True, null=True)),
            ],
            options={
                'verbose_name_plural': 'run limits',
                'permissions': (('change_runlimits', 'Set the limits of invoice runs'),),
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_row_of_run_limits'), models.CheckConstraint(condition=models.Q(('most_lines', None), ('most_lines__gt', 0), _connector='OR'), name='run_limits_positive')],
            },
        ),
        migrations.CreateModel(
            name='TaxRate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('country', models.CharField(blank=True, max_length=2, unique=True)),
                ('name', models.CharField(max_length=50)),
                ('rate', models.DecimalField(decimal_places=3, max_digits=6, verbose_name='rate, %')),
            ],
            options={
                'permissions': (('change_tax', 'Set tax rates'),),
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('rate__gte', 0), ('rate__lte', 100)), name='tax_rate_within_bounds'), models.CheckConstraint(condition=models.Q(('country__regex', '^([A-Z]{2})?$')), name='tax_rate_country'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='tax_rate_named')],
            },
        ),
        migrations.CreateModel(
            name='TaxSettings',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('prices_include_tax', models.BooleanField(default=False)),
            ],
            options={
                'verbose_name_plural': 'tax settings',
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_row_of_tax_settings')],
            },
        ),
        migrations.AddIndex(
            model_name='billableitem',
            index=models.Index(fields=['client', '-id'], name='billable_item_of_client'),
        ),
        migrations.AddIndex(
            model_name='billableitem',
            index=models.Index(condition=models.Q(('next_due_on__isnull', False)), fields=['next_due_on', 'id'], name='billable_item_by_due_date'),
        ),
        migrations.AddIndex(
            model_name='billableitem',
            index=models.Index(condition=models.Q(('paused', True)), fields=['-id'], name='billable_item_paused'),
        ),
        migrations.AddIndex(
            model_name='billableitem',
            index=models.Index(condition=models.Q(('next_due_on__isnull', True)), fields=['-id'], name='billable_item_ended'),
        ),
        migrations.AddIndex(
            model_name='billableitem',
            index=models.Index(condition=models.Q(('cycle', 'monthly'), _negated=True), fields=['cycle', '-id'], name='billable_item_by_cycle'),
        ),
        migrations.AddIndex(
            model_name='billableitem',
            index=models.Index(condition=models.Q(('next_due_on__isnull', False), ('paused', False)), fields=['client', 'next_due_on'], name='billable_item_due_by_client'),
        ),
        migrations.AddConstraint(
            model_name='billableitem',
            constraint=models.UniqueConstraint(condition=models.Q(('import_key__isnull', False)), fields=('import_key',), name='billable_item_imported_once'),
        ),
        migrations.AddConstraint(
            model_name='billableitem',
            constraint=models.CheckConstraint(condition=models.Q(django.db.models.lookups.GreaterThanOrEqual(django.db.models.functions.comparison.Coalesce(billing_admin.db.functions.MinorUnits(models.F('currency')), models.Value(-1)), models.Func(models.F('unit_price'), function='min_scale', output_field=models.IntegerField()))), name='billable_item_places'),
        ),
        migrations.AddConstraint(
            model_name='billableitem',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='billable_item_quantity'),
        ),
        migrations.AddConstraint(
            model_name='billableitem',
            constraint=models.CheckConstraint(condition=models.Q(('unit_price__gte', 0)), name='billable_item_price'),
        ),
        migrations.AddConstraint(
            model_name='billableitem',
            constraint=models.CheckConstraint(condition=models.Q(('tax_rate__gte', 0), ('tax_rate__lte', 100)), name='billable_item_tax'),
        ),
        migrations.AddConstraint(
            model_name='billableitem',
            constraint=models.CheckConstraint(condition=models.Q(('cycle__in', ['once', 'weekly', 'monthly', 'quarterly', 'half_yearly', 'yearly', 'two_yearly', 'three_yearly'])), name='billable_item_cycle'),
        ),
        migrations.AddConstraint(
            model_name='billableitem',
            constraint=models.CheckConstraint(condition=models.Q(('next_due_on', None), ('next_due_on', billing_admin.db.functions.DueDate(models.F('starts_on'), models.F('cycle'), models.F('periods_billed'))), _connector='OR'), name='billable_item_due_is_counted'),
        ),
        migrations.AddConstraint(
            model_name='billableitem',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='billable_item_end'),
        ),
        migrations.AddConstraint(
            model_name='billableitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cycle', 'once'), _negated=True), ('periods_billed', 0), models.Q(('next_due_on', None), ('periods_billed', 1)), _connector='OR'), name='billable_item_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='billableitem',
            trigger=pgtrigger.compiler.Trigger(name='one_currency', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.currency IS DISTINCT FROM NEW.currency) AND (false) IS NOT TRUE)', func="RAISE EXCEPTION 'The currency of a billable item never changes.' USING ERRCODE = 'check_violation';", hash='ebfc2ffce3d578937a634fac82600eb085acc116', operation='UPDATE', pgid='pgtrigger_one_currency_0e566', table='invoices_billableitem', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='deletednumbers',
            constraint=models.UniqueConstraint(fields=('deletion', 'document', 'prefix'), name='deleted_numbers_once_per_series'),
        ),
        migrations.AddIndex(
            model_name='creditnote',
            index=models.Index(fields=['invoice', 'id'], name='credit_note_of_invoice'),
        ),
        migrations.AddIndex(
            model_name='creditnote',
            index=models.Index(fields=['client', '-id'], name='credit_note_of_client'),
        ),
        migrations.AddIndex(
            model_name='creditnote',
            index=models.Index(condition=models.Q(('created_by__isnull', False)), fields=['created_by'], name='credit_note_by_creator'),
        ),
        migrations.AddConstraint(
            model_name='creditnote',
            constraint=models.CheckConstraint(condition=models.Q(django.db.models.lookups.GreaterThanOrEqual(django.db.models.functions.comparison.Coalesce(billing_admin.db.functions.MinorUnits(models.F('currency')), models.Value(-1)), django.db.models.functions.comparison.Greatest(models.Func(models.F('subtotal'), function='min_scale', output_field=models.IntegerField()), models.Func(models.F('tax'), function='min_scale', output_field=models.IntegerField()), models.Func(models.F('total'), function='min_scale', output_field=models.IntegerField())))), name='credit_note_places'),
        ),
        migrations.AddConstraint(
            model_name='creditnote',
            constraint=models.UniqueConstraint(fields=('number', 'number_prefix'), name='credit_note_number_once'),
        ),
        migrations.AddConstraint(
            model_name='creditnote',
            constraint=models.CheckConstraint(condition=models.Q(('number__gt', 0), ('subtotal__gte', 0), ('tax__gte', 0), ('total__gt', 0)), name='credit_note_amounts'),
        ),
        migrations.AddConstraint(
            model_name='creditnote',
            constraint=models.CheckConstraint(condition=models.Q(('total', django.db.models.expressions.CombinedExpression(models.F('subtotal'), '+', models.F('tax')))), name='credit_note_total_adds_up'),
        ),
        migrations.AddConstraint(
            model_name='creditnote',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='credit_note_says_why'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditnote',
            trigger=pgtrigger.compiler.Trigger(name='one_currency', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.currency IS DISTINCT FROM NEW.currency) AND (false) IS NOT TRUE)', func="RAISE EXCEPTION 'The currency of a credit note never changes.' USING ERRCODE = 'check_violation';", hash='c261688502ebb4713f2bd3b2924446f137e7e7b8', operation='UPDATE', pgid='pgtrigger_one_currency_8754e', table='invoices_creditnote', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditnote',
            trigger=pgtrigger.compiler.Trigger(name='issued_frozen', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.invoice_id IS DISTINCT FROM NEW.invoice_id OR OLD.number_prefix IS DISTINCT FROM NEW.number_prefix OR OLD.number IS DISTINCT FROM NEW.number OR OLD.issued_on IS DISTINCT FROM NEW.issued_on OR OLD.reason IS DISTINCT FROM NEW.reason OR OLD.bill_to_name IS DISTINCT FROM NEW.bill_to_name OR OLD.bill_to_address IS DISTINCT FROM NEW.bill_to_address OR OLD.bill_to_email IS DISTINCT FROM NEW.bill_to_email OR OLD.bill_to_tax_id IS DISTINCT FROM NEW.bill_to_tax_id OR OLD.subtotal IS DISTINCT FROM NEW.subtotal OR OLD.tax IS DISTINCT FROM NEW.tax OR OLD.total IS DISTINCT FROM NEW.total) AND (false) IS NOT TRUE)', func="RAISE EXCEPTION 'A credit note never changes; issue another document.' USING ERRCODE = 'check_violation';", hash='761872a58ba076a68661db5c4d108b5c43387a9b', operation='UPDATE', pgid='pgtrigger_issued_frozen_e5dd6', table='invoices_creditnote', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditnote',
            trigger=pgtrigger.compiler.Trigger(name='stays_with_client', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.client_id IS DISTINCT FROM NEW.client_id) AND (current_setting('billing_admin.maintenance', true) = 'merge') IS NOT TRUE)", func="RAISE EXCEPTION 'A credit note moves to another client only by a merge.' USING ERRCODE = 'check_violation';", hash='fa9bb75628cb376f8210837832505f8a0d427c2f', operation='UPDATE', pgid='pgtrigger_stays_with_client_19502', table='invoices_creditnote', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditnote',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((current_setting('billing_admin.maintenance', true) = 'delete') IS NOT TRUE)", func="RAISE EXCEPTION 'A credit note is never deleted.' USING ERRCODE = 'check_violation';", hash='dfc0c6140c581a192d620f1691f6e04c55e70559', operation='DELETE', pgid='pgtrigger_never_deleted_f8aaa', table='invoices_creditnote', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditnote',
            trigger=pgtrigger.compiler.Trigger(name='credits_on_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (SELECT FROM new_notes note JOIN invoices_invoice invoice ON invoice.id = note.invoice_id\n               WHERE invoice.client_id <> note.client_id OR invoice.currency <> note.currency\n                  OR invoice.status IN ('draft', 'cancelled')) THEN\n        RAISE EXCEPTION 'A credit note is of an issued invoice, and of its client and currency.' USING ERRCODE = 'check_violation';\n    END IF;\n\n    UPDATE invoices_invoice invoice\n    SET amount_credited = invoice.amount_credited + moved.amount,\n        status = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.status\n            WHEN invoice.balance_due = moved.amount THEN 'paid'\n            ELSE 'unpaid' END,\n        paid_at = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.paid_at\n            WHEN invoice.balance_due = moved.amount THEN statement_timestamp()\n            END\n    FROM (SELECT invoice_id, sum(amount) AS amount FROM (SELECT invoice_id, total AS amount FROM new_notes) changes\n          WHERE invoice_id IS NOT NULL GROUP BY invoice_id HAVING sum(amount) <> 0) moved\n    WHERE invoice.id = moved.invoice_id;\n    RETURN NULL;", hash='d5c63b254d2737b86e778668a60d8b03ac812068', level='STATEMENT', operation='INSERT', pgid='pgtrigger_credits_on_insert_5ed32', referencing='REFERENCING NEW TABLE AS new_notes ', table='invoices_creditnote', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditnote',
            trigger=pgtrigger.compiler.Trigger(name='credits_on_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    UPDATE invoices_invoice invoice\n    SET amount_credited = invoice.amount_credited + moved.amount,\n        status = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.status\n            WHEN invoice.balance_due = moved.amount THEN 'paid'\n            ELSE 'unpaid' END,\n        paid_at = CASE\n            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.paid_at\n            WHEN invoice.balance_due = moved.amount THEN statement_timestamp()\n            END\n    FROM (SELECT invoice_id, sum(amount) AS amount FROM (SELECT invoice_id, -total AS amount FROM old_notes) changes\n          WHERE invoice_id IS NOT NULL GROUP BY invoice_id HAVING sum(amount) <> 0) moved\n    WHERE invoice.id = moved.invoice_id;\n    RETURN NULL;", hash='75a3f9e6255a2040135888bb7512debbca593596', level='STATEMENT', operation='DELETE', pgid='pgtrigger_credits_on_delete_90994', referencing='REFERENCING OLD TABLE AS old_notes ', table='invoices_creditnote', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='invoiceline',
            constraint=models.CheckConstraint(condition=models.Q(django.db.models.lookups.GreaterThanOrEqual(django.db.models.functions.comparison.Coalesce(billing_admin.db.functions.MinorUnits(models.F('currency')), models.Value(-1)), django.db.models.functions.comparison.Greatest(models.Func(models.F('unit_price'), function='min_scale', output_field=models.IntegerField()), models.Func(models.F('amount'), function='min_scale', output_field=models.IntegerField()), models.Func(models.F('tax'), function='min_scale', output_field=models.IntegerField())))), name='invoice_line_places'),
        ),
        migrations.AddConstraint(
            model_name='invoiceline',
            constraint=models.UniqueConstraint(fields=('invoice', 'position'), name='invoice_line_position_once'),
        ),
        migrations.AddConstraint(
            model_name='invoiceline',
            constraint=models.UniqueConstraint(fields=('billable_item', 'period'), name='billed_once_per_period'),
        ),
        migrations.AddConstraint(
            model_name='invoiceline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('billable_item', None), ('period', None)), models.Q(('billable_item__isnull', False), ('period__isnull', False)), _connector='OR'), name='invoice_line_item_has_period'),
        ),
        migrations.AddConstraint(
            model_name='invoiceline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='invoice_line_quantity'),
        ),
        migrations.AddConstraint(
            model_name='invoiceline',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gte', 0), ('tax__gte', 0), ('unit_price__gte', 0)), name='invoice_line_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='invoiceline',
            constraint=models.CheckConstraint(condition=models.Q(('tax_rate__gte', 0), ('tax_rate__lte', 100)), name='invoice_line_tax_rate'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoiceline',
            trigger=pgtrigger.compiler.Trigger(name='one_currency', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.currency IS DISTINCT FROM NEW.currency) AND (false) IS NOT TRUE)', func="RAISE EXCEPTION 'The currency of an invoice line never changes.' USING ERRCODE = 'check_violation';", hash='1cca725bf23057f9de3c49cb90f197677f218201', operation='UPDATE', pgid='pgtrigger_one_currency_c13c7', table='invoices_invoiceline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoiceline',
            trigger=pgtrigger.compiler.Trigger(name='stays_with_client', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.client_id IS DISTINCT FROM NEW.client_id) AND (current_setting('billing_admin.maintenance', true) = 'merge') IS NOT TRUE)", func="RAISE EXCEPTION 'A line moves to another client only by a merge.' USING ERRCODE = 'check_violation';", hash='192c8061032bed827cf3128e9c429f146bee789b', operation='UPDATE', pgid='pgtrigger_stays_with_client_db83d', table='invoices_invoiceline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoiceline',
            trigger=pgtrigger.compiler.Trigger(name='issued_at_once', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF EXISTS (\n                        SELECT FROM (\n                            SELECT invoice_id, count(*) AS lines, sum(amount) AS amount, sum(tax) AS tax,\n                                   min(currency) AS first_currency, max(currency) AS last_currency,\n                                   min(client_id) AS first_client, max(client_id) AS last_client\n                            FROM new_lines GROUP BY invoice_id\n                        ) added\n                        JOIN invoices_invoice invoice ON invoice.id = added.invoice_id\n                        WHERE added.first_currency <> invoice.currency OR added.last_currency <> invoice.currency\n                           OR added.first_client <> invoice.client_id OR added.last_client <> invoice.client_id\n                           OR (invoice.status <> 'draft' AND (\n                                  added.amount <> invoice.subtotal OR added.tax <> invoice.tax\n                                  OR added.lines <> (SELECT count(*) FROM invoices_invoiceline line\n                                                     WHERE line.invoice_id = added.invoice_id)))\n                    ) THEN\n                        RAISE EXCEPTION 'Lines are of their invoice''s client and currency, and an issued one takes no more.' USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NULL;\n                ", hash='2c1b3481598091f71a9a40a9207a8daf3d07bc6d', level='STATEMENT', operation='INSERT', pgid='pgtrigger_issued_at_once_b17b0', referencing='REFERENCING NEW TABLE AS new_lines ', table='invoices_invoiceline', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoiceline',
            trigger=pgtrigger.compiler.Trigger(name='issued_unchanged', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.invoice_id IS DISTINCT FROM NEW.invoice_id OR OLD.billable_item_id IS DISTINCT FROM NEW.billable_item_id OR OLD.period IS DISTINCT FROM NEW.period OR OLD.position IS DISTINCT FROM NEW.position OR OLD.description IS DISTINCT FROM NEW.description OR OLD.quantity IS DISTINCT FROM NEW.quantity OR OLD.unit_price IS DISTINCT FROM NEW.unit_price OR OLD.tax_rate IS DISTINCT FROM NEW.tax_rate OR OLD.tax_included IS DISTINCT FROM NEW.tax_included OR OLD.amount IS DISTINCT FROM NEW.amount OR OLD.tax IS DISTINCT FROM NEW.tax)', func="\n                    IF EXISTS (SELECT FROM invoices_invoice\n                               WHERE id IN (OLD.invoice_id, NEW.invoice_id) AND status <> 'draft') THEN\n                        RAISE EXCEPTION 'The lines of an issued invoice never change.' USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='6feaf3844b4607679e2da1ecafcd9dfb48058a4e', operation='UPDATE', pgid='pgtrigger_issued_unchanged_f0d80', table='invoices_invoiceline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoiceline',
            trigger=pgtrigger.compiler.Trigger(name='issued_undeleted', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((current_setting('billing_admin.maintenance', true) = 'delete') IS NOT TRUE)", func="\n                    IF EXISTS (SELECT FROM invoices_invoice WHERE id = OLD.invoice_id AND status <> 'draft') THEN\n                        RAISE EXCEPTION 'The lines of an issued invoice never change.' USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN OLD;\n                ", hash='51de746a8628a1e5ed4bfa79f78316e5f61faade', operation='DELETE', pgid='pgtrigger_issued_undeleted_6f474', table='invoices_invoiceline', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='creditnoteline',
            constraint=models.CheckConstraint(condition=models.Q(django.db.models.lookups.GreaterThanOrEqual(django.db.models.functions.comparison.Coalesce(billing_admin.db.functions.MinorUnits(models.F('currency')), models.Value(-1)), django.db.models.functions.comparison.Greatest(models.Func(models.F('amount'), function='min_scale', output_field=models.IntegerField()), models.Func(models.F('tax'), function='min_scale', output_field=models.IntegerField())))), name='credit_note_line_places'),
        ),
        migrations.AddConstraint(
            model_name='creditnoteline',
            constraint=models.UniqueConstraint(fields=('credit_note', 'position'), name='credit_note_line_position_once'),
        ),
        migrations.AddConstraint(
            model_name='creditnoteline',
            constraint=models.UniqueConstraint(fields=('credit_note', 'invoice_line'), name='credit_note_line_once_per_line'),
        ),
        migrations.AddConstraint(
            model_name='creditnoteline',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gte', 0), ('tax__gte', 0), models.Q(('amount', 0), ('tax', 0), _negated=True)), name='credit_note_line_amounts'),
        ),
        migrations.AddConstraint(
            model_name='creditnoteline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity', None), ('quantity__gt', 0), _connector='OR'), name='credit_note_line_quantity'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditnoteline',
            trigger=pgtrigger.compiler.Trigger(name='one_currency', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.currency IS DISTINCT FROM NEW.currency) AND (false) IS NOT TRUE)', func="RAISE EXCEPTION 'The currency of a credit note''s line never changes.' USING ERRCODE = 'check_violation';", hash='b60101b0656f548a580da1ddd968c84e876482fa', operation='UPDATE', pgid='pgtrigger_one_currency_77a94', table='invoices_creditnoteline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditnoteline',
            trigger=pgtrigger.compiler.Trigger(name='issued_frozen', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.credit_note_id IS DISTINCT FROM NEW.credit_note_id OR OLD.invoice_line_id IS DISTINCT FROM NEW.invoice_line_id OR OLD.position IS DISTINCT FROM NEW.position OR OLD.description IS DISTINCT FROM NEW.description OR OLD.quantity IS DISTINCT FROM NEW.quantity OR OLD.tax_rate IS DISTINCT FROM NEW.tax_rate OR OLD.amount IS DISTINCT FROM NEW.amount OR OLD.tax IS DISTINCT FROM NEW.tax) AND (false) IS NOT TRUE)', func="RAISE EXCEPTION 'A credit note never changes; issue another document.' USING ERRCODE = 'check_violation';", hash='21b4fb9f037251bcf40c7da82c046de4f630470d', operation='UPDATE', pgid='pgtrigger_issued_frozen_3deb6', table='invoices_creditnoteline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditnoteline',
            trigger=pgtrigger.compiler.Trigger(name='stays_with_client', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.client_id IS DISTINCT FROM NEW.client_id) AND (current_setting('billing_admin.maintenance', true) = 'merge') IS NOT TRUE)", func="RAISE EXCEPTION 'A line moves to another client only by a merge.' USING ERRCODE = 'check_violation';", hash='00b0d67566574199f024f06528ddaa0f287e2e56', operation='UPDATE', pgid='pgtrigger_stays_with_client_d949b', table='invoices_creditnoteline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditnoteline',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((current_setting('billing_admin.maintenance', true) = 'delete') IS NOT TRUE)", func="RAISE EXCEPTION 'The lines of a credit note stay.' USING ERRCODE = 'check_violation';", hash='2e4b31e482520041e666efd845b71f01d5cc06f8', operation='DELETE', pgid='pgtrigger_never_deleted_4444c', table='invoices_creditnoteline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditnoteline',
            trigger=pgtrigger.compiler.Trigger(name='no_more_than_billed', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (\n        SELECT FROM new_lines line\n        JOIN invoices_creditnote note ON note.id = line.credit_note_id\n        JOIN invoices_invoiceline billed ON billed.id = line.invoice_line_id\n        WHERE billed.invoice_id <> note.invoice_id OR line.client_id <> note.client_id\n           OR line.currency <> note.currency OR line.tax_rate <> billed.tax_rate\n    ) OR EXISTS (\n        SELECT FROM (SELECT credit_note_id, count(*) AS lines, sum(amount) AS amount, sum(tax) AS tax\n                     FROM new_lines GROUP BY credit_note_id) added\n        JOIN invoices_creditnote note ON note.id = added.credit_note_id\n        WHERE added.amount <> note.subtotal OR added.tax <> note.tax\n           OR added.lines <> (SELECT count(*) FROM invoices_creditnoteline line\n                              WHERE line.credit_note_id = added.credit_note_id)\n    ) THEN\n        RAISE EXCEPTION 'A credit note has lines of its own invoice, all at once, and its totals are their sums.' USING ERRCODE = 'check_violation';\n    END IF;\n    IF EXISTS (\n        SELECT FROM invoices_invoiceline billed\n        JOIN (SELECT invoice_line_id, sum(amount) AS amount, sum(tax) AS tax, sum(quantity) AS quantity\n              FROM invoices_creditnoteline\n              WHERE invoice_line_id IN (SELECT invoice_line_id FROM new_lines) GROUP BY invoice_line_id) credited\n          ON credited.invoice_line_id = billed.id\n        WHERE credited.amount > billed.amount OR credited.tax > billed.tax OR credited.quantity > billed.quantity\n    ) THEN\n        RAISE EXCEPTION 'No more of a line is credited than it billed.' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NULL;\n", hash='c384c8b2dc181665202255f35d8a36058a7f7a45', level='STATEMENT', operation='INSERT', pgid='pgtrigger_no_more_than_billed_30efd', referencing='REFERENCING NEW TABLE AS new_lines ', table='invoices_creditnoteline', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='invoicerun',
            index=models.Index(condition=models.Q(('state__in', ['waiting', 'running'])), fields=['-id'], name='invoice_run_unfinished'),
        ),
        migrations.AddConstraint(
            model_name='invoicerun',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'running', 'finished', 'failed', 'cancelled', 'interrupted'])), name='invoice_run_state'),
        ),
        migrations.AddIndex(
            model_name='invoice',
            index=models.Index(fields=['client', '-id'], name='invoice_of_client'),
        ),
        migrations.AddIndex(
            model_name='invoice',
            index=models.Index(fields=['status', 'issued_on', 'id'], name='invoice_by_status'),
        ),
        migrations.AddIndex(
            model_name='invoice',
            index=models.Index(condition=models.Q(('status', 'draft')), fields=['-id'], name='invoice_draft'),
        ),
        migrations.AddIndex(
            model_name='invoice',
            index=models.Index(fields=['currency', '-id'], name='invoice_by_currency'),
        ),
        migrations.AddIndex(
            model_name='invoice',
            index=models.Index(fields=['issued_on', 'id'], name='invoice_by_issue_date'),
        ),
        migrations.AddIndex(
            model_name='invoice',
            index=models.Index(condition=models.Q(('status', 'unpaid')), fields=['due_on', 'id'], name='invoice_due'),
        ),
        migrations.AddIndex(
            model_name='invoice',
            index=models.Index(condition=models.Q(('created_by__isnull', False)), fields=['created_by'], name='invoice_by_creator'),
        ),
        migrations.AddIndex(
            model_name='invoice',
            index=models.Index(condition=models.Q(('run__isnull', False)), fields=['run', 'id'], name='invoice_of_run'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(django.db.models.lookups.GreaterThanOrEqual(django.db.models.functions.comparison.Coalesce(billing_admin.db.functions.MinorUnits(models.F('currency')), models.Value(-1)), django.db.models.functions.comparison.Greatest(models.Func(models.F('subtotal'), function='min_scale', output_field=models.IntegerField()), models.Func(models.F('tax'), function='min_scale', output_field=models.IntegerField()), models.Func(models.F('total'), function='min_scale', output_field=models.IntegerField()), models.Func(models.F('credit_applied'), function='min_scale', output_field=models.IntegerField()), models.Func(models.F('amount_paid'), function='min_scale', output_field=models.IntegerField()), models.Func(models.F('amount_credited'), function='min_scale', output_field=models.IntegerField())))), name='invoice_places'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.UniqueConstraint(fields=('number', 'number_prefix'), name='invoice_number_once'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'unpaid', 'paid', 'cancelled', 'refunded'])), name='invoice_status'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(('subtotal__gte', 0), ('tax__gte', 0)), name='invoice_amounts_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(('total', django.db.models.expressions.CombinedExpression(models.F('subtotal'), '+', models.F('tax')))), name='invoice_total_adds_up'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(('amount_credited__gte', 0), ('amount_paid__gte', 0), ('credit_applied__gte', 0), ('total__gte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('credit_applied'), '+', models.F('amount_paid')), '+', models.F('amount_credited')))), name='invoice_settled_within_total'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['unpaid', 'paid']), _negated=True), models.Q(('status', 'paid'), ('total', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('credit_applied'), '+', models.F('amount_paid')), '+', models.F('amount_credited')))), models.Q(('status', 'unpaid'), ('total__gt', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('credit_applied'), '+', models.F('amount_paid')), '+', models.F('amount_credited')))), _connector='OR'), name='invoice_paid_exactly_when_nothing_due'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('number', None), ('status', 'draft')), models.Q(models.Q(('status', 'draft'), _negated=True), ('due_on__isnull', False), ('issued_on__isnull', False), ('number__gt', 0), ('number__isnull', False)), _connector='OR'), name='invoice_numbered_when_issued'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['draft', 'cancelled']), _negated=True), models.Q(('amount_credited', 0), ('amount_paid', 0), ('credit_applied', 0)), _connector='OR'), name='invoice_unsettled_unless_issued'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(('credit_use__in', ['', 'always', 'whole', 'never'])), name='invoice_credit_use'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoice',
            trigger=pgtrigger.compiler.Trigger(name='one_currency', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.currency IS DISTINCT FROM NEW.currency) AND (false) IS NOT TRUE)', func="RAISE EXCEPTION 'The currency of an invoice never changes.' USING ERRCODE = 'check_violation';", hash='58bbc57f9d2d811fd2bd3e16388752b12cce13ba', operation='UPDATE', pgid='pgtrigger_one_currency_a006d', table='invoices_invoice', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoice',
            trigger=pgtrigger.compiler.Trigger(name='issued_frozen', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.number IS DISTINCT FROM NEW.number OR OLD.number_prefix IS DISTINCT FROM NEW.number_prefix OR OLD.subtotal IS DISTINCT FROM NEW.subtotal OR OLD.tax IS DISTINCT FROM NEW.tax OR OLD.total IS DISTINCT FROM NEW.total OR OLD.issued_on IS DISTINCT FROM NEW.issued_on OR OLD.bill_to_name IS DISTINCT FROM NEW.bill_to_name OR OLD.bill_to_address IS DISTINCT FROM NEW.bill_to_address OR OLD.bill_to_email IS DISTINCT FROM NEW.bill_to_email OR OLD.bill_to_tax_id IS DISTINCT FROM NEW.bill_to_tax_id) AND (OLD.status = 'draft') IS NOT TRUE)", func="RAISE EXCEPTION 'An issued invoice never changes. Correct it with a new document.' USING ERRCODE = 'check_violation';", hash='4e495717454940436a1d64a7b5b3d44cedd4a8c5', operation='UPDATE', pgid='pgtrigger_issued_frozen_b775d', table='invoices_invoice', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoice',
            trigger=pgtrigger.compiler.Trigger(name='stays_with_client', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.client_id IS DISTINCT FROM NEW.client_id) AND (current_setting('billing_admin.maintenance', true) = 'merge') IS NOT TRUE)", func="RAISE EXCEPTION 'An invoice moves to another client only by a merge.' USING ERRCODE = 'check_violation';", hash='e11b3f6d1e5b9f476ae6c756f0849c349b369265', operation='UPDATE', pgid='pgtrigger_stays_with_client_eef84', table='invoices_invoice', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoice',
            trigger=pgtrigger.compiler.Trigger(name='settlement_start', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW.credit_applied <> 0 OR NEW.amount_paid <> 0 OR NEW.amount_credited <> 0)', func="RAISE EXCEPTION 'What settles an invoice follows the ledger, the transactions and the credit notes; write those.' USING ERRCODE = 'check_violation';", hash='f4f42d1f7b050ecbb028fbfc205572d7392d0653', operation='INSERT', pgid='pgtrigger_settlement_start_74b95', table='invoices_invoice', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoice',
            trigger=pgtrigger.compiler.Trigger(name='settlement_moves', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.credit_applied IS DISTINCT FROM NEW.credit_applied OR OLD.amount_paid IS DISTINCT FROM NEW.amount_paid OR OLD.amount_credited IS DISTINCT FROM NEW.amount_credited) AND pg_trigger_depth() = 0)', func="RAISE EXCEPTION 'What settles an invoice follows the ledger, the transactions and the credit notes; write those.' USING ERRCODE = 'check_violation';", hash='779388f25a55e2a27d44cedc7ecefcadfed41c4f', operation='UPDATE', pgid='pgtrigger_settlement_moves_27356', table='invoices_invoice', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoice',
            trigger=pgtrigger.compiler.Trigger(name='never_a_draft_again', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.status <> 'draft' AND NEW.status = 'draft')", func="RAISE EXCEPTION 'An issued invoice never becomes a draft again.' USING ERRCODE = 'check_violation';", hash='6759d1f06596defc00f3ca557907850edef5224a', operation='UPDATE', pgid='pgtrigger_never_a_draft_again_aaa1f', table='invoices_invoice', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoice',
            trigger=pgtrigger.compiler.Trigger(name='cancelled_for_good', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.status = 'cancelled' AND NEW.status <> 'cancelled')", func="RAISE EXCEPTION 'A cancelled invoice stays cancelled; make a new one.' USING ERRCODE = 'check_violation';", hash='3345bd317ed0214e02415879304bc89cb8bb5767', operation='UPDATE', pgid='pgtrigger_cancelled_for_good_f6cef', table='invoices_invoice', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoice',
            trigger=pgtrigger.compiler.Trigger(name='issued_never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.status <> 'draft' AND (current_setting('billing_admin.maintenance', true) = 'delete') IS NOT TRUE)", func="RAISE EXCEPTION 'An issued invoice is never deleted; cancel it.' USING ERRCODE = 'check_violation';", hash='11a71e6a5047a74ab1e85359cab1f33fd1e153f1', operation='DELETE', pgid='pgtrigger_issued_never_deleted_7aae8', table='invoices_invoice', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoice',
            trigger=pgtrigger.compiler.Trigger(name='issued_with_its_lines', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.status = 'draft' AND NEW.status <> 'draft')", func="\n                    IF (SELECT ROW(coalesce(sum(amount), 0), coalesce(sum(tax), 0)) FROM invoices_invoiceline\n                        WHERE invoice_id = NEW.id) IS DISTINCT FROM ROW(NEW.subtotal, NEW.tax) THEN\n                        RAISE EXCEPTION 'The totals of an issued invoice are the sums of its lines.' USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NULL;\n                ", hash='de4bb9dcff8235c4e5ddc89d6083be37608ee3c5', operation='UPDATE', pgid='pgtrigger_issued_with_its_lines_f290f', table='invoices_invoice', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='invoicerunerror',
            index=models.Index(fields=['run', 'id'], name='invoice_run_errors_in_order'),
        ),
    ]
