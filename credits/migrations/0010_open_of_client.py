"""What a client has left is found among all that it was ever given."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # the index is made while others work

    dependencies = [
        ('credits', '0009_room_for_updates'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='creditgrant',
            index=models.Index(condition=models.Q(('is_open', True)), fields=['client'], name='credit_grant_open_of_client'),
        ),
    ]
