"""Rows that are settled later find room on their page, and what they leave behind is cleared away early."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('invoices', '0004_invoices_born_settled'),
    ]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE invoices_invoice SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02)",
            "ALTER TABLE invoices_invoice RESET (fillfactor, autovacuum_vacuum_scale_factor)",
        ),
        migrations.RunSQL(
            "ALTER TABLE invoices_billableitem SET (autovacuum_vacuum_scale_factor = 0.02)",
            "ALTER TABLE invoices_billableitem RESET (autovacuum_vacuum_scale_factor)",
        ),
    ]
