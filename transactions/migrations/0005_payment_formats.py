"""Formats say which rows are payments and leave open what is told by looking; booked files are kept as batches."""

import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

# How 0.1.0 read its files, for the rows that it booked: as each format was, whatever becomes of it.
COPY_FORMER_FORMATS = """
    INSERT INTO transactions_formerpaymentformat (columns)
    SELECT to_jsonb(format) - 'id' FROM transactions_paymentfilemapping format ORDER BY id
"""

# And its own format, which needed no saving, where it booked something.
KEEP_OWN_FORMAT = """
    INSERT INTO transactions_formerpaymentformat (columns)
    SELECT '{"name": "Billing Admin", "own": true, "delimiter": ",", "encoding": "utf-8", "date_format": "%Y-%m-%d",
             "decimal_comma": false, "date_column": "Date", "amount_column": "Amount", "currency_column": "Currency",
             "method_column": "Method", "reference_column": "Reference", "invoice_column": "Invoice",
             "name_column": "Name", "text_column": "Description", "fees_column": "Fees", "currency": "",
             "payment_method_id": null}'::jsonb
    WHERE EXISTS (SELECT FROM transactions_transaction)
"""

# A column of references was taken for the gateway's own ids, until staff say what it is.
ANSWER_AS_BEFORE = """
    UPDATE transactions_paymentfilemapping SET
        date_order = CASE date_format WHEN '%m/%d/%Y' THEN 'mdy' WHEN '%Y-%m-%d' THEN 'ymd' WHEN '%Y%m%d' THEN 'ymd' ELSE 'dmy' END,
        decimal_sign = CASE WHEN decimal_comma THEN ',' ELSE '.' END,
        id_confirmed = reference_column = ''
"""

# The table has the few files that wait, and the column is empty: looking at its rows holds up nobody.
METHOD_OF_A_FILE = """
    ALTER TABLE transactions_paymentfile ADD COLUMN payment_method_id bigint NULL
    -- squawk-ignore adding-foreign-key-constraint
    REFERENCES transactions_paymentmethod (id) DEFERRABLE INITIALLY DEFERRED
"""

DATE_ORDER = [('dmy', 'Day first (31/01/2026)'), ('mdy', 'Month first (01/31/2026)'), ('ymd', 'Year first (2026-01-31)')]
DECIMAL_SIGN = [('.', 'Point (1,234.50)'), (',', 'Comma (1.234,50)')]


def column(name):
    return models.CharField(blank=True, db_default='', default='', max_length=100, verbose_name=name)


def values(name):
    return models.CharField(blank=True, db_default='', default='', max_length=1000, verbose_name=name)


NEW = {
    'date_order': models.CharField(blank=True, choices=DATE_ORDER, db_default='', default='', max_length=3),
    'decimal_sign': models.CharField(blank=True, choices=DECIMAL_SIGN, db_default='', default='', max_length=1),
    'lines_before_header': models.PositiveSmallIntegerField(blank=True, null=True),
    'lines_at_end': models.PositiveSmallIntegerField(db_default=0, default=0),
    'credit_column': column('money in column'),
    'debit_column': column('money out column'),
    'direction_column': column('direction column'),
    'incoming_values': values('values of money in'),
    'outgoing_values': values('values of money out'),
    'status_column': column('status column'),
    'paid_statuses': values('statuses of payments'),
    'other_statuses': values('other statuses'),
    'type_column': column('type column'),
    'payment_types': values('types of payments'),
    'other_types': values('other types'),
    'fees_negative': models.BooleanField(db_default=False, default=False, verbose_name='fees are written with a minus'),
    'id_confirmed': models.BooleanField(db_default=True, default=True),
    'payer_reference_column': column('payer’s reference column'),
    'account_column': column('payer’s account column'),
}


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('transactions', '0004_transactions_deleted_whole'),
    ]

    operations = [
        migrations.CreateModel(
            name='FormerPaymentFormat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('columns', models.JSONField()),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.RunSQL(COPY_FORMER_FORMATS, migrations.RunSQL.noop),
        migrations.RunSQL(KEEP_OWN_FORMAT, migrations.RunSQL.noop),
        migrations.CreateModel(
            name='PaymentBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=255)),
                ('format_name', models.CharField(max_length=100)),
                ('counts', models.JSONField(default=dict)),
                ('totals', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('created_by_name', models.CharField(max_length=150)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('taken_back_by_name', models.CharField(blank=True, max_length=150)),
                ('taken_back_at', models.DateTimeField(null=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('taken_back_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'payment batches',
                'default_permissions': (),
                'indexes': [models.Index(fields=['-created_at', '-id'], name='payment_batch_by_age')],
            },
        ),
        *(migrations.AddField('paymentfilemapping', name, field) for name, field in NEW.items()),
        migrations.RunSQL(ANSWER_AS_BEFORE, migrations.RunSQL.noop),
        migrations.RemoveField('paymentfilemapping', 'date_format'),
        migrations.RemoveField('paymentfilemapping', 'decimal_comma'),
        migrations.RenameField('paymentfilemapping', 'reference_column', 'id_column'),
        migrations.AlterField(
            model_name='paymentfilemapping',
            name='id_column',
            field=models.CharField(blank=True, max_length=100, verbose_name='transaction ID column'),
        ),
        migrations.AlterField(
            model_name='paymentfilemapping',
            name='amount_column',
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AlterField(
            model_name='paymentfilemapping',
            name='delimiter',
            field=models.CharField(blank=True, choices=[(',', 'Comma'), (';', 'Semicolon'), ('\t', 'Tab'), ('|', 'Vertical bar')], default='', max_length=1),
        ),
        migrations.AlterField(
            model_name='paymentfilemapping',
            name='encoding',
            field=models.CharField(blank=True, choices=[('utf-8', 'UTF-8'), ('cp1252', 'Windows (Western European)')], default='', max_length=10, verbose_name='character set'),
        ),
        migrations.RemoveConstraint(model_name='paymentfilemapping', name='payment_file_mapping_columns'),
        AddConstraintNotValid(
            model_name='paymentfilemapping',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('date_column', ''), _negated=True), models.Q(models.Q(('amount_column', ''), _negated=True), models.Q(('credit_column', ''), _negated=True), _connector='OR')), name='payment_file_mapping_amounts'),
        ),
        migrations.AddField(
            model_name='paymentfile',
            name='ready_format',
            field=models.CharField(blank=True, db_default='', default='', max_length=40),
        ),
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL([METHOD_OF_A_FILE], migrations.RunSQL.noop)],
            [
                migrations.AddField(
                    model_name='paymentfile',
                    name='payment_method',
                    field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='transactions.paymentmethod'),
                ),
            ],
        ),
        migrations.AddField(
            model_name='paymentfile',
            name='date_order',
            field=models.CharField(blank=True, choices=DATE_ORDER, db_default='', default='', max_length=3),
        ),
        migrations.AddField(
            model_name='paymentfile',
            name='decimal_sign',
            field=models.CharField(blank=True, choices=DECIMAL_SIGN, db_default='', default='', max_length=1),
        ),
    ]
