"""Clients of another system, brought: profile, reference, notes of what has no room in it, one activity each."""

import datetime
from typing import Any

from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from billing_admin.db.locks import lock_key, lock_typed_words
from billing_admin.models import SystemImport
from clients.models import Client
from clients.services.custom_fields import add_custom_field
from clients.services.importing.staging import pass_numbers

from .as_ours import AS_OURS, EMAIL, VALUES
from .meanings import fields_of, meanings

# Whoever is brought twice, by two processes or by a file of clients, waits here for the other.
_KEY = "import_clients"

_IMPORTING = """
    CREATE TEMP TABLE importing_client (
        source_id varchar(200) COLLATE "C" PRIMARY KEY, client_id bigint, number bigint, name text, currency varchar(3)
    ) ON COMMIT DROP
"""
_HERE = """
    SELECT reference.client_id, staged.source_id, coalesce(%(currencies)s::jsonb ->> staged.currency, '') AS currency
    FROM billing_admin_stagedclient staged
    JOIN clients_externalreference reference
      ON reference.source = %(source)s AND reference.kind = 'client' AND reference.part = 0
     AND reference.external_id = staged.source_id COLLATE "default"
    WHERE staged.of_id = %(run)s AND staged.id BETWEEN %(first)s AND %(last)s AND NOT staged.is_done
      AND staged.outcome IN ('', 'there', 'changed') AND reference.client_id IS NOT NULL
"""
_ADD_THOSE_HERE = f"""
    INSERT INTO importing_client (source_id, client_id, number, name, currency)
    SELECT here.source_id, client.id, client.number, client.name, coalesce(nullif(here.currency, ''), client.currency)
    FROM ({_HERE}) here JOIN clients_client client ON client.id = here.client_id
    WHERE client.id = ANY(%(locked)s)
"""
# One that a file of clients brought is of this import from here on.
_ADOPT = f"""
    UPDATE clients_externalreference reference
    SET system_import_id = %(run)s, row_id = ours.here_id, digest = ours.digest
    FROM ({AS_OURS} AND reference.system_import_id IS NULL AND reference.client_id IS NOT NULL) ours
    WHERE reference.id = ours.reference_id
"""
# The id of the row is drawn first: by it its notes and its reference find it.
_COMING = f"""
    CREATE TEMP TABLE coming_client ON COMMIT DROP AS
    SELECT nextval(pg_get_serial_sequence('clients_client', 'id')) AS client_id, wanted AS number, ours.*
    FROM (
        SELECT * FROM ({AS_OURS} AND staged.outcome = '' AND reference.id IS NULL) every
        WHERE currency IS NOT NULL ORDER BY id OFFSET 0
    ) ours
"""
_GIVE_NUMBERS = """
    UPDATE coming_client coming SET number = given.number
    FROM (SELECT id, next_client_number() AS number
          FROM (SELECT id FROM coming_client WHERE number IS NULL ORDER BY id OFFSET 0) without) given
    WHERE given.id = coming.id
"""
_ADD_GROUPS = """
    INSERT INTO clients_clientgroup (name) SELECT DISTINCT group_name FROM coming_client WHERE group_name <> ''
    ON CONFLICT (name) DO NOTHING
"""
_ADD = f"""
    WITH added AS (
        INSERT INTO clients_client (
            id, number, currency, group_id, credit_use, created_at, updated_at, {", ".join(VALUES)})
        SELECT coming.client_id, coming.number, coming.currency, client_group.id, '',
               least(coalesce(coming.created_on::timestamp AT TIME ZONE %(zone)s, %(at)s), %(at)s), %(at)s,
               {", ".join(f"coming.{name}" for name in VALUES)}
        FROM coming_client coming LEFT JOIN clients_clientgroup client_group ON client_group.name = coming.group_name
        ORDER BY coming.id
        RETURNING id, number, name, currency
    ), referred AS (
        INSERT INTO clients_externalreference (
            client_id, source, kind, external_id, row_id, digest, system_import_id, part)
        SELECT client_id, %(source)s, 'client', source_id, client_id, digest, %(run)s, 0
        FROM coming_client ORDER BY id
    )
    INSERT INTO importing_client (source_id, client_id, number, name, currency)
    SELECT coming.source_id, added.id, added.number, added.name, added.currency
    FROM added JOIN coming_client coming ON coming.client_id = added.id
"""
_ADD_NOTES = """
    INSERT INTO clients_clientnote (client_id, text, pinned, author_name, created_at)
    SELECT coming.client_id, said.text, false, %(actor)s, %(at)s
    FROM coming_client coming
    CROSS JOIN LATERAL (VALUES
        (1, nullif(btrim(coming.notes, E' \\n'), '')),
        (2, 'As it stood in ' || %(system)s || ':' || E'\\n' || nullif(coming.kept, ''))
    ) said (place, text)
    WHERE said.text IS NOT NULL ORDER BY coming.id, said.place
"""
# What comes with a client: kind of staged rows → as the activity says it.
_COUNTED = {
    "invoice": ("invoice", "invoices"),
    "money": ("transaction", "transactions"),
    "credit": ("row of credit", "rows of credit"),
}
_COUNTS = " ".join(
    f"""CROSS JOIN LATERAL (
        SELECT count(*) AS rows FROM billing_admin_staged{kind} staged
        WHERE staged.of_id = %(run)s AND staged.client_source_id = coming.source_id AND staged.outcome = ''
    ) of_{kind}"""
    for kind in _COUNTED
)
_SAID = ", ".join(
    f"CASE of_{kind}.rows WHEN 0 THEN NULL WHEN 1 THEN '1 {one}' ELSE of_{kind}.rows || ' {many}' END"
    for kind, (one, many) in _COUNTED.items()
)
_ADD_ACTIVITY = f"""
    INSERT INTO clients_activity (client_id, actor_id, actor_name, verb, summary, note, data, at)
    SELECT coming.client_id, %(by)s, %(actor)s, 'client.imported',
           'Client imported' || coalesce(' with ' || nullif(concat_ws(', ', {_SAID}), ''), ''), %(name)s,
           jsonb_build_object('import', %(run)s,
               {", ".join(f"'{many.replace(' ', '_')}', of_{kind}.rows" for kind, (_, many) in _COUNTED.items())}),
           %(at)s
    FROM coming_client coming {_COUNTS} ORDER BY coming.id
"""


def bring_clients(cursor: CursorWrapper, run: SystemImport, ids: tuple[int, int], at: datetime.datetime) -> None:
    """Add the clients of these staged ids that come, and say in `importing_client` who is who, those here already too.

    The currency there is the one that the client has in its system, by the answer about it. Those that are here are
    locked. Called first in a transaction, under `maintenance("import")`.
    """
    lock_typed_words()  # what came may name another client
    lock_key(_KEY)
    _add_fields(run)
    parameters: dict[str, Any] = meanings(run, ids) | {
        "email": EMAIL,
        "at": at,
        "zone": timezone.get_default_timezone_name(),
        "actor": run.actor_name,
        "by": run.created_by_id,
        "name": str(run),
        "system": run.get_system_display(),
    }
    cursor.execute(_IMPORTING)
    cursor.execute(_ADD_THOSE_HERE, parameters | {"locked": _lock_those_here(cursor, parameters)})
    cursor.execute(_ADOPT, parameters)
    cursor.execute(_COMING, parameters)
    _give_numbers(cursor, parameters)
    cursor.execute(_ADD_GROUPS)
    cursor.execute(_ADD, parameters)
    cursor.execute(_ADD_NOTES, parameters)
    cursor.execute(_ADD_ACTIVITY, parameters)
    cursor.execute("DROP TABLE coming_client")
    cursor.execute("ANALYZE importing_client")


def _lock_those_here(cursor: CursorWrapper, parameters: dict[str, Any]) -> list[int]:
    """Lock the clients that came before. One that is merged meanwhile leads to another, which is looked up again."""
    locked: set[int] = set()
    meant = _meant(cursor, parameters)
    while not meant <= locked:
        locked |= meant
        Client.objects.lock_ids(meant)
        meant = _meant(cursor, parameters)
    return sorted(meant)


def _meant(cursor: CursorWrapper, parameters: dict[str, Any]) -> set[int]:
    cursor.execute(f"SELECT DISTINCT client_id FROM ({_HERE}) here", parameters)
    return {pk for (pk,) in cursor.fetchall()}


def _add_fields(run: SystemImport) -> None:
    """Define the fields of profiles that are missing here."""
    for _, field in fields_of(run):
        if not field.pk:
            added = add_custom_field(name=field.name, kind=field.kind, choices=field.choices, by=run.created_by)
            field.pk = added.pk


# The highest number that a client of this import asks for. It is looked up where a number is drawn, or where those of
# this batch were not drawn yet: none that is drawn may be that of a client which comes later.
_HIGHEST = """
    SELECT max(source_id::bigint) AS highest FROM billing_admin_stagedclient
    WHERE of_id = %(run)s AND source_id ~ '^[1-9][0-9]{0,9}$'
"""
_IS_BEHIND = """
    SELECT bool_or(number IS NULL)
        OR max(number) > (SELECT last_value - (NOT is_called)::integer FROM client_number_seq)
    FROM coming_client
"""


def _give_numbers(cursor: CursorWrapper, parameters: dict[str, Any]) -> None:
    cursor.execute(_IS_BEHIND)
    if cursor.fetchone()[0]:
        pass_numbers(cursor, _HIGHEST, parameters)
    cursor.execute(_GIVE_NUMBERS)
