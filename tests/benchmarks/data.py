"""Many rows quickly, in SQL. What matters is that they are believable in number and spread."""

from django.db import connection

from tests.benchmarks.measuring import execute

_CLIENTS = """
    INSERT INTO clients_client (number, first_name, last_name, company_name, email, phone, tax_id, address_1, address_2,
        city, region, postcode, country, currency, status, tax_exempt, credit_use, language, created_at, updated_at)
    SELECT n, 'Given' || n %% 997, 'Family' || n %% 4999, CASE WHEN n %% 3 = 0 THEN 'Company ' || n ELSE '' END,
           'billing' || n || '@example.com', '', '', n || ' Main Street', '', 'Town', '', '', 'US', 'USD', 'active',
           false, '', '', now(), now()
    FROM generate_series(%(first)s, %(last)s) n
"""
_CHUNK = 100_000


def add_clients(count: int) -> None:
    """So many clients, in dollars, with numbers after those that are there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(number), 0) FROM clients_client")
        (last,) = cursor.fetchone()
    for first in range(last + 1, last + count + 1, _CHUNK):
        execute(_CLIENTS, {"first": first, "last": min(first + _CHUNK - 1, last + count)})
    execute("ANALYZE clients_client")


_ACCOUNTS = """
    INSERT INTO credits_creditaccount (client_id, currency, balance)
    SELECT id, 'USD', 0 FROM clients_client ON CONFLICT DO NOTHING
"""
_GRANTS = """
    WITH given AS (
        INSERT INTO credits_creditgrant (account_id, client_id, kind, category, description, currency, amount,
            remaining, priority, listed, created_by_name, created_at)
        SELECT account.id, account.client_id, 'credit', CASE WHEN n %% 4 = 0 THEN 'paid' ELSE 'promotional' END,
               'Given', 'USD', 1 + n %% 50, 0, 50, true, 'System', now() - n %% 700 * interval '1 day'
        FROM generate_series(1, %(each)s) n, credits_creditaccount account
        WHERE account.id BETWEEN %(first)s AND %(last)s
        RETURNING *
    )
    INSERT INTO credits_creditentry (grant_id, account_id, client_id, kind, currency, amount, description, actor_name,
        at)
    SELECT id, account_id, client_id, 'grant', 'USD', amount, 'Given', 'System', created_at FROM given
"""


def add_grants(each: int) -> None:
    """So many grants to each account; every client has one."""
    execute(_ACCOUNTS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(id), max(id) FROM credits_creditaccount")
        low, high = cursor.fetchone()
    step = max(1, _CHUNK // each)
    for first in range(low, high + 1, step):
        execute(_GRANTS, {"each": each, "first": first, "last": min(first + step - 1, high)})
    for name in ("account", "grant", "entry"):
        execute(f"ANALYZE credits_credit{name}")
