"""Finds a client by the number that another system gave it; indexed while others work."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('clients', '0030_references_by_kind'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='externalreference',
            index=models.Index(condition=models.Q(('kind', 'client')), fields=['external_id'], name='client_reference_by_id'),
        ),
    ]
