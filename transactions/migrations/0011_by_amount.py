"""Transactions are found by exactly what came in or went out, the latest first."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Greatest


class Migration(migrations.Migration):

    atomic = False  # the index is made while others work

    dependencies = [
        ('transactions', '0010_out_of_client'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='transaction',
            index=models.Index(models.F('currency'), Greatest('amount_in', 'amount_out'), models.F('date'), name='transaction_by_amount'),
        ),
    ]
