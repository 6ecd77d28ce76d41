"""Countries are those of the list: known mistakes are mended, others stay until somebody mends them; contacts and notes are found."""

import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import migrations, models

import billing_admin.db.functions

COUNTRIES = ["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]

# What was meant by a code that never stood for another country.
MISTAKES = "('UK', 'GB'), ('EL', 'GR'), ('BU', 'MM'), ('DD', 'DE'), ('FX', 'FR'), ('TP', 'TL'), ('ZR', 'CD')"

MEND_CLIENTS = f"""
    WITH mended AS (
        UPDATE clients_client SET country = meant FROM (VALUES {MISTAKES}) mistake (code, meant)
        WHERE country = code RETURNING id, code, meant
    )
    INSERT INTO clients_activity (client_id, actor_name, verb, summary, note, data, at)
    SELECT id, 'System', 'client.edited', 'Profile changed: country, ' || meant || ' instead of ' || code, '',
           jsonb_build_object('country', jsonb_build_array(code, meant)), now()
    FROM mended ORDER BY id
"""

# What undoing a merge would bring back.
MEND_MERGES = f"""
    UPDATE clients_clientmerge SET discarded_snapshot = jsonb_set(discarded_snapshot, '{{country}}', to_jsonb(meant))
    FROM (VALUES {MISTAKES}) mistake (code, meant) WHERE discarded_snapshot ->> 'country' = code;
    UPDATE clients_clientmerge SET journal = jsonb_set(journal, '{{profile,country}}', to_jsonb(meant))
    FROM (VALUES {MISTAKES}) mistake (code, meant) WHERE journal #>> '{{profile,country}}' = code
"""


class Migration(migrations.Migration):

    atomic = False  # indexes are made while others work

    dependencies = [
        ('clients', '0002_write_rows_down'),
    ]

    operations = [
        migrations.RunSQL(MEND_CLIENTS, migrations.RunSQL.noop),
        migrations.RunSQL(MEND_MERGES, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='client',
            name='country',
            field=models.CharField(blank=True, max_length=2),
        ),
        AddIndexConcurrently(
            model_name='clientnote',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(billing_admin.db.functions.SearchFold(models.F('text')), name='gin_trgm_ops'), name='note_search'),
        ),
        AddIndexConcurrently(
            model_name='contact',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(billing_admin.db.functions.SearchFold(django.db.models.functions.text.Concat(models.F('first_name'), models.Value(' '), models.F('last_name'), models.Value(' '), models.F('email'), output_field=models.TextField())), name='gin_trgm_ops'), name='contact_search'),
        ),
        AddConstraintNotValid(
            model_name='client',
            constraint=models.CheckConstraint(condition=models.Q(('country__in', ['', *COUNTRIES])), name='client_country', violation_error_message='The country is not in the list.'),
        ),
    ]
