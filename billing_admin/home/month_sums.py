"""What was invoiced, collected and written off each month, and what is unpaid by its age, per currency.

It is read live while the rows are few. Where they are many, it is what the daily task added up, and says as of when.
"""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db import transaction as db_transaction
from django.db.models import QuerySet
from django.utils import timezone

from billing_admin.db.days import months_shown, start_of
from billing_admin.models import MonthSum
from invoices.models import Invoice, WriteOff
from transactions.models import Transaction

from . import adding

# So many days after its due date an invoice is of the next kind of overdue.
_LAST_DAYS = (30, 60, 90)


@dataclass(frozen=True)
class Summed:
    """Sums by their keys, with how many rows each is of, and when they were right: None is now.

    `amounts` is None where the rows are too many and nobody has added them up yet.
    """

    amounts: dict[Any, Decimal] | None
    counts: dict[Any, int] = field(default_factory=dict)
    as_of: datetime.datetime | None = None

    def of(self, *key: object) -> Decimal:
        """The sum of a key, zero where there is none."""
        return (self.amounts or {}).get(key, Decimal(0))


class Sums:
    """The sums of today: the live ones, or those that were kept, which are read once, at first."""

    def __init__(self, today: datetime.date) -> None:
        self.today = today

    @cached_property
    def kept(self) -> list[MonthSum]:
        """What the daily task added up."""
        return list(MonthSum.objects.order_by("pk"))

    def invoiced(self) -> Summed:
        """By currency and month: the totals of what was issued, less its credit notes."""
        return self._by_month(MonthSum.Kind.INVOICED, _invoiced(self.today))

    def collected(self) -> Summed:
        """By currency and month: money in less refunds and reversals; what only moved in the house is neither."""
        return self._by_month(MonthSum.Kind.COLLECTED, _collected(self.today))

    def written_off(self) -> Summed:
        """By currency and month: what was written off, less what was taken back."""
        return self._by_month(MonthSum.Kind.WRITTEN_OFF, _written_off(self.today))

    @cached_property
    def unpaid(self) -> Summed:
        """By currency and kind of MonthSum: what is due of the invoices that are not due yet, or so long overdue."""
        return self._live_or_kept(_unpaid(self.today), (MonthSum.Kind.NOT_DUE, *MonthSum.OVERDUE), "kind")

    def _by_month(self, kind: MonthSum.Kind, reading: "_Reading") -> Summed:
        return self._live_or_kept(reading, (kind,), "month")

    def _live_or_kept(self, reading: "_Reading", kinds: tuple[MonthSum.Kind, ...], column: str) -> Summed:
        kept = [row for row in self.kept if row.kind in kinds]
        many = sum(row.row_count for row in kept) > adding.SUMMED_UP_TO
        if not many and (live := reading.read(bounded=True)) is not None:
            return Summed({row[:2]: row[3] for row in live}, {row[:2]: row[2] for row in live})
        if not self.kept:
            return Summed(None)
        return Summed(
            {(row.currency, getattr(row, column)): row.amount for row in kept},
            {(row.currency, getattr(row, column)): row.row_count for row in kept},
            self.kept[0].as_of,
        )


@db_transaction.atomic
def sum_months(*, today: datetime.date) -> int:
    """Add up anew what is kept; return how many sums that are."""
    this_month = today.replace(day=1)
    kept = []
    for kind, reading in (
        (MonthSum.Kind.INVOICED, _invoiced(today)),
        (MonthSum.Kind.COLLECTED, _collected(today)),
        (MonthSum.Kind.WRITTEN_OFF, _written_off(today)),
    ):
        for currency, month, count, amount in reading.read(bounded=False) or []:
            kept.append((kind, month, currency, count, amount))
    for currency, kind, count, amount in _unpaid(today).read(bounded=False) or []:
        kept.append((MonthSum.Kind(kind), this_month, currency, count, amount))
    now = timezone.now()
    MonthSum.objects.all().delete()
    MonthSum.objects.bulk_create(
        MonthSum(kind=kind, month=month, currency=currency, row_count=count, amount=amount, as_of=now)
        for kind, month, currency, count, amount in kept
    )
    return len(kept)


@dataclass(frozen=True)
class _Reading:
    """Rows, and what is added up of them, by their currency and one thing more."""

    rows: QuerySet[Any, Any]
    sums: str
    by: str

    def read(self, *, bounded: bool) -> list[tuple[Any, ...]] | None:
        return adding.added_up(self.rows, self.sums, by=f"currency, {self.by}", bounded=bounded)


def _invoiced(today: datetime.date) -> _Reading:
    issued = Invoice.objects.filter(issued_on__gte=months_shown(today)[0])
    issued = issued.exclude(status__in=(Invoice.Status.DRAFT, Invoice.Status.CANCELLED))
    rows = issued.values_list("currency", "issued_on", "total", "amount_credited")
    return _Reading(rows, "sum(total - amount_credited)", "date_trunc('month', issued_on)::date")


def _collected(today: datetime.date) -> _Reading:
    money = Transaction.objects.filter(date__gte=months_shown(today)[0]).exclude(kind=Transaction.Kind.MOVED)
    rows = money.values_list("currency", "date", "amount_in", "amount_out")
    return _Reading(rows, "sum(amount_in - amount_out)", "date_trunc('month', date)::date")


def _written_off(today: datetime.date) -> _Reading:
    written = WriteOff.objects.filter(created_at__gte=start_of(months_shown(today)[0]))
    zone = timezone.get_default_timezone_name()
    rows = written.values_list("currency", "created_at", "amount")
    return _Reading(rows, "sum(amount)", f"date_trunc('month', created_at AT TIME ZONE '{zone}')::date")


def _unpaid(today: datetime.date) -> _Reading:
    rows = Invoice.objects.filter(status=Invoice.Status.UNPAID).values_list("currency", "due_on", "balance_due")
    first_days = [overdue_since(kind, today) for kind in MonthSum.OVERDUE]
    cases = f" WHEN due_on >= DATE '{today}' THEN '{MonthSum.Kind.NOT_DUE}'" + "".join(
        f" WHEN due_on >= DATE '{first}' THEN '{kind}'"
        for kind, (first, _) in zip(MonthSum.OVERDUE, first_days, strict=True)
        if first
    )
    return _Reading(rows, "sum(balance_due)", f"CASE{cases} ELSE '{MonthSum.Kind.OVERDUE_MORE}' END")


def overdue_since(kind: str, today: datetime.date) -> tuple[datetime.date | None, datetime.date]:
    """The first and the last due date of what is so long overdue; what is so for longest has no first."""
    place = MonthSum.OVERDUE.index(MonthSum.Kind(kind))
    days = [*_LAST_DAYS, None][place]
    last = today - datetime.timedelta(days=1 + [0, *_LAST_DAYS][place])
    return (None if days is None else today - datetime.timedelta(days=days)), last
