"""What an invoice must say of its buyer, so that a machine can read it."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import migrations, models

# What a merge remembers of both clients, as typed: why there was no tax is now among it.
TYPED_IN_MERGE = """
    CREATE OR REPLACE FUNCTION typed_in_merge(snapshot jsonb, journal jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN coalesce(typed_in_fields(snapshot -> 'custom'), '') || coalesce(
        (SELECT string_agg(E'\\n' || value, '' ORDER BY key) FROM jsonb_each_text(journal -> 'profile')
         WHERE starts_with(key, 'custom_') OR key = 'exemption_reason'), '')
        || coalesce(E'\\n' || (journal #>> '{note,text}'), '')
        || coalesce(E'\\n' || (snapshot ->> 'exemption_reason'), '')
"""


class Migration(migrations.Migration):

    atomic = False  # indexes are made while others work

    dependencies = [
        ('clients', '0015_fields_as_typed'),
    ]

    operations = [
        migrations.AddField(
            model_name='client',
            name='buyer_reference',
            field=models.CharField(blank=True, db_default='', default='', help_text='What the client’s accounts asked for; for authorities in Germany the Leitweg-ID.', max_length=100),
        ),
        migrations.AddField(
            model_name='client',
            name='e_invoice',
            field=models.CharField(blank=True, choices=[('factur_x', 'Factur-X / ZUGFeRD (in the PDF)'), ('xrechnung', 'XRechnung'), ('peppol', 'Peppol BIS Billing 3')], db_default='', default='', help_text='An invoice of a client who needs one is not issued before it can be one.', max_length=10, verbose_name='e-invoice'),
        ),
        migrations.AddField(
            model_name='client',
            name='electronic_address',
            field=models.CharField(blank=True, db_default='', default='', help_text='Where e-invoices are delivered.', max_length=100),
        ),
        migrations.AddField(
            model_name='client',
            name='electronic_scheme',
            field=models.CharField(blank=True, db_default='', default='', max_length=4),
        ),
        migrations.AddField(
            model_name='client',
            name='exemption',
            field=models.CharField(blank=True, choices=[('AE', 'Reverse charge'), ('E', 'Exempt'), ('Z', 'Zero rate'), ('O', 'Outside the scope of tax')], db_default='', default='', help_text='An e-invoice says it.', max_length=2, verbose_name='why exempt'),
        ),
        migrations.AddField(
            model_name='client',
            name='exemption_reason',
            field=models.CharField(blank=True, db_default='', default='', help_text='Printed below the total, as in: Exempt under article 132 of Directive 2006/112/EC.', max_length=200, verbose_name='reason in words'),
        ),
        migrations.AddField(
            model_name='client',
            name='registration',
            field=models.CharField(blank=True, db_default='', default='', help_text='As in HRB 12345.', max_length=60, verbose_name='registration number'),
        ),
        migrations.RunSQL(TYPED_IN_MERGE, migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name='client',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(models.F('exemption_reason'), name='gin_trgm_ops'), condition=models.Q(('exemption_reason', ''), _negated=True), name='client_by_exemption_reason'),
        ),
        AddConstraintNotValid(
            model_name='client',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('exemption', ''), ('exemption_reason', '')), models.Q(('exemption__in', ['', 'AE', 'E', 'O', 'Z']), ('tax_exempt', True)), _connector='OR'), name='client_exemption', violation_error_message='Only a client who is tax exempt has a reason for it.'),
        ),
        AddConstraintNotValid(
            model_name='client',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('electronic_address', ''), ('electronic_scheme', '')), models.Q(models.Q(('electronic_scheme', ''), _negated=True), models.Q(('electronic_address', ''), _negated=True)), _connector='OR'), name='client_electronic_address', violation_error_message='An electronic address has two parts: what it is, and the address itself.'),
        ),
        AddConstraintNotValid(
            model_name='client',
            constraint=models.CheckConstraint(condition=models.Q(('e_invoice__in', ['', 'factur_x', 'xrechnung', 'peppol'])), name='client_e_invoice'),
        ),
    ]
