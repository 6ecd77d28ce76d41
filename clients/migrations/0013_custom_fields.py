"""An installation defines fields of the profile."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0012_purchase_orders'),
    ]

    operations = [
        migrations.CreateModel(
            name='CustomField',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('kind', models.CharField(choices=[('text', 'Text'), ('number', 'Number'), ('date', 'Date'), ('choice', 'Choice'), ('yes_no', 'Yes or no')], max_length=10)),
                ('choices', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), blank=True, default=list)),
                ('is_on', models.BooleanField(default=True, verbose_name='shown')),
            ],
            options={
                'permissions': (('change_customfield', 'Define fields of the profile'),),
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='client',
            name='custom',
            field=models.JSONField(blank=True, db_default={}, default=dict),
        ),
        migrations.AddConstraint(
            model_name='customfield',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Upper('name'), name='custom_field_name_once'),
        ),
        migrations.AddConstraint(
            model_name='customfield',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['text', 'number', 'date', 'choice', 'yes_no'])), name='custom_field_kind'),
        ),
    ]
