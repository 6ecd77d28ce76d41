"""Short words, Chinese, Japanese and Korean ones, mailboxes, and what a merge took away are found."""

import django.contrib.postgres.indexes
import django.db.models.fields.json
import django.db.models.functions.text
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

import billing_admin.db.functions

# Every letter of these scripts in a folded text, and each two beside each other. For all other texts nothing is unfolded.
SEARCH_PAIRS = r"""
    CREATE FUNCTION search_pairs(value text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN value ~ '[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]' THEN ARRAY(
        SELECT DISTINCT substr(value, start, size)
        FROM generate_series(1, length(value)) start CROSS JOIN generate_series(1, 2) size
        WHERE substr(value, start, size)
            ~ ('^[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]{' || size || '}$')
    ) ELSE '{}'::text[] END
"""


class Migration(migrations.Migration):

    atomic = False  # indexes are made while others work

    dependencies = [
        ('clients', '0004_typed_search'),
    ]

    operations = [
        migrations.RunSQL(SEARCH_PAIRS, 'DROP FUNCTION search_pairs(text)'),
        AddIndexConcurrently(
            model_name='client',
            index=django.contrib.postgres.indexes.GinIndex(billing_admin.db.functions.SearchPairs(models.F('search_text')), name='client_by_pairs'),
        ),
        AddIndexConcurrently(
            model_name='client',
            index=models.Index(django.db.models.functions.text.Upper(models.Func(models.F('email'), models.Value('\\+[^@]*@'), models.Value('@'), function='regexp_replace', output_field=models.TextField())), condition=models.Q(('email', ''), _negated=True), name='client_by_mailbox'),
        ),
        AddIndexConcurrently(
            model_name='clientmerge',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(billing_admin.db.functions.SearchFold(django.db.models.functions.text.Concat(django.db.models.fields.json.KeyTextTransform('first_name', models.F('discarded_snapshot')), models.Value(' '), django.db.models.fields.json.KeyTextTransform('last_name', models.F('discarded_snapshot')), models.Value(' '), django.db.models.fields.json.KeyTextTransform('company_name', models.F('discarded_snapshot')), models.Value(' '), django.db.models.fields.json.KeyTextTransform('email', models.F('discarded_snapshot')), models.Value(' '), output_field=models.TextField())), name='gin_trgm_ops'), name='merged_client_search'),
        ),
    ]
