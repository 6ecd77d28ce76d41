"""Activity is filtered by person, action, day and address."""

import django.db.models.fields.json
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # indexes are made while others work

    dependencies = [
        ('clients', '0025_activity_counts'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='activity',
            index=models.Index(condition=models.Q(('actor__isnull', False)), fields=['actor', 'at', 'id'], name='activity_of_person'),
        ),
        RemoveIndexConcurrently(
            model_name='activity',
            name='activity_of_actor',
        ),
        AddIndexConcurrently(
            model_name='activity',
            index=models.Index(fields=['at', 'id'], name='activity_by_day'),
        ),
        AddIndexConcurrently(
            model_name='activity',
            index=models.Index(condition=models.Q(('verb', 'invoice.issued'), _negated=True), fields=['verb', 'at', 'id'], name='activity_by_verb'),
        ),
        AddIndexConcurrently(
            model_name='activity',
            index=models.Index(django.db.models.fields.json.KeyTextTransform('address', 'source'), models.F('at'), models.F('id'), condition=models.Q(('source__address__isnull', False)), name='activity_from_address'),
        ),
    ]
