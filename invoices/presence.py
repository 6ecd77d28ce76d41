"""Who is still working on a run: a sign that goes with the process, however it ends.

Each process that works on a run holds an advisory lock, shared among them, in a transaction that stays open on a
connection of its own. PostgreSQL takes it back when that connection ends, by SIGKILL and loss of power too; and because
it is a lock of a transaction, it also holds through a pooler that hands out connections by transaction.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy

from django.db import DatabaseError, connection
from django.db.backends.postgresql.base import DatabaseWrapper

# The first half of the advisory lock's key: runs of invoices. The second is the run's id.
_RUNS = 710_401


@contextmanager
def present_on_run(run_id: int) -> Iterator[None]:
    """Count as one who works on this run, until the block ends or the process does."""
    with lock_beside("pg_advisory_xact_lock_shared(%s, %s)", _RUNS, run_id):
        yield


@contextmanager
def lock_beside(lock: str, *keys: int) -> Iterator[object]:
    """Hold an advisory lock on a connection of its own until the block ends. Gives what taking it answered."""
    settings = deepcopy(connection.settings_dict)
    settings["OPTIONS"].pop("pool", None)  # this one is nobody's to borrow
    own = DatabaseWrapper(settings)
    try:
        own.set_autocommit(False)
        with own.cursor() as cursor:
            # Nobody may end this session for being quiet: that it lasts is all that it is for.
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            cursor.execute(f"SELECT {lock}", list(keys))
            (answer,) = cursor.fetchone()
        yield answer
    finally:
        with suppress(DatabaseError):
            own.rollback()  # by itself the server may notice the end of the connection a moment later
        own.close()


def runs_worked_on(run_ids: Iterable[int]) -> set[int]:
    """Which of these runs somebody works on at this moment."""
    wanted = list(run_ids)
    if not wanted:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT objid::bigint FROM pg_locks
            WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND classid = %s AND objid = ANY(%s::oid[])
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """,
            [_RUNS, wanted],
        )
        return {run_id for (run_id,) in cursor.fetchall()}
