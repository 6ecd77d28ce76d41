"""A streaming replica of the database, from which whole pages may be read: see docs/decisions/0026."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db import transaction as db_transaction
from django.utils import timezone
from psycopg.pq import TransactionStatus

from .connections import answered_within
from .limits import within_limits

ALIAS = "replica"
# One that is further behind is not read. A queue worker writes on the first server every other second that it lives;
# how old that is on the replica says so too where the replica hears nothing any more.
MOST_BEHIND = 5
# So long after it failed nothing is asked of it.
SECONDS_OF_PAUSE = 5
# So long it is waited for before anything is read: one that hangs is to hold up no page for long.
SECONDS_OF_A_LOOK = 1
# Where its clock is further off than so, how old a sign of life is cannot be told by it.
SECONDS_APART = 2

_HAS_ALL = """
    SELECT coalesce(clock_timestamp() - max(last_heartbeat) BETWEEN %s AND %s, false)
        AND clock_timestamp() - %s BETWEEN %s AND %s
        AND (%s = '' OR coalesce(pg_last_wal_replay_lsn() >= nullif(%s, '')::pg_lsn, false))
    FROM procrastinate_workers
"""

_paused_until = float("-inf")


class Behind(Exception):
    """The replica lacks what its reader may expect."""


def is_used() -> bool:
    """Whether there is one, and it did not fail a moment ago."""
    return ALIAS in connections.settings and time.monotonic() > _paused_until


def pause() -> None:
    """Ask nothing of it for a moment."""
    global _paused_until
    _paused_until = time.monotonic() + SECONDS_OF_PAUSE


@contextmanager
def reading_replica(written: str) -> Iterator[None]:
    """In the block all that is asked of the database is asked of the replica, in one transaction: of one server.

    `written` is the place in the log up to which the reader wrote, which the replica must have by then; "" is anywhere.

    Raises Behind, before anything is read, and DatabaseError also for what failed and was left out.
    """
    first, replica = connections[DEFAULT_DB_ALIAS], connections[ALIAS]
    with answered_within(SECONDS_OF_A_LOOK):
        replica.ensure_connection()
    connections[DEFAULT_DB_ALIAS] = replica
    try:
        with within_limits(replica), db_transaction.atomic():
            with answered_within(SECONDS_OF_A_LOOK), replica.cursor() as cursor:
                apart, behind = timedelta(seconds=SECONDS_APART), timedelta(seconds=MOST_BEHIND)
                limits: list[Any] = [-apart, behind, timezone.now(), -apart, apart]
                cursor.execute(_HAS_ALL, [*limits, written, written])
                if cursor.fetchone() != (True,):
                    raise Behind
            yield
            if replica.connection.info.transaction_status == TransactionStatus.INERROR:
                raise DatabaseError("A part of the page could not be read.")
    finally:
        connections[DEFAULT_DB_ALIAS] = first


def place_in_log() -> str:
    """Up to where the first server has written its log."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_insert_lsn()::text")
        return str(cursor.fetchone()[0])
