"""What was typed about other things and names a client that is deleted: it goes, our own words beside it stay."""

from collections.abc import Iterator
from typing import NamedTuple

from django.db import connection

from billing_admin.text import Names
from transactions.models.transaction import SAID

# What a note of another client says in the place of what it said.
REMOVED = "Removed: it named a client that was deleted."

# Of the fields that an installation defines, those of text may name somebody.
_WITHOUT_TEXTS = """coalesce(
    (SELECT jsonb_object_agg(key, value) FROM jsonb_each(custom) JOIN clients_customfield field ON field.id::text = key
     WHERE field.kind <> 'text'), '{}')
"""

# Table → what may name a client, and what is put in its place. A reason typed for a job stands in its arguments.
_TYPED = {
    "clients_activity": ("note", "note = ''"),
    "clients_client": ("custom::text", f"custom = {_WITHOUT_TEXTS}"),
    "clients_clientnote": ("typed_in_note(text, history)", f"text = '{REMOVED}', history = '[]'"),
    "clients_clientdocument": ("name", "name = 'file' || coalesce(substring(name from '[.][^.]*$'), '')"),
    "credits_creditentry": ("note", "note = ''"),
    "credits_creditgrant": ("description", "description = 'Credit'"),
    "credits_creditbatch": ("file_name", "file_name = 'file.csv'"),
    "transactions_transaction": (SAID, "note = '', payer_name = '', payer_account = '', payer_reference = ''"),
    "transactions_paymentbatch": ("name", "name = 'file'"),
    "billing_admin_actedrows": ("reasons", f"reasons = regexp_replace(reasons, '[^\\n]+', '{REMOVED}', 'g')"),
    "billing_admin_job": (
        "concat_ws(' ', arguments ->> 'reason', outcome)",
        "arguments = arguments - 'reason', outcome = ''",
    ),
}
_OF_CLIENTS = (
    "clients_activity", "clients_clientdocument", "clients_clientnote", "credits_creditentry", "credits_creditgrant",
    "transactions_transaction",
)  # fmt: skip


class Naming(NamedTuple):
    """A row that names the client."""

    table: str
    pk: object
    client_id: int | None


def texts_naming(names: Names) -> list[Naming]:
    """The rows in which somebody typed the name of the client; one statement a table, by an index of what was typed."""
    return list(_found(names)) if names.likely else []


def _found(names: Names) -> Iterator[Naming]:
    with connection.cursor() as cursor:
        for table, (column, _) in _TYPED.items():
            client = "client_id" if table in _OF_CLIENTS else "id" if table == "clients_client" else "NULL"
            # An index of the typed alone serves each of the patterns, but not `ANY`.
            likely = " OR ".join([f"{column} ILIKE %s"] * len(names.likely))
            cursor.execute(
                f"SELECT id, {client}, {column} FROM {table} WHERE {column} > '' AND ({likely})", names.likely
            )
            for pk, client_id, text in cursor.fetchall():
                if names.in_text(text):
                    yield Naming(table, pk, client_id)


def forget_texts(naming: list[Naming]) -> None:
    """Empty what was found. The clients concerned are locked, and the triggers let a deletion pass."""
    with connection.cursor() as cursor:
        for table, (_, emptied) in _TYPED.items():
            if found := [row.pk for row in naming if row.table == table]:
                cursor.execute(f"UPDATE {table} SET {emptied} WHERE id = ANY(%s)", [found])
