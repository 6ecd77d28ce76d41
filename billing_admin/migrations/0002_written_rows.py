"""Which rows were added to append-only tables, and which of them a deletion took out."""

import django.contrib.postgres.fields
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('billing_admin', '0001_version_0_1_0'),
    ]

    operations = [
        migrations.CreateModel(
            name='DeletedRows',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('table_name', models.CharField(max_length=63)),
                ('row_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField())),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name_plural': 'deleted rows',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='WrittenRows',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('table_name', models.CharField(max_length=63)),
                ('row_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField())),
                ('client_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(null=True))),
                ('digests', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField())),
                ('typed', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(null=True))),
            ],
            options={
                'verbose_name_plural': 'written rows',
                'default_permissions': (),
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='deletedrows',
            trigger=pgtrigger.compiler.Trigger(name='never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'What was written and deleted stays as it was noted.' USING ERRCODE = 'check_violation';", hash='0edb521a0202b57f1b20db403d2bc7d734e017a6', operation='UPDATE OR DELETE', pgid='pgtrigger_never_changed_3d629', table='billing_admin_deletedrows', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='writtenrows',
            trigger=pgtrigger.compiler.Trigger(name='never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'What was written and deleted stays as it was noted.' USING ERRCODE = 'check_violation';", hash='2d5d936a2aad9e2bab456501a0f34164b0954ad2', operation='UPDATE OR DELETE', pgid='pgtrigger_never_changed_aa6a7', table='billing_admin_writtenrows', when='BEFORE')),
        ),
    ]
