"""Invoices to be credited, and credit notes of them."""

from decimal import Decimal

from invoices.services.credit_notes import issue_credit_note
from invoices.services.issue import NewLine, bill_client
from tests.factories import make_client, usd


def credit(invoice, *lines, reason="Downtime", **details):
    return issue_credit_note(invoice=invoice, reason=reason, by=None, lines=lines or None, **details)


def billed(*lines, to=None, **client):
    """An issued invoice of these lines: (price, quantity, tax rate)."""
    made = [NewLine(f"Line {number}", usd(price), Decimal(quantity), Decimal(rate))
            for number, (price, quantity, rate) in enumerate(lines, start=1)]  # fmt: skip
    return bill_client(client=to or make_client(**client), lines=made, by=None)


def lines_of(invoice):
    return list(invoice.lines.order_by("position"))
