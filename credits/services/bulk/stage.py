"""Putting the rows of a file of credit into its batch, in the order of the file and with the clients they name."""

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.utils import timezone

from billing_admin.csv_files import cells
from billing_admin.csv_files.imports import BadRows, Import, Progress, read_rows
from billing_admin.csv_files.rows import BadRow, CsvFile
from billing_admin.errors import BusinessError
from clients.models.lifecycle import CLIENTS_BY_NUMBER
from credits.models import CreditBatch, CreditBatchRow, CreditGrant

from .columns import COLUMNS, REQUIRED, judge_on, key_of

# So many are held in memory, and looked up and written together.
TOGETHER = 5_000

_CLIENTS = f"SELECT number, client_id FROM {CLIENTS_BY_NUMBER} owner WHERE number = ANY(%s)"
_COPY = """
    COPY credits_creditbatchrow (batch_id, line, outcome, reason, client_number, client_key, amount, currency,
                                 description, category, expires_on, priority, file_key) FROM STDIN
"""
_NUMBER = 3


class Discarded(BusinessError):
    """The batch went away before its file was read."""

    def __init__(self, batch: CreditBatch) -> None:
        super().__init__(f"{batch.file_name} was discarded before it was read; nothing of it is kept.")


class _StagedBadRows(BadRows):
    """Bad rows are kept beside the good ones, so that the preview shows every row."""

    def __init__(self) -> None:
        super().__init__()
        self.new: list[BadRow] = []

    def add(self, row: BadRow) -> None:
        super().add(row)
        self.new.append(row)


def open_file(name: str, content: bytes) -> CsvFile:
    """The file, with the header found good."""
    return CsvFile(name, known=[column.name for column in COLUMNS], required=REQUIRED, content=content)


def stage_rows(table: CsvFile, batch: CreditBatch, progress: Progress) -> int:
    """Put every row of the file into the batch; returns how many there are.

    Raises Discarded.
    """
    run = Import(table.name)
    rows: list[tuple[Any, ...]] = []
    for row in _rows(table, str(batch.pk), run, progress):
        rows.append(row)
        if len(rows) == TOGETHER:
            _write(batch, rows)
            rows = []
    _write(batch, rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE credits_creditbatchrow")
    return run.rows


def _rows(table: CsvFile, batch: str, run: Import, progress: Progress) -> Iterator[tuple[Any, ...]]:
    references: dict[str, int] = {}
    bad = run.bad = _StagedBadRows()
    for line, values in read_rows(table, COLUMNS, judge_on(timezone.localdate()), run, progress):
        if bad.new:
            yield from _taken(bad, batch)
        reference = values.get("Reference", "")
        if reference and (first := references.setdefault(reference, line)) != line:
            bad.add(BadRow(line, f"Reference {cells.quoted(reference)} is on line {first} already."))
            continue
        priority = values.get("Priority")
        yield (
            batch,
            line,
            CreditBatchRow.Outcome.GOOD.value,
            values["Client ID"],
            "",
            values["Amount"],
            values["Currency"],
            values["Description"],
            values.get("Category") or CreditGrant.Category.PROMOTIONAL.value,
            values.get("Expires"),
            CreditGrant.DEFAULT_PRIORITY if priority is None else priority,
            key_of(reference) if reference else None,
        )
    yield from _taken(bad, batch)


def _taken(bad: _StagedBadRows, batch: str) -> Iterator[tuple[Any, ...]]:
    for row in bad.new:
        yield (batch, row.line, CreditBatchRow.Outcome.BAD.value, None, row.reason, None, "", "", "", None, None, None)
    bad.new = []


def _write(batch: CreditBatch, rows: list[tuple[Any, ...]]) -> None:
    """Write rows, each with the client that its number leads to now; none for a batch that is gone meanwhile."""
    if not CreditBatch.objects.filter(pk=batch.pk).exists():
        raise Discarded(batch)
    with connection.cursor() as cursor:
        cursor.execute(_CLIENTS, [list({row[_NUMBER] for row in rows if row[_NUMBER] is not None})])
        clients = dict(cursor.fetchall())
        with cursor.copy(_COPY) as copy:
            for key, line, outcome, number, reason, *values in rows:
                copy.write_row((key, line, outcome, reason, number, clients.get(number), *values))
