"""Contacts have roles, notes a history, and clients files."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

import clients.models.document

# All that was ever typed into a note: as it stands, and each text before an edit.
TYPED_IN_NOTE = """
    CREATE FUNCTION typed_in_note(text text, history jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN text || coalesce(
        (SELECT string_agg(E'\\n' || (edit ->> 'text'), '') FROM jsonb_array_elements(history) edit), '')
"""


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0009_who_did_it'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(TYPED_IN_NOTE, "DROP FUNCTION typed_in_note(text, jsonb)"),
        migrations.CreateModel(
            name='ClientDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=255)),
                ('content', models.BinaryField()),
                ('size', models.PositiveIntegerField()),
                ('uploaded_by_name', models.CharField(max_length=150)),
                ('uploaded_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('client', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='clients.client')),
            ],
            options={
                'permissions': (('add_clientdocument', "Upload and delete a client's files"),),
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='DocumentSettings',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('megabytes', models.PositiveSmallIntegerField(default=10, verbose_name='largest file, in MB')),
                ('endings', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), default=clients.models.document.usual_endings)),
            ],
            options={
                'verbose_name_plural': 'document settings',
                'permissions': (('change_documentsettings', 'Set which files are taken'),),
                'default_permissions': (),
            },
        ),
        migrations.AlterModelOptions(
            name='clientnote',
            options={'default_permissions': (), 'permissions': (('add_clientnote', 'Write, edit and pin notes about clients'),)},
        ),
        migrations.AlterModelOptions(
            name='contact',
            options={'default_permissions': (), 'permissions': (('change_contact', 'Add, edit and remove contacts'),)},
        ),
        migrations.AddField(
            model_name='clientnote',
            name='history',
            field=models.JSONField(blank=True, db_default=[], default=list),
        ),
        migrations.AddField(
            model_name='contact',
            name='roles',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('receives_invoices', 'Receives invoices'), ('receives_reminders', 'Receives reminders'), ('technical', 'Technical questions')], max_length=20), blank=True, db_default=[], default=list),
        ),
        AddConstraintNotValid(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('roles__contained_by', ['receives_invoices', 'receives_reminders', 'technical'])), name='contact_roles'),
        ),
        migrations.AddConstraint(
            model_name='documentsettings',
            constraint=models.CheckConstraint(condition=models.Q(('id', 1)), name='one_row_of_document_settings'),
        ),
        migrations.AddConstraint(
            model_name='documentsettings',
            constraint=models.CheckConstraint(condition=models.Q(('megabytes__gte', 1), ('megabytes__lte', 25)), name='document_settings_size'),
        ),
        migrations.AddIndex(
            model_name='clientdocument',
            index=models.Index(fields=['client', '-id'], name='documents_of_client'),
        ),
        migrations.AddIndex(
            model_name='clientdocument',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(models.F('name'), name='gin_trgm_ops'), condition=models.Q(('name', ''), _negated=True), name='client_document_by_name'),
        ),
        migrations.AddConstraint(
            model_name='clientdocument',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='client_document_has_a_name'),
        ),
    ]
