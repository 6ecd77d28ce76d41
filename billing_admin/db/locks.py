"""Advisory locks of PostgreSQL: keys that only one transaction may pass with, and signs that a process is at work.

All are locks of a transaction, so that they also hold through a pooler that hands out connections by transaction.
PostgreSQL takes one back when its connection ends, by SIGKILL and loss of power too, and a sign of work also when its
process stands still (SIGSTOP, a paused machine).

Rows are locked elsewhere: by `Client.objects.lock`, first and in the order of their ids. How long a request waits for
any of these stands in `limits.py`.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.db import DatabaseError, connection
from django.db.backends.postgresql.base import DatabaseWrapper

from billing_admin.errors import BusinessError

from .limits import lock_advisory, set_in_transactions

# An advisory lock may have two numbers: here one of these, which says what for, and the id of what a process works on.
RUNS = 710_401  # and a run's id: held by the process that began the run and will end it
JOBS = 710_402  # and a job's id in the queue: held by the queue worker that does the job
# And a run's id: held shared by each process that joined the run; exclusively by the one that ends it, which so waits
# for the others and lets nobody join any more.
RUN_HELPERS = 710_403
MAIL = 710_405  # and a number drawn at random: held by the process that sends under it
BILLING = 710_404  # and a run's id: held shared by each transaction that bills clients for the run

# How often a process at work says that it lives, and after how many seconds without that it is taken for dead. Then
# PostgreSQL ends its sessions, and with them what they had locked and not committed.
HEARTBEAT, DEAD_AFTER = 2, 10
# So long a second connection waits for a server that takes it up and says nothing.
SECONDS_TO_CONNECT = 5

_KEY = "hashtextextended(%s, 0)"


class Replaced(BusinessError):
    """This process gave no sign of life for so long that others have gone on with what it was at."""


def lock_key(key: str) -> None:
    """Let no other transaction pass here with the same key until this one ends.

    Whoever comes second then sees what the first one did, also where the two are about different clients and their row
    locks do not meet. Call it after locking the client.

    Raises Busy, only in a request.
    """
    lock_advisory(_KEY, [key], "Somebody else is doing the very same; nothing was done now. Try again in a moment.")


def lock_typed_words(*, forgetting: bool = False) -> None:
    """Let no client be deleted while a text is stored that may name it: what was typed before is then forgotten too.

    A deletion takes it alone (`forgetting`), before it looks for what names the client; others share it. Call it
    before any client is locked.

    Raises Busy, only in a request.
    """
    said = "A client is being deleted at this moment; nothing was done. Try again in a moment."
    if forgetting:
        said = "Somebody is writing a note at this moment; nothing was deleted. Try again in a moment."
    lock_advisory(_KEY, ["typed words"], said, shared=not forgetting)


def await_typed_words() -> None:
    """Wait until no client is being deleted, and hold nothing: what is read from here on is without it."""
    with connection.cursor() as cursor:
        key = "typed words"
        cursor.execute(f"SELECT pg_advisory_lock_shared({_KEY}), pg_advisory_unlock_shared({_KEY})", [key, key])


@contextmanager
def hold_key(key: str) -> Iterator[bool]:
    """Hold a key until the block ends or the process does, across transactions. Gives False where another holds it."""
    with hold_lock(f"pg_try_advisory_xact_lock({_KEY})", key) as held:
        yield bool(held.answer)


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
    settings["OPTIONS"].setdefault("connect_timeout", SECONDS_TO_CONNECT)
    own = DatabaseWrapper(settings)
    try:
        yield own
    finally:
        own.close()


@dataclass
class HeldLock:
    """A lock that a process holds across its transactions while it is at work. `answer`: what taking it answered."""

    backend: int
    answer: Any
    ended: threading.Event = field(default_factory=threading.Event)
    woken_at: float = field(default_factory=time.monotonic)
    longest_sleep: float = 0

    @property
    def was_stopped_for(self) -> float:
        """For how many seconds the process was stopped, where that was so long that it was taken for dead; else 0."""
        longest = max(self.longest_sleep, time.monotonic() - self.woken_at)
        return longest if longest > DEAD_AFTER else 0

    def keep_alive(self, raw: "psycopg.Connection[Any]") -> None:
        """Say every other moment that this process lives; where it does not, PostgreSQL takes the lock back."""
        while not self.ended.wait(HEARTBEAT):
            self.longest_sleep = max(self.longest_sleep, time.monotonic() - self.woken_at)
            self.woken_at = time.monotonic()
            with suppress(psycopg.Error):  # where the database is gone, the transactions of the work notice
                raw.execute("SELECT 1")


_held_here: ContextVar[tuple[HeldLock, ...]] = ContextVar("locks held across transactions", default=())


@contextmanager
def hold_lock(lock: str, *keys: int | str | list[int]) -> Iterator[HeldLock]:
    """Hold an advisory lock on a second connection until the block ends. `lock` is SQL.

    A process that stands still meanwhile loses it after DEAD_AFTER seconds, and the transaction that this thread is in.
    See `require_held_locks`.
    """
    idle = f"SET LOCAL idle_in_transaction_session_timeout = '{DEAD_AFTER}s'"
    with second_connection() as own:
        try:
            own.set_autocommit(False)
            with own.cursor() as cursor:
                cursor.execute(idle)
                cursor.execute(f"SELECT pg_backend_pid(), {lock}", list(keys))
                held = HeldLock(*cursor.fetchone())
            threading.Thread(target=held.keep_alive, args=(own.connection,), name="sign-of-life", daemon=True).start()
            before = _held_here.set((*_held_here.get(), held))
            try:
                with set_in_transactions(idle):
                    yield held
            finally:
                _held_here.reset(before)
                held.ended.set()
        finally:
            with suppress(DatabaseError):
                own.rollback()  # by itself the server may notice the end of the connection a moment later


def still_holds_locks() -> bool:
    """Whether this thread holds all that it took with `hold_lock` to this moment; so too where it took none."""
    backends = [held.backend for held in _held_here.get()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT pid) FROM pg_locks WHERE granted AND pid = ANY(%s)", [backends])
        return cursor.fetchone() == (len(backends),)


def require_held_locks() -> None:
    """Refuse to go on where another may be at the same work by now. Call it last in a transaction of the work.

    Raises Replaced.
    """
    if not still_holds_locks():
        raise Replaced(replaced_text())


def replaced_text() -> str:
    """In a sentence, that others have gone on with what this process was at, and why."""
    seconds = was_stopped_for()
    why = f"was stopped for {seconds:.0f} seconds" if seconds else "lost its place in the database"
    return f"This process {why} and was taken for dead; it does not go on with what it was at."


def was_stopped_for() -> float:
    """For how many seconds this process was stopped while it held a lock; 0 where it lost none by that."""
    return max((held.was_stopped_for for held in _held_here.get()), default=0)


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
