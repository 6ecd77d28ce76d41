"""What a client owes is added up, and its invoices of one status are listed, from one index of those that are not paid."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # the index is made while others work

    dependencies = [
        ('invoices', '0005_room_for_updates'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='invoice',
            index=models.Index(condition=models.Q(('status', 'paid'), _negated=True), fields=['client', 'status', 'id'], include=('currency', 'due_on', 'balance_due'), name='invoice_not_paid_of_client'),
        ),
    ]
