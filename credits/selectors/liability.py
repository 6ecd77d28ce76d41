"""Credit Liability: what clients were owed in credit at two moments, and what moved it in between."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

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

# The sums of the closed months before the period and within it, of the closed days in the gaps that these leave, and
# the entries in the gaps that are left then. An entry's category is the grant's.
_ROLL_FORWARD = """
    WITH month AS MATERIALIZED (
        SELECT id, starts_at, ends_at FROM credits_closedperiod
        WHERE length = 'month' AND summed_at IS NOT NULL AND {lies_on_one_side}
    ), beside_months AS MATERIALIZED ({gaps_of_month}), closed AS MATERIALIZED (
        SELECT * FROM month
        UNION ALL
        SELECT day.* FROM beside_months gap CROSS JOIN LATERAL (
            SELECT id, starts_at, ends_at FROM credits_closedperiod
            WHERE length = 'day' AND starts_at >= gap.starts_at AND starts_at < gap.ends_at
              AND ends_at <= gap.ends_at AND summed_at IS NOT NULL AND {lies_on_one_side}
        ) day
    ), beside_closed AS MATERIALIZED ({gaps_of_closed})
    SELECT currency, category, kind,
           coalesce(sum(amount) FILTER (WHERE is_before), 0), coalesce(sum(amount) FILTER (WHERE NOT is_before), 0)
    FROM (
        SELECT part.currency, part.category, part.kind, closed.starts_at < %(start)s AS is_before, part.amount
        FROM closed CROSS JOIN LATERAL (
            SELECT currency, category, kind, amount FROM credits_closedperiodsum WHERE period_id = closed.id OFFSET 0
        ) part
        UNION ALL
        SELECT entries.* FROM beside_closed gap CROSS JOIN LATERAL (
            SELECT entry.currency, grant_.category, entry.kind, entry.at < %(start)s, sum(entry.amount)
            FROM credits_creditentry entry CROSS JOIN LATERAL (
                SELECT category FROM credits_creditgrant WHERE id = entry.grant_id OFFSET 0
            ) grant_
            WHERE entry.at >= gap.starts_at AND entry.at < gap.ends_at
            GROUP BY 1, 2, 3, 4
        ) entries
    ) parts
    GROUP BY currency, category, kind
    HAVING sum(amount) FILTER (WHERE is_before) <> 0 OR sum(amount) FILTER (WHERE NOT is_before) <> 0
    ORDER BY currency
""".format(
    lies_on_one_side="(ends_at <= %(start)s OR starts_at >= %(start)s AND ends_at <= %(end)s)",
    gaps_of_month=_GAPS.format("month"),
    gaps_of_closed=_GAPS.format("closed"),
)


def roll_forward(first: datetime.date, last: datetime.date) -> list[RollForward]:
    """Opening, movements and closing per currency for the days from `first` to `last`, both counted. One query."""
    found: dict[str, RollForward] = {}
    with connection.cursor() as cursor:
        cursor.execute(_ROLL_FORWARD, {"start": start_of(first), "end": end_of(last)})
        for currency, category, kind, before, within in cursor.fetchall():
            part = found.setdefault(currency, RollForward(currency, movements={code: {} for _, code in MOVEMENTS}))
            part.opening[category] = part.opening.get(category, Decimal(0)) + before
            part.movements[kind][category] = within
    return list(found.values())


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
