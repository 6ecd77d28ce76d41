"""What a queue worker adds up at most once a minute, for the metrics."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('billing_admin', '0012_staff'),
    ]

    operations = [
        migrations.CreateModel(
            name='Figures',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('held', models.JSONField(default=dict)),
                ('at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name_plural': 'figures',
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_row_of_figures')],
            },
        ),
    ]
