"""Payers are found by their name, what was said of money by any part of it, the transactions of a file by the file."""

import django.contrib.postgres.indexes
import django.db.models.lookups
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

import billing_admin.db.functions

SAID = "btrim(note || E'\\n' || payer_name || E'\\n' || payer_account || E'\\n' || payer_reference, E'\\n')"
VALID = "ALTER TABLE transactions_transaction VALIDATE CONSTRAINT transactions_transaction_batch_id_fk"


class Migration(migrations.Migration):

    atomic = False  # indexes are made while others work

    dependencies = [
        ('transactions', '0006_payers'),
    ]

    operations = [
        migrations.RunSQL(VALID, migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name='transaction',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(billing_admin.db.functions.SearchFold('payer_name'), name='gin_trgm_ops'), condition=models.Q(('payer_name', ''), _negated=True), name='transaction_by_payer'),
        ),
        AddIndexConcurrently(
            model_name='transaction',
            index=models.Index(condition=models.Q(('batch__isnull', False)), fields=['batch', 'id'], name='transaction_of_batch'),
        ),
        AddIndexConcurrently(
            model_name='transaction',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(models.Func(output_field=models.TextField(), template=SAID), name='gin_trgm_ops'), condition=models.Q(django.db.models.lookups.GreaterThan(models.Func(output_field=models.TextField(), template=SAID), models.Value(''))), name='transaction_by_said'),
        ),
        AddIndexConcurrently(
            model_name='paymentfile',
            index=models.Index(condition=models.Q(('payment_method__isnull', False)), fields=['payment_method'], name='payment_file_of_method'),
        ),
    ]
