"""Clients, their items and their credit: rows by SQL, a slice a transaction, believable in number, spread and figures.

The triggers and constraints hold here as everywhere, so what comes out is in order.
"""

import datetime
from collections.abc import Callable

from django.db import connection
from django.db import transaction as db_transaction

from clients.models import ClientGroup
from tests.benchmarks.synthetic.credit import book_credit
from tests.benchmarks.synthetic.past import make_past

SLICE = 50_000

type Progress = Callable[[str, int, int], None]

# What is drawn is drawn from a hash of the row's number: the same data each time, and no two columns in step.
_FIRST = (
    "Grace,Marcus,Alicia,Imani,Walter,June,Chloé,Jürgen,Zoë,Łukasz,Aiko,Priya,Omar,Sinead,Björn,Inês,Ada,Bruno,Carmen,"
    "Dmitri,Elif,Farid,Greta,Hugo,Ingrid,Jonas,Kemal,Lena,Mateo,Nadia,Oscar,Paula,Quentin,Rosa,Stefan,Tara,Umar,Vera"
)
_LAST = (
    "Whitfield,Okafor,Ramirez,Lindqvist,Nguyen,Brooks,Dubois,Müller,Kowalczyk,Sato,Patel,Haddad,Byrne,Costa,Rossi,"
    "Abbott,Andersen,Baker,Becker,Bergman,Blanc,Carter,Castillo,Chen,Cooper,Diaz,Dvořák,Eriksen,Ferrari,Fischer,Fox,"
    "Garcia,Gruber,Hansen,Horvath,Ito,Ivanova,Jansen,Kaya,Keller,Khan,Kim,Larsen,Lopez,Marino,Meyer,Mori,Murphy,Novak,"
    "Ortiz,Osei,Park,Petrov,Quinn,Reyes,Santos,Schmidt,Silva,Tanaka,Turner,Vargas,Weber,Yilmaz,Zimmermann"
)
_KIND = "Studio,Hosting,Logistics,Bakery,Legal,Robotics,Press,Clinic,Outdoor,Analytics,Foods,Media,Travel,Design"
_FORM = "Ltd,Inc.,LLC,GmbH,SARL,AB,Group,& Co."
_CITY = "Portland,Austin,Leeds,Cork,Lyon,Gdańsk,Osaka,Pune,Malmö,Porto,Torino,Bremen,Boise,York"


def _one_of(names: str, salt: int) -> str:
    count = names.count(",") + 1
    return f"('{{{names}}}'::text[])[1 + mod(abs(hashint8(n * 31 + {salt})::bigint), {count})]"


_CLIENTS = f"""
    INSERT INTO clients_client (first_name, last_name, company_name, email, phone, tax_id, address_1, address_2,
        city, region, postcode, country, currency, status, group_id, tax_exempt, credit_use, language, created_at,
        updated_at)
    SELECT {_one_of(_FIRST, 1)}, {_one_of(_LAST, 2)},
           CASE WHEN n %% 5 < 3
                THEN concat_ws(' ', {_one_of(_LAST, 3)}, '&', {_one_of(_LAST, 7)}, {_one_of(_KIND, 4)},
                               {_one_of(_CITY, 8)}, {_one_of(_FORM, 5)}) ELSE '' END,
           lower(search_fold({_one_of(_LAST, 2)})) || '.' || n || '@' || lower({_one_of(_KIND, 4)}) || '.example',
           '+1 555 ' || lpad((n %% 10000000)::text, 7, '0'), '',
           1 + n %% 240 || ' Mill Lane', '', {_one_of(_CITY, 6)}, '', lpad((n %% 99999)::text, 5, '0'),
           CASE WHEN n %% 1000 = 501 THEN 'CH' WHEN n %% 10 < 6 THEN 'US' WHEN n %% 10 < 9 THEN 'DE' ELSE 'JP' END,
           CASE WHEN n %% 1000 = 501 THEN 'CHF' WHEN n %% 10 < 6 THEN 'USD' WHEN n %% 10 < 9 THEN 'EUR' ELSE 'JPY' END,
           CASE WHEN n %% 200 = 0 THEN 'closed' WHEN n %% 100 = 1 THEN 'inactive' ELSE 'active' END,
           CASE WHEN n %% 500 = 3 THEN %(rare_group)s::bigint WHEN n %% 7 = 0 THEN %(group)s::bigint END,
           n %% 50 = 0, '', '', now() - 2500.0 * (%(clients)s - n) / %(clients)s * interval '1 day', now()
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
_CREDIT = """
    CREATE TEMP TABLE synthetic_credit AS
    SELECT client.id AS client_id, currency, CASE WHEN n = 1 THEN 'promotional' ELSE 'paid' END AS category,
           CASE WHEN n = 1 THEN 'Downtime' ELSE 'Overpayment' END AS description,
           CASE WHEN currency = 'JPY' THEN 1000 ELSE 2.5 END * (1 + client.id %% 9) AS amount,
           CASE WHEN n = 1 AND client.id %% 4 = 0 THEN %(due)s::date + 10 + (client.id %% 400)::integer END
               AS expires_on, now() AS at, NULL::bigint AS invoice_id
    FROM clients_client client, generate_series(1, 1 + client.id %% 3) n
    WHERE client.id BETWEEN %(low)s AND %(high)s AND client.id %% 10 < 3
    ORDER BY client.id, n
"""
_TABLES = (
    "clients_activity", "clients_client", "invoices_billableitem", "invoices_invoice", "invoices_invoiceline",
    "transactions_transaction", "credits_creditaccount", "credits_creditgrant", "credits_creditentry",
)  # fmt: skip


def make_data(
    *,
    clients: int,
    due: datetime.date,
    past: bool = False,
    heavy: bool = False,
    progress: Progress = lambda doing, done, total: None,
) -> None:
    """So many clients with an item each that is due on that day, three of ten with credit.

    With a past, they also have two years and more of invoices, lines, payments and used credit before that day: ten
    rows a client, and a few clients with thousands; `heavy`: three more with tens of thousands.
    """
    slices = [(first, min(first + SLICE - 1, clients)) for first in range(1, clients + 1, SLICE)]
    ranges = []
    for first, last in slices:
        ranges.append(_make_clients(first, last, clients, due))
        progress("Making clients", last, clients)
    if past:
        make_past(low=ranges[0][0], high=ranges[-1][1], until=due, heavy=heavy, progress=progress)
    for (low, high), (_, last) in zip(ranges, slices, strict=True):
        _give_credit(low, high, due)
        progress("Giving credit", last, clients)
    with connection.cursor() as cursor:
        # Outside a transaction also what lets PostgreSQL answer from an index alone, as it does after a night.
        vacuum = "" if connection.in_atomic_block else "VACUUM "
        cursor.execute(f"{vacuum}ANALYZE {', '.join(_TABLES)}")


@db_transaction.atomic
def _make_clients(first: int, last: int, clients: int, due: datetime.date) -> tuple[int, int]:
    """Clients and their items; returns the first and the last id."""
    groups = [ClientGroup.objects.get_or_create(name=name)[0].pk for name in ("Resellers", "Partners")]
    parameters = {"first": first, "last": last, "clients": clients, "group": groups[0], "rare_group": groups[1]}
    with connection.cursor() as cursor:
        cursor.execute(f"WITH made AS ({_CLIENTS}) SELECT min(id), max(id) FROM made", parameters)
        low, high = cursor.fetchone()
        cursor.execute(_ITEMS, {"low": low, "high": high, "due": due})
    return low, high


@db_transaction.atomic
def _give_credit(low: int, high: int, due: datetime.date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_CREDIT, {"low": low, "high": high, "due": due})
        book_credit("synthetic_credit")
        cursor.execute("DROP TABLE synthetic_credit")
