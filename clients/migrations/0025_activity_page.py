"""Activity is filtered by person, action, day and address; what happens too often for rows of its own is counted."""

import django.db.models.deletion
import django.db.models.fields.json
from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # indexes are made while others work

    dependencies = [
        ('clients', '0022_activity_chain'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ActivityCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(max_length=50)),
                ('address', models.GenericIPAddressField(null=True)),
                ('since', models.DateTimeField(db_index=True)),
                ('count', models.PositiveIntegerField(default=0)),
                ('person', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('person', 'verb', 'address'), name='activity_count_once', nulls_distinct=False)],
            },
        ),
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
