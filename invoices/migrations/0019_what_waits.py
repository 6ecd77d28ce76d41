"""What waits for the switch is found by indexes, made while others work."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # indexes are made while others work

    dependencies = [
        ('invoices', '0018_waits_for_switch'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='billableitem',
            index=models.Index(condition=models.Q(('waits_for_switch', True)), fields=['id'], name='billable_item_waiting'),
        ),
        AddIndexConcurrently(
            model_name='reminderhold',
            index=models.Index(condition=models.Q(('kind', 'imported'), ('lifted_at__isnull', True)), fields=['id'], name='reminder_hold_imported'),
        ),
    ]
