"""Summing up months and days that are over, each once, so that Credit Liability need not read the whole ledger.

No entry may be missed and none counted twice, though an entry of a period that is over may still be on its way: in a
long transaction, in a deletion, in an import of history. Nobody who writes is made to wait for that, and no clock is
trusted. Instead it is done in three steps:

1. The periods are noted as closed, and that is committed. Whoever writes to the ledger from then on sees it, and adds
   what they change there to the sums of the period, in their own transaction (the triggers of `closed_period.py`).
2. Everybody is waited for who was writing by then, for they may not have seen it. Where one takes too long, the rest is
   left for the next time; until then the ledger itself is read.
3. What each period comes to by the ledger, less what was added to its sums already, is written, by one statement: of
   whoever is seen by it, both the entry and what they added are; of the others, neither. From there on the sums are
   what the ledger comes to at every moment.

All who write do so in READ COMMITTED, where a trigger finds what is committed when it asks. Two may do this at once: a
period is noted once and summed up once.
"""

import datetime
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import batched

from django.db import connection
from django.db import transaction as db_transaction
from django.utils import timezone

from billing_admin.db.days import start_of
from billing_admin.db.triggers import maintenance
from credits.models import ClosedPeriod, CreditEntry

PATIENCE = 20  # seconds
PIECE = 32

# A part of today is closed, too, where so many entries have come since the last one: those of a run, or of a file.
ENTRIES_OF_A_PART = 1_000

# Each from where an earlier one ends that reaches into it, and only with so many entries. Whoever comes second finds it
# there, or in the way.
_NOTE = """
    INSERT INTO credits_closedperiod (length, starts_at, ends_at)
    SELECT length, rest.starts_at, ends_at
    FROM unnest(%(lengths)s::text[], %(starts)s::timestamptz[], %(ends)s::timestamptz[], %(entries)s::integer[])
        over_ (length, starts_at, ends_at, entries)
    CROSS JOIN LATERAL (SELECT greatest(over_.starts_at, (
        SELECT ends_at FROM credits_closedperiod closed
        WHERE closed.length = over_.length AND closed.starts_at < over_.ends_at ORDER BY starts_at DESC LIMIT 1
    )) AS starts_at) rest
    WHERE rest.starts_at < ends_at AND entries = (
        SELECT count(*) FROM (SELECT FROM credits_creditentry entry
                              WHERE entry.at >= rest.starts_at AND entry.at < over_.ends_at LIMIT entries) come)
    ON CONFLICT DO NOTHING
"""

_SOMEBODY_WRITES = """
    SELECT EXISTS (
        SELECT FROM pg_snapshot_xip(pg_current_snapshot()) writer
        WHERE writer < %(since)s::xid8 AND NOT EXISTS (
            SELECT FROM pg_stat_activity
            WHERE backend_xid = writer::xid
              AND datid <> (SELECT oid FROM pg_database WHERE datname = current_database())))
"""

_SUM_UP = """
    INSERT INTO credits_closedperiodsum (period_id, currency, category, kind, amount)
    SELECT period_id, currency, category, kind, sum(amount)
    FROM (SELECT period.id AS period_id, entries.* FROM credits_closedperiod period CROSS JOIN LATERAL (
              SELECT entry.currency, grant_.category, entry.kind, sum(entry.amount) AS amount
              FROM credits_creditentry entry JOIN credits_creditgrant grant_ ON grant_.id = entry.grant_id
              WHERE entry.at >= period.starts_at AND entry.at < period.ends_at
              GROUP BY entry.currency, grant_.category, entry.kind) entries
          WHERE period.id = ANY(%(periods)s)
          UNION ALL
          SELECT period_id, currency, category, kind, -amount FROM credits_closedperiodsum
          WHERE period_id = ANY(%(periods)s)) parts
    GROUP BY period_id, currency, category, kind HAVING sum(amount) <> 0
"""

_REPLACE_PARTS = """
    WITH parts AS (
        DELETE FROM credits_closedperiodsum
        WHERE period_id IN (SELECT period_id FROM credits_closedperiodsum
                            GROUP BY period_id, currency, category, kind HAVING count(*) > 1)
        RETURNING period_id, currency, category, kind, amount
    )
    INSERT INTO credits_closedperiodsum (period_id, currency, category, kind, amount)
    SELECT period_id, currency, category, kind, sum(amount) FROM parts
    GROUP BY period_id, currency, category, kind HAVING sum(amount) <> 0
"""


@dataclass(frozen=True)
class Closed:
    """How many periods were summed up, and how many wait because somebody is still writing."""

    summed: int
    waiting: int


def close_periods(*, patience: float = PATIENCE) -> Closed:
    """Sum up every month and day that is over and is not summed up yet, about a month and its days a transaction.

    Again, it does nothing. It waits at most `patience` seconds for others' transactions.
    """
    _note_what_is_over()
    in_order = ClosedPeriod.objects.filter(summed_at=None).order_by("starts_at", "-length")
    waiting = list(in_order.values_list("pk", flat=True))
    if waiting and not _all_have_ended(patience):
        return Closed(0, len(waiting))
    summed = sum(_sum_up(periods) for periods in batched(waiting, PIECE))
    _replace_parts()
    return Closed(summed, 0)


@db_transaction.atomic(durable=True)
def _note_what_is_over() -> None:
    first = CreditEntry.objects.order_by("at").values_list("at", flat=True).first()
    if not first:
        return
    known = set(ClosedPeriod.objects.values_list("length", "ends_at"))
    over = [period for period in _over_since(timezone.localdate(first)) if (period[0], period[2]) not in known]
    lengths, starts, ends, entries = (list(column) for column in zip(*over, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, {"lengths": lengths, "starts": starts, "ends": ends, "entries": entries})


type _Over = tuple[str, datetime.datetime, datetime.datetime, int]


def _over_since(day: datetime.date) -> Iterator[_Over]:
    """Every month and day that is over, from that day's month on, and today until now.

    Of each its length, its first moment, the first after it, and from how many entries on it is closed.
    """
    today = timezone.localdate()
    starts_at, month_at = start_of(day), start_of(day.replace(day=1))
    while day < today:
        day += datetime.timedelta(days=1)
        ends_at = start_of(day)
        yield ClosedPeriod.Length.DAY.value, starts_at, ends_at, 1
        if day.day == 1:
            yield ClosedPeriod.Length.MONTH.value, month_at, ends_at, 1
            month_at = ends_at
        starts_at = ends_at
    yield ClosedPeriod.Length.DAY.value, start_of(today), timezone.now(), ENTRIES_OF_A_PART


def _all_have_ended(patience: float) -> bool:
    """Wait until everybody has ended who writes to this database at this moment. A writer is who has an id by now."""
    until = time.monotonic() + patience
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text")
        (since,) = cursor.fetchone()
        while True:
            cursor.execute(_SOMEBODY_WRITES, {"since": since})
            if cursor.fetchone() == (False,):
                return True
            if time.monotonic() > until:
                return False
            time.sleep(0.05)


@db_transaction.atomic
def _sum_up(periods: Sequence[int]) -> int:
    """Write the sums of those of these periods that nobody has summed up meanwhile; return how many they are."""
    waiting = ClosedPeriod.objects.filter(pk__in=periods, summed_at=None)
    locked = list(waiting.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    waiting.update(summed_at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(_SUM_UP, {"periods": locked})
    return len(locked)


def _replace_parts() -> None:
    """Put one row in the place of several for the same, so that there are no more than kinds in a period."""
    with maintenance("sum_up"), connection.cursor() as cursor:
        cursor.execute(_REPLACE_PARTS)
