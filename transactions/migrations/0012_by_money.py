"""Transactions are listed by what came in, by fees and by what went out."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # the indexes are made while others work

    dependencies = [
        ('transactions', '0011_by_amount'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='transaction',
            index=models.Index(fields=['currency', 'amount_in', 'id'], name='transaction_by_money_in'),
        ),
        AddIndexConcurrently(
            model_name='transaction',
            index=models.Index(fields=['currency', 'fees', 'id'], name='transaction_by_fees'),
        ),
        AddIndexConcurrently(
            model_name='transaction',
            index=models.Index(fields=['currency', 'amount_out', 'id'], name='transaction_by_money_out'),
        ),
    ]
