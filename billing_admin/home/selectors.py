"""The figures on Home: bounded work however much there is."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import QuerySet
from djmoney.money import Money

from billing_admin.db.pagination import SUMMED_UP_TO
from clients.models import Activity
from credits.models import CreditAccount
from credits.selectors.lists import expiring
from invoices.models import Invoice, InvoiceRun
from invoices.selectors.runs import ShownRun, shown_runs


@dataclass(frozen=True)
class Outstanding:
    """Unpaid invoices in one currency, and how much of that is overdue."""

    count: int
    due: Money
    overdue_count: int
    overdue: Money


def outstanding(on: datetime.date) -> list[Outstanding] | None:
    """Unpaid and overdue per currency; None where they are too many to add up."""
    unpaid = Invoice.objects.filter(status=Invoice.Status.UNPAID)
    rows = added_up(
        unpaid.values_list("currency", "balance_due", "due_on"),
        "sum(balance_due), count(*) FILTER (WHERE due_on < %s), sum(balance_due) FILTER (WHERE due_on < %s)",
        on,
        on,
    )
    if rows is None:
        return None
    return [
        Outstanding(count, Money(due, code), late, Money(overdue or 0, code))
        for code, count, due, late, overdue in rows
    ]


def credit_held() -> list[tuple[int, Money]] | None:
    """How many clients hold credit, and how much, per currency; None where they are too many to add up."""
    held = CreditAccount.objects.filter(is_open=True).order_by("currency")
    rows = added_up(held.values_list("currency", "balance"), "sum(balance)")
    return None if rows is None else [(count, Money(balance, code)) for code, count, balance in rows]


def credit_expiring(on: datetime.date) -> list[tuple[int, Money]]:
    """How many clients lose credit within 30 days if they do not use it, and how much, per currency.

    Nothing where they are too many to add up.
    """
    lost = expiring(on).order_by("expires_on").values_list("currency", "remaining", "client_id")
    rows = added_up(lost, "count(DISTINCT client_id), sum(remaining)")
    return [(clients, Money(remaining, code)) for code, _, clients, remaining in rows or []]


def added_up(
    rows: QuerySet[Any, Any], sums: str, *parameters: datetime.date, by: str = "currency", bounded: bool = True
) -> list[tuple[Any, ...]] | None:
    """What stands in `by`, the count and `sums` of rows with these columns; None where they are too many.

    They are counted first, from the index alone: what is not shown is not read. Unless it is `bounded`, that is left
    out. `parameters` are those of `sums`.
    """
    up_to = SUMMED_UP_TO if bounded else 1
    listed, given = rows.query.sql_with_params()
    counted, counted_given = rows.values_list("pk")[: up_to + bounded].query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT found.number, listed.*
            FROM (SELECT count(*) AS number FROM ({counted}) counted) found
            LEFT JOIN LATERAL (
                SELECT {by}, count(*), {sums} FROM ({listed}) listed
                WHERE found.number <= %s GROUP BY {by}
            ) listed ON true
            ORDER BY currency
            """,
            [*counted_given, *parameters, *given, up_to],
        )
        found = cursor.fetchall()
    if found[0][0] > up_to:
        return None
    return [row[1:] for row in found if row[1] is not None]


def latest_run() -> ShownRun | None:
    """The run that was started last, dry runs left out, as the Runs page shows it."""
    return next(iter(shown_runs(InvoiceRun.objects.filter(dry_run=False).order_by("-id")[:1])), None)


# Among so many of the latest activities Home looks for those that the person may see.
_LOOKED_AT = 1_000


def recent_activity(person: User, count: int = 15) -> QuerySet[Activity]:
    """What happened last that the person may see, with the clients concerned."""
    latest = Activity.objects.order_by("-id").values("pk")[:_LOOKED_AT]
    visible = Activity.objects.visible_to(person).filter(pk__in=latest)
    return visible.select_related("client").defer("data").order_by("-id")[:count]
