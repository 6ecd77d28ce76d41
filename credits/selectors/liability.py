"""Credit Liability: what clients were owed in credit at two moments, and what moved it in between."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import accumulate
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from billing_admin.db.days import end_of, start_of
from billing_admin.db.pagination import PORTION, SUMMED_UP_TO
from clients.models import Client
from credits.models import CreditAccount, CreditEntry, CreditGrant

# The rows of the roll-forward in their order: what each is called, and the kind of its entries.
MOVEMENTS = (
    ("Issued", CreditEntry.Kind.GRANT),
    ("Applied", CreditEntry.Kind.APPLY),
    ("Released", CreditEntry.Kind.RELEASE),
    ("Removed", CreditEntry.Kind.REMOVE),
    ("Reversed", CreditEntry.Kind.REVERSE),
    ("Expired", CreditEntry.Kind.EXPIRE),
    ("Adjusted", CreditEntry.Kind.ADJUST),
    ("Transferred", CreditEntry.Kind.TRANSFER),
)


@dataclass
class RollForward:
    """One currency: what was held before the period, each movement in it, and what was held after it, per category.

    `movements` has every kind, also those at zero. A transfer moves nothing in sum: what one gives, another gets.
    """

    currency: str
    opening: dict[str, Decimal] = field(default_factory=dict)
    movements: dict[str, dict[str, Decimal]] = field(default_factory=dict)

    @property
    def closing(self) -> dict[str, Decimal]:
        """Opening and all movements, per category."""
        parts = [self.opening, *self.movements.values()]
        return {
            category: sum((part.get(category, Decimal(0)) for part in parts), Decimal(0))
            for category in CreditGrant.Category.values
        }


# What the spans of a table leave out of the time until the end of the period.
_GAPS = """
    SELECT starts_at, ends_at FROM (
        SELECT ends_at AS starts_at, lead(starts_at, 1, %(end)s) OVER (ORDER BY starts_at) AS ends_at FROM {0}
        UNION ALL SELECT '-infinity', coalesce(min(starts_at), %(end)s) FROM {0}
    ) gap WHERE starts_at < ends_at
"""

# The sums of the closed months that lie wholly between two of the edges (or before the first), of the closed days in
# the gaps that these leave, and the entries in the gaps that are left then. An entry's category is the grant's. What
# comes before the first edge is in span 0, what comes between it and the second in span 1, and so on.
_MOVED = """
    WITH month AS MATERIALIZED (
        SELECT id, starts_at, ends_at FROM credits_closedperiod
        WHERE length = 'month' AND summed_at IS NOT NULL AND {lies_in_one_span}
    ), beside_months AS MATERIALIZED ({gaps_of_month}), closed AS MATERIALIZED (
        SELECT * FROM month
        UNION ALL
        SELECT day.* FROM beside_months gap CROSS JOIN LATERAL (
            SELECT id, starts_at, ends_at FROM credits_closedperiod
            WHERE length = 'day' AND starts_at >= gap.starts_at AND starts_at < gap.ends_at
              AND ends_at <= gap.ends_at AND summed_at IS NOT NULL AND {lies_in_one_span}
        ) day
    ), beside_closed AS MATERIALIZED ({gaps_of_closed})
    SELECT {by}, span, sum(amount)
    FROM (
        SELECT part.currency, part.category, part.kind, {span_of_closed} AS span, part.amount
        FROM closed CROSS JOIN LATERAL (
            SELECT currency, category, kind, amount FROM credits_closedperiodsum WHERE period_id = closed.id OFFSET 0
        ) part
        UNION ALL
        SELECT entries.* FROM beside_closed gap CROSS JOIN LATERAL (
            SELECT entry.currency, grant_.category, entry.kind, {span_of_entry}, sum(entry.amount)
            FROM credits_creditentry entry CROSS JOIN LATERAL (
                SELECT category FROM credits_creditgrant WHERE id = entry.grant_id OFFSET 0
            ) grant_
            WHERE entry.at >= gap.starts_at AND entry.at < gap.ends_at
            GROUP BY 1, 2, 3, 4
        ) entries
    ) parts
    GROUP BY {by}, span HAVING sum(amount) <> 0
    ORDER BY currency
"""
_SPAN_OF = "width_bucket({0}, %(edges)s::timestamptz[])"


def _moved(edges: Sequence[datetime.datetime], *, by: str) -> list[tuple[Any, ...]]:
    """What stands in `by`, span and sum of what moved credit up to the last of these moments. One query."""
    lies_in_one = f"ends_at <= %(end)s AND {_SPAN_OF.format('starts_at')} = " + _SPAN_OF.format(
        "ends_at - interval '1 microsecond'"
    )
    sql = _MOVED.format(
        by=by,
        lies_in_one_span=lies_in_one,
        gaps_of_month=_GAPS.format("month"),
        gaps_of_closed=_GAPS.format("closed"),
        span_of_closed=_SPAN_OF.format("closed.starts_at"),
        span_of_entry=_SPAN_OF.format("entry.at"),
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, {"edges": list(edges), "end": edges[-1]})
        return cursor.fetchall()


def roll_forward(first: datetime.date, last: datetime.date) -> list[RollForward]:
    """Opening, movements and closing per currency for the days from `first` to `last`, both counted. One query."""
    found: dict[str, RollForward] = {}
    for currency, category, kind, span, amount in _moved(
        [start_of(first), end_of(last)], by="currency, category, kind"
    ):
        part = found.setdefault(currency, RollForward(currency, movements={code: {} for _, code in MOVEMENTS}))
        if span == 0:
            part.opening[category] = part.opening.get(category, Decimal(0)) + amount
        else:
            part.movements[kind][category] = amount
    return list(found.values())


def held_at_ends_of(days: Sequence[datetime.date]) -> dict[str, list[Decimal]]:
    """What was held in each currency at the ends of these days, which are in their order. One query."""
    moved: dict[str, list[Decimal]] = {}
    for currency, span, amount in _moved([end_of(day) for day in days], by="currency"):
        moved.setdefault(currency, [Decimal(0)] * len(days))[span] = amount
    return {currency: list(accumulate(spans)) for currency, spans in moved.items()}


# The entries that no closed period has: those since the last one, or since one that is not summed up yet.
_NOT_CLOSED = """
    SELECT count(*) FROM (SELECT FROM credits_creditentry WHERE at >= coalesce(least(
        (SELECT max(ends_at) FROM credits_closedperiod WHERE summed_at IS NOT NULL),
        (SELECT min(starts_at) FROM credits_closedperiod WHERE summed_at IS NULL)), '-infinity') LIMIT %s + 1) entry
"""


def is_soon_added_up() -> bool:
    """Whether so few entries are in no closed period that a sum over all of them is soon found."""
    with connection.cursor() as cursor:
        cursor.execute(_NOT_CLOSED, [SUMMED_UP_TO])
        return cursor.fetchone()[0] <= SUMMED_UP_TO


# Who holds what at the end of a day, by the ledger.
_HOLDERS_ON = """
    SELECT client.number, client.name,
           held.currency, held.category, held.amount
    FROM (SELECT entry.client_id, entry.currency, grant_.category, sum(entry.amount) AS amount
          FROM credits_creditentry entry JOIN credits_creditgrant grant_ ON grant_.id = entry.grant_id
          WHERE entry.at < %(end)s AND entry.client_id = ANY(%(clients)s)
          GROUP BY entry.client_id, entry.currency, grant_.category HAVING sum(entry.amount) <> 0) held
    JOIN clients_client client ON client.id = held.client_id
    ORDER BY client.number, held.currency, held.category
"""


def holders_on(day: datetime.date) -> Iterator[tuple[int, str, str, str, Decimal]]:
    """Client ID, name, currency, category and amount of everybody who held credit at the end of a day.

    So many clients at a time, in the order of their numbers.
    """
    after = 0
    while True:
        clients = Client.objects.filter(number__gt=after).order_by("number").values_list("pk", "number")[:PORTION]
        ids = dict(clients)
        if not ids:
            return
        after = max(ids.values())
        with connection.cursor() as cursor:
            cursor.execute(_HOLDERS_ON, {"end": end_of(day), "clients": list(ids)})
            rows = cursor.fetchall()
        yield from rows


def holders() -> QuerySet[CreditAccount]:
    """The accounts with credit on them, with their clients."""
    return CreditAccount.objects.filter(is_open=True).select_related("client")


@dataclass(frozen=True)
class HeldNow:
    """What is held in one currency and category, by how many clients."""

    currency: str
    category: str
    clients: int
    amount: Decimal


# From one currency to the next, by an index: as many steps as there are currencies.
_CURRENCIES_HELD = """
    WITH RECURSIVE held (currency) AS (
        (SELECT currency FROM credits_creditaccount WHERE is_open ORDER BY currency, id LIMIT 1)
        UNION ALL
        SELECT (SELECT next.currency FROM credits_creditaccount next
                WHERE next.is_open AND next.currency > held.currency ORDER BY next.currency, next.id LIMIT 1)
        FROM held WHERE held.currency IS NOT NULL
    )
    SELECT currency FROM held WHERE currency IS NOT NULL
"""


def currencies_held() -> list[str]:
    """The currencies in which anybody holds credit. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_CURRENCIES_HELD)
        return [currency for (currency,) in cursor.fetchall()]


_HELD_NOW = """
    WITH account AS MATERIALIZED (
        SELECT id FROM credits_creditaccount WHERE is_open ORDER BY currency, id LIMIT %(limit)s + 1
    )
    SELECT currency, category, count(DISTINCT client_id), sum(remaining) FROM credits_creditgrant
    WHERE is_open AND account_id IN (SELECT id FROM account) AND (SELECT count(*) FROM account) <= %(limit)s
    GROUP BY currency, category ORDER BY currency, category
"""


def held_now() -> list[HeldNow]:
    """Who holds credit, per currency and category; nothing where they are too many to add up. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD_NOW, {"limit": SUMMED_UP_TO})
        return [HeldNow(*row) for row in cursor.fetchall()]
