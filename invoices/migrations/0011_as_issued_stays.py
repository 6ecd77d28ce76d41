"""What was taken over at issue never changes."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('invoices', '0010_as_issued'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='creditnote',
            name='issued_frozen',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='invoice',
            name='issued_frozen',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='invoiceline',
            name='issued_unchanged',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditnote',
            trigger=pgtrigger.compiler.Trigger(name='issued_frozen', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.invoice_id IS DISTINCT FROM NEW.invoice_id OR OLD.number_prefix IS DISTINCT FROM NEW.number_prefix OR OLD.number IS DISTINCT FROM NEW.number OR OLD.issued_on IS DISTINCT FROM NEW.issued_on OR OLD.reason IS DISTINCT FROM NEW.reason OR OLD.bill_to_name IS DISTINCT FROM NEW.bill_to_name OR OLD.bill_to_address IS DISTINCT FROM NEW.bill_to_address OR OLD.bill_to_email IS DISTINCT FROM NEW.bill_to_email OR OLD.bill_to_tax_id IS DISTINCT FROM NEW.bill_to_tax_id OR OLD.subtotal IS DISTINCT FROM NEW.subtotal OR OLD.tax IS DISTINCT FROM NEW.tax OR OLD.total IS DISTINCT FROM NEW.total OR OLD.seller_id IS DISTINCT FROM NEW.seller_id) AND (false) IS NOT TRUE)', func="RAISE EXCEPTION 'A credit note never changes; issue another document.' USING ERRCODE = 'check_violation';", hash='75fdf9ba19cda328fadfd310bcb151e21ddfc82f', operation='UPDATE', pgid='pgtrigger_issued_frozen_e5dd6', table='invoices_creditnote', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoice',
            trigger=pgtrigger.compiler.Trigger(name='issued_frozen', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.number IS DISTINCT FROM NEW.number OR OLD.number_prefix IS DISTINCT FROM NEW.number_prefix OR OLD.subtotal IS DISTINCT FROM NEW.subtotal OR OLD.tax IS DISTINCT FROM NEW.tax OR OLD.total IS DISTINCT FROM NEW.total OR OLD.issued_on IS DISTINCT FROM NEW.issued_on OR OLD.po_number IS DISTINCT FROM NEW.po_number OR OLD.seller_id IS DISTINCT FROM NEW.seller_id OR OLD.bill_to_name IS DISTINCT FROM NEW.bill_to_name OR OLD.bill_to_address IS DISTINCT FROM NEW.bill_to_address OR OLD.bill_to_email IS DISTINCT FROM NEW.bill_to_email OR OLD.bill_to_tax_id IS DISTINCT FROM NEW.bill_to_tax_id OR OLD.bill_to_person IS DISTINCT FROM NEW.bill_to_person OR OLD.bill_to_line_1 IS DISTINCT FROM NEW.bill_to_line_1 OR OLD.bill_to_line_2 IS DISTINCT FROM NEW.bill_to_line_2 OR OLD.bill_to_postcode IS DISTINCT FROM NEW.bill_to_postcode OR OLD.bill_to_city IS DISTINCT FROM NEW.bill_to_city OR OLD.bill_to_region IS DISTINCT FROM NEW.bill_to_region OR OLD.bill_to_country IS DISTINCT FROM NEW.bill_to_country OR OLD.bill_to_registration IS DISTINCT FROM NEW.bill_to_registration OR OLD.bill_to_e_scheme IS DISTINCT FROM NEW.bill_to_e_scheme OR OLD.bill_to_e_address IS DISTINCT FROM NEW.bill_to_e_address OR OLD.buyer_reference IS DISTINCT FROM NEW.buyer_reference OR OLD.language IS DISTINCT FROM NEW.language OR OLD.e_invoice IS DISTINCT FROM NEW.e_invoice OR OLD.accounting_rate IS DISTINCT FROM NEW.accounting_rate) AND (OLD.status = 'draft') IS NOT TRUE)", func="RAISE EXCEPTION 'An issued invoice never changes. Correct it with a new document.' USING ERRCODE = 'check_violation';", hash='495007ee11312e61ebacc907f970427ba0a67c07', operation='UPDATE', pgid='pgtrigger_issued_frozen_b775d', table='invoices_invoice', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoice',
            trigger=pgtrigger.compiler.Trigger(name='prepaid_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.prepaid IS DISTINCT FROM NEW.prepaid) AND (OLD.prepaid IS NULL) IS NOT TRUE)', func="RAISE EXCEPTION 'An issued invoice never changes. Correct it with a new document.' USING ERRCODE = 'check_violation';", hash='b52409860165d12b58edaa762b20b8dd79f8a53b', operation='UPDATE', pgid='pgtrigger_prepaid_once_3dfca', table='invoices_invoice', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoiceline',
            trigger=pgtrigger.compiler.Trigger(name='issued_unchanged', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.invoice_id IS DISTINCT FROM NEW.invoice_id OR OLD.billable_item_id IS DISTINCT FROM NEW.billable_item_id OR OLD.period IS DISTINCT FROM NEW.period OR OLD.position IS DISTINCT FROM NEW.position OR OLD.description IS DISTINCT FROM NEW.description OR OLD.quantity IS DISTINCT FROM NEW.quantity OR OLD.unit_price IS DISTINCT FROM NEW.unit_price OR OLD.tax_rate IS DISTINCT FROM NEW.tax_rate OR OLD.tax_included IS DISTINCT FROM NEW.tax_included OR OLD.amount IS DISTINCT FROM NEW.amount OR OLD.tax IS DISTINCT FROM NEW.tax OR OLD.po_number IS DISTINCT FROM NEW.po_number OR OLD.period_end IS DISTINCT FROM NEW.period_end OR OLD.unit IS DISTINCT FROM NEW.unit OR OLD.tax_category IS DISTINCT FROM NEW.tax_category OR OLD.tax_reason IS DISTINCT FROM NEW.tax_reason)', func="\n                    IF EXISTS (SELECT FROM invoices_invoice\n                               WHERE id IN (OLD.invoice_id, NEW.invoice_id) AND status <> 'draft') THEN\n                        RAISE EXCEPTION 'The lines of an issued invoice never change.' USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='598981c06444240fa281389b832b6024434cabf5', operation='UPDATE', pgid='pgtrigger_issued_unchanged_f0d80', table='invoices_invoiceline', when='BEFORE')),
        ),
        AddConstraintNotValid(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(('prepaid', None), models.Q(('prepaid__gte', 0), ('prepaid__lte', models.F('total'))), _connector='OR'), name='invoice_prepaid'),
        ),
        AddConstraintNotValid(
            model_name='invoiceline',
            constraint=models.CheckConstraint(condition=models.Q(('period_end', None), ('period_end__gte', models.F('period')), _connector='OR'), name='invoice_line_period_ends'),
        ),
        AddConstraintNotValid(
            model_name='invoiceline',
            constraint=models.CheckConstraint(condition=models.Q(('tax_category', ''), models.Q(('tax_category', 'S'), ('tax_rate__gt', 0)), models.Q(('tax_category__in', ['AE', 'E', 'O', 'Z']), ('tax_rate', 0)), _connector='OR'), name='invoice_line_tax_category'),
        ),
        AddConstraintNotValid(
            model_name='invoiceline',
            constraint=models.CheckConstraint(condition=models.Q(('unit__regex', '^[A-Z0-9]{2,3}$')), name='invoice_line_unit'),
        ),
    ]
