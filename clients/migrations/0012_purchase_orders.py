"""Purchase-order numbers."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0011_notes_found'),
    ]

    operations = [
        migrations.AddField(
            model_name='client',
            name='po_number',
            field=models.CharField(blank=True, db_default='', default='', help_text='Printed on invoices, unless an invoice or a billable item has another.', max_length=50, verbose_name='purchase-order number'),
        ),
    ]
