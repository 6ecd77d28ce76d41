"""Whoever is named in a field that an installation defines is found as it was typed, not as JSON writes it."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations

import billing_admin.db.functions

# A line for each value; as JSON a quote or a backslash has another before it.
TYPED_IN_FIELDS = """
    CREATE OR REPLACE FUNCTION typed_in_fields(custom jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN coalesce((SELECT string_agg(value, E'\\n' ORDER BY key) FROM jsonb_each_text(custom)), '')
"""

# The same of what a merge remembers of both clients.
TYPED_IN_MERGE = """
    CREATE OR REPLACE FUNCTION typed_in_merge(snapshot jsonb, journal jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN coalesce(typed_in_fields(snapshot -> 'custom'), '') || coalesce(
        (SELECT string_agg(E'\\n' || value, '' ORDER BY key) FROM jsonb_each_text(journal -> 'profile')
         WHERE starts_with(key, 'custom_')), '') || coalesce(E'\\n' || (journal #>> '{note,text}'), '')
"""


class Migration(migrations.Migration):

    atomic = False  # indexes are made while others work

    dependencies = [
        ('clients', '0014_custom_words'),
    ]

    operations = [
        migrations.RunSQL(TYPED_IN_FIELDS, "DROP FUNCTION typed_in_fields(jsonb)"),
        AddIndexConcurrently(
            model_name='client',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(billing_admin.db.functions.TypedInFields('custom'), name='gin_trgm_ops'), name='client_by_typed_fields'),
        ),
        migrations.RunSQL(TYPED_IN_MERGE, "DROP FUNCTION typed_in_merge(jsonb, jsonb)"),
        AddIndexConcurrently(
            model_name='clientmerge',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(billing_admin.db.functions.TypedInMerge('discarded_snapshot', 'journal'), name='gin_trgm_ops'), name='merge_by_typed_fields'),
        ),
        RemoveIndexConcurrently(
            model_name='client',
            name='client_by_custom_words',
        ),
    ]
