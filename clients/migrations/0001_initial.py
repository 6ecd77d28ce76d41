import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.serializers.json
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
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
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ClientGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ClientDeletion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveBigIntegerField(unique=True)),
                ('merged_into', models.PositiveBigIntegerField(null=True)),
                ('transactions_kept', models.BooleanField(default=True)),
                ('counts', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('totals', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('deleted_by_name', models.CharField(max_length=150)),
                ('deleted_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('deleted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Client',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveBigIntegerField(db_default=models.Func(function='next_client_number'), unique=True, verbose_name='client ID')),
                ('first_name', models.CharField(blank=True, max_length=100)),
                ('last_name', models.CharField(blank=True, max_length=100)),
                ('company_name', models.CharField(blank=True, max_length=200)),
                ('name', models.GeneratedField(db_persist=True, expression=django.db.models.functions.comparison.Coalesce(django.db.models.functions.comparison.NullIf(models.F('company_name'), models.Value('')), django.db.models.functions.text.Trim(django.db.models.functions.text.Concat(models.F('first_name'), models.Value(' '), models.F('last_name'), output_field=models.TextField())), output_field=models.TextField()), output_field=models.TextField())),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail address')),
                ('phone', models.CharField(blank=True, max_length=40)),
                ('tax_id', models.CharField(blank=True, max_length=40, verbose_name='tax ID')),
                ('address_1', models.CharField(blank=True, max_length=200, verbose_name='address')),
                ('address_2', models.CharField(blank=True, max_length=200, verbose_name='address, second line')),
                ('city', models.CharField(blank=True, max_length=100)),
                ('region', models.CharField(blank=True, max_length=100, verbose_name='state or region')),
                ('postcode', models.CharField(blank=True, max_length=20)),
                ('country', models.CharField(blank=True, help_text='Two letters, as in US.', max_length=2)),
                ('currency', billing_admin.money.fields.CurrencyField(max_length=3)),
                ('status', models.CharField(choices=[('active', 'Active'), ('inactive', 'Inactive'), ('closed', 'Closed')], default='active', max_length=10)),
                ('tax_exempt', models.BooleanField(default=False)),
                ('tax_rate', models.DecimalField(blank=True, decimal_places=3, max_digits=6, null=True, verbose_name='tax rate, %')),
                ('credit_use', models.CharField(blank=True, choices=[('always', 'Always'), ('whole', 'Only if it covers the whole invoice'), ('never', 'Never')], help_text='Empty: as the system is set.', max_length=10, verbose_name='automatic use of credit')),
                ('language', models.CharField(blank=True, max_length=10)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='client since')),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('search_text', models.GeneratedField(db_persist=True, expression=billing_admin.db.functions.SearchFold(django.db.models.functions.text.Concat(models.F('first_name'), models.Value(' '), models.F('last_name'), models.Value(' '), models.F('company_name'), models.Value(' '), models.F('email'), output_field=models.TextField())), output_field=models.TextField())),
                ('sort_name', models.GeneratedField(db_persist=True, expression=billing_admin.db.functions.SearchFold(django.db.models.functions.comparison.Coalesce(django.db.models.functions.comparison.NullIf(models.F('company_name'), models.Value('')), django.db.models.functions.text.Concat(models.F('last_name'), models.Value(' '), models.F('first_name'), output_field=models.TextField()), output_field=models.TextField())), output_field=models.TextField(db_collation='C'))),
                ('group', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='clients', to='clients.clientgroup')),
            ],
            options={
                'permissions': (('view_client', 'See clients'), ('add_client', 'Add and import clients'), ('change_client', "Edit a client's profile"), ('merge_client', 'Merge clients and undo a merge'), ('export_client', 'Export everything held about a client'), ('delete_client', 'Delete a client'), ('delete_transactions', "Delete a client's transactions with the client")),
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ClientMerge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('discarded_number', models.PositiveBigIntegerField()),
                ('discarded_snapshot', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('journal', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('totals', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('counts', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('merged_by_name', models.CharField(max_length=150)),
                ('merged_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('undone_by_name', models.CharField(blank=True, max_length=150)),
                ('undone_at', models.DateTimeField(null=True)),
                ('kept', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merges', to='clients.client')),
                ('merged_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ClientNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('pinned', models.BooleanField(default=False)),
                ('author_name', models.CharField(max_length=150)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='clients.client')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ClientNumberAlias',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveBigIntegerField(unique=True)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='aliases', to='clients.client')),
            ],
            options={
                'verbose_name_plural': 'client number aliases',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_name', models.CharField(blank=True, max_length=100)),
                ('last_name', models.CharField(blank=True, max_length=100)),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail address')),
                ('phone', models.CharField(blank=True, max_length=40)),
                ('client', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='clients.client')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='FormKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64)),
                ('action', models.CharField(max_length=40)),
                ('digest', models.CharField(max_length=64)),
                ('made', models.JSONField(default=dict)),
                ('text', models.CharField(max_length=500)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('client', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='form_keys', to='clients.client')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='MergedRows',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=30)),
                ('row_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField())),
                ('merge', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='moved', to='clients.clientmerge')),
            ],
            options={
                'verbose_name_plural': 'merged rows',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='NotADuplicate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('decided_by_name', models.CharField(max_length=150)),
                ('decided_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('first', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.client')),
                ('second', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.client')),
            ],
            options={
                'verbose_name_plural': 'not duplicates',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Activity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('actor_name', models.CharField(max_length=150)),
                ('verb', models.CharField(max_length=50)),
                ('summary', models.TextField()),
                ('note', models.TextField(blank=True, db_default='', default='')),
                ('data', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('client', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='activities', to='clients.client')),
            ],
            options={
                'verbose_name_plural': 'activities',
                'default_permissions': (),
                'indexes': [models.Index(fields=['client', '-id'], name='activity_of_client')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='activity',
            trigger=pgtrigger.compiler.Trigger(name='summary_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.summary IS DISTINCT FROM NEW.summary) AND (false) IS NOT TRUE)', func="RAISE EXCEPTION 'What was done stays as it was written down.' USING ERRCODE = 'check_violation';", hash='6704550cfcc13f2e320919dafa2e97b55a6660ae', operation='UPDATE', pgid='pgtrigger_summary_stays_49648', table='clients_activity', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='activity',
            trigger=pgtrigger.compiler.Trigger(name='note_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.note IS DISTINCT FROM NEW.note) AND (NEW.note = '' AND current_setting('billing_admin.maintenance', true) = 'delete') IS NOT TRUE)", func="RAISE EXCEPTION 'A note stays as it was written; only a client''s deletion empties it.' USING ERRCODE = 'check_violation';", hash='4dddb6612d4502be9bf9c8f285039d1ce51252a2', operation='UPDATE', pgid='pgtrigger_note_stays_14cad', table='clients_activity', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='clientdeletion',
            constraint=models.CheckConstraint(condition=models.Q(('number__gt', 0)), name='deletion_number_positive'),
        ),
        migrations.AddIndex(
            model_name='client',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(models.F('search_text'), name='gin_trgm_ops'), name='client_search'),
        ),
        migrations.AddIndex(
            model_name='client',
            index=models.Index(fields=['sort_name', 'id'], name='client_by_name'),
        ),
        migrations.AddIndex(
            model_name='client',
            index=models.Index(fields=['status', 'number'], name='client_by_status'),
        ),
        migrations.AddIndex(
            model_name='client',
            index=models.Index(fields=['created_at', 'id'], name='client_by_age'),
        ),
        migrations.AddIndex(
            model_name='client',
            index=models.Index(django.db.models.functions.text.Upper('email'), name='client_by_email'),
        ),
        migrations.AddIndex(
            model_name='client',
            index=models.Index(models.Func(models.F('phone'), models.Value('[^0-9]'), models.Value(''), models.Value('g'), function='regexp_replace', output_field=models.TextField()), condition=models.Q(('phone', ''), _negated=True), name='client_by_phone'),
        ),
        migrations.AddIndex(
            model_name='client',
            index=models.Index(django.db.models.functions.text.Upper(models.Func(models.F('tax_id'), models.Value('[^A-Za-z0-9]'), models.Value(''), models.Value('g'), function='regexp_replace', output_field=models.TextField())), condition=models.Q(('tax_id', ''), _negated=True), name='client_by_tax_id'),
        ),
        migrations.AddIndex(
            model_name='client',
            index=models.Index(condition=models.Q(('postcode', ''), _negated=True), fields=['postcode', '-id'], name='client_by_postcode'),
        ),
        migrations.AddConstraint(
            model_name='client',
            constraint=models.CheckConstraint(condition=models.Q(('company_name', ''), ('first_name', ''), ('last_name', ''), _negated=True), name='client_has_a_name', violation_error_message='Give a first name, a last name or a company name.'),
        ),
        migrations.AddConstraint(
            model_name='client',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['active', 'inactive', 'closed'])), name='client_status'),
        ),
        migrations.AddConstraint(
            model_name='client',
            constraint=models.CheckConstraint(condition=models.Q(('number__gt', 0)), name='client_number_positive'),
        ),
        migrations.AddConstraint(
            model_name='client',
            constraint=models.CheckConstraint(condition=models.Q(('tax_rate', None), models.Q(('tax_rate__gte', 0), ('tax_rate__lte', 100)), _connector='OR'), name='client_tax_rate'),
        ),
        migrations.AddConstraint(
            model_name='client',
            constraint=models.CheckConstraint(condition=models.Q(('credit_use__in', ['', 'always', 'whole', 'never'])), name='client_credit_use'),
        ),
        migrations.AddConstraint(
            model_name='client',
            constraint=models.CheckConstraint(condition=models.Q(django.db.models.lookups.IsNull(billing_admin.db.functions.MinorUnits(models.F('currency')), False)), name='client_currency'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='client',
            trigger=pgtrigger.compiler.Trigger(name='keeps_its_number', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.number IS DISTINCT FROM NEW.number) AND (false) IS NOT TRUE)', func="RAISE EXCEPTION 'A client keeps its number.' USING ERRCODE = 'check_violation';", hash='e00c4713c344bec5e79f4f97b20adf770afb49da', operation='UPDATE', pgid='pgtrigger_keeps_its_number_94fbd', table='clients_client', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='client',
            trigger=pgtrigger.compiler.Trigger(name='number_never_given_twice', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF EXISTS (SELECT FROM new_rows JOIN clients_clientnumberalias USING (number))\n                       OR EXISTS (SELECT FROM new_rows JOIN clients_clientdeletion USING (number)) THEN\n                        RAISE EXCEPTION 'This client number belonged to a client that was merged or deleted.' USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NULL;\n                ", hash='5c84e92ba530ae3ae037eb7b43b4f943be8112c3', level='STATEMENT', operation='INSERT', pgid='pgtrigger_number_never_given_twice_e6b1e', referencing='REFERENCING NEW TABLE AS new_rows ', table='clients_client', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='clientnote',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='note_says_something'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.UniqueConstraint(models.F('client'), django.db.models.functions.text.Upper('email'), name='contact_email_once_per_client'),
        ),
        migrations.AddConstraint(
            model_name='formkey',
            constraint=models.UniqueConstraint(fields=('key',), name='form_key_once'),
        ),
        migrations.AddConstraint(
            model_name='mergedrows',
            constraint=models.UniqueConstraint(fields=('merge', 'kind'), name='merged_rows_once_per_kind'),
        ),
        migrations.AddConstraint(
            model_name='notaduplicate',
            constraint=models.UniqueConstraint(fields=('first', 'second'), name='not_a_duplicate_once'),
        ),
        migrations.AddConstraint(
            model_name='notaduplicate',
            constraint=models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='not_a_duplicate_in_order'),
        ),
    ]
