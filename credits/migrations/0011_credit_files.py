"""A large file of credit waits in the database until a queue worker has read it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('credits', '0010_open_of_client'),
    ]

    operations = [
        migrations.CreateModel(
            name='CreditFile',
            fields=[
                ('batch', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='file', serialize=False, to='credits.creditbatch')),
                ('compressed', models.BinaryField()),
            ],
            options={
                'default_permissions': (),
            },
        ),
    ]
