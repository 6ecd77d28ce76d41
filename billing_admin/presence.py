"""Signs that somebody is still at something, which go with the process, however it ends.

Each is an advisory lock in a transaction that stays open on a connection of its own. PostgreSQL takes it back when that
connection ends, by SIGKILL and loss of power too; and because it is a lock of a transaction, it also holds through a
pooler that hands out connections by transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy

from django.db import DatabaseError, connection
from django.db.backends.postgresql.base import DatabaseWrapper


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
def lock_beside(lock: str, *keys: int) -> Iterator[object]:
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
