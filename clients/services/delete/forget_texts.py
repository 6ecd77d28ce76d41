"""What was typed about other things and names a client that is deleted: it goes, our own words beside it stay."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import connection

from billing_admin.text import Names
from clients.models import Activity
from transactions.models.transaction import SAID

# What a note of another client says in the place of what it said.
REMOVED = "Removed: it named a client that was deleted."


def _without_naming(fields: str, of_these: str = "true") -> str:
    """Of what was typed into the fields that an installation defines, what does not name the client."""
    names_it = f"{of_these} AND value #>> '{{}}' = ANY(%(said)s)"
    return f"coalesce((SELECT jsonb_object_agg(key, value) FROM jsonb_each({fields}) WHERE NOT ({names_it})), '{{}}')"


_REASON = "exemption_reason = CASE WHEN exemption_reason = ANY(%(said)s) THEN '' ELSE exemption_reason END"
_OF_PROFILE = "(starts_with(key, 'custom_') OR key = 'exemption_reason')"
_MERGE_WITHOUT_NAMING = f"""
    discarded_snapshot = jsonb_set(
        discarded_snapshot, '{{custom}}', {_without_naming("discarded_snapshot -> 'custom'")})
        || CASE WHEN discarded_snapshot ->> 'exemption_reason' = ANY(%(said)s)
           THEN '{{"exemption_reason": ""}}'::jsonb ELSE '{{}}' END,
    journal = jsonb_set(
        jsonb_set(journal, '{{profile}}', {_without_naming("journal -> 'profile'", _OF_PROFILE)}),
        '{{note}}', CASE
            WHEN (SELECT bool_or(strpos(journal #>> '{{note,text}}', line) > 0) FROM unnest(%(said)s::text[]) line)
            THEN jsonb_set(journal -> 'note', '{{text}}', '"{REMOVED}"') ELSE coalesce(journal -> 'note', 'null') END)
"""

# Table → what may name a client, and what is put in its place. A reason typed for a job stands in its arguments.
_TYPED = {
    "clients_activity": ("note", ""),  # goes with all that is personal in its row
    "clients_client": ("typed_in_fields(custom)", f"custom = {_without_naming('custom')}, {_REASON}"),
    "clients_clientmerge": ("typed_in_merge(discarded_snapshot, journal)", _MERGE_WITHOUT_NAMING),
    "clients_clientnote": ("typed_in_note(text, history)", f"text = '{REMOVED}', history = '[]'"),
    "clients_mailmessage": ("typed", "typed = ''"),
    "clients_clientdocument": ("name", "name = 'file' || coalesce(substring(name from '[.][^.]*$'), '')"),
    "credits_creditentry": ("note", "note = ''"),
    "credits_creditgrant": ("description", "description = 'Credit'"),
    "credits_creditbatch": ("file_name", "file_name = 'file.csv'"),
    "invoices_reminderhold": ("note", "note = ''"),
    "invoices_writeoff": ("note", "note = ''"),
    "transactions_transaction": (SAID, "note = '', payer_name = '', payer_account = '', payer_reference = ''"),
    "transactions_paymentbatch": ("name", "name = 'file'"),
    # What was asked for is refused when it is approved without what was typed; staff ask anew.
    "clients_approvalrequest": (
        "concat_ws(E'\\n', subject, reason, decision, payload ->> 'description', payload ->> 'reason')",
        """subject = CASE subject WHEN '' THEN '' ELSE 'file.csv' END, reason = '', decision = '',
           payload = payload - 'description' - 'reason'""",
    ),
    "billing_admin_actedrows": ("reasons", f"reasons = regexp_replace(reasons, '[^\\n]+', '{REMOVED}', 'g')"),
    "billing_admin_job": (
        "concat_ws(' ', arguments ->> 'reason', outcome)",
        "arguments = arguments - 'reason', outcome = ''",
    ),
}
# What else may name one, in a table that is there already; its own index finds it.
_ALSO = (("clients_client", "exemption_reason"),)
_OF_CLIENTS = (
    "clients_activity", "clients_approvalrequest", "clients_clientdocument", "clients_clientnote",
    "clients_mailmessage", "credits_creditentry", "credits_creditgrant", "invoices_reminderhold", "invoices_writeoff",
    "transactions_transaction",
)  # fmt: skip
# Of other tables, the column that says whom such a row is about.
_CLIENT = {"clients_client": "id", "clients_clientmerge": "kept_id"}


class Naming(NamedTuple):
    """A row that names the client, and what it `said`: the lines that do."""

    table: str
    pk: object
    client_id: int | None
    said: tuple[str, ...] = ()


def texts_naming(names: Names) -> list[Naming]:
    """The rows in which somebody typed the name of the client; one statement a table, by an index of what was typed."""
    return list(_found(names)) if names.likely else []


def _found(names: Names) -> Iterator[Naming]:
    with connection.cursor() as cursor:
        for table, column in (*((table, column) for table, (column, _) in _TYPED.items()), *_ALSO):
            client = "client_id" if table in _OF_CLIENTS else _CLIENT.get(table, "NULL")
            # An index of the typed alone serves each of the patterns, but not `ANY`.
            likely = " OR ".join([f"{column} ILIKE %s"] * len(names.likely))
            cursor.execute(
                f"SELECT id, {client}, {column} FROM {table} WHERE {column} > '' AND ({likely})", names.likely
            )
            for pk, client_id, text in cursor.fetchall():
                if said := tuple(line for line in text.splitlines() if names.in_text(line)):
                    yield Naming(table, pk, client_id, said)


def forget_texts(naming: list[Naming]) -> list[str]:
    """Empty what was found. The clients concerned are locked, and the triggers let a deletion pass.

    Returns the digests of the activities among it: see `Activity.objects.empty`.
    """
    emptied: list[str] = []
    with connection.cursor() as cursor:
        for table, (_, forgotten) in _TYPED.items():
            if rows := [row for row in naming if row.table == table]:
                said = list({line for row in rows for line in row.said})
                what: dict[str, Any] = {"ids": [row.pk for row in rows], "said": said}
                if table == Activity._meta.db_table:
                    emptied += Activity.objects.empty("id = ANY(%(ids)s)", what)
                else:
                    cursor.execute(f"UPDATE {table} SET {forgotten} WHERE id = ANY(%(ids)s)", what)
    return emptied
