"""Purchase-order numbers."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('invoices', '0006_not_paid_of_client'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='invoice',
            name='issued_frozen',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='invoiceline',
            name='issued_unchanged',
        ),
        migrations.AddField(
            model_name='billableitem',
            name='po_number',
            field=models.CharField(blank=True, db_default='', default='', max_length=50, verbose_name='purchase-order number'),
        ),
        migrations.AddField(
            model_name='invoice',
            name='po_number',
            field=models.CharField(blank=True, db_default='', default='', max_length=50, verbose_name='purchase-order number'),
        ),
        migrations.AddField(
            model_name='invoiceline',
            name='po_number',
            field=models.CharField(blank=True, db_default='', default='', max_length=50, verbose_name='purchase-order number'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoice',
            trigger=pgtrigger.compiler.Trigger(name='issued_frozen', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.number IS DISTINCT FROM NEW.number OR OLD.number_prefix IS DISTINCT FROM NEW.number_prefix OR OLD.subtotal IS DISTINCT FROM NEW.subtotal OR OLD.tax IS DISTINCT FROM NEW.tax OR OLD.total IS DISTINCT FROM NEW.total OR OLD.issued_on IS DISTINCT FROM NEW.issued_on OR OLD.bill_to_name IS DISTINCT FROM NEW.bill_to_name OR OLD.bill_to_address IS DISTINCT FROM NEW.bill_to_address OR OLD.bill_to_email IS DISTINCT FROM NEW.bill_to_email OR OLD.bill_to_tax_id IS DISTINCT FROM NEW.bill_to_tax_id OR OLD.po_number IS DISTINCT FROM NEW.po_number) AND (OLD.status = 'draft') IS NOT TRUE)", func="RAISE EXCEPTION 'An issued invoice never changes. Correct it with a new document.' USING ERRCODE = 'check_violation';", hash='38fa7bf178058ce1a8fae8f49085691e0653dcc7', operation='UPDATE', pgid='pgtrigger_issued_frozen_b775d', table='invoices_invoice', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoiceline',
            trigger=pgtrigger.compiler.Trigger(name='issued_unchanged', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.invoice_id IS DISTINCT FROM NEW.invoice_id OR OLD.billable_item_id IS DISTINCT FROM NEW.billable_item_id OR OLD.period IS DISTINCT FROM NEW.period OR OLD.position IS DISTINCT FROM NEW.position OR OLD.description IS DISTINCT FROM NEW.description OR OLD.quantity IS DISTINCT FROM NEW.quantity OR OLD.unit_price IS DISTINCT FROM NEW.unit_price OR OLD.tax_rate IS DISTINCT FROM NEW.tax_rate OR OLD.tax_included IS DISTINCT FROM NEW.tax_included OR OLD.amount IS DISTINCT FROM NEW.amount OR OLD.tax IS DISTINCT FROM NEW.tax OR OLD.po_number IS DISTINCT FROM NEW.po_number)', func="\n                    IF EXISTS (SELECT FROM invoices_invoice\n                               WHERE id IN (OLD.invoice_id, NEW.invoice_id) AND status <> 'draft') THEN\n                        RAISE EXCEPTION 'The lines of an issued invoice never change.' USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='1e4906628de33359c6ae0bd0d5e0c78a91616d37', operation='UPDATE', pgid='pgtrigger_issued_unchanged_f0d80', table='invoices_invoiceline', when='BEFORE')),
        ),
    ]
