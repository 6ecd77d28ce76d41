"""Everything held about a client, as one ZIP of JSON and CSV: for a data-protection request, and before a deletion."""

import tempfile
import zipfile
from collections.abc import Iterator
from typing import IO, Any

from django.db import connection
from django.db import transaction as db_transaction
from django.utils import timezone

from billing_admin.actor import Actor
from billing_admin.csv_files.writing import csv_lines
from billing_admin.db.locks import lock_typed_words
from clients.models import Activity, Client, ClientDocument, IssuedDocument
from clients.selectors.client_data import CLIENT_TABLES
from clients.selectors.documents import documents_of

_READ_ME = """\
Everything held about client {number} as of {moment}.

profile          the account itself
{files}

files/           the files that are kept with the client, each after its id in documents
documents/       invoices, credit notes and receipts as they were drawn: each row of issued_documents as a PDF

Each other file is there twice: as CSV (UTF-8, comma, first line names the columns) and as JSON (a list of rows, or one
row).
Columns that end in _id refer to the id of a row in another file. Amounts are in the currency of their row.
"""

# What was typed into the fields that the installation defines stands there once more, by their names.
_PROFILE = """
    SELECT client.*, (
        SELECT jsonb_object_agg(field.name, client.custom -> field.id::text)
        FROM clients_customfield field WHERE client.custom ? field.id::text
    ) AS custom_by_name
    FROM clients_client client WHERE client.id = {client_id}
"""

# Which rows a merge moved stands in a table of its own, which knows the client through the merge.
_MERGED_ROWS = (
    "SELECT moved.* FROM clients_mergedrows moved JOIN clients_clientmerge merge ON merge.id = moved.merge_id"
    " WHERE merge.kept_id = {client_id} ORDER BY moved.id"
)


@db_transaction.atomic
def record_export(
    *,
    what: str,
    verb: str,
    by: Actor,
    file: str,
    rows: int | None = None,
    filters: str = "",
    client: Client | None = None,
) -> None:
    """Write down that `what` was saved as a file, by whom, what the file is called, and how many `rows` it has.

    `filters` say in words what it was narrowed down to.

    Raises ClientGone.
    """
    client = Client.objects.lock_one(client.pk) if client else None
    told = {"file": file, "rows": rows, "filters": filters}
    data = {name: value for name, value in told.items() if value not in ("", None)}
    Activity.objects.record(by=by, client=client, verb=verb, summary=f"{what} exported", data=data)


@db_transaction.atomic
def record_saved(*, what: str, verb: str, by: Actor, file: str, client: Client | None = None) -> None:
    """Write down that a document was saved, which is kept or drawn as it stands. `file` may name somebody.

    Raises ClientGone.
    """
    lock_typed_words()
    client = Client.objects.lock_one(client.pk) if client else None
    Activity.objects.record(by=by, client=client, verb=verb, summary=f"{what} saved", note=file)


def recorded(verb: str) -> Any:
    """What a list does to write down that its file was saved: `write_down = recorded("invoices.exported")`."""

    def write_down(listing: Any, what: str, *, file: str, rows: int | None = None) -> None:
        filters = listing.filters_in_words
        record_export(
            what=what, verb=verb, client=listing.client, by=listing.person, file=file, rows=rows, filters=filters
        )

    return write_down


@db_transaction.atomic
def export_client(*, client: Client, by: Actor) -> IO[bytes]:
    """Write the archive into a temporary file and return that, at its beginning; it goes when it is closed.

    The client is locked while it is read, so that all files are of one moment. Rows are streamed: memory does not grow
    with them. That it was exported, and by whom, stands in the activity.

    Raises ClientGone.
    """
    client = Client.objects.lock_one(client.pk)
    Activity.objects.record(
        by=by, client=client, verb="client.exported", summary="Everything held about this client exported"
    )
    archive = tempfile.TemporaryFile()  # noqa: SIM115 the caller reads and closes it
    try:
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
            zipped.writestr("README.txt", _read_me(client))
            _write(zipped, "profile", _PROFILE.format(client_id=client.pk), one=True)
            for name, query in queries(client).items():
                _write(zipped, name, query)
            _write_files(zipped, client)
            _write_documents(zipped, client)
        archive.seek(0)
    except BaseException:
        archive.close()
        raise
    return archive


def queries(client: Client) -> dict[str, str]:
    """File → the query of its rows."""
    found = {}
    for table in CLIENT_TABLES:
        where = table.belongs % {"client_id": client.pk}
        found[table.name] = f"SELECT {table.exported} FROM {table.db_table} WHERE {where} ORDER BY id"
    return {**found, "merged_rows": _MERGED_ROWS.format(client_id=client.pk)}


def _read_me(client: Client) -> str:
    files = "\n".join(f"{name:<16} {table.many or table.one + 's'}" for table in CLIENT_TABLES for name in [table.name])
    files += f"\n{'merged_rows':<16} which rows the earlier merges moved"
    return _READ_ME.format(number=client.number, moment=f"{timezone.localtime():%-d %b %Y, %H:%M %Z}", files=files)


def _write(zipped: zipfile.ZipFile, name: str, query: str, *, one: bool = False) -> None:
    """The rows of a query as two members of the archive."""
    with zipped.open(f"{name}.csv", "w") as member:
        for line in csv_lines(_rows(f"COPY ({query}) TO STDOUT WITH (HEADER)")):
            member.write(line.encode())
    with zipped.open(f"{name}.json", "w") as member:
        # As text: read as JSON and written again, amounts would pass through floats.
        member.write(b"" if one else b"[")
        for number, (row,) in enumerate(_rows(f"COPY (SELECT to_jsonb(held)::text FROM ({query}) held) TO STDOUT")):
            member.write((row if one else f"{',' if number else ''}\n{row}").encode())
        member.write(b"\n" if one else b"\n]\n")


def _write_files(zipped: zipfile.ZipFile, client: Client) -> None:
    """The files that are kept with the client, as they are, one after the other."""
    for pk in documents_of(client).order_by("pk").values_list("pk", flat=True):
        document = ClientDocument.objects.get(pk=pk)
        zipped.writestr(f"files/{pk} {document.name}", bytes(document.content))


def _write_documents(zipped: zipfile.ZipFile, client: Client) -> None:
    """The documents of the client by their names, the same name a second time after its id."""
    named: set[str] = set()
    issued = IssuedDocument.objects.filter(client=client).order_by("pk")
    for pk, name in issued.values_list("pk", "name"):
        file = f"{pk} {name}" if name in named else name
        named.add(name)
        zipped.writestr(f"documents/{file}", bytes(issued.get(pk=pk).content))


def _rows(copy: str) -> Iterator[tuple[str, ...]]:
    """What a COPY gives, row by row, each value as PostgreSQL writes it."""
    with connection.cursor() as cursor, cursor.copy(copy) as copied:
        yield from copied.rows()
