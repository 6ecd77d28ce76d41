"""Looking at a file of credit: what would become of each row, before anything is booked."""

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.db import transaction as db_transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from billing_admin.actor import Actor
from billing_admin.csv_files import cells
from billing_admin.csv_files.imports import BadRows, Import, Progress, read_rows
from billing_admin.csv_files.rows import BadRow, CsvFile, content_of
from billing_admin.db.locks import lock_key
from clients.models.activity import actor_name
from clients.models.lifecycle import CLIENTS_BY_NUMBER
from credits.models import CreditBatch, CreditBatchRow, CreditGrant
from credits.services.limits import require_right_to_paid

from .columns import COLUMNS, REQUIRED, judge_on, key_of

# A preview that nobody booked goes when another file is looked at.
KEPT = timedelta(days=1)

_COPY = """
    COPY credits_creditbatchrow (batch_id, line, outcome, reason, client_number, amount, currency, description,
                                 category, expires_on, priority, file_key) FROM STDIN
"""

_FIND_CLIENTS = f"""
    UPDATE credits_creditbatchrow row SET client_key = owner.client_id, outcome = 'good', reason = ''
    FROM credits_creditbatchrow named LEFT JOIN {CLIENTS_BY_NUMBER} owner ON owner.number = named.client_number
    WHERE named.batch_id = %(batch)s AND named.outcome <> 'bad' AND row.id = named.id
      AND (row.client_key IS DISTINCT FROM owner.client_id OR row.outcome <> 'good')
"""
_REFUSE_WITHOUT_CLIENT = """
    UPDATE credits_creditbatchrow row
    SET outcome = 'bad', client_key = NULL,
        reason = coalesce(
            (SELECT 'Client ' || row.client_number || ' was deleted on '
                    || to_char(deleted_at AT TIME ZONE %(zone)s, 'FMDD Mon YYYY') || '.'
             FROM clients_clientdeletion deletion WHERE deletion.number = row.client_number),
            'There is no client ' || row.client_number || '.')
    WHERE batch_id = %(batch)s AND outcome <> 'bad' AND client_key IS NULL
"""
# A reference that has given credit before: the same again is no harm, anything else is a mistake.
_COMPARE_WITH_GIVEN = """
    UPDATE credits_creditbatchrow row
    SET outcome = CASE WHEN same THEN 'there' ELSE 'bad' END,
        reason = CASE WHEN same THEN 'This Reference has given this credit already, on ' ELSE
            'This Reference has given other credit, ' || money_text(given.amount, given.currency) || ' (“'
            || given.description || '”) to client ' || given.number || ', on ' END
            || to_char(given.created_at AT TIME ZONE %(zone)s, 'FMDD Mon YYYY') || '.'
    FROM (
        SELECT row.id, grant_.amount, grant_.currency, grant_.description, grant_.created_at, client.number,
               ROW(grant_.client_id, grant_.amount, grant_.currency, grant_.description, grant_.category,
                   grant_.expires_on, grant_.priority)
               IS NOT DISTINCT FROM
               ROW(row.client_key, row.amount, row.currency, row.description, row.category, row.expires_on,
                   row.priority) AS same
        FROM credits_creditbatchrow row
        JOIN credits_creditgrant grant_ ON grant_.file_key = row.file_key
        JOIN clients_client client ON client.id = grant_.client_id
        WHERE row.batch_id = %(batch)s AND row.outcome <> 'bad'
    ) given
    WHERE row.id = given.id
"""
_REFUSE_EXPIRED = """
    UPDATE credits_creditbatchrow
    SET outcome = 'bad', reason = 'Expires ' || expires_on || ' is past: this credit would have expired already.'
    WHERE batch_id = %(batch)s AND outcome = 'good' AND expires_on < %(today)s
"""
_REFUSE_TOO_MUCH = """
    UPDATE credits_creditbatchrow row
    SET outcome = 'bad', reason = 'The balance would be ' || money_text(over.balance, row.currency)
        || ', which has more than 15 digits before the decimal point.'
    FROM (
        SELECT client_key, row.currency, sum(row.amount) + coalesce(max(account.balance), 0) AS balance
        FROM credits_creditbatchrow row
        LEFT JOIN credits_creditaccount account
          ON account.client_id = row.client_key AND account.currency = row.currency
        WHERE batch_id = %(batch)s AND outcome = 'good'
        GROUP BY client_key, row.currency HAVING sum(row.amount) + coalesce(max(account.balance), 0) >= 10 ^ 15::numeric
    ) over
    WHERE row.batch_id = %(batch)s AND row.outcome = 'good'
      AND row.client_key = over.client_key AND row.currency = over.currency
"""


class _StagedBadRows(BadRows):
    """Bad rows are kept beside the good ones, so that the preview shows every row."""

    def __init__(self, write: Any) -> None:
        super().__init__()
        self._write = write

    def add(self, row: BadRow) -> None:
        super().add(row)
        self._write(row.line, CreditBatchRow.Outcome.BAD, row.reason, *[None] * 8)


@db_transaction.atomic
def preview_credit_file(
    *,
    path: str | Path,
    by: Actor,
    content: bytes | None = None,
    progress: Progress = lambda doing, done, total: None,
) -> CreditBatch:
    """Read a file of credit and say what would become of each of its rows. Nothing is booked.

    `content` instead of what `path` names: an upload. Previews of the day before go. What waits already, sent once more
    by the same person, is that batch, looked at anew.
    """
    CreditBatch.objects.filter(booked_at=None, created_at__lt=timezone.now() - KEPT).delete()
    if content is None:
        content = content_of(path)
    digest = hashlib.sha256(content).hexdigest()
    lock_key(f"file {digest}")
    waiting = CreditBatch.objects.filter(booked_at=None, digest=digest, file_name=Path(path).name[:200], created_by=by)
    if by is not None and (batch := waiting.first()) is not None:
        judge_rows(batch)
        refuse_paid_rows(batch, by)
        return batch
    known = [column.name for column in COLUMNS]
    with CsvFile(path, known=known, required=REQUIRED, content=content) as table:
        batch = CreditBatch.objects.create(
            file_name=table.name[:200],
            digest=digest,
            created_by=by,
            created_by_name=actor_name(by),
        )
        with connection.cursor() as cursor:
            batch.row_count = _stage(cursor, table, batch, progress)
            cursor.execute("ANALYZE credits_creditbatchrow")
    batch.save(update_fields=["row_count"])
    judge_rows(batch)
    refuse_paid_rows(batch, by)
    return batch


def refuse_paid_rows(batch: CreditBatch, by: Actor) -> None:
    """Refuse a file that gives paid credit to whoever may not, with the number of its rows."""
    good = batch.rows.filter(outcome=CreditBatchRow.Outcome.GOOD)
    if rows := good.filter(category=CreditGrant.Category.PAID).count():
        require_right_to_paid(by, rows=rows)


def _stage(cursor: CursorWrapper, table: CsvFile, batch: CreditBatch, progress: Progress) -> int:
    """Put every row of the file into the batch; returns how many there are."""
    references: dict[str, int] = {}
    run = Import(table.name)
    with cursor.copy(_COPY) as copy:

        def write(line: int, outcome: str, reason: str, *values: Any) -> None:
            number, amount, currency, description, category, *rest = values
            copy.write_row(
                [batch.pk, line, outcome, reason, number, amount, currency or "", description or "", category or "",
                 *rest]
            )  # fmt: skip

        run.bad = _StagedBadRows(write)
        for line, values in read_rows(table, COLUMNS, judge_on(timezone.localdate()), run, progress):
            reference = values.get("Reference", "")
            if reference and (first := references.setdefault(reference, line)) != line:
                run.bad.add(BadRow(line, f"Reference {cells.quoted(reference)} is on line {first} already."))
                continue
            priority = values.get("Priority")
            write(
                line,
                CreditBatchRow.Outcome.GOOD,
                "",
                values["Client ID"],
                values["Amount"],
                values["Currency"],
                values["Description"],
                values.get("Category") or CreditGrant.Category.PROMOTIONAL,
                values.get("Expires"),
                CreditGrant.DEFAULT_PRIORITY if priority is None else priority,
                key_of(reference) if reference else None,
            )
    return run.rows


def find_clients(batch: CreditBatch) -> None:
    """Say of each row that is good in itself whom its number leads to now."""
    with connection.cursor() as cursor:
        cursor.execute(_FIND_CLIENTS, {"batch": batch.pk})


def judge_rows(batch: CreditBatch) -> None:
    """Say of each row that is good in itself what would become of it now: its client may be gone, its credit given."""
    parameters: dict[str, Any] = {
        "batch": batch.pk,
        "zone": timezone.get_default_timezone_name(),
        "today": timezone.localdate(),
    }
    find_clients(batch)
    with connection.cursor() as cursor:
        for statement in (
            _REFUSE_WITHOUT_CLIENT, _COMPARE_WITH_GIVEN, _REFUSE_EXPIRED, _REFUSE_TOO_MUCH
        ):  # fmt: skip
            cursor.execute(statement, parameters)
