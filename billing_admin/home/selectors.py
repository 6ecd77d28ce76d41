"""The figures on Home: bounded work however much there is."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.auth.models import User
from django.db.models import QuerySet
from djmoney.money import Money

from billing_admin.models import MonthSum
from clients.models import Activity
from clients.models.activity_permissions import OF_ACCOUNTS
from credits.models import CreditAccount
from credits.selectors.lists import expiring
from invoices.models import InvoiceRun
from invoices.selectors.runs import ShownRun, shown_runs

from .adding import added_up
from .month_sums import Summed


@dataclass(frozen=True)
class Outstanding:
    """Unpaid invoices in one currency, and how much of that is overdue."""

    count: int
    due: Money
    overdue_count: int
    overdue: Money


def outstanding(unpaid: Summed) -> list[Outstanding] | None:
    """Unpaid and overdue per currency; None where they are too many, and nobody has added them up yet."""
    if unpaid.amounts is None:
        return None
    found = []
    for code in sorted({code for code, _ in unpaid.amounts}):
        late = [(code, kind.value) for kind in MonthSum.OVERDUE]
        every = [(code, MonthSum.Kind.NOT_DUE.value), *late]
        counts = [sum(unpaid.counts.get(kind, 0) for kind in kinds) for kinds in (every, late)]
        sums = [Money(sum((unpaid.of(*kind) for kind in kinds), Decimal(0)), code) for kinds in (every, late)]
        found.append(Outstanding(counts[0], sums[0], counts[1], sums[1]))
    return found


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


def latest_run() -> ShownRun | None:
    """The run that was started last, dry runs left out, as the Runs page shows it."""
    return next(iter(shown_runs(InvoiceRun.objects.filter(dry_run=False).order_by("-id")[:1])), None)


# Among so many of the latest activities Home looks for those that the person may see.
_LOOKED_AT = 1_000


def recent_activity(person: User, count: int = 15) -> QuerySet[Activity]:
    """What happened last that the person may see, with the clients concerned; nothing about sign-ins and the like."""
    latest = Activity.objects.exclude(verb__in=OF_ACCOUNTS).order_by("-id").values("pk")[:_LOOKED_AT]
    visible = Activity.objects.visible_to(person).filter(pk__in=latest)
    return visible.select_related("client").defer("data").order_by("-id")[:count]
