"""The clients of a file in a temporary table: compared with those that there are, added in a few statements a chunk.

One row for each client of the file that is good in itself. Those of other systems have an external id and may have
credit, and no number yet where none was mapped to *Client ID*.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from billing_admin.actor import Actor
from billing_admin.csv_files.imports import Import, Progress, differences
from billing_admin.csv_files.rows import BadRow
from billing_admin.db.locks import lock_typed_words
from billing_admin.errors import BusinessError
from billing_admin.text import pluralize
from clients.models import Activity, Client, CreditUse
from clients.models.activity import actor_name
from clients.models.client import EInvoice, Exemption

from .columns import COLUMNS

CHUNK = 5_000
# A sequence that is further behind than this is set, not drawn forward number by number: see `pass_numbers`.
_FAR = 1_000


# Columns that are stored as they come; "" is what a client has who never got a value.
_PLAIN = (
    "first_name", "last_name", "company_name", "email", "phone", "tax_id", "address_1", "address_2", "city", "region",
    "postcode", "country", "credit_use", "language", "po_number", "registration", "electronic_scheme",
    "electronic_address", "buyer_reference", "exemption", "exemption_reason", "e_invoice",
)  # fmt: skip

_INCOMING = f"""
    CREATE TEMP TABLE incoming_client (
        line integer PRIMARY KEY, number bigint, {", ".join(f"{name} text" for name in _PLAIN)},
        currency text NOT NULL, status text, group_name text, tax_exempt boolean, no_mail boolean,
        created_on date,
        external_id text, credit numeric(18, 3), custom jsonb
    ) ON COMMIT DROP
"""

# What a stored client has in each column, as text that compares with the file's.
_STORED = {name: f"client.{name}" for name in (*_PLAIN, "currency", "status")} | {
    "group_name": "coalesce(client_group.name, '')",
    "tax_exempt": "client.tax_exempt::text",
    "no_mail": "client.no_mail::text",
    "created_on": "(client.created_at AT TIME ZONE %(zone)s)::date::text",
}
_PAIRS = ", ".join(
    f"({place}, '{column.name}', {_STORED[name]}, incoming.{name}::text)"
    for place, (column, name) in enumerate(COLUMNS.items())
    if name != "number"
)
# Whom a row means: by its id in the other system, else by its number.
_EXISTING = f"""
    SELECT incoming.line, client.number,
           CASE WHEN incoming.external_id IS NULL OR reference.id IS NOT NULL THEN differing.pairs END,
           incoming.external_id IS NOT NULL AND reference.id IS NULL, incoming.currency, incoming.credit
    FROM incoming_client incoming
    LEFT JOIN clients_externalreference reference
      ON reference.source = %(source)s AND reference.kind = 'client' AND reference.part = 0
     AND reference.external_id = incoming.external_id
    JOIN clients_client client
      ON client.id = coalesce(reference.client_id, (SELECT id FROM clients_client WHERE number = incoming.number))
    LEFT JOIN clients_clientgroup client_group ON client_group.id = client.group_id
    CROSS JOIN LATERAL (
        SELECT json_object_agg(name, json_build_array(stored, given) ORDER BY place)::text AS pairs
        FROM (
            VALUES {_PAIRS}
            UNION ALL
            SELECT 1000 + field.id, field.name, coalesce(client.custom ->> key, ''), coalesce(said, '')
            FROM jsonb_each_text(incoming.custom) typed (key, said)
            JOIN clients_customfield field ON field.id::text = key
        ) AS pair (place, name, stored, given) WHERE given <> stored
    ) differing
    WHERE reference.id IS NULL OR reference.client_id IS NOT NULL
"""
# Who was deleted here after an import of the whole system had brought it.
_DELETED = """
    SELECT incoming.line, incoming.external_id
    FROM incoming_client incoming JOIN clients_externalreference reference
      ON reference.source = %(source)s AND reference.kind = 'client' AND reference.part = 0
     AND reference.external_id = incoming.external_id
    WHERE reference.client_id IS NULL
"""

_TAKEN = """
    SELECT incoming.line, incoming.number, kept.number AS merged_into, deletion.deleted_at
    FROM incoming_client incoming
    LEFT JOIN clients_clientnumberalias alias ON alias.number = incoming.number
    LEFT JOIN clients_client kept ON kept.id = alias.client_id
    LEFT JOIN clients_clientdeletion deletion ON deletion.number = incoming.number
    WHERE (alias.id IS NOT NULL OR deletion.id IS NOT NULL)
      AND NOT EXISTS (SELECT FROM clients_client client WHERE client.number = incoming.number)
"""

_GIVE_NUMBERS = """
    UPDATE incoming_client incoming SET number = given.number
    FROM (SELECT line, next_client_number() AS number
          FROM (SELECT line FROM incoming_client WHERE number IS NULL ORDER BY line) without) given
    WHERE given.line = incoming.line
"""
_ADD_REFERENCES = """
    INSERT INTO clients_externalreference (client_id, source, kind, external_id)
    SELECT client.id, %(source)s, 'client', incoming.external_id
    FROM incoming_client incoming JOIN clients_client client USING (number)
    WHERE incoming.external_id IS NOT NULL ORDER BY incoming.line
"""

_ADD_GROUPS = """
    INSERT INTO clients_clientgroup (name) SELECT DISTINCT group_name FROM incoming_client WHERE group_name <> ''
    ON CONFLICT (name) DO NOTHING RETURNING name
"""

_ADD = f"""
    WITH added AS (
        INSERT INTO clients_client (
            number, {", ".join(_PLAIN)}, currency, status, group_id, tax_exempt, no_mail, custom,
            created_at, updated_at
        )
        SELECT incoming.number, {", ".join(f"coalesce(incoming.{name}, '')" for name in _PLAIN)}, incoming.currency,
               coalesce(incoming.status, '{Client.Status.ACTIVE}'), client_group.id,
               coalesce(incoming.tax_exempt, false), coalesce(incoming.no_mail, false),
               coalesce(jsonb_strip_nulls(incoming.custom), '{{}}'),
               coalesce(incoming.created_on::timestamp AT TIME ZONE %(zone)s, %(now)s), %(now)s
        FROM incoming_client incoming LEFT JOIN clients_clientgroup client_group ON client_group.name = group_name
        WHERE incoming.line BETWEEN %(first)s AND %(last)s
        ORDER BY incoming.line
        ON CONFLICT (number) DO NOTHING
        RETURNING id, number, name
    )
    INSERT INTO clients_activity (client_id, actor_id, actor_name, verb, summary, note, data, at)
    SELECT added.id, %(actor_id)s, %(actor_name)s, 'client.imported',
           'Client ' || added.name || ' imported', %(file)s::text,
           jsonb_build_object('line', incoming.line), %(now)s
    FROM added JOIN incoming_client incoming USING (number)
    WHERE incoming.line BETWEEN %(first)s AND %(last)s
    ORDER BY incoming.line
"""


@contextmanager
def staged() -> Iterator[CursorWrapper]:
    """A cursor beside the empty temporary table, which is gone afterwards."""
    with connection.cursor() as cursor:
        cursor.execute(_INCOMING)
        yield cursor
        cursor.execute("DROP TABLE incoming_client")


def compare(cursor: CursorWrapper, run: Import, source: str = "") -> dict[str, Decimal]:
    """Leave only the clients to be added in the temporary table; count what is there, and name what clashes.

    Returns, by currency, the credit that the file has for clients that are there: it is not given.
    Two imports at once wait for each other here: the second finds what the first has added.
    """
    cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('import_clients', 0))")
    cursor.execute("CREATE UNIQUE INDEX ON incoming_client (number)")
    cursor.execute("ANALYZE incoming_client")
    cursor.execute(_EXISTING, {"zone": timezone.get_default_timezone_name(), "source": source})
    done: list[int] = []
    not_given: dict[str, Decimal] = defaultdict(Decimal)
    for line, number, pairs, is_another, currency, credit in cursor.fetchall():
        done.append(line)
        if is_another:
            run.bad.add(BadRow(line, f"Client ID {number} is another client’s already; give one that is free."))
        elif pairs is None:
            run.already_there += 1
            if credit:
                not_given[currency] += credit
        else:
            found = {name: (_shown(name, stored), _shown(name, given)) for name, (stored, given) in _loaded(pairs)}
            run.bad.add(BadRow(line, f"Client {number} exists with other values: {differences(found)}."))
    cursor.execute(_DELETED, {"source": source})
    deleted = dict(cursor.fetchall())
    done += deleted
    for line, external_id in deleted.items():
        run.bad.add(BadRow(line, f"Client {external_id} of {source} was deleted here; it does not come again."))
    cursor.execute(_TAKEN)
    for line, number, merged_into, deleted_at in cursor.fetchall():
        if line in deleted:
            continue
        done.append(line)
        run.bad.add(
            BadRow(
                line,
                f"Client {number} was merged into client {merged_into}; the number is not given again."
                if merged_into
                else f"Client {number} was deleted on {timezone.localdate(deleted_at):%-d %b %Y}; "
                "the number is not given again.",
            )
        )
    leave_out(cursor, run, done)
    return dict(not_given)


def leave_out(cursor: CursorWrapper, run: Import, lines: Iterable[int]) -> None:
    """Take these lines out of the temporary table; `imported` is what is left in it."""
    cursor.execute("DELETE FROM incoming_client WHERE line = ANY(%s)", [list(lines)])
    cursor.execute("SELECT count(*) FROM incoming_client")
    (run.imported,) = cursor.fetchone()


def _loaded(pairs: str) -> Any:
    return json.loads(pairs).items()


def _shown(column: str, value: str) -> str:
    """A stored code as staff know it."""
    labels = {
        "Status": dict(Client.Status.choices),
        "Automatic Credit": dict(CreditUse.choices),
        "Exemption": dict(Exemption.choices),
        "E-invoice": dict(EInvoice.choices),
        "Tax Exempt": {"true": "Yes", "false": "No"},
    }
    return str(labels.get(column, {}).get(value, value))


def add(cursor: CursorWrapper, run: Import, by: Actor, progress: Progress, source: str = "") -> None:
    """Add the clients that are in the temporary table, with numbers of ours where they have none."""
    lock_typed_words()  # what is typed into a field may name another client
    pass_numbers(cursor, "SELECT max(number) FROM incoming_client")
    cursor.execute(_GIVE_NUMBERS)
    cursor.execute(_ADD_GROUPS)
    if groups := sorted(name for (name,) in cursor.fetchall()):
        run.notices.append(f"{pluralize(len(groups), 'client group')} had to be added: {', '.join(groups)}.")
    parameters: dict[str, Any] = {
        "zone": timezone.get_default_timezone_name(),
        "now": timezone.now(),
        "actor_id": by.pk if by else None,
        "actor_name": actor_name(by),
        "file": run.file,
    }
    cursor.execute("SELECT min(line), max(line) FROM incoming_client")
    first, last = cursor.fetchone()
    added = 0
    for start in range(first, last + 1, CHUNK):
        cursor.execute(_ADD, parameters | {"first": start, "last": start + CHUNK - 1})
        added += cursor.rowcount
        progress("Adding clients", added, run.imported)
    if added != run.imported:
        raise BusinessError(
            f"{pluralize(run.imported - added, 'client')} of the file got a number meanwhile that the file has too. "
            "Nothing was imported. Import the file again to see which."
        )
    cursor.execute(_ADD_REFERENCES, {"source": source})
    Activity.objects.record(
        by=by,
        client=None,
        verb="clients.imported",
        summary=f"{pluralize(added, 'client')} imported",
        note=run.file,
        data={"imported": added, "already_there": run.already_there, "left_out": run.bad.count},
    )


def pass_numbers(cursor: CursorWrapper, highest: str, parameters: dict[str, Any] | None = None) -> None:
    """Move the number sequence past the highest number that comes, before the rows are added.

    `highest` is a query of that number. Clients that are added meanwhile draw numbers too, and setting the sequence
    must not move it back behind theirs. Where it is more than `_FAR` behind, it is set: nobody draws so many numbers in
    that moment. Otherwise the numbers in between are drawn, which can only move it forward.
    """
    cursor.execute(highest, parameters)
    (last,) = cursor.fetchone()
    cursor.execute(
        "SELECT setval('client_number_seq', %(last)s) FROM client_number_seq WHERE %(last)s - last_value > %(far)s",
        {"last": last, "far": _FAR},
    )
    cursor.execute(
        """
        SELECT count(nextval('client_number_seq')) FROM generate_series(1, (
            SELECT %(last)s - (last_value - (NOT is_called)::integer) FROM client_number_seq))
        """,
        {"last": last},
    )
