"""A big database quickly: rows by SQL, a slice of clients a transaction, believable in number, spread and figures.

The only place beside the ledger's own package that inserts entries: a million grants through the service would take an
hour. The triggers and constraints hold here as everywhere, so what comes out is a ledger in order.
"""

import datetime
from collections.abc import Callable

from django.db import connection
from django.db import transaction as db_transaction

SLICE = 50_000

# What is drawn is drawn from a hash of the row's number: the same data each time, and no two columns in step.
_FIRST = "Grace,Marcus,Alicia,Imani,Walter,June,Chloé,Jürgen,Zoë,Łukasz,Aiko,Priya,Omar,Sinead,Björn,Inês"
_LAST = "Whitfield,Okafor,Ramirez,Lindqvist,Nguyen,Brooks,Dubois,Müller,Kowalczyk,Sato,Patel,Haddad,Byrne,Costa,Rossi"
_KIND = "Studio,Hosting,Logistics,Bakery,Legal,Robotics,Press,Clinic,Outdoor,Analytics,Foods,Media,Travel,Design"
_FORM = "Ltd,Inc.,LLC,GmbH,SARL,AB,Group,& Co."
_CITY = "Portland,Austin,Leeds,Cork,Lyon,Gdańsk,Osaka,Pune,Malmö,Porto,Torino,Bremen,Boise,York"


def _one_of(names: str, salt: int) -> str:
    count = names.count(",") + 1
    return f"('{{{names}}}'::text[])[1 + mod(abs(hashint8(n * 31 + {salt})::bigint), {count})]"


_CLIENTS = f"""
    INSERT INTO clients_client (first_name, last_name, company_name, email, phone, tax_id, address_1, address_2,
        city, region, postcode, country, currency, status, tax_exempt, credit_use, language, created_at, updated_at)
    SELECT {_one_of(_FIRST, 1)}, {_one_of(_LAST, 2)},
           CASE WHEN n %% 5 < 3
                THEN {_one_of(_LAST, 3)} || ' ' || {_one_of(_KIND, 4)} || ' ' || {_one_of(_FORM, 5)} ELSE '' END,
           'billing' || n || '@example.com', '+1 555 ' || lpad((n %% 10000000)::text, 7, '0'), '',
           1 + n %% 240 || ' Mill Lane', '', {_one_of(_CITY, 6)}, '', lpad((n %% 99999)::text, 5, '0'),
           CASE WHEN n %% 10 < 6 THEN 'US' WHEN n %% 10 < 9 THEN 'DE' ELSE 'JP' END,
           CASE WHEN n %% 10 < 6 THEN 'USD' WHEN n %% 10 < 9 THEN 'EUR' ELSE 'JPY' END,
           CASE WHEN n %% 200 = 0 THEN 'closed' WHEN n %% 100 = 1 THEN 'inactive' ELSE 'active' END,
           n %% 50 = 0, '', '', now() - n %% 2500 * interval '1 day', now()
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) n
    RETURNING id
"""

_ITEMS = """
    INSERT INTO invoices_billableitem (client_id, description, quantity, currency, unit_price, tax_rate, cycle,
        starts_on, periods_billed, next_due_on, paused, created_at)
    SELECT id, ('{Hosting,Virtual server,Mail,Domain,Support,Backup,Licence}'::text[])[1 + id %% 7], 1 + id %% 3,
           currency, CASE WHEN currency = 'JPY' THEN 500 + id %% 9000 ELSE 4.99 + id %% 90 END, NULL,
           CASE WHEN id %% 10 = 0 THEN 'yearly' ELSE 'monthly' END, %(due)s::date, 0, %(due)s::date, id %% 300 = 7,
           now()
    FROM clients_client WHERE id BETWEEN %(low)s AND %(high)s ORDER BY id
"""

# Three of ten clients hold one to three grants.
_ACCOUNTS = """
    INSERT INTO credits_creditaccount (client_id, currency, balance)
    SELECT id, currency, 0 FROM clients_client WHERE id BETWEEN %(low)s AND %(high)s AND id %% 10 < 3 ORDER BY id
"""
_GRANTS = """
    WITH given AS (
        INSERT INTO credits_creditgrant (account_id, client_id, kind, category, description, currency, amount,
            remaining, priority, expires_on, listed, created_by_name, created_at)
        SELECT account.id, account.client_id, 'credit', CASE WHEN n = 1 THEN 'promotional' ELSE 'paid' END,
               CASE WHEN n = 1 THEN 'Downtime' ELSE 'Overpayment' END, account.currency,
               CASE WHEN account.currency = 'JPY' THEN 1000 ELSE 2.5 END * (1 + account.client_id %% 9), 0, 50,
               CASE WHEN n = 1 AND account.client_id %% 4 = 0 THEN %(due)s::date + 60 END, true, 'System', now()
        FROM credits_creditaccount account, generate_series(1, 1 + account.client_id %% 3) n
        WHERE account.client_id BETWEEN %(low)s AND %(high)s
        ORDER BY account.client_id, n
        RETURNING *
    )
    INSERT INTO credits_creditentry (grant_id, account_id, client_id, kind, currency, amount, description, actor_name,
        at)
    SELECT id, account_id, client_id, 'grant', currency, amount, description, 'System', created_at
    FROM given ORDER BY id
"""
_TABLES = ("clients_client", "invoices_billableitem", "credits_creditaccount", "credits_creditgrant",
           "credits_creditentry")  # fmt: skip


def make_data(*, clients: int, due: datetime.date, progress: Callable[[int], None] = lambda made: None) -> None:
    """So many clients with an item each that is due on that day, three of ten with credit."""
    for first in range(1, clients + 1, SLICE):
        last = min(first + SLICE - 1, clients)
        _make_slice(first, last, due)
        progress(last)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(_TABLES)}")


@db_transaction.atomic
def _make_slice(first: int, last: int, due: datetime.date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"WITH made AS ({_CLIENTS}) SELECT min(id), max(id) FROM made", {"first": first, "last": last})
        low, high = cursor.fetchone()
        for statement in (_ITEMS, _ACCOUNTS, _GRANTS):
            cursor.execute(statement, {"low": low, "high": high, "due": due})
