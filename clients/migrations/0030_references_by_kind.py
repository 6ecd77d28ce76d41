"""An id of another system is unique among those of its kind; indexed while others work."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # indexes are made while others work

    dependencies = [
        ('clients', '0029_references_of_rows'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY external_reference_once_of_kind"
                    " ON clients_externalreference (source, kind, external_id, part)",
                    "DROP INDEX CONCURRENTLY external_reference_once_of_kind",
                ),
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name='externalreference',
                    constraint=models.UniqueConstraint(models.F('source'), models.F('kind'), models.F('external_id'), models.F('part'), name='external_reference_once_of_kind'),
                ),
            ],
        ),
        AddIndexConcurrently(
            model_name='externalreference',
            index=models.Index(condition=models.Q(('system_import__isnull', False)), fields=['system_import', 'kind'], name='external_reference_of_import'),
        ),
        migrations.RemoveConstraint(
            model_name='externalreference',
            name='external_reference_once',
        ),
    ]
