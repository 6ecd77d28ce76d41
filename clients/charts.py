"""Pictures of one client: what they were billed, what they paid, and what credit they held."""

import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse

from billing_admin.charts import Chart, Point, Series
from billing_admin.db.days import ends_shown, last_of_month, months_shown
from clients.models import Client
from clients.selectors import pictures

# A client has credit and invoices in few currencies; of more, only these are drawn.
MOST_CURRENCIES = 4


def client_charts(client: Client, today: datetime.date, *, invoices: bool, money: bool, credit: bool) -> list[Chart]:
    """The pictures of each currency, the client’s own first, of what the person may see: three queries at most."""
    flows: dict[str, dict[tuple[str, datetime.date], Decimal]] = {}
    if invoices:
        flows["Invoiced"] = pictures.invoiced(client, today)
    if money:
        flows["Paid"] = pictures.paid(client, today)
    held = pictures.held(client, today) if credit else {}
    held = {code: amounts for code, amounts in held.items() if any(amounts)}
    codes = {code for sums in flows.values() for code, _ in sums} | held.keys()
    currencies = sorted(codes, key=lambda code: (code != client.currency, code))[:MOST_CURRENCIES]
    charts = []
    for currency in currencies:
        if any(code == currency for sums in flows.values() for code, _ in sums):
            charts.append(_flow(client, today, currency, flows))
        if currency in held:
            charts.append(_held(client, today, currency, held[currency]))
    return charts


def _flow(client: Client, today: datetime.date, currency: str, flows: dict[str, Any]) -> Chart:
    return Chart(
        f"flow-{currency}",
        "columns",
        currency,
        [
            Series(
                name,
                [
                    Point(
                        f"{month:%b %Y}", sums.get((currency, month), Decimal(0)), _rows(client, name, currency, month)
                    )
                    for month in months_shown(today)
                ],
            )
            for name, sums in flows.items()
        ],
    )


def _rows(client: Client, name: str, currency: str, month: datetime.date) -> str:
    where, since, until = {
        "Invoiced": ("invoices:of_client", "from", "to"),
        "Paid": ("transactions:of_client", "since", "until"),
    }[name]
    return f"{reverse(where, args=[client.number])}?currency={currency}&{since}={month}&{until}={last_of_month(month)}"


def _held(client: Client, today: datetime.date, currency: str, amounts: list[Decimal]) -> Chart:
    ledger = reverse("credits:of_client", args=[client.number])
    points = [
        Point(f"{day:%b %Y}", amount, f"{ledger}?show=ledger&on={day}")
        for day, amount in zip(ends_shown(today), amounts, strict=True)
    ]
    return Chart(f"held-{currency}", "line", currency, [Series("Credit", points)], "At the end of")
