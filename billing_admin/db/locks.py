"""Advisory locks of PostgreSQL: keys that only one transaction may pass with, and signs that a process is at work.

All are locks of a transaction, so that they also hold through a pooler that hands out connections by transaction.
PostgreSQL takes one back when its connection ends, by SIGKILL and loss of power too.

Rows are locked elsewhere: by `Client.objects.lock`, first and in the order of their ids.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy

from django.db import DatabaseError, connection
from django.db.backends.postgresql.base import DatabaseWrapper

# An advisory lock may have two numbers: here one of these, which says what for, and the id of what a process works on.
RUNS = 710_401  # and a run's id: held by the process that began the run and will end it
JOBS = 710_402  # and a job's id in the queue: held by the queue worker that does the job
# And a run's id: held shared by each process that joined the run; exclusively by the one that ends it, which so waits
# for the others and lets nobody join any more.
RUN_HELPERS = 710_403

_KEY = "hashtextextended(%s, 0)"


def lock_key(key: str) -> None:
    """Let no other transaction pass here with the same key until this one ends.

    Whoever comes second then sees what the first one did, also where the two are about different clients and their row
    locks do not meet. Call it after locking the client.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({_KEY})", [key])


@contextmanager
def hold_key(key: str) -> Iterator[bool]:
    """Hold a key until the block ends or the process does, across transactions. Gives False where another holds it."""
    with hold_lock(f"pg_try_advisory_xact_lock({_KEY})", key) as free:
        yield bool(free)


def is_locked(key: str) -> bool:
    """Whether anybody holds this key at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT EXISTS ({_HELD} AND objsubid = 1 AND (classid::bigint << 32) | objid::bigint = {_KEY})", [key]
        )
        return bool(cursor.fetchone()[0])


@contextmanager
def second_connection() -> Iterator[DatabaseWrapper]:
    """A second connection, for what must not be part of the transaction that the usual one is in."""
    settings = deepcopy(connection.settings_dict)
    settings["OPTIONS"].pop("pool", None)  # this one is nobody's to borrow
    own = DatabaseWrapper(settings)
    try:
        yield own
    finally:
        own.close()


@contextmanager
def hold_lock(lock: str, *keys: int | str | list[int]) -> Iterator[object]:
    """Hold an advisory lock on a second connection until the block ends. `lock` is SQL; gives what it answered."""
    with second_connection() as own:
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


_HELD = """
    SELECT objid::bigint AS key FROM pg_locks
    WHERE locktype = 'advisory' AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def held_keys_sql(space: str = "%s") -> str:
    """SQL of the ids, as `key`, of which anybody holds the lock with this first number (SQL too), as JOBS.

    Only who holds one counts, not who waits for it.
    """
    return f"{_HELD} AND objsubid = 2 AND classid = {space}::oid"


def held_keys(space: int) -> set[int]:
    """The ids of which anybody holds the lock with this first number at this moment: `held_keys(RUNS)`."""
    with connection.cursor() as cursor:
        cursor.execute(held_keys_sql(), [space])
        return {key for (key,) in cursor.fetchall()}
