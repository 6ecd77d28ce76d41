"""What an issued document says: one value, made of rows that triggers keep as they were on the day.

It is JSON as it stands: amounts are text with the places of their currency, days are ISO text. Templates, e-invoices
and what is missing for one are made of it and of nothing else.
"""

import copy
import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, TypedDict

from billing_admin.documents import language_for
from billing_admin.money.amounts import plain_amount, round_half_up
from clients.models.client import EInvoice
from invoices.models import CreditNote, Invoice, InvoiceLine, SellerVersion
from invoices.selectors.credit_notes import lines_of_note

from .parties import buyer_of, payment_of, seller_of
from .snapshot_lines import line_of, line_of_note, taxes_of
from .taken_over import CompanyThatDay, company_on, taken_over

VERSION = 1
_PAYMENT_ASKED = (EInvoice.XRECHNUNG, EInvoice.PEPPOL)


class Snapshot(TypedDict):
    """One document. Whose `seller` has no id was issued before the company was filled in."""

    version: int
    kind: str
    number: str
    issued_on: str
    due_on: str | None
    delivered_on: str
    language: str
    currency: str
    profile: str
    seller: dict[str, Any]
    buyer: dict[str, Any]
    buyer_reference: str
    po_number: str
    period: list[str] | None
    terms: str
    payment: dict[str, str] | None
    lines: list[dict[str, Any]]
    taxes: list[dict[str, str]]
    totals: dict[str, str]
    accounting: dict[str, str] | None
    corrects: dict[str, str] | None
    reason: str


def snapshot_of(document: Invoice | CreditNote) -> Snapshot | None:
    """What an issued invoice or credit note says; None where it, or the invoice it corrects, was issued without one."""
    invoice = document.invoice if isinstance(document, CreditNote) else document
    return known_of(document) if invoice.has_snapshot and document.seller_id is not None else None


def known_of(document: Invoice | CreditNote) -> Snapshot:
    """What is known of any issued document: of one without a snapshot it says nothing that it does not know."""
    if isinstance(document, CreditNote):
        return _of_note(document)
    return _of_invoice(document, document.seller, list(_lines_of(document)))


def snapshot_of_draft(invoice: Invoice, on: datetime.date) -> Snapshot:
    """What a draft would say if it were issued that day, before credit is applied to it."""
    return snapshot_of_planned(invoice, list(_lines_of(invoice)), on, company_on(on, invoice.currency))


def snapshot_of_planned(
    invoice: Invoice, lines: Sequence[InvoiceLine], on: datetime.date, company: CompanyThatDay
) -> Snapshot:
    """The same of an invoice and lines that need not be stored."""
    planned = copy.copy(invoice)
    for name, value in taken_over(invoice.client, invoice.currency, company).items():
        setattr(planned, name, value)
    planned.issued_on = on
    return _of_invoice(planned, company.version, lines)


def _lines_of(invoice: Invoice) -> Any:
    return InvoiceLine.objects.filter(invoice=invoice).order_by("position")


def _of_invoice(invoice: Invoice, seller: SellerVersion | None, lines: Sequence[InvoiceLine]) -> Snapshot:
    language = language_for(invoice.language, seller.language if seller else "en")
    said = [line_of(line) for line in lines]
    periods = [line["period"] for line in said if line["period"]]
    prepaid = invoice.prepaid or Decimal(0)
    return {
        "version": VERSION,
        "kind": "invoice",
        "number": invoice.label if invoice.number is not None else "",
        "issued_on": _iso(invoice.issued_on),
        "due_on": _iso(invoice.due_on) or None,
        "delivered_on": _iso(invoice.issued_on),
        "language": language,
        "currency": invoice.currency,
        "profile": invoice.e_invoice,
        "seller": seller_of(seller),
        "buyer": buyer_of(invoice),
        "buyer_reference": invoice.buyer_reference,
        "po_number": invoice.po_number,
        "period": [min(first for first, _ in periods), max(last for _, last in periods)] if periods else None,
        "terms": seller.terms_in(language) if seller else "",
        "payment": payment_of(seller, invoice.currency),
        "lines": said,
        "taxes": taxes_of(said, invoice.currency, {line.position: line.tax_reason for line in lines}, language),
        "totals": _totals(invoice, prepaid),
        "accounting": _accounting(invoice, invoice.tax.amount, seller),
        "corrects": None,
        "reason": "",
    }


def _of_note(note: CreditNote) -> Snapshot:
    """The buyer, the language and the rate are its invoice's; the company is that of its own day.

    XRechnung, and Peppol in Germany, ask for a bank account even where nothing is paid to it.
    """
    invoice = note.invoice
    lines = list(lines_of_note(note).select_related("invoice_line"))
    said = [line_of_note(line) for line in lines]
    reasons = {line.position: line.invoice_line.tax_reason for line in lines}
    language = language_for(invoice.language, note.seller.language if note.seller else "en")
    return {
        **_of_invoice(invoice, note.seller, []),
        "kind": "credit_note",
        "number": note.label,
        "issued_on": _iso(note.issued_on),
        "due_on": None,
        "delivered_on": _iso(note.issued_on),
        "period": None,
        "terms": "",
        "payment": payment_of(note.seller, note.currency) if invoice.e_invoice in _PAYMENT_ASKED else None,
        "lines": said,
        "taxes": taxes_of(said, note.currency, reasons, language),
        "totals": _totals(note, Decimal(0)),
        "accounting": _accounting(invoice, note.tax.amount, invoice.seller),
        "corrects": {"number": invoice.label, "issued_on": _iso(invoice.issued_on)},
        "reason": note.reason,
    }


def _totals(document: Invoice | CreditNote, prepaid: Decimal) -> dict[str, str]:
    figures = {
        "subtotal": document.subtotal.amount,
        "tax": document.tax.amount,
        "total": document.total.amount,
        "prepaid": prepaid,
        "due": document.total.amount - prepaid,
    }
    return {name: plain_amount(amount, document.currency) for name, amount in figures.items()}


def _accounting(invoice: Invoice, tax: Decimal, seller: SellerVersion | None) -> dict[str, str] | None:
    """The tax in the currency of the company's books, where that is another one; empty where no rate was set."""
    if seller is None or not tax or invoice.currency == seller.accounting_currency:
        return None
    currency, rate = seller.accounting_currency, invoice.accounting_rate
    if rate is None:
        return {"currency": currency, "rate": "", "tax": ""}
    converted = plain_amount(round_half_up(tax * rate, currency), currency)
    return {"currency": currency, "rate": f"{rate.normalize():f}", "tax": converted}


def _iso(day: datetime.date | None) -> str:
    return day.isoformat() if day else ""
