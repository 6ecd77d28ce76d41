"""The pictures of Home and Reports: invoiced and collected, what is owed in credit, what is overdue or written off."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.urls import reverse

from billing_admin.charts import Chart, Point, Series
from billing_admin.db.days import last_of_month, months_shown
from billing_admin.models import MonthSum
from billing_admin.web.parts import Part, part
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
class _Read:
    """What a panel has read: the currencies that there is something of, each with how many rows that is, what draws
    the picture of one, and when the sums were right; or why there is none.
    """

    currencies: dict[str, int] = field(default_factory=dict)
    draw: Callable[[str], Chart] | None = None
    as_of: datetime.datetime | None = None
    said: str = ""

    def chart(self, currency: str) -> Chart | None:
        """The picture of a currency; none where there is nothing of it."""
        return self.draw(currency) if self.draw and currency in self.currencies else None


def pictures(person: User, sums: Sums, asked: str) -> Pictures:
    """What the person may see, in the currency that is asked for, or else in the one with most invoices."""
    may, today = person.has_perm, sums.today
    sees_invoices, sees_money = may("invoices.view_invoice"), may("transactions.view_transaction")
    panels: list[tuple[str, str, str, Callable[[], _Read]]] = []
    if sees_invoices or sees_money:
        title = " and ".join([*(["Invoiced"] if sees_invoices else []), *(["collected"] if sees_money else [])])
        nothing = "Nothing in these months."
        panels.append(("flow", title.capitalize(), nothing, lambda: _flow(sums, sees_invoices, sees_money)))
    if may("credits.view_credit"):
        panels.append(("held", "Credit liability", "No credit was held in these months.", lambda: _held(today)))
    if sees_invoices:
        panels.append(("overdue", "Overdue by age", "Nothing is overdue.", lambda: _overdue(sums)))
        panels.append(("written-off", "Written off", "Nothing was written off.", lambda: _written_off(sums)))
    parts = [(key, title, nothing, part(title, reads)) for key, title, nothing, reads in panels]
    # Most never write anything off: that has no empty panel.
    parts = [each for each in parts if each[0] != "written-off" or _says_something(each[-1])]
    read = [each.found for *_, each in parts if each.found]
    codes = {code for each in read for code in each.currencies}
    currencies = sorted(codes, key=lambda code: (-max(each.currencies.get(code, 0) for each in read), code))
    currency = asked if asked in codes else (currencies or [""])[0]
    if not (currency or any(each.failed or (each.found and each.found.said) for *_, each in parts)):
        return Pictures()
    return Pictures(currency, currencies, [_picture(currency, *each) for each in parts])


def _says_something(read: Part[_Read]) -> bool:
    return read.found is None or bool(read.found.currencies or read.found.said)


def _picture(currency: str, key: str, title: str, nothing: str, read: Part[_Read]) -> Picture:
    title = f"{title}, {currency}" if currency else title
    if read.found is None:
        return Picture(key, title, failed=read.failed)
    return Picture(key, title, read.found.chart(currency), read.found.as_of, read.found.said or nothing)


def _flow(sums: Sums, sees_invoices: bool, sees_money: bool) -> _Read:
    read: list[tuple[str, Summed, Callable[[str, datetime.date], str]]] = []
    if sees_invoices:
        read.append(("Invoiced", sums.invoiced(), _issued_in))
    if sees_money:
        read.append(("Collected", sums.collected(), _moved_in))
    if any(summed.amounts is None for _, summed, _ in read):
        return _Read(said=_NOT_YET)

    def draw(currency: str) -> Chart:
        series = [
            Series(
                name, [Point(f"{month:%b %Y}", summed.of(currency, month), rows(currency, month)) for month in months]
            )
            for name, summed, rows in read
        ]
        return Chart(f"flow-{currency}", "columns", currency, series)

    months = months_shown(sums.today)
    currencies = {code: 0 for _, summed, _ in read for code, _ in summed.amounts or {}}
    for (code, _), count in read[0][1].counts.items():
        currencies[code] += count
    return _Read(currencies, draw, min((each.as_of for _, each, _ in read if each.as_of), default=None))


def _issued_in(currency: str, month: datetime.date) -> str:
    return f"{reverse('invoices:list')}?currency={currency}&from={month}&to={last_of_month(month)}"


def _moved_in(currency: str, month: datetime.date) -> str:
    return f"{reverse('transactions:list')}?currency={currency}&since={month}&until={last_of_month(month)}"


def _held(today: datetime.date) -> _Read:
    if not is_soon_added_up():
        return _Read(said=_NOT_YET)
    charts = liability_charts(today)
    return _Read(dict.fromkeys(charts, 0), charts.__getitem__)


def _overdue(sums: Sums) -> _Read:
    summed = sums.unpaid
    if summed.amounts is None:
        return _Read(said=_NOT_YET)

    def draw(currency: str) -> Chart:
        points = [
            Point(kind.label, summed.of(currency, kind.value), _due(currency, kind, sums.today))
            for kind in MonthSum.OVERDUE
        ]
        return Chart(f"overdue-{currency}", "bars", currency, [Series("Overdue", points)], "Overdue for")

    late = (code for code, kind in summed.amounts if kind in MonthSum.OVERDUE)
    return _Read(dict.fromkeys(late, 0), draw, summed.as_of)


def _written_off(sums: Sums) -> _Read:
    summed = sums.written_off()
    if summed.amounts is None:
        return _Read(said=_NOT_YET)
    months = months_shown(sums.today)

    def draw(currency: str) -> Chart:
        points = [Point(f"{month:%b %Y}", summed.of(currency, month)) for month in months]
        return Chart(f"written-off-{currency}", "columns", currency, [Series("Written off", points)])

    return _Read(dict.fromkeys((code for code, _ in summed.amounts), 0), draw, summed.as_of)


def _due(currency: str, kind: MonthSum.Kind, today: datetime.date) -> str:
    first, last = overdue_since(kind, today)
    since = f"&due_from={first}" if first else ""
    return f"{reverse('invoices:list')}?status=overdue&currency={currency}{since}&due_to={last}"
