"""Credit notes beside their invoices, and what is left to credit."""

import re
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import FETCH_RAISE, Count, DecimalField, F, Q, QuerySet, Sum
from djmoney.money import Money

from clients.models import Client
from invoices.models import CreditNote, CreditNoteLine, Invoice, InvoiceLine

# `CN-000012`, `INV-2026-000003` and `12`: the prefix is not looked at, both kinds of document are meant.
_NUMBER = re.compile(r"[^#]*?(?P<digits>[0-9]{1,18})", re.ASCII)


@dataclass(frozen=True)
class LineLeft:
    """What credit notes have left of an invoice line. `is_by_quantity`: all that was credited named a quantity."""

    line: InvoiceLine
    quantity: Decimal
    amount: Money
    tax: Money
    is_by_quantity: bool

    @property
    def gross(self) -> Money:
        """With its tax."""
        return self.amount + self.tax


def lines_left(invoice: Invoice) -> list[LineLeft]:
    """The lines in their order, and what is left of each."""
    none, output = Decimal(0), DecimalField()
    lines = (
        InvoiceLine.objects.filter(invoice=invoice)
        .annotate(
            credited_quantity=Sum("credit_note_lines__quantity", default=none),
            credited_amount=Sum(F("credit_note_lines__amount"), default=none, output_field=output),
            credited_tax=Sum(F("credit_note_lines__tax"), default=none, output_field=output),
            by_amount=Count("credit_note_lines", filter=Q(credit_note_lines__quantity=None)),
        )
        .order_by("position")
    )
    return [
        LineLeft(
            line,
            line.quantity - line.credited_quantity,
            line.amount - Money(line.credited_amount, invoice.currency),
            line.tax - Money(line.credited_tax, invoice.currency),
            line.by_amount == 0,
        )
        for line in lines
    ]


def credit_notes_list() -> QuerySet[CreditNote]:
    """Everybody's credit notes with their clients and invoices."""
    return CreditNote.objects.select_related("client", "invoice").defer(
        "bill_to_address", "client__search_text", "client__sort_name", "invoice__notes"
    )


def credit_notes_matching(search: str, *, beside: bool) -> Q:
    """Credit notes by their number or that of their invoice, or by client."""
    digits = _NUMBER.fullmatch(search)
    if digits is None:
        return Q(client__in=Client.objects.matching(search, beside=beside))
    number = int(digits["digits"])
    return Q(number=number) | Q(invoice__in=Invoice.objects.filter(number=number).values("pk"))


def credit_notes_of(invoice: Invoice) -> QuerySet[CreditNote]:
    """The credit notes of an invoice, the oldest first."""
    return CreditNote.objects.filter(invoice=invoice).fetch_mode(FETCH_RAISE).order_by("id")


def credit_note_shown(pk: int) -> CreditNote | None:
    """The credit note with its invoice and client."""
    return CreditNote.objects.select_related("client", "invoice").filter(pk=pk).first()


def lines_of_note(note: CreditNote) -> QuerySet[CreditNoteLine]:
    """Its lines in their order."""
    return CreditNoteLine.objects.filter(credit_note=note).fetch_mode(FETCH_RAISE).order_by("position")
