"""What an invoice takes over on the day it is issued, its lines, and the company of a credit note."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('invoices', '0009_company_and_documents'),
    ]

    operations = [
        migrations.AddField(
            model_name='creditnote',
            name='seller',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='invoices.sellerversion'),
        ),
        migrations.AddField(
            model_name='invoice',
            name='accounting_rate',
            field=models.DecimalField(blank=True, decimal_places=9, max_digits=18, null=True),
        ),
        migrations.AddField(
            model_name='invoice',
            name='bill_to_city',
            field=models.CharField(blank=True, db_default='', default='', max_length=100),
        ),
        migrations.AddField(
            model_name='invoice',
            name='bill_to_country',
            field=models.CharField(blank=True, db_default='', default='', max_length=2),
        ),
        migrations.AddField(
            model_name='invoice',
            name='bill_to_e_address',
            field=models.CharField(blank=True, db_default='', default='', max_length=100),
        ),
        migrations.AddField(
            model_name='invoice',
            name='bill_to_e_scheme',
            field=models.CharField(blank=True, db_default='', default='', max_length=4),
        ),
        migrations.AddField(
            model_name='invoice',
            name='bill_to_line_1',
            field=models.CharField(blank=True, db_default='', default='', max_length=200),
        ),
        migrations.AddField(
            model_name='invoice',
            name='bill_to_line_2',
            field=models.CharField(blank=True, db_default='', default='', max_length=200),
        ),
        migrations.AddField(
            model_name='invoice',
            name='bill_to_person',
            field=models.CharField(blank=True, db_default='', default='', max_length=201),
        ),
        migrations.AddField(
            model_name='invoice',
            name='bill_to_postcode',
            field=models.CharField(blank=True, db_default='', default='', max_length=20),
        ),
        migrations.AddField(
            model_name='invoice',
            name='bill_to_region',
            field=models.CharField(blank=True, db_default='', default='', max_length=100),
        ),
        migrations.AddField(
            model_name='invoice',
            name='bill_to_registration',
            field=models.CharField(blank=True, db_default='', default='', max_length=60),
        ),
        migrations.AddField(
            model_name='invoice',
            name='buyer_reference',
            field=models.CharField(blank=True, db_default='', default='', max_length=100),
        ),
        migrations.AddField(
            model_name='invoice',
            name='e_invoice',
            field=models.CharField(blank=True, choices=[('factur_x', 'Factur-X / ZUGFeRD (in the PDF)'), ('xrechnung', 'XRechnung'), ('peppol', 'Peppol BIS Billing 3')], db_default='', default='', max_length=10),
        ),
        migrations.AddField(
            model_name='invoice',
            name='language',
            field=models.CharField(blank=True, db_default='', default='', max_length=10),
        ),
        migrations.AddField(
            model_name='invoice',
            name='prepaid',
            field=models.DecimalField(blank=True, decimal_places=3, max_digits=18, null=True),
        ),
        migrations.AddField(
            model_name='invoice',
            name='seller',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='invoices.sellerversion'),
        ),
        migrations.AddField(
            model_name='invoiceline',
            name='period_end',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='invoiceline',
            name='tax_category',
            field=models.CharField(blank=True, choices=[('S', 'Standard rate'), ('AE', 'Reverse charge'), ('E', 'Exempt'), ('Z', 'Zero rate'), ('O', 'Outside the scope of tax')], db_default='', default='', max_length=2),
        ),
        migrations.AddField(
            model_name='invoiceline',
            name='tax_reason',
            field=models.CharField(blank=True, db_default='', default='', max_length=200),
        ),
        migrations.AddField(
            model_name='invoiceline',
            name='unit',
            field=models.CharField(db_default='C62', default='C62', max_length=3),
        ),
    ]
