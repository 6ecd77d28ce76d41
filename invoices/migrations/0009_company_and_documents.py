"""The company that issues the invoices, its exchange rates, and what a line counts and why it has no tax."""

import django.db.models.deletion
import django.db.models.lookups
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

import billing_admin.db.functions


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0018_documents'),
        ('invoices', '0008_by_total'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SellerLogo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('png', models.BinaryField()),
                ('width', models.PositiveIntegerField()),
                ('height', models.PositiveIntegerField()),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ExchangeRate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('currency', models.CharField(max_length=3)),
                ('day', models.DateField(verbose_name='from')),
                ('rate', models.DecimalField(decimal_places=9, max_digits=18)),
                ('accounting_currency', models.CharField(max_length=3)),
                ('set_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('set_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='SellerVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('legal_name', models.CharField(max_length=200)),
                ('address_1', models.CharField(blank=True, max_length=200, verbose_name='address')),
                ('address_2', models.CharField(blank=True, max_length=200, verbose_name='address, second line')),
                ('postcode', models.CharField(blank=True, max_length=20)),
                ('city', models.CharField(blank=True, max_length=100)),
                ('region', models.CharField(blank=True, max_length=100, verbose_name='state or region')),
                ('country', models.CharField(max_length=2)),
                ('vat_id', models.CharField(blank=True, max_length=40, verbose_name='VAT ID')),
                ('tax_number', models.CharField(blank=True, max_length=40)),
                ('registration', models.CharField(blank=True, max_length=60)),
                ('registration_scheme', models.CharField(blank=True, max_length=4)),
                ('contact_name', models.CharField(blank=True, max_length=100)),
                ('contact_phone', models.CharField(blank=True, max_length=40)),
                ('contact_email', models.EmailField(blank=True, max_length=254, verbose_name='contact e-mail')),
                ('electronic_scheme', models.CharField(blank=True, max_length=4)),
                ('electronic_address', models.CharField(blank=True, max_length=100)),
                ('accounting_currency', models.CharField(max_length=3)),
                ('paper', models.CharField(choices=[('a4', 'A4'), ('us-letter', 'Letter')], default='a4', max_length=10)),
                ('accent', models.CharField(default='#1f4e79', max_length=7, verbose_name='color')),
                ('language', models.CharField(default='en', max_length=10)),
                ('bank_accounts', models.JSONField(blank=True, default=list)),
                ('terms', models.JSONField(blank=True, default=dict)),
                ('footer', models.CharField(blank=True, max_length=1000)),
                ('logo', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='invoices.sellerlogo')),
                ('saved_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('saved_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'permissions': (('change_seller', 'Set the company and its documents'),),
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='billableitem',
            name='tax_category',
            field=models.CharField(blank=True, choices=[('AE', 'Reverse charge'), ('E', 'Exempt'), ('Z', 'Zero rate'), ('O', 'Outside the scope of tax')], db_default='', default='', max_length=2),
        ),
        migrations.AddField(
            model_name='billableitem',
            name='unit',
            field=models.CharField(db_default='C62', default='C62', max_length=3),
        ),
        migrations.AddField(
            model_name='taxrate',
            name='category',
            field=models.CharField(blank=True, choices=[('Z', 'Zero rate'), ('E', 'Exempt'), ('O', 'Outside the scope of tax')], db_default='', default='', max_length=2),
        ),
        migrations.AddField(
            model_name='taxrate',
            name='reason',
            field=models.CharField(blank=True, db_default='', default='', max_length=200),
        ),
        migrations.AddField(
            model_name='taxsettings',
            name='exempt_reason',
            field=models.CharField(blank=True, db_default='', default='', max_length=200),
        ),
        AddConstraintNotValid(
            model_name='billableitem',
            constraint=models.CheckConstraint(condition=models.Q(('tax_category__in', ['', 'AE', 'E', 'O', 'Z'])), name='billable_item_tax_category'),
        ),
        AddConstraintNotValid(
            model_name='billableitem',
            constraint=models.CheckConstraint(condition=models.Q(('unit__regex', '^[A-Z0-9]{2,3}$')), name='billable_item_unit'),
        ),
        AddConstraintNotValid(
            model_name='taxrate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('category', ''), ('reason', '')), models.Q(('category__in', ['Z', 'E', 'O']), ('rate', 0)), _connector='OR'), name='tax_rate_category', violation_error_message='A tax category is for a rate of 0: a rate above it is the standard one.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sellerlogo',
            trigger=pgtrigger.compiler.Trigger(name='logo_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.sha256 IS DISTINCT FROM NEW.sha256 OR OLD.png IS DISTINCT FROM NEW.png OR OLD.width IS DISTINCT FROM NEW.width OR OLD.height IS DISTINCT FROM NEW.height) AND (false) IS NOT TRUE)', func="RAISE EXCEPTION 'What the company was stays, for the documents that name it; save it anew.' USING ERRCODE = 'check_violation';", hash='6f7f43ca8218062c2639870d0fd474df3384b2af', operation='UPDATE', pgid='pgtrigger_logo_stays_7c0b4', table='invoices_sellerlogo', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sellerlogo',
            trigger=pgtrigger.compiler.Trigger(name='logo_never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((false) IS NOT TRUE)', func="RAISE EXCEPTION 'What the company was stays, for the documents that name it; save it anew.' USING ERRCODE = 'check_violation';", hash='1a02ba8d0ef78db5b03e9f749fdeb28747ddbe2a', operation='DELETE', pgid='pgtrigger_logo_never_deleted_83ba4', table='invoices_sellerlogo', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='exchangerate',
            constraint=models.UniqueConstraint(fields=('accounting_currency', 'currency', 'day'), name='one_exchange_rate_a_day'),
        ),
        migrations.AddConstraint(
            model_name='exchangerate',
            constraint=models.CheckConstraint(condition=models.Q(('rate__gt', 0)), name='exchange_rate_positive'),
        ),
        migrations.AddConstraint(
            model_name='exchangerate',
            constraint=models.CheckConstraint(condition=models.Q(('currency', models.F('accounting_currency')), _negated=True), name='exchange_rate_of_another'),
        ),
        migrations.AddConstraint(
            model_name='exchangerate',
            constraint=models.CheckConstraint(condition=models.Q(django.db.models.lookups.IsNull(billing_admin.db.functions.MinorUnits(models.F('currency')), False), django.db.models.lookups.IsNull(billing_admin.db.functions.MinorUnits(models.F('accounting_currency')), False)), name='exchange_rate_currencies'),
        ),
        migrations.AddConstraint(
            model_name='sellerversion',
            constraint=models.CheckConstraint(condition=models.Q(('legal_name', ''), _negated=True), name='seller_named'),
        ),
        migrations.AddConstraint(
            model_name='sellerversion',
            constraint=models.CheckConstraint(condition=models.Q(('country__in', ('AD', 'AE', 'AF', 'AG', 'AI', 'AL', 'AM', 'AO', 'AQ', 'AR', 'AS', 'AT', 'AU', 'AW', 'AX', 'AZ', 'BA', 'BB', 'BD', 'BE', 'BF', 'BG', 'BH', 'BI', 'BJ', 'BL', 'BM', 'BN', 'BO', 'BQ', 'BR', 'BS', 'BT', 'BV', 'BW', 'BY', 'BZ', 'CA', 'CC', 'CD', 'CF', 'CG', 'CH', 'CI', 'CK', 'CL', 'CM', 'CN', 'CO', 'CR', 'CU', 'CV', 'CW', 'CX', 'CY', 'CZ', 'DE', 'DJ', 'DK', 'DM', 'DO', 'DZ', 'EC', 'EE', 'EG', 'EH', 'ER', 'ES', 'ET', 'FI', 'FJ', 'FK', 'FM', 'FO', 'FR', 'GA', 'GB', 'GD', 'GE', 'GF', 'GG', 'GH', 'GI', 'GL', 'GM', 'GN', 'GP', 'GQ', 'GR', 'GS', 'GT', 'GU', 'GW', 'GY', 'HK', 'HM', 'HN', 'HR', 'HT', 'HU', 'ID', 'IE', 'IL', 'IM', 'IN', 'IO', 'IQ', 'IR', 'IS', 'IT', 'JE', 'JM', 'JO', 'JP', 'KE', 'KG', 'KH', 'KI', 'KM', 'KN', 'KP', 'KR', 'KW', 'KY', 'KZ', 'LA', 'LB', 'LC', 'LI', 'LK', 'LR', 'LS', 'LT', 'LU', 'LV', 'LY', 'MA', 'MC', 'MD', 'ME', 'MF', 'MG', 'MH', 'MK', 'ML', 'MM', 'MN', 'MO', 'MP', 'MQ', 'MR', 'MS', 'MT', 'MU', 'MV', 'MW', 'MX', 'MY', 'MZ', 'NA', 'NC', 'NE', 'NF', 'NG', 'NI', 'NL', 'NO', 'NP', 'NR', 'NU', 'NZ', 'OM', 'PA', 'PE', 'PF', 'PG', 'PH', 'PK', 'PL', 'PM', 'PN', 'PR', 'PS', 'PT', 'PW', 'PY', 'QA', 'RE', 'RO', 'RS', 'RU', 'RW', 'SA', 'SB', 'SC', 'SD', 'SE', 'SG', 'SH', 'SI', 'SJ', 'SK', 'SL', 'SM', 'SN', 'SO', 'SR', 'SS', 'ST', 'SV', 'SX', 'SY', 'SZ', 'TC', 'TD', 'TF', 'TG', 'TH', 'TJ', 'TK', 'TL', 'TM', 'TN', 'TO', 'TR', 'TT', 'TV', 'TW', 'TZ', 'UA', 'UG', 'UM', 'US', 'UY', 'UZ', 'VA', 'VC', 'VE', 'VG', 'VI', 'VN', 'VU', 'WF', 'WS', 'XK', 'YE', 'YT', 'ZA', 'ZM', 'ZW'))), name='seller_country'),
        ),
        migrations.AddConstraint(
            model_name='sellerversion',
            constraint=models.CheckConstraint(condition=models.Q(django.db.models.lookups.IsNull(billing_admin.db.functions.MinorUnits(models.F('accounting_currency')), False)), name='seller_currency'),
        ),
        migrations.AddConstraint(
            model_name='sellerversion',
            constraint=models.CheckConstraint(condition=models.Q(('paper__in', ['a4', 'us-letter'])), name='seller_paper'),
        ),
        migrations.AddConstraint(
            model_name='sellerversion',
            constraint=models.CheckConstraint(condition=models.Q(('accent__regex', '^#[0-9a-f]{6}$')), name='seller_accent'),
        ),
        migrations.AddConstraint(
            model_name='sellerversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('electronic_address', ''), ('electronic_scheme', '')), models.Q(models.Q(('electronic_scheme', ''), _negated=True), models.Q(('electronic_address', ''), _negated=True)), _connector='OR'), name='seller_electronic_address', violation_error_message='An electronic address has two parts: what it is, and the address itself.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sellerversion',
            trigger=pgtrigger.compiler.Trigger(name='seller_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.legal_name IS DISTINCT FROM NEW.legal_name OR OLD.address_1 IS DISTINCT FROM NEW.address_1 OR OLD.address_2 IS DISTINCT FROM NEW.address_2 OR OLD.postcode IS DISTINCT FROM NEW.postcode OR OLD.city IS DISTINCT FROM NEW.city OR OLD.region IS DISTINCT FROM NEW.region OR OLD.country IS DISTINCT FROM NEW.country OR OLD.vat_id IS DISTINCT FROM NEW.vat_id OR OLD.tax_number IS DISTINCT FROM NEW.tax_number OR OLD.registration IS DISTINCT FROM NEW.registration OR OLD.registration_scheme IS DISTINCT FROM NEW.registration_scheme OR OLD.contact_name IS DISTINCT FROM NEW.contact_name OR OLD.contact_phone IS DISTINCT FROM NEW.contact_phone OR OLD.contact_email IS DISTINCT FROM NEW.contact_email OR OLD.electronic_scheme IS DISTINCT FROM NEW.electronic_scheme OR OLD.electronic_address IS DISTINCT FROM NEW.electronic_address OR OLD.accounting_currency IS DISTINCT FROM NEW.accounting_currency OR OLD.paper IS DISTINCT FROM NEW.paper OR OLD.accent IS DISTINCT FROM NEW.accent OR OLD.language IS DISTINCT FROM NEW.language OR OLD.bank_accounts IS DISTINCT FROM NEW.bank_accounts OR OLD.terms IS DISTINCT FROM NEW.terms OR OLD.footer IS DISTINCT FROM NEW.footer OR OLD.logo_id IS DISTINCT FROM NEW.logo_id OR OLD.saved_at IS DISTINCT FROM NEW.saved_at) AND (false) IS NOT TRUE)', func="RAISE EXCEPTION 'What the company was stays, for the documents that name it; save it anew.' USING ERRCODE = 'check_violation';", hash='a638969e613ab202d79d89251e469909ed6d9b3c', operation='UPDATE', pgid='pgtrigger_seller_stays_eeae7', table='invoices_sellerversion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sellerversion',
            trigger=pgtrigger.compiler.Trigger(name='saver_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.saved_by_id IS DISTINCT FROM NEW.saved_by_id) AND (NEW.saved_by_id IS NULL) IS NOT TRUE)', func="RAISE EXCEPTION 'What the company was stays, for the documents that name it; save it anew.' USING ERRCODE = 'check_violation';", hash='847a520ef14416eaae153faaf7a629ac62cd5ba7', operation='UPDATE', pgid='pgtrigger_saver_stays_42d21', table='invoices_sellerversion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sellerversion',
            trigger=pgtrigger.compiler.Trigger(name='seller_never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((false) IS NOT TRUE)', func="RAISE EXCEPTION 'What the company was stays, for the documents that name it; save it anew.' USING ERRCODE = 'check_violation';", hash='458c08a19e9e3d2a60a3d958b320bdaaa3cfdf4d', operation='DELETE', pgid='pgtrigger_seller_never_deleted_d73fc', table='invoices_sellerversion', when='BEFORE')),
        ),
    ]
