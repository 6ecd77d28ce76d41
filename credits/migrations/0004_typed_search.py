"""What was typed is found by any part of it, so that the deletion of a client reads no table through."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # indexes are made while others work

    dependencies = [
        ('credits', '0003_credit_keeps_its_payment'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='creditentry',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(models.F('note'), name='gin_trgm_ops'), condition=models.Q(('note', ''), _negated=True), name='credit_entry_by_note'),
        ),
        AddIndexConcurrently(
            model_name='creditgrant',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(models.F('description'), name='gin_trgm_ops'), condition=models.Q(('description', ''), _negated=True), name='credit_grant_by_words'),
        ),
    ]
