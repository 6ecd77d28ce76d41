"""The Credit Liability page: a roll-forward for a period, and the same as CSV."""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from billing_admin.db.days import day_asked
from billing_admin.money.amounts import plain_amount
from billing_admin.web.csv_export import csv_response
from billing_admin.web.http import staff
from billing_admin.web.limits import takes_long
from billing_admin.web.needs import needs
from billing_admin.web.rates import counted
from billing_admin.web.replica import may_read_replica
from clients.services.export import record_export
from credits.charts import liability_charts
from credits.models import CreditGrant
from credits.selectors.liability import MOVEMENTS, RollForward, holders_on, roll_forward

CATEGORIES = tuple(CreditGrant.Category)
HELD_HEADER = ("Client ID", "Name", "Currency", "Category", "Amount")


@require_http_methods(["GET", "HEAD", "POST"])
@needs("credits.view_credit", to_send="clients.save_lists")
@counted("report")
@may_read_replica
@takes_long
def liability(request: HttpRequest) -> HttpResponseBase:
    """`?from=` and `?to=`, both counted; this month up to today where they say nothing.

    POST saves the roll-forward as a file, or who held what at its end.
    """
    today = timezone.localdate()
    last = min(day_asked(request.GET.get("to")) or today, today)
    first = min(day_asked(request.GET.get("from")) or last.replace(day=1), last)
    if request.POST.get("file") == "holders":
        what, file = f"Who held credit on {last:%-d %b %Y}", f"credit-held-{last}.csv"
        record_export(what=what, verb="credit_holders.exported", by=staff(request), file=file)
        rows = ((*row[:4], plain_amount(row[4], row[2])) for row in holders_on(last))
        return csv_response(file, HELD_HEADER, rows)
    parts = roll_forward(first, last)
    if request.method == "POST":
        what = f"Credit liability from {first:%-d %b %Y} to {last:%-d %b %Y}"
        file = f"credit-liability-{first}-{last}.csv"
        record_export(what=what, verb="credit_liability.exported", by=staff(request), file=file)
        header = ("Currency", "Movement", *(category.label for category in CATEGORIES), "Total")
        return csv_response(file, header, _csv_rows(parts))
    charts = liability_charts(last)
    context = {
        "first": first,
        "last": last,
        "today": today,
        "categories": CATEGORIES,
        "parts": [(part.currency, list(_lines(part, first, last)), charts.get(part.currency)) for part in parts],
    }
    return render(request, "credits/liability.html", context)


def _lines(part: RollForward, first: datetime.date, last: datetime.date) -> Iterator[dict[str, Any]]:
    """The lines of one currency, each with the query of the entries behind it."""
    period = f"currency={part.currency}&from={first}&to={last}"
    before = f"currency={part.currency}&to={first - datetime.timedelta(days=1)}"
    yield _line("Opening balance", part.opening, before, day=first, edge=True)
    for label, kind in MOVEMENTS:
        yield _line(label, part.movements[kind], f"kind={kind}&{period}")
    yield _line("Closing balance", part.closing, f"currency={part.currency}&to={last}", day=last, edge=True)


def _line(
    label: str, amounts: dict[str, Decimal], query: str, *, day: datetime.date | None = None, edge: bool = False
) -> dict[str, Any]:
    each = [amounts.get(category, Decimal(0)) for category in CATEGORIES]
    return {"label": label, "amounts": each, "total": sum(each), "query": query, "day": day, "edge": edge}


def _csv_rows(parts: list[RollForward]) -> Iterator[list[str]]:
    for part in parts:
        steps = [("Opening balance", part.opening)]
        steps += [(label, part.movements[kind]) for label, kind in MOVEMENTS]
        for label, amounts in [*steps, ("Closing balance", part.closing)]:
            each = [amounts.get(category, Decimal(0)) for category in CATEGORIES]
            yield [
                part.currency,
                label,
                *(plain_amount(amount, part.currency) for amount in [*each, sum(each, Decimal(0))]),
            ]
