"""Everything that locks but rows: keys that only one transaction may pass with, and signs that somebody is at work.

All are advisory locks of a transaction, so that they also hold through a pooler that hands out connections by
transaction. PostgreSQL takes one back when its connection ends, by SIGKILL and loss of power too.

Rows are locked by `Client.objects.lock`, first and in the order of their ids.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy

from django.db import DatabaseError, connection
from django.db.backends.postgresql.base import DatabaseWrapper

# The first halves of the keys of two-part locks; the second is the id of what somebody is at.
RUNS = 710_401  # the process that began an invoice run and will end it: the run's id
JOBS = 710_402  # the worker that is at a job: the job's id in the queue
RUN_HELPERS = 710_403  # who joined an invoice run, shared; or alone, its first process that ends it: the run's id

_KEY = "hashtextextended(%s, 0)"


def lock_key(key: str) -> None:
    """Let no other transaction pass here with the same key until this one ends.

    Whoever comes second then sees what the first one did, also where the two are about different clients and their row
    locks do not meet. Call it after locking the client.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({_KEY})", [key])


@contextmanager
def try_key_beside(key: str) -> Iterator[bool]:
    """Hold a key until the block ends or the process does, whatever transactions there are. False: another has it."""
    with lock_beside(f"pg_try_advisory_xact_lock({_KEY})", key) as free:
        yield bool(free)


def is_locked(key: str) -> bool:
    """Whether anybody holds this key at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT EXISTS ({_HELD} AND objsubid = 1 AND (classid::bigint << 32) | objid::bigint = {_KEY})", [key]
        )
        return bool(cursor.fetchone()[0])


@contextmanager
def connection_beside() -> Iterator[DatabaseWrapper]:
    """A connection of its own, whatever transaction the usual one is in."""
    settings = deepcopy(connection.settings_dict)
    settings["OPTIONS"].pop("pool", None)  # this one is nobody's to borrow
    own = DatabaseWrapper(settings)
    try:
        yield own
    finally:
        own.close()


@contextmanager
def lock_beside(lock: str, *keys: int | str | list[int]) -> Iterator[object]:
    """Hold an advisory lock on a connection of its own until the block ends. Gives what taking it answered."""
    with connection_beside() as own:
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
    """SQL of the second halves, as `key`, of the two-part locks that anybody holds; `space` is SQL of the first half.

    Only who holds one counts, not who waits for it.
    """
    return f"{_HELD} AND objsubid = 2 AND classid = {space}::oid"


def held_keys(space: int) -> set[int]:
    """The second halves of the two-part locks of this first half that anybody holds at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(held_keys_sql(), [space])
        return {key for (key,) in cursor.fetchall()}
