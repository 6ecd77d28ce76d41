"""What was typed is found by any part of it, so that the deletion of a client reads no table through."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # indexes are made while others work

    dependencies = [
        ('transactions', '0004_transactions_deleted_whole'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='transaction',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(models.F('note'), name='gin_trgm_ops'), condition=models.Q(('note', ''), _negated=True), name='transaction_by_note'),
        ),
    ]
