"""Whoever is named in what was ever noted is found, and pinned notes are found at once."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

import billing_admin.db.functions


class Migration(migrations.Migration):

    atomic = False  # indexes are made while others work

    dependencies = [
        ('clients', '0010_contacts_notes_files'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='clientnote',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(billing_admin.db.functions.TypedInNote('text', 'history'), name='gin_trgm_ops'), name='note_by_words'),
        ),
        AddIndexConcurrently(
            model_name='clientnote',
            index=models.Index(condition=models.Q(('pinned', True)), fields=['client', '-id'], name='note_pinned'),
        ),
    ]
