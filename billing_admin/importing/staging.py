"""Rows of another system into staged rows, by COPY: all of one reading or none."""

import datetime
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import psycopg
from django.conf import settings
from django.db import DatabaseError, connection
from django.db import transaction as db_transaction
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.models import QuerySet
from django.utils import timezone

from billing_admin.csv_files.imports import Progress
from billing_admin.db.locks import hold_key, require_held_locks, second_connection
from billing_admin.errors import BusinessError, first_line
from billing_admin.models import STAGED, Staged, SystemImport

_BLOCK = 256 * 1024
_SECONDS_BETWEEN_LOOKS = 1.0
_STOPPED = "The reading was stopped. Nothing was kept."


class Readable(Protocol):
    """What becomes staged rows of one model. `source` is its reader's."""

    @property
    def model(self) -> type[Staged]: ...
    @property
    def doing(self) -> str: ...
    @property
    def columns(self) -> list[str]: ...
    def count(self, source: Any) -> int:
        """How many rows there are to read."""

    def lines(self, source: Any, run: int, today: datetime.date) -> Iterator[bytes]:
        """All rows as COPY reads them."""


class Reader(Protocol):
    """A system that was recognised. `source` is where its tables are read from, if not from what they know."""

    version: str
    identity: str
    facts: dict[str, Any]

    @property
    def source(self) -> Any: ...
    @property
    def tables(self) -> Sequence[Readable]: ...

    def sums(self, counts: list[int]) -> dict[str, Any]:
        """What it adds up itself."""


def key_of(run: SystemImport) -> str:
    """What the process holds that reads or books an import."""
    return f"system import {run.pk}"


def stage(run: SystemImport, reader: Reader, progress: Progress) -> SystemImport:
    """Read all of a system into staged rows. `progress` is told of each table, and the import's row of all.

    Where that fails, nothing is staged, and the import is discarded with its `error`.

    Raises BusinessError.
    """
    with at_work_on(run):
        return stage_held(run, reader, progress)


@contextmanager
def at_work_on(run: SystemImport) -> Iterator[None]:
    """Be the one process that reads this import, and write down in it why it failed, if it does.

    Raises BusinessError where another is at it.
    """
    with hold_key(key_of(run)) as is_mine:
        if not is_mine:
            raise BusinessError(f"{run} is at work in another process at this moment. Nothing was read.")
        try:
            yield
        except BaseException as error:
            give_up(run, error)
            raise


def stage_held(run: SystemImport, reader: Reader, progress: Progress) -> SystemImport:
    """The same for a process that is `at_work_on` it."""
    today = timezone.localdate()
    with _Told(run, progress) as told:
        told("Counting", 0, 0)
        counts = [table.count(reader.source) for table in reader.tables]
        told.total = sum(counts)
        told("Adding up", 0, 0)
        sums = reader.sums(counts)
        with db_transaction.atomic(), _local_times(), connection.wrap_database_errors:
            for table, count in zip(reader.tables, counts, strict=True):
                _copy(run, reader.source, table, count, today, told)
            run = SystemImport.objects.select_for_update(no_key=True).get(pk=run.pk)
            if run.state != SystemImport.State.READING:
                raise _discarded(run)
            run.facts, run.sums, run.version, run.identity = reader.facts, sums, reader.version, reader.identity
            run.state, run.read_at, run.doing, run.error = SystemImport.State.READ, timezone.now(), "", ""
            run.done = run.total = told.total
            run.save()
            require_held_locks()
    with connection.cursor() as cursor:
        for model in STAGED:
            cursor.execute(f"ANALYZE {model._meta.db_table}")
    return run


def _copy(run: SystemImport, source: Any, table: Readable, count: int, today: datetime.date, told: "_Told") -> None:
    columns = ", ".join(f'"{name}"' for name in table.columns)
    told(table.doing, 0, count)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table.model._meta.db_table} ({columns}) FROM STDIN") as copy,
    ):
        for done, block in _blocks(table.lines(source, run.pk, today)):
            copy.write(block)
            told(table.doing, done, count)
    told.before += count


def _blocks(lines: Iterator[bytes]) -> Iterator[tuple[int, bytes]]:
    """Lines put together, with how many there were so far."""
    waiting: list[bytes] = []
    size = done = 0
    for line in lines:
        waiting.append(line)
        size += len(line)
        if size >= _BLOCK:
            done += len(waiting)
            yield done, b"".join(waiting)
            waiting.clear()
            size = 0
    yield done + len(waiting), b"".join(waiting)


@contextmanager
def _local_times() -> Iterator[None]:
    """Moments without a zone are of the zone that this installation is in."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('TimeZone', %s, true)", [settings.TIME_ZONE])
        yield
        cursor.execute("SELECT set_config('TimeZone', %s, true)", [connection.timezone_name])


class _Told:
    """Tells the terminal of each table, and the import's row, once a second, how much of all was read."""

    def __init__(self, run: SystemImport, progress: Progress) -> None:
        self._run, self._progress = run, progress
        self._own = second_connection()
        self._session: DatabaseWrapper | None = None
        self._told_at = -_SECONDS_BETWEEN_LOOKS
        self.total = self.before = 0

    def __enter__(self) -> "_Told":
        self._session = self._own.__enter__()
        return self

    def __exit__(self, *exception: Any) -> None:
        self._own.__exit__(*exception)

    def __call__(self, doing: str, done: int, total: int) -> None:
        self._progress(doing, done, total)
        now = time.monotonic()
        if self._session is None or now - self._told_at < _SECONDS_BETWEEN_LOOKS:
            return
        self._told_at = now
        with self._session.cursor() as cursor:
            cursor.execute(
                "UPDATE billing_admin_systemimport SET doing = %s, done = %s, total = %s, told_at = now() "
                "WHERE id = %s AND state = 'reading'",
                [doing, self.before + done, self.total, self._run.pk],
            )
            if not cursor.rowcount:
                cursor.execute("SELECT FROM billing_admin_systemimport WHERE id = %s", [self._run.pk])
                if cursor.rowcount:
                    raise _discarded(self._run)


def _discarded(run: SystemImport) -> BusinessError:
    return BusinessError(f"{run} was discarded meanwhile. Nothing was kept.")


def give_up(run: SystemImport, error: BaseException) -> None:
    """Write down why, where the database still can. What was read and has no preview yet is left to be discarded."""
    if isinstance(error, BusinessError):
        why = str(error)
    elif isinstance(error, DatabaseError | psycopg.Error):
        why = f"Our database refused it: {first_line(error)}. Nothing was kept."
    else:
        why = _STOPPED
    try:
        SystemImport.objects.filter(pk=run.pk, state=SystemImport.State.READING).update(
            state=SystemImport.State.DISCARDED, error=why, doing="", finished_at=timezone.now()
        )
        SystemImport.objects.filter(pk=run.pk, state=SystemImport.State.READ, preview={}).update(error=why, doing="")
    except DatabaseError:
        return


def unfinished(source: str) -> QuerySet[SystemImport]:
    """Imports of this source that have not ended; there is one at most."""
    return SystemImport.objects.filter(source=source, state__in=SystemImport.UNFINISHED)
