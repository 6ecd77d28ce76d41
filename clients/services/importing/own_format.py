"""Importing clients from a CSV file in Billing Admin’s own format: strict, all of it or nothing, the same file once."""

from pathlib import Path
from typing import Any

from django.db import transaction as db_transaction
from django.db.backends.utils import CursorWrapper

from billing_admin.actor import Actor
from billing_admin.csv_files.imports import Import, Progress, read_rows
from billing_admin.csv_files.rows import BadRow, CsvFile
from billing_admin.errors import BusinessError

from .columns import COLUMNS, NAMES, REQUIRED, columns_of_fields, faults_between, stored_fields
from .result import ClientImport, first_clients
from .staging import add, compare, staged


@db_transaction.atomic
def import_clients(
    *,
    path: str | Path,
    by: Actor,
    content: bytes | None = None,
    skip_bad: bool = False,
    progress: Progress = lambda doing, done, total: None,
) -> Import:
    """Add the clients of a CSV file. Nothing is added unless every row is good; `skip_bad` leaves the bad ones out.

    A row whose client exists with the same values counts as already there; one whose client has other values is bad, as
    is a number that a merged or deleted client had. Clients opened later get numbers after the file's highest.
    `content` instead of what `path` names: an upload.
    """
    with _opened(path, content) as table, staged() as cursor:
        run = _judged(cursor, table, progress)
        run.refuse_bad_rows(skip_bad=skip_bad)
        if run.imported:
            add(cursor, run, by, progress)
    return run


@db_transaction.atomic
def preview_clients(*, path: str | Path, content: bytes) -> ClientImport:
    """What importing the file now would do; nothing is added."""
    with _opened(path, content) as table, staged() as cursor:
        run = _judged(cursor, table, lambda doing, done, total: None)
        run.clients = first_clients(cursor)
    return run


def _opened(path: str | Path, content: bytes | None) -> CsvFile:
    known = [column.name for column in (*COLUMNS, *columns_of_fields())]
    return CsvFile(path, known=known, required=REQUIRED, content=content)


def _judged(cursor: CursorWrapper, table: CsvFile, progress: Progress) -> ClientImport:
    if not set(NAMES) & set(table.columns):
        raise BusinessError(
            f"The header of {table.name} is not right. Give at least one of: {', '.join(NAMES)}.", field="file"
        )
    run = ClientImport(table.name)
    _read(cursor, table, run, progress)
    compare(cursor, run)
    return run


def _read(cursor: CursorWrapper, table: CsvFile, run: Import, progress: Progress) -> None:
    """Put the rows that are good in themselves into the temporary table."""
    present = [column for column in COLUMNS if column.name in table.columns]
    targets = ", ".join(COLUMNS[column] for column in present)
    fields = {column: field for column, field in columns_of_fields().items() if column.name in table.columns}
    by_name = {column.name: field for column, field in fields.items()}
    names = [name for name in NAMES if name in table.columns]
    lines: dict[int, int] = {}

    def judge(values: dict[str, Any]) -> list[str]:
        named = any(values.get(name, "unreadable") for name in names)
        nameless = [] if named else ["The client has no name: give a first name, a last name or a company name."]
        return nameless + faults_between(values)

    with cursor.copy(f"COPY incoming_client (line, {targets}, custom) FROM STDIN") as copy:
        for line, values in read_rows(table, [*present, *fields], judge, run, progress):
            number = values["Client ID"]
            first = lines.setdefault(number, line)
            if first != line:
                run.bad.add(BadRow(line, f"Client ID {number} is on line {first} already."))
            else:
                custom = stored_fields(values, by_name)
                copy.write_row([line, *(values[column.name] for column in present), custom])
