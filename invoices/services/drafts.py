"""What staff do with a draft, and with the notes of any invoice."""

import datetime
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Any

from django.db import transaction as db_transaction

from billing_admin.actor import Actor
from billing_admin.errors import BusinessError, require_length
from billing_admin.money.amounts import money_text
from clients.models import Activity, CreditUse, FormKey
from clients.models.client import LONGEST_PO_NUMBER
from invoices.documents.codes import CATEGORIES, ONE, UNITS
from invoices.models import Invoice, InvoiceLine
from invoices.models.as_issued import LONGEST_REFERENCE

from .issue import draft_invoice
from .lines import NewLine, build_lines, totals_of

LONGEST_NOTES = 5000


class NotADraftAnyMore(BusinessError):
    """The invoice was issued; only a draft is changed or deleted."""


class InvoiceMoved(BusinessError):
    """Somebody else changed the invoice since staff saw it."""

    def __init__(self, current: Invoice, what: str) -> None:
        self.current = current
        super().__init__(f"This {what} changed by somebody else since the page was opened. Nothing was saved.")


class NothingChanged(BusinessError):
    """What is to be stored is what is stored already."""


@db_transaction.atomic
def edit_draft(
    *,
    invoice: Invoice,
    seen: int,
    lines: Sequence[NewLine],
    by: Actor,
    due_on: datetime.date | None = None,
    credit_use: CreditUse | str = "",
    notes: str = "",
    po_number: str | None = None,
    buyer_reference: str | None = None,
) -> Invoice:
    """Give a draft other lines, in their order, and what else is said about it.

    `seen` is the version that staff had before them; where the draft has changed since, nothing is stored. Without a
    purchase-order number or a buyer reference it keeps its own.
    """
    require_length(notes, "notes", LONGEST_NOTES)
    require_length(po_number or "", "purchase-order number", LONGEST_PO_NUMBER)
    require_length(buyer_reference or "", "buyer reference", LONGEST_REFERENCE)
    client, invoice = Invoice.objects.lock_with_client(invoice)
    _require_draft(invoice, "changed")
    if seen != invoice.version:
        raise InvoiceMoved(invoice, f"draft (now of {money_text(invoice.total)}) was")
    built = build_lines(client, lines)
    if built[0].currency != invoice.currency:
        raise BusinessError(
            f"This draft is in {invoice.currency}; lines in {built[0].currency} were given.", field="currency"
        )
    subtotal, tax = totals_of(built)
    details = {
        "due_on": due_on,
        "credit_use": credit_use,
        "notes": notes,
        "po_number": invoice.po_number if po_number is None else po_number,
        "buyer_reference": invoice.buyer_reference if buyer_reference is None else buyer_reference,
    }
    said = _said(invoice.lines.order_by("position"))
    if said == _said(built) and details == {name: getattr(invoice, name) for name in details}:
        raise NothingChanged("Nothing was changed on this draft.")
    old_total = invoice.total
    invoice.lines.all().delete()
    for line in built:
        line.invoice = invoice
    InvoiceLine.objects.bulk_create(built)
    invoice.subtotal, invoice.tax, invoice.total = subtotal, tax, subtotal + tax
    for name, value in details.items():
        setattr(invoice, name, value)
    invoice.version += 1
    invoice.save(update_fields=["subtotal", "tax", "total", "version", *details])
    changed = f", {money_text(old_total)} before" if old_total != invoice.total else ""
    Activity.objects.record(
        by=by,
        client=client,
        verb="invoice.draft_changed",
        summary=f"Draft changed; it comes to {money_text(invoice.total)}{changed}",
        data={"invoice": invoice.pk, "before": said, "after": _said(built)},
    )
    invoice.refresh_from_db()
    return invoice


@db_transaction.atomic
def delete_draft(*, invoice: Invoice, by: Actor) -> Invoice:
    """Delete a draft. It has no number, so none is missing afterwards."""
    client, invoice = Invoice.objects.lock_with_client(invoice)
    _require_draft(invoice, "deleted")
    said = _said(invoice.lines.order_by("position"))
    Activity.objects.record(
        by=by,
        client=client,
        verb="invoice.draft_deleted",
        summary=f"Draft of {money_text(invoice.total)} deleted",
        data={"invoice": invoice.pk, "lines": said, "notes": invoice.notes},
    )
    Invoice.objects.filter(pk=invoice.pk).delete()
    return invoice


@db_transaction.atomic
def duplicate_invoice(*, invoice: Invoice, by: Actor, key: FormKey | None = None) -> Invoice:
    """Make a draft with the lines of any invoice: same prices and tax rates, no due date, no notes.

    Lines of billable items come along as plain lines: what a run has billed stays billed.
    """
    client, invoice = Invoice.objects.lock_with_client(invoice)
    form = FormKey.objects.begin(key, "invoice.duplicate", Invoice, client=client, by=by, invoice=invoice)
    if form.repeated:
        return form.outcome(Invoice)[0]
    invoice.require_lines("no draft was made")
    lines = [
        NewLine(
            description=line.description,
            unit_price=line.unit_price,
            quantity=line.quantity,
            tax_rate=line.tax_rate,
            tax_included=line.tax_included,
            unit=line.unit,
            tax_category="" if line.tax_category == "S" else line.tax_category,
        )
        for line in invoice.lines.order_by("position")
    ]
    details: dict[str, Any] = {name: getattr(invoice, name) for name in ("credit_use", "po_number", "buyer_reference")}
    draft = draft_invoice(client=client, lines=lines, by=by, **details)
    form.finish(f"Draft of {money_text(draft.total)} made from {_name(invoice)}", draft)
    return draft


@db_transaction.atomic
def write_notes(*, invoice: Invoice, notes: str, seen: int, by: Actor) -> Invoice:
    """Keep what staff note about an invoice, issued or not; the client never sees it."""
    require_length(notes, "notes", LONGEST_NOTES)
    client, invoice = Invoice.objects.lock_with_client(invoice)
    if seen != invoice.version:
        raise InvoiceMoved(invoice, "invoice was")
    if notes == invoice.notes:
        raise BusinessError(f"Nothing was changed on the notes of {_name(invoice)}.")
    before, invoice.notes = invoice.notes, notes
    invoice.version += 1
    invoice.save(update_fields=["notes", "version"])
    Activity.objects.record(
        by=by,
        client=client,
        verb="invoice.noted",
        summary=f"Notes of {_name(invoice)} {'changed' if notes else 'removed'}",
        data={"invoice": invoice.pk, "before": before, "after": notes},
    )
    return invoice


def lines_differing(draft: Invoice, typed: Sequence[NewLine]) -> list[str]:
    """In which lines a draft as it is stored differs from what was typed, a sentence each."""
    stored = _said(draft.lines.order_by("position"))
    try:
        sent = _said(build_lines(draft.client, typed))
    except BusinessError:  # told when the lines are saved
        return []
    told = []
    for number, (there, wanted) in enumerate(zip_longest(stored, sent), start=1):
        if there is None:
            told.append(f"Line {number} is not on the draft as it is stored now.")
        elif there != wanted:
            description, quantity, price, rate, included, *more = there
            told.append(
                f"Line {number} stored now: “{description}”, {quantity} × {price}, tax {rate}% {included}"
                f"{''.join(f', {text}' for text in more)}."
            )
    return told


def _require_draft(invoice: Invoice, what: str) -> None:
    if invoice.status != Invoice.Status.DRAFT:
        raise NotADraftAnyMore(
            f"{invoice.label} is {invoice.get_status_display()}; only a draft is {what}. Nothing was done."
        )


def _name(invoice: Invoice) -> str:
    return "a draft" if invoice.is_draft else invoice.label


def _said(lines: Iterable[InvoiceLine]) -> list[list[str]]:
    """Lines as they are compared and written down."""
    return [
        [
            line.description,
            f"{line.quantity.normalize():f}",
            money_text(line.unit_price),
            f"{line.tax_rate.normalize():f}",
            "included" if line.tax_included else "added",
            *([UNITS.get(line.unit, line.unit)] if line.unit != ONE else []),
            *([CATEGORIES[line.tax_category]] if line.tax_category not in ("", "S") else []),
        ]
        for line in lines
    ]
