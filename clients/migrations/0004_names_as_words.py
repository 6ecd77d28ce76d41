"""A payer's name finds clients, contacts and clients that were merged away, whatever the order of its words."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

import billing_admin.db.functions


class Migration(migrations.Migration):

    atomic = False  # indexes are made while others work

    dependencies = [
        ('clients', '0003_countries_and_search'),
        ('billing_admin', '0003_name_words'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='client',
            index=models.Index(billing_admin.db.functions.NameWords('company_name'), condition=models.Q(('company_name', ''), _negated=True), name='client_by_company_words'),
        ),
        AddIndexConcurrently(
            model_name='client',
            index=models.Index(billing_admin.db.functions.NameWords('first_name', 'last_name'), name='client_by_person_words'),
        ),
        AddIndexConcurrently(
            model_name='clientmerge',
            index=models.Index(billing_admin.db.functions.NameWords(models.Func(models.F('discarded_snapshot'), output_field=models.TextField(), template="(%(expressions)s ->> 'company_name')")), name='merge_by_company_words'),
        ),
        AddIndexConcurrently(
            model_name='clientmerge',
            index=models.Index(billing_admin.db.functions.NameWords(models.Func(models.F('discarded_snapshot'), output_field=models.TextField(), template="(%(expressions)s ->> 'first_name')"), models.Func(models.F('discarded_snapshot'), output_field=models.TextField(), template="(%(expressions)s ->> 'last_name')")), name='merge_by_person_words'),
        ),
        AddIndexConcurrently(
            model_name='contact',
            index=models.Index(billing_admin.db.functions.NameWords('first_name', 'last_name'), name='contact_by_words'),
        ),
        # Without what this learns of the names, the planner would not use the indexes until the next autovacuum.
        migrations.RunSQL("ANALYZE clients_client, clients_contact, clients_clientmerge", migrations.RunSQL.noop),
    ]
