"""Imports of other systems, and the rows that they read."""

import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('billing_admin', '0015_imported_invoices'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SystemImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('system', models.CharField(choices=[('whmcs', 'WHMCS'), ('fossbilling', 'FOSSBilling'), ('stripe', 'Stripe')], max_length=11)),
                ('source', models.CharField(max_length=100)),
                ('identity', models.CharField(blank=True, max_length=300)),
                ('version', models.CharField(blank=True, max_length=100)),
                ('state', models.CharField(choices=[('reading', 'Being read'), ('read', 'Read, nothing booked'), ('committing', 'Being booked'), ('done', 'Booked'), ('discarded', 'Discarded')], default='reading', max_length=10)),
                ('facts', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('sums', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('answers', models.JSONField(default=dict)),
                ('preview', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('comparison', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('receipt', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('doing', models.CharField(blank=True, max_length=100)),
                ('done', models.PositiveBigIntegerField(default=0)),
                ('total', models.PositiveBigIntegerField(default=0)),
                ('told_at', models.DateTimeField(null=True)),
                ('error', models.TextField(blank=True)),
                ('created_by_name', models.CharField(max_length=150)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('read_at', models.DateTimeField(null=True)),
                ('committed_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('switched_at', models.DateTimeField(null=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'permissions': (('import_system', 'Import another system'),),
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='StagedNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source_id', models.CharField(db_collation='C', db_default='', max_length=200)),
                ('client_source_id', models.CharField(db_collation='C', db_default='', max_length=200)),
                ('outcome', models.CharField(blank=True, choices=[('', 'Comes'), ('asks', 'Waits for an answer'), ('waits', 'Does not fit and waits'), ('left out', 'Left out'), ('there', 'Is here already'), ('changed', 'Was changed there, and stays as it is here')], db_default='', max_length=8)),
                ('why', models.TextField(db_default='')),
                ('changes', models.TextField(db_default='')),
                ('text', models.TextField(db_default='')),
                ('at', models.DateTimeField(null=True)),
                ('pinned', models.BooleanField(db_default=False)),
                ('author', models.TextField(db_default='')),
                ('of', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='billing_admin.systemimport')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='StagedMoney',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source_id', models.CharField(db_collation='C', db_default='', max_length=200)),
                ('client_source_id', models.CharField(db_collation='C', db_default='', max_length=200)),
                ('outcome', models.CharField(blank=True, choices=[('', 'Comes'), ('asks', 'Waits for an answer'), ('waits', 'Does not fit and waits'), ('left out', 'Left out'), ('there', 'Is here already'), ('changed', 'Was changed there, and stays as it is here')], db_default='', max_length=8)),
                ('why', models.TextField(db_default='')),
                ('changes', models.TextField(db_default='')),
                ('invoice_source_id', models.CharField(db_collation='C', db_default='', max_length=200)),
                ('currency', models.TextField(db_default='')),
                ('gateway', models.TextField(db_default='')),
                ('at', models.DateTimeField(null=True)),
                ('description', models.TextField(db_default='')),
                ('amount_in', models.DecimalField(db_default=0, decimal_places=4, max_digits=18)),
                ('fees', models.DecimalField(db_default=0, decimal_places=4, max_digits=18)),
                ('amount_out', models.DecimalField(db_default=0, decimal_places=4, max_digits=18)),
                ('reference', models.TextField(db_default='')),
                ('refund_of', models.CharField(db_collation='C', db_default='', max_length=200)),
                ('client_name', models.TextField(db_default='')),
                ('of', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='billing_admin.systemimport')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='StagedLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source_id', models.CharField(db_collation='C', db_default='', max_length=200)),
                ('client_source_id', models.CharField(db_collation='C', db_default='', max_length=200)),
                ('outcome', models.CharField(blank=True, choices=[('', 'Comes'), ('asks', 'Waits for an answer'), ('waits', 'Does not fit and waits'), ('left out', 'Left out'), ('there', 'Is here already'), ('changed', 'Was changed there, and stays as it is here')], db_default='', max_length=8)),
                ('why', models.TextField(db_default='')),
                ('changes', models.TextField(db_default='')),
                ('invoice_source_id', models.CharField(db_collation='C', db_default='', max_length=200)),
                ('position', models.BigIntegerField(db_default=0)),
                ('item_kind', models.TextField(db_default='')),
                ('item_source_id', models.CharField(db_collation='C', db_default='', max_length=200)),
                ('description', models.TextField(db_default='')),
                ('amount', models.DecimalField(db_default=0, decimal_places=4, max_digits=18)),
                ('taxed', models.BooleanField(db_default=False)),
                ('of', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='billing_admin.systemimport')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='StagedItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source_id', models.CharField(db_collation='C', db_default='', max_length=200)),
                ('client_source_id', models.CharField(db_collation='C', db_default='', max_length=200)),
                ('outcome', models.CharField(blank=True, choices=[('', 'Comes'), ('asks', 'Waits for an answer'), ('waits', 'Does not fit and waits'), ('left out', 'Left out'), ('there', 'Is here already'), ('changed', 'Was changed there, and stays as it is here')], db_default='', max_length=8)),
                ('why', models.TextField(db_default='')),
                ('changes', models.TextField(db_default='')),
                ('description', models.TextField(db_default='')),
                ('quantity', models.DecimalField(db_default=1, decimal_places=4, max_digits=12)),
                ('amount', models.DecimalField(db_default=0, decimal_places=4, max_digits=18)),
                ('cycle', models.TextField(db_default='')),
                ('status', models.TextField(db_default='')),
                ('starts_on', models.DateField(null=True)),
                ('next_due_on', models.DateField(null=True)),
                ('ends_on', models.DateField(null=True)),
                ('times_left', models.PositiveIntegerField(null=True)),
                ('taxed', models.BooleanField(db_default=False)),
                ('of', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='billing_admin.systemimport')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='StagedInvoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source_id', models.CharField(db_collation='C', db_default='', max_length=200)),
                ('client_source_id', models.CharField(db_collation='C', db_default='', max_length=200)),
                ('outcome', models.CharField(blank=True, choices=[('', 'Comes'), ('asks', 'Waits for an answer'), ('waits', 'Does not fit and waits'), ('left out', 'Left out'), ('there', 'Is here already'), ('changed', 'Was changed there, and stays as it is here')], db_default='', max_length=8)),
                ('why', models.TextField(db_default='')),
                ('changes', models.TextField(db_default='')),
                ('label', models.TextField(db_default='')),
                ('status', models.TextField(db_default='')),
                ('issued_on', models.DateField(null=True)),
                ('due_on', models.DateField(null=True)),
                ('paid_at', models.DateTimeField(null=True)),
                ('cancelled_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(null=True)),
                ('subtotal', models.DecimalField(db_default=0, decimal_places=4, max_digits=18)),
                ('tax', models.DecimalField(db_default=0, decimal_places=4, max_digits=18)),
                ('tax2', models.DecimalField(db_default=0, decimal_places=4, max_digits=18)),
                ('tax_rate', models.DecimalField(db_default=0, decimal_places=4, max_digits=18)),
                ('tax2_rate', models.DecimalField(db_default=0, decimal_places=4, max_digits=18)),
                ('credit', models.DecimalField(db_default=0, decimal_places=4, max_digits=18)),
                ('total', models.DecimalField(db_default=0, decimal_places=4, max_digits=18)),
                ('is_gross', models.BooleanField(db_default=False)),
                ('paid', models.DecimalField(db_default=0, decimal_places=4, max_digits=18)),
                ('gateway', models.TextField(db_default='')),
                ('notes', models.TextField(db_default='')),
                ('of', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='billing_admin.systemimport')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='StagedEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source_id', models.CharField(db_collation='C', db_default='', max_length=200)),
                ('client_source_id', models.CharField(db_collation='C', db_default='', max_length=200)),
                ('outcome', models.CharField(blank=True, choices=[('', 'Comes'), ('asks', 'Waits for an answer'), ('waits', 'Does not fit and waits'), ('left out', 'Left out'), ('there', 'Is here already'), ('changed', 'Was changed there, and stays as it is here')], db_default='', max_length=8)),
                ('why', models.TextField(db_default='')),
                ('changes', models.TextField(db_default='')),
                ('is_mail', models.BooleanField(db_default=False)),
                ('at', models.DateTimeField(null=True)),
                ('text', models.TextField(db_default='')),
                ('who', models.TextField(db_default='')),
                ('of', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='billing_admin.systemimport')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='StagedCredit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source_id', models.CharField(db_collation='C', db_default='', max_length=200)),
                ('client_source_id', models.CharField(db_collation='C', db_default='', max_length=200)),
                ('outcome', models.CharField(blank=True, choices=[('', 'Comes'), ('asks', 'Waits for an answer'), ('waits', 'Does not fit and waits'), ('left out', 'Left out'), ('there', 'Is here already'), ('changed', 'Was changed there, and stays as it is here')], db_default='', max_length=8)),
                ('why', models.TextField(db_default='')),
                ('changes', models.TextField(db_default='')),
                ('invoice_source_id', models.CharField(db_collation='C', db_default='', max_length=200)),
                ('on', models.DateField(null=True)),
                ('description', models.TextField(db_default='')),
                ('amount', models.DecimalField(db_default=0, decimal_places=4, max_digits=18)),
                ('of', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='billing_admin.systemimport')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='StagedContact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source_id', models.CharField(db_collation='C', db_default='', max_length=200)),
                ('client_source_id', models.CharField(db_collation='C', db_default='', max_length=200)),
                ('outcome', models.CharField(blank=True, choices=[('', 'Comes'), ('asks', 'Waits for an answer'), ('waits', 'Does not fit and waits'), ('left out', 'Left out'), ('there', 'Is here already'), ('changed', 'Was changed there, and stays as it is here')], db_default='', max_length=8)),
                ('why', models.TextField(db_default='')),
                ('changes', models.TextField(db_default='')),
                ('first_name', models.TextField(db_default='')),
                ('last_name', models.TextField(db_default='')),
                ('email', models.TextField(db_default='')),
                ('phone', models.TextField(db_default='')),
                ('receives_invoices', models.BooleanField(db_default=False)),
                ('is_technical', models.BooleanField(db_default=False)),
                ('more', models.TextField(db_default='')),
                ('of', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='billing_admin.systemimport')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='StagedClient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source_id', models.CharField(db_collation='C', db_default='', max_length=200)),
                ('client_source_id', models.CharField(db_collation='C', db_default='', max_length=200)),
                ('outcome', models.CharField(blank=True, choices=[('', 'Comes'), ('asks', 'Waits for an answer'), ('waits', 'Does not fit and waits'), ('left out', 'Left out'), ('there', 'Is here already'), ('changed', 'Was changed there, and stays as it is here')], db_default='', max_length=8)),
                ('why', models.TextField(db_default='')),
                ('changes', models.TextField(db_default='')),
                ('first_name', models.TextField(db_default='')),
                ('last_name', models.TextField(db_default='')),
                ('company_name', models.TextField(db_default='')),
                ('email', models.TextField(db_default='')),
                ('phone', models.TextField(db_default='')),
                ('tax_id', models.TextField(db_default='')),
                ('address_1', models.TextField(db_default='')),
                ('address_2', models.TextField(db_default='')),
                ('city', models.TextField(db_default='')),
                ('region', models.TextField(db_default='')),
                ('postcode', models.TextField(db_default='')),
                ('country', models.TextField(db_default='')),
                ('currency', models.TextField(db_default='')),
                ('status', models.TextField(db_default='')),
                ('group', models.TextField(db_default='')),
                ('gateway', models.TextField(db_default='')),
                ('language', models.TextField(db_default='')),
                ('tax_exempt', models.BooleanField(db_default=False)),
                ('no_reminders', models.BooleanField(db_default=False)),
                ('created_on', models.DateField(null=True)),
                ('notes', models.TextField(db_default='')),
                ('texts', models.TextField(db_default='')),
                ('custom', models.JSONField(db_default={})),
                ('balance', models.DecimalField(db_default=0, decimal_places=4, max_digits=18)),
                ('is_done', models.BooleanField(db_default=False)),
                ('of', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='billing_admin.systemimport')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.AddIndex(
            model_name='systemimport',
            index=models.Index(fields=['-created_at'], name='system_import_by_age'),
        ),
        migrations.AddConstraint(
            model_name='systemimport',
            constraint=models.CheckConstraint(condition=models.Q(('system__in', ['whmcs', 'fossbilling', 'stripe'])), name='system_import_system'),
        ),
        migrations.AddConstraint(
            model_name='systemimport',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['reading', 'read', 'committing', 'done', 'discarded'])), name='system_import_state'),
        ),
        migrations.AddConstraint(
            model_name='systemimport',
            constraint=models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='system_import_names_its_source'),
        ),
        migrations.AddConstraint(
            model_name='systemimport',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['reading', 'read', 'committing'])), fields=('source',), name='one_unfinished_import_of_a_source'),
        ),
        migrations.AddIndex(
            model_name='stagednote',
            index=models.Index(fields=['of', 'client_source_id'], name='stagednote_of_client'),
        ),
        migrations.AddIndex(
            model_name='stagednote',
            index=models.Index(condition=models.Q(('outcome', ''), _negated=True), fields=['of', 'outcome', 'id'], name='stagednote_outcomes'),
        ),
        migrations.AddIndex(
            model_name='stagednote',
            index=models.Index(condition=models.Q(('changes', ''), _negated=True), fields=['of', 'id'], name='stagednote_changes'),
        ),
        migrations.AddConstraint(
            model_name='stagednote',
            constraint=models.UniqueConstraint(fields=('of', 'source_id'), name='stagednote_once'),
        ),
        migrations.AddConstraint(
            model_name='stagednote',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['', 'asks', 'waits', 'left out', 'there', 'changed'])), name='stagednote_outcome'),
        ),
        migrations.AddIndex(
            model_name='stagedmoney',
            index=models.Index(fields=['of', 'client_source_id'], name='stagedmoney_of_client'),
        ),
        migrations.AddIndex(
            model_name='stagedmoney',
            index=models.Index(condition=models.Q(('outcome', ''), _negated=True), fields=['of', 'outcome', 'id'], name='stagedmoney_outcomes'),
        ),
        migrations.AddIndex(
            model_name='stagedmoney',
            index=models.Index(condition=models.Q(('changes', ''), _negated=True), fields=['of', 'id'], name='stagedmoney_changes'),
        ),
        migrations.AddIndex(
            model_name='stagedmoney',
            index=models.Index(fields=['of', 'invoice_source_id'], name='stagedmoney_of_invoice'),
        ),
        migrations.AddConstraint(
            model_name='stagedmoney',
            constraint=models.UniqueConstraint(fields=('of', 'source_id'), name='stagedmoney_once'),
        ),
        migrations.AddConstraint(
            model_name='stagedmoney',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['', 'asks', 'waits', 'left out', 'there', 'changed'])), name='stagedmoney_outcome'),
        ),
        migrations.AddIndex(
            model_name='stagedline',
            index=models.Index(condition=models.Q(('outcome', ''), _negated=True), fields=['of', 'outcome', 'id'], name='stagedline_outcomes'),
        ),
        migrations.AddIndex(
            model_name='stagedline',
            index=models.Index(condition=models.Q(('changes', ''), _negated=True), fields=['of', 'id'], name='stagedline_changes'),
        ),
        migrations.AddIndex(
            model_name='stagedline',
            index=models.Index(fields=['of', 'invoice_source_id'], name='stagedline_of_invoice'),
        ),
        migrations.AddConstraint(
            model_name='stagedline',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['', 'asks', 'waits', 'left out', 'there', 'changed'])), name='stagedline_outcome'),
        ),
        migrations.AddIndex(
            model_name='stageditem',
            index=models.Index(fields=['of', 'client_source_id'], name='stageditem_of_client'),
        ),
        migrations.AddIndex(
            model_name='stageditem',
            index=models.Index(condition=models.Q(('outcome', ''), _negated=True), fields=['of', 'outcome', 'id'], name='stageditem_outcomes'),
        ),
        migrations.AddIndex(
            model_name='stageditem',
            index=models.Index(condition=models.Q(('changes', ''), _negated=True), fields=['of', 'id'], name='stageditem_changes'),
        ),
        migrations.AddConstraint(
            model_name='stageditem',
            constraint=models.UniqueConstraint(fields=('of', 'source_id'), name='stageditem_once'),
        ),
        migrations.AddConstraint(
            model_name='stageditem',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['', 'asks', 'waits', 'left out', 'there', 'changed'])), name='stageditem_outcome'),
        ),
        migrations.AddIndex(
            model_name='stagedinvoice',
            index=models.Index(fields=['of', 'client_source_id'], name='stagedinvoice_of_client'),
        ),
        migrations.AddIndex(
            model_name='stagedinvoice',
            index=models.Index(condition=models.Q(('outcome', ''), _negated=True), fields=['of', 'outcome', 'id'], name='stagedinvoice_outcomes'),
        ),
        migrations.AddIndex(
            model_name='stagedinvoice',
            index=models.Index(condition=models.Q(('changes', ''), _negated=True), fields=['of', 'id'], name='stagedinvoice_changes'),
        ),
        migrations.AddConstraint(
            model_name='stagedinvoice',
            constraint=models.UniqueConstraint(fields=('of', 'source_id'), name='stagedinvoice_once'),
        ),
        migrations.AddConstraint(
            model_name='stagedinvoice',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['', 'asks', 'waits', 'left out', 'there', 'changed'])), name='stagedinvoice_outcome'),
        ),
        migrations.AddIndex(
            model_name='stagedevent',
            index=models.Index(fields=['of', 'client_source_id'], name='stagedevent_of_client'),
        ),
        migrations.AddIndex(
            model_name='stagedevent',
            index=models.Index(condition=models.Q(('outcome', ''), _negated=True), fields=['of', 'outcome', 'id'], name='stagedevent_outcomes'),
        ),
        migrations.AddIndex(
            model_name='stagedevent',
            index=models.Index(condition=models.Q(('changes', ''), _negated=True), fields=['of', 'id'], name='stagedevent_changes'),
        ),
        migrations.AddConstraint(
            model_name='stagedevent',
            constraint=models.UniqueConstraint(fields=('of', 'source_id'), name='stagedevent_once'),
        ),
        migrations.AddConstraint(
            model_name='stagedevent',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['', 'asks', 'waits', 'left out', 'there', 'changed'])), name='stagedevent_outcome'),
        ),
        migrations.AddIndex(
            model_name='stagedcredit',
            index=models.Index(fields=['of', 'client_source_id'], name='stagedcredit_of_client'),
        ),
        migrations.AddIndex(
            model_name='stagedcredit',
            index=models.Index(condition=models.Q(('outcome', ''), _negated=True), fields=['of', 'outcome', 'id'], name='stagedcredit_outcomes'),
        ),
        migrations.AddIndex(
            model_name='stagedcredit',
            index=models.Index(condition=models.Q(('changes', ''), _negated=True), fields=['of', 'id'], name='stagedcredit_changes'),
        ),
        migrations.AddConstraint(
            model_name='stagedcredit',
            constraint=models.UniqueConstraint(fields=('of', 'source_id'), name='stagedcredit_once'),
        ),
        migrations.AddConstraint(
            model_name='stagedcredit',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['', 'asks', 'waits', 'left out', 'there', 'changed'])), name='stagedcredit_outcome'),
        ),
        migrations.AddIndex(
            model_name='stagedcontact',
            index=models.Index(fields=['of', 'client_source_id'], name='stagedcontact_of_client'),
        ),
        migrations.AddIndex(
            model_name='stagedcontact',
            index=models.Index(condition=models.Q(('outcome', ''), _negated=True), fields=['of', 'outcome', 'id'], name='stagedcontact_outcomes'),
        ),
        migrations.AddIndex(
            model_name='stagedcontact',
            index=models.Index(condition=models.Q(('changes', ''), _negated=True), fields=['of', 'id'], name='stagedcontact_changes'),
        ),
        migrations.AddConstraint(
            model_name='stagedcontact',
            constraint=models.UniqueConstraint(fields=('of', 'source_id'), name='stagedcontact_once'),
        ),
        migrations.AddConstraint(
            model_name='stagedcontact',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['', 'asks', 'waits', 'left out', 'there', 'changed'])), name='stagedcontact_outcome'),
        ),
        migrations.AddIndex(
            model_name='stagedclient',
            index=models.Index(fields=['of', 'client_source_id'], name='stagedclient_of_client'),
        ),
        migrations.AddIndex(
            model_name='stagedclient',
            index=models.Index(condition=models.Q(('outcome', ''), _negated=True), fields=['of', 'outcome', 'id'], name='stagedclient_outcomes'),
        ),
        migrations.AddIndex(
            model_name='stagedclient',
            index=models.Index(condition=models.Q(('changes', ''), _negated=True), fields=['of', 'id'], name='stagedclient_changes'),
        ),
        migrations.AddIndex(
            model_name='stagedclient',
            index=models.Index(condition=models.Q(('is_done', False)), fields=['of', 'id'], name='stagedclient_to_do'),
        ),
        migrations.AddConstraint(
            model_name='stagedclient',
            constraint=models.UniqueConstraint(fields=('of', 'source_id'), name='stagedclient_once'),
        ),
        migrations.AddConstraint(
            model_name='stagedclient',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['', 'asks', 'waits', 'left out', 'there', 'changed'])), name='stagedclient_outcome'),
        ),
    ]
