"""The pictures of Home and Reports: what was invoiced and collected, what is owed in credit, and what is overdue."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse

from billing_admin.charts import Chart, Point, Series
from billing_admin.db.days import last_of_month, months_shown
from billing_admin.models import MonthSum
from billing_admin.web.parts import part
from credits.charts import liability_charts
from credits.selectors.liability import is_soon_added_up

from .month_sums import Summed, Sums, overdue_since

_NOT_YET = "There is so much of this that it is added up once a day, and that was not done yet."


@dataclass(frozen=True)
class Picture:
    """A panel with a picture in it, or in words why there is none."""

    key: str
    title: str
    chart: Chart | None = None
    as_of: datetime.datetime | None = None
    said: str = ""
    failed: str = ""


@dataclass(frozen=True)
class Pictures:
    """The pictures of one currency, and the currencies that there are pictures of, the one with most invoices first."""

    currency: str = ""
    currencies: Sequence[str] = ()
    shown: Sequence[Picture] = ()


@dataclass(frozen=True)
class _Drawn:
    """A panel's pictures by currency, how many rows each is of, and when they were right; or why there are none."""

    charts: dict[str, Chart] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    as_of: datetime.datetime | None = None
    said: str = ""


def pictures(person: User, today: datetime.date, asked: str) -> Pictures:
    """What the person may see, in the currency that is asked for, or else in the one with most invoices."""
    may, sums = person.has_perm, Sums(today)
    sees_invoices, sees_money = may("invoices.view_invoice"), may("transactions.view_transaction")
    panels: list[tuple[str, str, str, Callable[[], _Drawn]]] = []
    if sees_invoices or sees_money:
        title = " and ".join([*(["Invoiced"] if sees_invoices else []), *(["collected"] if sees_money else [])])
        nothing = "Nothing in these months."
        panels.append(("flow", title.capitalize(), nothing, lambda: _flow(sums, sees_invoices, sees_money)))
    if may("credits.view_credit"):
        panels.append(("held", "Credit liability", "No credit was held in these months.", lambda: _held(today)))
    if sees_invoices:
        panels.append(("overdue", "Overdue by age", "Nothing is overdue.", lambda: _overdue(sums)))
    read = [(key, title, nothing, part(title, reads)) for key, title, nothing, reads in panels]
    drawn = [each.found for *_, each in read if each.found]
    currencies = sorted({code for each in drawn for code in each.charts}, key=lambda code: (-_count(drawn, code), code))
    currency = asked if asked in currencies else (currencies or [""])[0]
    if not (currency or any(each.failed or (each.found and each.found.said) for *_, each in read)):
        return Pictures()
    shown = [
        Picture(
            key,
            f"{title}, {currency}" if currency else title,
            each.found.charts.get(currency) if each.found else None,
            each.found.as_of if each.found else None,
            (each.found.said or nothing) if each.found else "",
            each.failed,
        )
        for key, title, nothing, each in read
    ]
    return Pictures(currency, currencies, shown)


def _count(drawn: Sequence[_Drawn], currency: str) -> int:
    return max(each.counts.get(currency, 0) for each in drawn)


def _flow(sums: Sums, sees_invoices: bool, sees_money: bool) -> _Drawn:
    read: list[tuple[str, Summed, Callable[[str, datetime.date], str]]] = []
    if sees_invoices:
        read.append(("Invoiced", sums.invoiced(), _issued_in))
    if sees_money:
        read.append(("Collected", sums.collected(), _moved_in))
    if any(summed.amounts is None for _, summed, _ in read):
        return _Drawn(said=_NOT_YET)
    months = months_shown(sums.today)
    charts, counts = {}, {}
    for currency in sorted({code for _, summed, _ in read for code, _ in summed.amounts or {}}):
        series = [
            Series(name, [Point(f"{month:%b %Y}", (summed.amounts or {}).get((currency, month), Decimal(0)),
                                address(currency, month)) for month in months])
            for name, summed, address in read
        ]  # fmt: skip
        charts[currency] = Chart(f"flow-{currency}", "columns", currency, series)
        counts[currency] = sum(count for (code, _), count in read[0][1].counts.items() if code == currency)
    return _Drawn(charts, counts, min((each.as_of for _, each, _ in read if each.as_of), default=None))


def _issued_in(currency: str, month: datetime.date) -> str:
    asked = {"currency": currency, "from": month, "to": last_of_month(month)}
    return reverse("invoices:list", query=asked)


def _moved_in(currency: str, month: datetime.date) -> str:
    asked = {"currency": currency, "since": month, "until": last_of_month(month)}
    return reverse("transactions:list", query=asked)


def _held(today: datetime.date) -> _Drawn:
    if not is_soon_added_up():
        return _Drawn(said=_NOT_YET)
    return _Drawn(liability_charts(today))


def _overdue(sums: Sums) -> _Drawn:
    summed = sums.overdue()
    if summed.amounts is None:
        return _Drawn(said=_NOT_YET)
    charts = {}
    for currency in sorted({code for code, _ in summed.amounts}):
        points = [
            Point(kind.label, summed.amounts.get((currency, kind.value), Decimal(0)), _due(currency, kind, sums.today))
            for kind in MonthSum.OVERDUE
        ]
        charts[currency] = Chart(f"overdue-{currency}", "bars", currency, [Series("Overdue", points)], "Overdue for")
    return _Drawn(charts, as_of=summed.as_of)


def _due(currency: str, kind: MonthSum.Kind, today: datetime.date) -> str:
    first, last = overdue_since(kind, today)
    asked: dict[str, Any] = {"status": "overdue", "currency": currency, "due_to": last}
    return reverse("invoices:list", query=asked | ({"due_from": first} if first else {}))
