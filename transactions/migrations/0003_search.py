"""Transactions are found by the invoice that they name, and those of deleted clients by the name that they bear."""

import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

import billing_admin.db.functions


class Migration(migrations.Migration):

    atomic = False  # indexes are made while others work

    dependencies = [
        ('transactions', '0002_write_rows_down'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='transaction',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(billing_admin.db.functions.SearchFold('client_name'), name='gin_trgm_ops'), condition=models.Q(('client__isnull', True), ('client_number__isnull', False)), name='transaction_by_name'),
        ),
        AddIndexConcurrently(
            model_name='transaction',
            index=models.Index(condition=models.Q(('client__isnull', True), ('client_number__isnull', False)), fields=['invoice_label'], name='transaction_by_invoice'),
        ),
        AddIndexConcurrently(
            model_name='transaction',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper(django.db.models.functions.text.Concat(models.F('description'), models.Value(' '), models.F('note'), output_field=models.TextField())), name='gin_trgm_ops'), condition=models.Q(('invoice', None), models.Q(('note', ''), _negated=True), _connector='OR'), name='transaction_by_words'),
        ),
    ]
