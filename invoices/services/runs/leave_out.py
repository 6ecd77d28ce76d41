"""Which clients a chunk does not bill, and why."""

import datetime
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.backends.utils import CursorWrapper
from djmoney.money import Money

from billing_admin.money.amounts import amount_text
from billing_admin.text import pluralize
from clients.models import Client
from invoices.documents.missing import missing, why_not
from invoices.documents.snapshot import snapshot_of_planned
from invoices.documents.taken_over import CompanyThatDay
from invoices.models import Invoice, InvoiceLine, RunLimits
from invoices.services.lines import totals_of

from .due_lines import BEYOND_SQL

_BEYOND = f"""
    SELECT client_id, currency, total, lines, oldest FROM due_invoice WHERE {BEYOND_SQL} ORDER BY client_id, currency
"""
_PARK = """
    DELETE FROM due_line WHERE client_id = ANY(%(parked)s);
    DELETE FROM due_invoice WHERE client_id = ANY(%(parked)s);
    UPDATE due_invoice SET place = moved.place
    FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM due_invoice) moved
    WHERE moved.id = due_invoice.id
"""


# Lines of clients who need an e-invoice, in the order that they would have; mostly there are none.
_LINES_OF_E_INVOICES = """
    SELECT line.client_id, line.currency, line.description, line.quantity, line.unit, line.unit_price, line.tax_rate,
           line.tax_category, line.tax_reason, line.tax_included, line.amount, line.tax, line.period,
           line.next_period - 1 AS period_end, invoice.po_number
    FROM due_line line JOIN clients_client client ON client.id = line.client_id AND client.e_invoice <> ''
    JOIN due_invoice invoice ON invoice.client_id = line.client_id AND invoice.currency = line.currency
    ORDER BY line.client_id, line.currency, line.period, line.item_id
"""


def leave_out(
    cursor: CursorWrapper, parameters: dict[str, Any], limits: RunLimits, company: CompanyThatDay
) -> dict[int, str]:
    """Take clients out of the chunk whose invoice would exceed a limit, or not be the e-invoice that they need.

    Returns why, for each.
    """
    cursor.execute(_BEYOND, parameters)
    parked: dict[int, str] = {}
    for client_id, *figures in cursor.fetchall():
        parked.setdefault(client_id, _why_beyond(limits, parameters["as_of"], *figures))
    cursor.execute(_LINES_OF_E_INVOICES)
    names = [column.name for column in cursor.description]
    lines = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    parked = _no_e_invoice(lines, parameters["as_of"], company) | parked
    if parked:
        cursor.execute(_PARK, {"parked": list(parked)})
    return parked


def _why_beyond(
    limits: RunLimits, as_of: datetime.date, currency: str, total: Decimal, lines: int, oldest: datetime.date
) -> str:
    """Which limit an invoice would exceed, with the figures."""
    largest = limits.largest_total(currency)
    if largest is not None and total > largest:
        return (
            f"The invoice would be {amount_text(total, currency)} {currency}; the limit is "
            f"{amount_text(largest, currency)} {currency}."
        )
    if limits.most_lines is not None and lines > limits.most_lines:
        return f"The invoice would have {pluralize(lines, 'line')}; the limit is {limits.most_lines:,}."
    return (
        f"The invoice would bill {oldest:%-d %b %Y}, {pluralize((as_of - oldest).days, 'day')} before the run’s date; "
        f"the limit is {pluralize(limits.oldest_days or 0, 'day')}."
    )


def _no_e_invoice(lines: list[dict[str, Any]], on: datetime.date, company: CompanyThatDay) -> dict[int, str]:
    """Who needs an e-invoice and would get an invoice that cannot be one, by what it would say."""
    clients = Client.objects.in_bulk({line["client_id"] for line in lines}) if lines else {}
    parked: dict[int, str] = {}
    for (client_id, currency), group in groupby(lines, itemgetter("client_id", "currency")):
        client = clients[client_id]
        billed = [_line(position, line) for position, line in enumerate(group, start=1)]
        subtotal, tax = totals_of(billed)
        invoice = Invoice(
            client=client, currency=currency, subtotal=subtotal, tax=tax, total=subtotal + tax,
            po_number=billed[0].po_number, buyer_reference=client.buyer_reference,
        )  # fmt: skip
        if lacking := missing(snapshot_of_planned(invoice, billed, on, company), client.e_invoice):
            parked.setdefault(client_id, why_not(client, lacking))
    return parked


def _line(position: int, row: dict[str, Any]) -> InvoiceLine:
    money = {name: Money(row[name], row["currency"]) for name in ("unit_price", "amount", "tax")}
    return InvoiceLine(position=position, **row | money)
