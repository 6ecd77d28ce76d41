"""Invoices and credit notes are listed by their totals, and credit notes by their day of issue."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # the indexes are made while others work

    dependencies = [
        ('invoices', '0007_purchase_orders'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='invoice',
            index=models.Index(fields=['currency', 'total', 'id'], name='invoice_by_total'),
        ),
        AddIndexConcurrently(
            model_name='creditnote',
            index=models.Index(fields=['issued_on', 'id'], name='credit_note_by_issue_date'),
        ),
        AddIndexConcurrently(
            model_name='creditnote',
            index=models.Index(fields=['currency', 'total', 'id'], name='credit_note_by_total'),
        ),
    ]
