"""Whoever is named in what was typed about another client is found, also in the fields that an installation defines."""

import django.contrib.postgres.indexes
import django.db.models.functions.comparison
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # indexes are made while others work

    dependencies = [
        ('clients', '0013_custom_fields'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='client',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.comparison.Cast('custom', models.TextField()), name='gin_trgm_ops'), name='client_by_custom_words'),
        ),
    ]
