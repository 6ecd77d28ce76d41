"""Keys of several columns in place of several keys: they say more, and are looked at once."""

import django.db.models.deletion
from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations, models

from billing_admin.db.keys import SameAs


class Migration(migrations.Migration):

    atomic = False  # indexes are made and keys validated while others work

    dependencies = [
        ('invoices', '0002_countries'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY invoice_of_one_client ON invoices_invoice (client_id, id, currency)",
                    migrations.RunSQL.noop,
                ),
                migrations.RunSQL(
                    "ALTER TABLE invoices_invoice ADD CONSTRAINT invoice_of_one_client UNIQUE USING INDEX invoice_of_one_client",
                    "ALTER TABLE invoices_invoice DROP CONSTRAINT invoice_of_one_client",
                ),
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="invoice", constraint=models.UniqueConstraint(fields=('client', 'id', 'currency'), name="invoice_of_one_client")
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name='invoiceline',
            constraint=SameAs(fields=('invoice', 'client', 'currency'), name='invoice_line_of_its_invoice', to='invoices.Invoice', to_fields=('id', 'client', 'currency')),
        ),
        migrations.RunSQL("ALTER TABLE invoices_invoiceline VALIDATE CONSTRAINT invoice_line_of_its_invoice", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='invoiceline',
            name='client',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.client'),
        ),
        migrations.AlterField(
            model_name='invoiceline',
            name='invoice',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='invoices.invoice'),
        ),
        RemoveIndexConcurrently(
            model_name="invoice",
            name="invoice_of_client",
        ),
    ]
