"""The ledger is listed by amount."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # the indexes are made while others work

    dependencies = [
        ('credits', '0011_credit_files'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='creditentry',
            index=models.Index(fields=['currency', 'amount', 'id'], name='credit_entry_by_amount'),
        ),
    ]
