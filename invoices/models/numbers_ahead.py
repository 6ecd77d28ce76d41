"""Numbers for many documents at once, without one transaction waiting for another until the very end.

A counter that is a row is locked until commit, so that whoever issues waits for whoever issued before. Here a
transaction takes the numbers that follow those of the transactions still at work, writes its documents with them, and
waits for its predecessor only before it commits: `take_ahead`, write, `confirm`. When the predecessor has come to
nothing the numbers would leave a gap, so `confirm` refuses and the transaction is to be done again with
`NumberSeries.objects.take`, which lets nobody else number until it ends.

Who is at work stands in the advisory locks of their transactions, which PostgreSQL releases however they end; there is
nothing to tidy up. Of each series there are three kinds:

- its gate: shared by all who number ahead, exclusive to one who takes in turn;
- a start, `first`: held by the one transaction whose numbers begin there;
- an end, `first + count`: held by the same one, and where the next will begin.
"""

import time
from dataclasses import asdict, dataclass

from django.db import connection

from billing_admin.db.locks import held_keys_sql

GATE = "gate of numbers "
_START = "start of numbers "
_END = "end of numbers "

# The end of the last that are at work: those who wait for one of them hold its end shared.
_LAST_END = f"SELECT max(key) FROM ({held_keys_sql('hashtext(%(ends)s)')} AND mode = 'ExclusiveLock') ends"
_NEXT = "SELECT next_number FROM invoices_numberseries WHERE document = %(document)s AND prefix = %(prefix)s"

_MOVE_ON = f"""
    INSERT INTO invoices_numberseries AS series (document, prefix, next_number)
    SELECT %(document)s, %(prefix)s, %(end)s WHERE %(first)s = 1 OR EXISTS ({_NEXT})
    ON CONFLICT (document, prefix) DO UPDATE SET next_number = excluded.next_number
        WHERE series.next_number = %(first)s
"""


@dataclass(frozen=True)
class NumbersAhead:
    """Numbers that are this transaction's if all before it come to stand: `count` of them from `first` on."""

    document: str
    prefix: str
    first: int
    count: int


class NumbersMoved(Exception):
    """The numbers taken ahead are not the next ones: who was before has undone its own. Nothing may be kept of this."""


def take_ahead(document: str, prefix: str, count: int) -> NumbersAhead:
    """Take the `count` numbers after those of everybody at work. Call it once in a transaction, and `confirm` last."""
    keys = {
        "gate": f"{GATE}{document} {prefix}",
        "starts": f"{_START}{document} {prefix}",
        "ends": f"{_END}{document} {prefix}",
        "document": document,
        "prefix": prefix,
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtext(%(gate)s), 0)", keys)
        while True:
            # In this order: who commits between the two has moved the series on by the second.
            cursor.execute(_LAST_END, keys)
            (last_end,) = cursor.fetchone()
            cursor.execute(_NEXT, keys)
            following = cursor.fetchone()
            first = max(last_end or 1, following[0] if following else 1)
            cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%(starts)s), %(first)s)", keys | {"first": first})
            if cursor.fetchone()[0]:
                break
            time.sleep(0.001)  # somebody has just taken this start and is about to show its end
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%(ends)s), %(end)s)", keys | {"end": first + count})
    return NumbersAhead(document, prefix, first, count)


def confirm(numbers: NumbersAhead) -> None:
    """Wait until those before have ended, and move the series on. To be done last: who comes after waits from here on.

    Raises NumbersMoved.
    """
    values = asdict(numbers) | {
        "ends": f"{_END}{numbers.document} {numbers.prefix}",
        "end": numbers.first + numbers.count,
    }
    with connection.cursor() as cursor:
        # What is checked at commit is checked now, while nobody waits for it.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtext(%(ends)s), %(first)s)", values)
        cursor.execute(_MOVE_ON, values)
        if not cursor.rowcount:
            raise NumbersMoved
