"""The rules about write-offs hold for all rows that there are, and what one client owes has its index again."""

from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # the index is made, and the rows are looked at, while others work

    dependencies = [
        ('invoices', '0013_write_offs'),
    ]

    operations = [
        ValidateConstraint(
            model_name='invoice',
            name='invoice_places',
        ),
        ValidateConstraint(
            model_name='invoice',
            name='invoice_status',
        ),
        ValidateConstraint(
            model_name='invoice',
            name='invoice_settled_within_total',
        ),
        ValidateConstraint(
            model_name='invoice',
            name='invoice_paid_exactly_when_nothing_due',
        ),
        ValidateConstraint(
            model_name='invoice',
            name='invoice_unsettled_unless_issued',
        ),
        migrations.RunSQL(
            "ALTER TABLE invoices_writeoff VALIDATE CONSTRAINT write_off_of_its_invoice",
            migrations.RunSQL.noop,
        ),
        AddIndexConcurrently(
            model_name='invoice',
            index=models.Index(condition=models.Q(('status', 'paid'), _negated=True), fields=['client', 'status', 'id'], include=('currency', 'due_on', 'balance_due'), name='invoice_not_paid_of_client'),
        ),
    ]
