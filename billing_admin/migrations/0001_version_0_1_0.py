"""What the schema stands on: two extensions, functions, the clients' number sequence; jobs, and what groups were offered."""

import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True
    run_before = [("clients", "0001_initial")]

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunSQL(
            """
            -- NULL for an unknown code; `exact_places` asks for a known one, because a check with NULL in it passes.
            CREATE FUNCTION minor_units(currency varchar) RETURNS integer
        LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN CASE
                WHEN currency IN (
                    'AED', 'AFN', 'ALL', 'AMD', 'AOA', 'ARS', 'AUD', 'AWG', 'AZN', 'BAM', 'BBD', 'BDT', 'BMD', 'BND',
                    'BOB', 'BRL', 'BSD', 'BTN', 'BWP', 'BYN', 'BZD', 'CAD', 'CDF', 'CHF', 'CNY', 'COP', 'CRC', 'CUP',
                    'CVE', 'CZK', 'DKK', 'DOP', 'DZD', 'EGP', 'ERN', 'ETB', 'EUR', 'FJD', 'FKP', 'GBP', 'GEL', 'GHS',
                    'GIP', 'GMD', 'GTQ', 'GYD', 'HKD', 'HNL', 'HTG', 'HUF', 'IDR', 'ILS', 'INR', 'IRR', 'JMD', 'KES',
                    'KGS', 'KHR', 'KPW', 'KYD', 'KZT', 'LAK', 'LBP', 'LKR', 'LRD', 'LSL', 'MAD', 'MDL', 'MGA', 'MKD',
                    'MMK', 'MNT', 'MOP', 'MRU', 'MUR', 'MVR', 'MWK', 'MXN', 'MYR', 'MZN', 'NAD', 'NGN', 'NIO', 'NOK',
                    'NPR', 'NZD', 'PAB', 'PEN', 'PGK', 'PHP', 'PKR', 'PLN', 'QAR', 'RON', 'RSD', 'RUB', 'SAR', 'SBD',
                    'SCR', 'SDG', 'SEK', 'SGD', 'SHP', 'SLE', 'SOS', 'SRD', 'SSP', 'STN', 'SYP', 'SZL', 'THB', 'TJS',
                    'TMT', 'TOP', 'TRY', 'TTD', 'TWD', 'TZS', 'UAH', 'USD', 'UYU', 'UZS', 'VES', 'WST', 'XCD', 'YER',
                    'ZAR', 'ZMW') THEN 2
                WHEN currency IN (
                    'BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'VND', 'VUV', 'XAF',
                    'XOF', 'XPF') THEN 0
                WHEN currency IN ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') THEN 3 END
            """,
            "DROP FUNCTION minor_units(varchar)",
        ),
        migrations.RunSQL(
            """
            CREATE FUNCTION search_fold(value text) RETURNS text
            LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
            RETURN upper(unaccent('unaccent'::regdictionary, value))
            """,
            "DROP FUNCTION search_fold(text)",
        ),
        migrations.RunSQL(
            """
            CREATE FUNCTION money_text(amount numeric, currency varchar) RETURNS text
            LANGUAGE sql STABLE PARALLEL SAFE -- as to_char is: only then is the call inlined, twelve times as fast
            RETURN to_char(round(amount, minor_units(currency)), CASE minor_units(currency)
                WHEN 0 THEN 'FM999,999,999,999,999,990'
                WHEN 2 THEN 'FM999,999,999,999,999,990.00'
                ELSE 'FM999,999,999,999,999,990.000' END) || ' ' || currency
            """,
            "DROP FUNCTION money_text(numeric, varchar)",
        ),
        migrations.RunSQL(
            """
            CREATE FUNCTION document_label(prefix varchar, number bigint) RETURNS text
            LANGUAGE sql IMMUTABLE PARALLEL SAFE
            RETURN prefix || lpad(number::text, greatest(6, length(number::text)), '0')
            """,
            "DROP FUNCTION document_label(varchar, bigint)",
        ),
        migrations.RunSQL(
            """
            CREATE FUNCTION due_date(starts_on date, cycle varchar, period integer) RETURNS date
            LANGUAGE sql IMMUTABLE PARALLEL SAFE
            RETURN (starts_on + period * CASE cycle
                WHEN 'once' THEN interval '0 days'
                WHEN 'weekly' THEN interval '7 days'
                WHEN 'monthly' THEN interval '1 month'
                WHEN 'quarterly' THEN interval '3 months'
                WHEN 'half_yearly' THEN interval '6 months'
                WHEN 'yearly' THEN interval '1 year'
                WHEN 'two_yearly' THEN interval '2 years'
                WHEN 'three_yearly' THEN interval '3 years' END)::date
            """,
            "DROP FUNCTION due_date(date, varchar, integer)",
        ),
        migrations.RunSQL(
            """
            CREATE FUNCTION next_client_number() RETURNS bigint LANGUAGE plpgsql AS $$
            DECLARE candidate bigint;
            BEGIN
                LOOP
                    candidate := nextval('client_number_seq');
                    EXIT WHEN NOT EXISTS (SELECT FROM clients_client WHERE number = candidate)
                        AND NOT EXISTS (SELECT FROM clients_clientnumberalias WHERE number = candidate)
                        AND NOT EXISTS (SELECT FROM clients_clientdeletion WHERE number = candidate);
                END LOOP;
                RETURN candidate;
            END $$
            """,
            "DROP FUNCTION next_client_number()",
        ),
        migrations.RunSQL("CREATE SEQUENCE client_number_seq", "DROP SEQUENCE client_number_seq"),
        migrations.CreateModel(
            name='OfferedPermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('group_name', models.CharField(max_length=150)),
                ('permission', models.CharField(max_length=200)),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('group_name', 'permission'), name='permission_offered_once')],
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('subject', models.CharField(blank=True, max_length=64)),
                ('arguments', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('refused', 'Refused'), ('failed', 'Failed')], default='waiting', max_length=7)),
                ('level', models.CharField(choices=[('good', 'Good'), ('attention', 'Attention'), ('danger', 'Danger')], default='good', max_length=9)),
                ('outcome', models.TextField(blank=True)),
                ('doing', models.CharField(blank=True, max_length=100)),
                ('done', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('started_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'running', 'done', 'refused', 'failed'])), name='job_state'), models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'running'])), fields=('kind', 'subject'), name='one_unfinished_job_of_a_kind')],
            },
        ),
    ]
