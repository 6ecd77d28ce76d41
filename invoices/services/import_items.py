"""Importing billable items from a CSV file: all of it or nothing, and the same file twice is the same as once.

A row is known again by its import key: its Reference where it has one, else what it says together with how many rows
that say the same stand before it in the file. Identical rows are real (two purchases on one day) and are all imported.
"""

import itertools
import json
from collections import Counter
from pathlib import Path
from typing import Any

from django.db import connection
from django.db import transaction as db_transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from billing_admin.actor import Actor
from billing_admin.csv_files import cells
from billing_admin.csv_files.imports import Import, Progress, differences, read_rows
from billing_admin.csv_files.rows import BadRow, CsvFile
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import totals_text
from billing_admin.text import pluralize
from clients.models import Activity, Client
from clients.models.activity import actor_name
from clients.models.client import Exemption
from clients.models.lifecycle import CLIENTS_BY_NUMBER
from invoices.documents.codes import UNITS
from invoices.models import BillableItem

from .import_columns import COLUMNS, REQUIRED, content_key, judge, reference_key

CHUNK = 5_000


_INCOMING = """
    CREATE TEMP TABLE incoming_item (
        line integer PRIMARY KEY, number bigint NOT NULL, client_id bigint, description text NOT NULL,
        quantity numeric NOT NULL, unit_price numeric NOT NULL, currency text NOT NULL, due_on date NOT NULL,
        tax_rate numeric, cycle text NOT NULL, ends_on date, import_key text NOT NULL,
        by_reference boolean NOT NULL, po_number text, unit text, tax_category text
    ) ON COMMIT DROP
"""
_COPY = """
    COPY incoming_item (line, number, description, quantity, unit_price, currency, due_on, tax_rate, cycle, ends_on,
                        import_key, by_reference, po_number, unit, tax_category) FROM STDIN
"""

_CLIENTS = f"""
    SELECT DISTINCT owner.client_id FROM incoming_item JOIN {CLIENTS_BY_NUMBER} owner USING (number)
    ORDER BY owner.client_id
"""
_GIVE_CLIENTS = f"""
    UPDATE incoming_item SET client_id = owner.client_id
    FROM {CLIENTS_BY_NUMBER} owner WHERE owner.number = incoming_item.number
"""
_WITHOUT_CLIENT = """
    SELECT incoming.line, incoming.number, deletion.deleted_at
    FROM incoming_item incoming LEFT JOIN clients_clientdeletion deletion USING (number)
    WHERE incoming.client_id IS NULL
"""

# The columns in which an item that was imported before may differ from the file. A row without a Reference is known by
# what it says, so that only what the key leaves out can differ; there, what staff changed later stays as it is.
_EXISTING = """
    SELECT incoming.line, incoming.by_reference, differing.pairs
    FROM incoming_item incoming
    JOIN invoices_billableitem item ON item.import_key = incoming.import_key
    JOIN clients_client client ON client.id = item.client_id
    CROSS JOIN LATERAL (
        SELECT json_object_agg(name, json_build_array(stored, given) ORDER BY place)::text AS pairs
        FROM (VALUES
            (1, 'Client ID', client.number::text,
             CASE WHEN item.client_id = incoming.client_id THEN client.number ELSE incoming.number END::text, true),
            (2, 'Description', item.description, incoming.description, true),
            (3, 'Quantity', trim_scale(item.quantity)::text, trim_scale(incoming.quantity)::text, true),
            (4, 'Amount', round(item.unit_price, minor_units(item.currency))::text,
             round(incoming.unit_price, minor_units(incoming.currency))::text, true),
            (5, 'Currency', item.currency, incoming.currency, true),
            (6, 'Due Date', item.starts_on::text, incoming.due_on::text, true),
            (7, 'Tax Rate', coalesce(trim_scale(item.tax_rate)::text, ''),
             coalesce(trim_scale(incoming.tax_rate)::text, ''), false),
            (8, 'Cycle', item.cycle, incoming.cycle, true),
            (9, 'End Date', coalesce(item.ends_on::text, ''), coalesce(incoming.ends_on::text, ''), false),
            (10, 'Purchase Order', item.po_number, incoming.po_number, false),
            (11, 'Unit', item.unit, incoming.unit, false),
            (12, 'Tax Category', item.tax_category, incoming.tax_category, false)
        ) AS pair (place, name, stored, given, in_key)
        WHERE given <> stored AND (incoming.by_reference OR NOT in_key)
    ) differing
"""

_ADD = """
    INSERT INTO invoices_billableitem (
        client_id, description, quantity, currency, unit_price, tax_rate, cycle, starts_on, ends_on, periods_billed,
        next_due_on, paused, import_key, created_at, po_number, unit, tax_category
    )
    SELECT client_id, description, quantity, currency, unit_price, tax_rate, cycle, due_on, ends_on, 0, due_on, false,
           import_key, %(now)s, coalesce(po_number, ''), coalesce(unit, 'C62'), coalesce(tax_category, '')
    FROM incoming_item WHERE line BETWEEN %(first)s AND %(last)s
    ORDER BY line
"""

_TOTALS = """
    SELECT currency, sum(round(quantity * unit_price, minor_units(currency))) FROM incoming_item GROUP BY currency
"""
_NOT_BILLED_YET = """
    SELECT count(*), count(DISTINCT client_id) FROM incoming_item JOIN clients_client client ON client.id = client_id
    WHERE client.status <> 'active'
"""
_RECORD_ITEMS = """
    INSERT INTO clients_activity (client_id, actor_id, actor_name, verb, summary, note, data, at)
    SELECT client_id, %(actor_id)s, %(actor_name)s, 'billable_items.imported',
           CASE count(*) WHEN 1 THEN '1 billable item' ELSE to_char(count(*), 'FM999,999,999') || ' billable items' END
               || ' imported', %(file)s::text,
           jsonb_build_object('imported', count(*)), %(now)s
    FROM incoming_item GROUP BY client_id ORDER BY client_id
"""


@db_transaction.atomic
def import_billable_items(
    *,
    path: str | Path,
    by: Actor,
    skip_bad: bool = False,
    progress: Progress = lambda doing, done, total: None,
) -> Import:
    """Add the billable items of a CSV file. Nothing is added unless every row is good; `skip_bad` leaves out the bad.

    Amount is the price of one. The number of a merged client finds the kept one. A row that was imported before counts
    as already there; where it says something else than then, it is bad.
    """
    with CsvFile(path, known=[column.name for column in COLUMNS], required=REQUIRED) as table:
        run = Import(table.name)
        with connection.cursor() as cursor:
            cursor.execute(_INCOMING)
            identical = _read(cursor, table, run, progress)
            # Two imports at once wait for each other here: the second finds what the first has added.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('import_billable_items', 0))")
            cursor.execute("CREATE INDEX ON incoming_item (number)")
            cursor.execute("ANALYZE incoming_item")
            _find_clients(cursor)
            _compare(cursor, run)
            run.refuse_bad_rows(skip_bad=skip_bad)
            if identical:
                are = "row is" if identical == 1 else "rows are"
                run.notices.append(
                    f"{identical:,} {are} identical to an earlier row of the file; each counts as an item of its own."
                )
            if run.imported:
                _add(cursor, run, by, progress)
            cursor.execute("DROP TABLE incoming_item")
    return run


def _read(cursor: CursorWrapper, table: CsvFile, run: Import, progress: Progress) -> int:
    """Put the rows that are good in themselves into the temporary table; return how many repeat an earlier one."""
    references: dict[str, int] = {}
    occurrences: Counter[str] = Counter()
    with cursor.copy(_COPY) as copy:
        for line, values in read_rows(table, COLUMNS, judge, run, progress):
            reference = values.get("Reference", "")
            if (first := references.setdefault(reference, line)) != line and reference:
                run.bad.add(BadRow(line, f"Reference {cells.quoted(reference)} is on line {first} already."))
                continue
            cycle = values.get("Cycle") or BillableItem.Cycle.ONCE.value
            key = reference_key(reference) if reference else content_key(values, cycle, occurrences)
            copy.write_row(
                [
                    line, values["Client ID"], values["Description"], values["Quantity"], values["Amount"],
                    values["Currency"], values["Due Date"], values.get("Tax Rate"), cycle,
                    values.get("End Date"), key, bool(reference), values.get("Purchase Order"),
                    values.get("Unit"), values.get("Tax Category"),
                ]
            )  # fmt: skip
    return sum(times - 1 for times in occurrences.values())


def _find_clients(cursor: CursorWrapper) -> None:
    """Give each row its client, the kept one where a merge has happened, with the clients locked."""
    locked = _clients(cursor)
    for batch in itertools.batched(locked, CHUNK):
        Client.objects.lock_ids(batch)
    if set(_clients(cursor)) - set(locked):
        raise BusinessError(
            "Clients of the file were opened or merged while it was being imported. Nothing was imported. "
            "Import the file again."
        )
    cursor.execute(_GIVE_CLIENTS)


def _clients(cursor: CursorWrapper) -> list[int]:
    cursor.execute(_CLIENTS)
    return [client_id for (client_id,) in cursor.fetchall()]


def _compare(cursor: CursorWrapper, run: Import) -> None:
    """Leave only the items to be added in the temporary table; count what is there, and name what clashes."""
    cursor.execute(_WITHOUT_CLIENT)
    for line, number, deleted_at in cursor.fetchall():
        gone = f"Client {number} was deleted on {timezone.localdate(deleted_at):%-d %b %Y}." if deleted_at else ""
        run.bad.add(BadRow(line, gone or f"There is no client {number}."))
    cursor.execute("DELETE FROM incoming_item WHERE client_id IS NULL")
    cursor.execute(_EXISTING)
    done = []
    for line, by_reference, pairs in cursor.fetchall():
        done.append(line)
        if pairs is None:
            run.already_there += 1
            continue
        which = "Reference" if by_reference else "row"
        found = {
            name: (_shown(name, stored), _shown(name, given)) for name, (stored, given) in json.loads(pairs).items()
        }
        run.bad.add(BadRow(line, f"This {which} was imported before with other values: {differences(found)}."))
    cursor.execute("DELETE FROM incoming_item WHERE line = ANY(%s)", [done])
    cursor.execute("SELECT count(*) FROM incoming_item")
    (run.imported,) = cursor.fetchone()


def _shown(column: str, value: str) -> str:
    """A stored code as staff know it."""
    words = {"Cycle": dict(BillableItem.Cycle.choices), "Unit": UNITS, "Tax Category": dict(Exemption.choices)}
    return str(words.get(column, {}).get(value, value))


def _add(cursor: CursorWrapper, run: Import, by: Actor, progress: Progress) -> None:
    parameters: dict[str, Any] = {
        "now": timezone.now(),
        "actor_id": by.pk if by else None,
        "actor_name": actor_name(by),
        "file": run.file,
    }
    cursor.execute("SELECT min(line), max(line) FROM incoming_item")
    first, last = cursor.fetchone()
    added = 0
    for start in range(first, last + 1, CHUNK):
        cursor.execute(_ADD, parameters | {"first": start, "last": start + CHUNK - 1})
        added += cursor.rowcount
        progress("Adding billable items", added, run.imported)
    cursor.execute(_RECORD_ITEMS, parameters)
    cursor.execute(_TOTALS)
    totals = totals_text(cursor.fetchall())
    run.notices.insert(0, f"They come to {totals} before tax.")
    cursor.execute(_NOT_BILLED_YET)
    items, clients = cursor.fetchone()
    if items:
        run.notices.append(
            f"{pluralize(items, 'item')} of {pluralize(clients, 'client')} will not be billed while those are not "
            "active."
        )
    Activity.objects.record(
        by=by,
        client=None,
        verb="billable_items.imported",
        summary=f"{pluralize(added, 'billable item')} of {totals} imported",
        note=run.file,
        data={"imported": added, "already_there": run.already_there, "left_out": run.bad.count},
    )
