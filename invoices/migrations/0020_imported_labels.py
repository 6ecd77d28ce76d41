"""Invoices of other systems are found by the number that they had there; the index is made while others work."""

import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # an index is made while others work

    dependencies = [
        ('invoices', '0019_what_waits'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='invoice',
            index=django.contrib.postgres.indexes.HashIndex(django.db.models.functions.text.Upper('label'), condition=models.Q(('origin', ''), _negated=True), name='invoice_imported_label'),
        ),
    ]
