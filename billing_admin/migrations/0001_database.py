"""What the schema stands on: two extensions, a few functions and the clients' number sequence."""

from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations

from billing_admin.money.currencies import CURRENCIES


def _minor_units() -> str:
    by_places: dict[int, list[str]] = {}
    for code, places in CURRENCIES.items():
        by_places.setdefault(places, []).append(f"'{code}'")
    cases = " ".join(
        f"WHEN currency IN ({', '.join(codes)}) THEN {places}"
        for places, codes in sorted(by_places.items(), key=lambda pair: -len(pair[1]))
    )
    # NULL for an unknown code; `exact_places` asks for a known one, because a check with NULL in it passes.
    return f"""
        CREATE FUNCTION minor_units(currency varchar) RETURNS integer
        LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN CASE {cases} END
    """


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    run_before = [("clients", "0001_initial")]
    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunSQL(_minor_units(), "DROP FUNCTION minor_units(varchar)"),
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
    ]
