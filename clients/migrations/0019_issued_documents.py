"""Documents as they were issued, kept with the client. A PDF is compressed already: it is stored as it comes."""

import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0018_documents'),
    ]

    operations = [
        migrations.CreateModel(
            name='IssuedDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('invoice', 'Invoice'), ('credit_note', 'Credit note'), ('receipt', 'Receipt')], max_length=11)),
                ('subject_id', models.BigIntegerField()),
                ('name', models.CharField(max_length=100)),
                ('is_e_invoice', models.BooleanField()),
                ('left_out', models.TextField(blank=True)),
                ('size', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('content', models.BinaryField()),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('client', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='issued_documents', to='clients.client')),
            ],
            options={
                'default_permissions': (),
                'indexes': [models.Index(fields=['client', '-id'], name='issued_documents_of_client')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'subject_id'), name='issued_document_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['invoice', 'credit_note', 'receipt'])), name='issued_document_kind')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='issueddocument',
            trigger=pgtrigger.compiler.Trigger(name='of_its_client', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NOT (CASE NEW.kind\n        WHEN 'invoice' THEN EXISTS (\n            SELECT FROM invoices_invoice WHERE id = NEW.subject_id AND client_id = NEW.client_id AND status <> 'draft')\n        WHEN 'credit_note' THEN EXISTS (\n            SELECT FROM invoices_creditnote WHERE id = NEW.subject_id AND client_id = NEW.client_id)\n        ELSE EXISTS (SELECT FROM credits_creditgrant WHERE id = NEW.subject_id AND client_id = NEW.client_id)\n    END) THEN\n        RAISE EXCEPTION 'A document is kept with the client of what it documents.' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n", hash='c109e235e0d525dfa2848c685b28529d8ef97842', operation='INSERT', pgid='pgtrigger_of_its_client_c575f', table='clients_issueddocument', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='issueddocument',
            trigger=pgtrigger.compiler.Trigger(name='issued_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'A document that was issued stays as it was drawn.' USING ERRCODE = 'check_violation';", hash='4d12f4729f737cd1b469d86d788454510ff80acb', operation='UPDATE OF "kind", "subject_id", "name", "is_e_invoice", "left_out", "size", "sha256", "content", "made_at"', pgid='pgtrigger_issued_stays_3045f', table='clients_issueddocument', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='issueddocument',
            trigger=pgtrigger.compiler.Trigger(name='stays_with_client', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.client_id IS DISTINCT FROM NEW.client_id) AND (current_setting('billing_admin.maintenance', true) = 'merge') IS NOT TRUE)", func="RAISE EXCEPTION 'A document moves to another client only by a merge.' USING ERRCODE = 'check_violation';", hash='451af81c99bcd5d2b7f76ed0531259bc1d34b8eb', operation='UPDATE', pgid='pgtrigger_stays_with_client_413f8', table='clients_issueddocument', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='issueddocument',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((current_setting('billing_admin.maintenance', true) = 'delete') IS NOT TRUE)", func="RAISE EXCEPTION 'A document that was issued stays as it was drawn.' USING ERRCODE = 'check_violation';", hash='3cdb6d845e66864f4d07c95a7ff6412e2865a1e0', operation='DELETE', pgid='pgtrigger_never_deleted_72afd', table='clients_issueddocument', when='BEFORE')),
        ),
        migrations.RunSQL(
            "ALTER TABLE clients_issueddocument ALTER COLUMN content SET STORAGE EXTERNAL", migrations.RunSQL.noop
        ),
    ]
