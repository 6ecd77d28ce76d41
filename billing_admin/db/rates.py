"""How often something may be done in a while, counted in PostgreSQL and so for all processes together.

What is counted is committed at once, whatever becomes of the request, and before what it bounds is done: many who come
at the same moment are let through no more often than one after the other.
"""

import datetime
import math
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db import transaction as db_transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

# A while is never longer; what was last counted before that is forgotten by `forget_old_counts`.
LONGEST = datetime.timedelta(days=1)

_TAKE = """
    INSERT INTO billing_admin_ratecount AS counted (kind, key, person_id, address, count, since, last_at)
    VALUES (%(kind)s, %(key)s, %(person)s, %(address)s, 1, %(now)s, %(now)s)
    ON CONFLICT (kind, key) DO UPDATE SET
        count = CASE WHEN counted.since <= %(before)s THEN 1 ELSE counted.count + 1 END,
        since = CASE WHEN counted.since <= %(before)s THEN %(now)s ELSE counted.since END,
        last_at = %(now)s, person_id = coalesce(excluded.person_id, counted.person_id), address = excluded.address
    WHERE counted.last_at <= %(before)s OR counted.count < %(limit)s
    RETURNING 1
"""


@dataclass(frozen=True)
class Rate:
    """At most `limit` times in `seconds` since the first; whoever reaches that waits as long after the last of them."""

    kind: str
    limit: int
    seconds: int

    def __post_init__(self) -> None:
        assert 0 < self.seconds <= LONGEST.total_seconds()

    @property
    def length(self) -> datetime.timedelta:
        """Of the while."""
        return datetime.timedelta(seconds=self.seconds)


def take(rate: Rate, key: str, *, person: int | None = None, address: str | None = None) -> int:
    """Count one more under this key, and return 0; or count nothing, and return how many seconds are to be waited.

    `person`, by id, and `address` only say whose it is, for `unlock`. Called outside any transaction.
    """
    now = timezone.now()
    named: dict[str, Any] = {
        "kind": rate.kind, "key": _digest(rate.kind, key), "limit": rate.limit, "person": person, "address": address,
        "now": now, "before": now - rate.length,
    }  # fmt: skip
    with db_transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(_TAKE, named)
        if cursor.fetchone():
            return 0
    return seconds_to_wait(rate, key) or 1


def seconds_to_wait(rate: Rate, key: str) -> int:
    """How long nothing more is let through under this key; 0 where one more would be. Counts nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT last_at FROM billing_admin_ratecount WHERE kind = %s AND key = %s AND count >= %s",
            [rate.kind, _digest(rate.kind, key), rate.limit],
        )
        row = cursor.fetchone()
    if not row:
        return 0
    return max(0, math.ceil((row[0] + rate.length - timezone.now()).total_seconds()))


def give_back(rate: Rate, key: str, count: int = 1) -> None:
    """Take back what was counted so many times and is not to count after all."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE billing_admin_ratecount SET count = greatest(count - %s, 0) WHERE kind = %s AND key = %s",
            [count, rate.kind, _digest(rate.kind, key)],
        )


def forget(rate: Rate, key: str) -> int:
    """Begin anew under this key. Returns how many were counted."""
    return sum(_delete("kind = %(kind)s AND key = %(key)s", kind=rate.kind, key=_digest(rate.kind, key)))


def forget_person(person: int) -> int:
    """Begin anew for all that is counted for this person. Returns how many counts that were."""
    return len(_delete("person_id = %(person)s", person=person))


def forget_address(address: str) -> int:
    """Begin anew for all that is counted from this address. Returns how many counts that were."""
    return len(_delete("address = %(address)s", address=address))


def forget_old_counts() -> int:
    """Remove what counts no longer. Returns of how many rows."""
    return len(_delete("last_at < %(before)s", before=timezone.now() - LONGEST))


def _delete(where: str, **parameters: Any) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM billing_admin_ratecount WHERE {where} RETURNING count", parameters)
        return [count for (count,) in cursor.fetchall()]


def _digest(kind: str, key: str) -> str:
    return salted_hmac(f"billing_admin.rates {kind}", key, algorithm="sha256").hexdigest()
