"""What went out to one client is found among all that it paid."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # the index is made while others work

    dependencies = [
        ('transactions', '0009_only_of_an_invoice_that_exists'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='transaction',
            index=models.Index(condition=models.Q(('amount_out__gt', 0)), fields=['client', '-date', '-id'], name='transaction_out_of_client'),
        ),
    ]
