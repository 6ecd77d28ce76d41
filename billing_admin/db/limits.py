"""How long a transaction works, waits for a lock and does nothing, so that what stands still holds up nobody for long.

Each limit is set for a transaction alone, together with its first statement, so that it holds through a pooler that
hands out connections by transaction. A request has limits of its own: who waits for a lock too long is told what for,
and only half of the threads of a process wait, or hash a password, at all, so that pages are answered meanwhile. See
docs/decisions/0013.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import Any

import psycopg
from django.conf import settings
from django.db import OperationalError, connection
from django.db import transaction as db_transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.pq import TransactionStatus

from billing_admin.errors import BusinessError

from .connections import answered_within, patience
from .source import say_source, source_here

SECONDS_FOR_A_STATEMENT = 30
# By then PostgreSQL has stopped a statement that takes long. What waits still waits for what no limit of it ends: the
# confirmation of a standby, or a server that is gone without a word.
SECONDS_FOR_AN_ANSWER = 35
# What may take long waits for its statements too, but not longer than the proxy of deploy/ waits for the page.
SECONDS_FOR_A_LONG_ANSWER = 110
SECONDS_FOR_A_LOCK = 2
SECONDS_OF_IDLENESS = 30
# A statement that takes longer is a line of the log: its text, never what is put into it.
SECONDS_OF_A_SLOW_STATEMENT = 0.5

_LOCK_TIMEOUT = f"SET LOCAL lock_timeout = '{SECONDS_FOR_A_LOCK}s'"
_LONGEST_TOLD = 2_000
# How many seconds after a statement was to be stopped it is still waited for.
_MORE = 5
_log = logging.getLogger("billing_admin.statements")
_held_up = threading.BoundedSemaphore(max(1, settings.REQUEST_THREADS // 2))


class Busy(BusinessError):
    """What a request needs is taken at this moment. Nothing was done, and the same will do in a moment."""


@dataclass
class LimitedRequest:
    """A request at work: whether its statements are limited in time, and whether it was refused because of a lock."""

    takes_long: bool = False
    was_refused: bool = False

    def limits(self) -> list[str]:
        """The statements that set what bounds its transactions."""
        if self.takes_long:
            return [_LOCK_TIMEOUT]
        return [
            _LOCK_TIMEOUT,
            f"SET LOCAL statement_timeout = '{SECONDS_FOR_A_STATEMENT}s'",
            f"SET LOCAL idle_in_transaction_session_timeout = '{SECONDS_OF_IDLENESS}s'",
        ]

    def patience(self) -> float:
        """For how many seconds it waits for an answer of the database."""
        return SECONDS_FOR_A_LONG_ANSWER if self.takes_long else SECONDS_FOR_AN_ANSWER


_request: ContextVar[LimitedRequest | None] = ContextVar("the request at work", default=None)


@contextmanager
def limited_request() -> Iterator[LimitedRequest]:
    """What is done in the block is done for a request, within its limits."""
    request = LimitedRequest()
    before, waited = _request.set(request), patience.set(request.patience)
    try:
        with connection.execute_wrapper(partial(_execute, request.limits)):
            yield request
    finally:
        patience.reset(waited)
        _request.reset(before)


def within_limits(database: BaseDatabaseWrapper) -> AbstractContextManager[None]:
    """In the block the transactions of this other connection are limited too, as those of the request at work."""
    request = _request.get()
    return database.execute_wrapper(partial(_execute, request.limits)) if request else nullcontext()


def set_in_transactions(*limits: str) -> AbstractContextManager[None]:
    """Let each transaction of this thread in the block begin with these SET LOCAL statements, and with its source."""
    return connection.execute_wrapper(partial(_execute, lambda: limits))


def _execute(
    limits: Callable[[], Sequence[str]], execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
) -> Any:
    """Execute a statement within these limits, and tell of it where it took long, once however many stand around it."""
    if "is_timed" in context:
        return _set_first(limits, execute, sql, params, many, context)
    context["is_timed"] = True
    began = time.monotonic()
    try:
        return _set_first(limits, execute, sql, params, many, context)
    finally:
        if (seconds := time.monotonic() - began) > SECONDS_OF_A_SLOW_STATEMENT:
            text = " ".join(sql.split())[:_LONGEST_TOLD] if isinstance(sql, str) else type(sql).__name__
            told = {"milliseconds": round(1000 * seconds), "statement": text}
            # Who runs a command waits for what it does, and need not read in between how.
            level = logging.INFO if "command" in source_here() else logging.WARNING
            _log.log(level, "%(milliseconds)s ms for %(statement)s", told, extra={"told": told})


def _set_first(
    limits: Callable[[], Sequence[str]], execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
) -> Any:
    """Send them to the database with the first statement of a transaction, at once: one that stands alone is one too.

    PostgreSQL takes what comes together for one transaction, and the answers come one after the other.
    """
    database = context["connection"]
    if database.connection.info.transaction_status != TransactionStatus.IDLE:
        return execute(sql, params, many, context)
    before = [*limits(), *(say_source() if database.in_atomic_block else ())]
    if not before:
        return execute(sql, params, many, context)
    if many or not isinstance(sql, str):
        if database.in_atomic_block:
            execute("; ".join(before), None, False, context)
        return execute(sql, params, many, context)
    answer = execute("; ".join([*before, sql]), params, many, context)
    for _ in before:
        context["cursor"].nextset()
    return answer


class TookTooLong(BusinessError):
    """A statement was stopped because it took longer than its reader waits. Nothing else was touched."""

    def __init__(self) -> None:
        super().__init__("So many match that it takes long. Type more.")


@contextmanager
def at_most(milliseconds: int) -> Iterator[None]:
    """Stop each statement of the block that takes longer; what was done before it in the transaction stays.

    Raises TookTooLong.
    """
    inside = connection.in_atomic_block
    try:
        # A server that hangs stops nothing.
        with (
            answered_within(milliseconds / 1_000 + _MORE),
            db_transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"SET LOCAL statement_timeout = {int(milliseconds)}")
            yield
            if inside:
                request = _request.get()
                ours = request and next((each for each in request.limits() if "statement_timeout" in each), None)
                cursor.execute(ours or "SET LOCAL statement_timeout = DEFAULT")
    except OperationalError as error:
        if isinstance(error.__cause__, psycopg.errors.QueryCanceled):
            raise TookTooLong from error
        raise


def lock_rows(lock: Callable[..., list[Any]], said: Callable[[], str], *, single: bool) -> list[Any]:
    """Lock rows, by `lock(nowait=…, skip_locked=…)`. A request waits a moment, and is then refused with what is `said`.

    A `single` one is tried without a savepoint; of several none may stay locked while one is waited for.

    Raises Busy, only in a request.
    """
    if _request.get() is None:
        return lock()
    if single and (rows := lock(skip_locked=True)):
        return rows
    try:  # a single one was taken, or is gone: only for the first is there anything to wait for
        return _in_savepoint(partial(lock, nowait=True))
    except _Locked:
        return _wait(lock, said)


LOCKED = "{locked}"


def lock_advisory(
    key: str,
    parameters: Sequence[Any] | Mapping[str, Any],
    said: str,
    *,
    patient: bool = False,
    shared: bool = False,
    statement: str = f"SELECT true WHERE {LOCKED}",
) -> Any:
    """Take the advisory lock of a transaction whose key this SQL is. A request waits for it a moment, then is refused.

    It waits as long as for any statement where it is `patient`; who takes it `shared` keeps only those out who do not.
    The lock is taken by a `statement` that goes on with it at once: where LOCKED stands in it as a condition. Returns
    its first row, of which there is one under the lock.

    Raises Busy, only in a request.
    """

    def take(function: str) -> Any:
        with connection.cursor() as cursor:
            taking = f"{function}{'_shared' if shared else ''}({key})::text <> 'false'"
            cursor.execute(statement.replace(LOCKED, taking), parameters)
            return cursor.fetchone()

    def take_patiently() -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = 0")
            row = take("pg_advisory_xact_lock")
            cursor.execute(_LOCK_TIMEOUT)
        return row

    if _request.get() is None:
        return take("pg_advisory_xact_lock")
    row = take("pg_try_advisory_xact_lock")
    return row or _wait(take_patiently if patient else partial(take, "pg_advisory_xact_lock"), lambda: said)


@contextmanager
def held_up(said: str) -> Iterator[None]:
    """Keep the thread of a request for something that takes long, unless the others are needed for pages.

    Raises Busy, only in a request.
    """
    if _request.get() is None:
        yield
        return
    if not _held_up.acquire(blocking=False):
        raise Busy(said)
    try:
        yield
    finally:
        _held_up.release()


class _Locked(Exception):
    """A lock was not free, or not in time."""


def _wait[Locked](lock: Callable[[], Locked], said: Callable[[], str]) -> Locked:
    """Wait for a lock unless so many threads are held up already that the others are needed for pages."""
    try:
        with held_up("No thread may wait."):
            return _in_savepoint(lock)
    except (_Locked, Busy) as error:
        if request := _request.get():
            request.was_refused = True
        raise Busy(said()) from error


def _in_savepoint[Locked](lock: Callable[[], Locked]) -> Locked:
    """Lock so that the transaction goes on where that is refused: what is in the way is still to be looked up."""
    try:
        with db_transaction.atomic():
            return lock()
    except OperationalError as error:
        if not isinstance(error.__cause__, psycopg.errors.LockNotAvailable | psycopg.errors.QueryCanceled):
            raise
        raise _Locked from error
