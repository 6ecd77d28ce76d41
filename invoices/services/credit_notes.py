"""Issuing a credit note: the whole of an invoice, or some of its lines, is taken back."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction as db_transaction
from django.utils import timezone
from djmoney.money import Money

from billing_admin.actor import Actor
from billing_admin.errors import BusinessError, require_length
from billing_admin.money.amounts import money_text, require_places, round_half_up
from clients.models import Activity, FormKey, Limit, LimitKind, MailMessage
from invoices.models import CreditNote, CreditNoteLine, Invoice, NumberSeries, SellerVersion
from invoices.selectors.credit_notes import LineLeft, lines_left
from transactions.services.write_offs import BY_CREDIT_NOTE, TakenBack, take_back_write_off

from .credit_note_refunds import RefundOrder, RefundTo, give_back_settlement, settlement_shares
from .lines import kept_exactly
from .reminders.fees import withdraw_fees
from .tax import split_gross


@dataclass(frozen=True)
class CreditLine:
    """What of one invoice line is credited: a quantity, an amount with tax, or neither: all that is left."""

    line_id: int
    quantity: Decimal | None = None
    gross: Money | None = None


@dataclass(frozen=True)
class Credited:
    """The credit note, the invoice as it left it, what was given back, and what of a write-off was taken back.

    `fees`: what became of the fees of its reminders, where nothing is left of the invoice.
    """

    note: CreditNote
    invoice: Invoice
    released: Money
    refunded: Money
    taken_back: TakenBack
    fees: Sequence[str] = ()


@db_transaction.atomic
def issue_credit_note(
    *,
    invoice: Invoice,
    reason: str,
    by: Actor,
    lines: Sequence[CreditLine] | None = None,
    order: RefundOrder = RefundOrder.CREDIT_FIRST,
    refund_to: RefundTo = RefundTo.METHOD,
    on: datetime.date | None = None,
    key: FormKey | None = None,
    may_refund: bool = True,
) -> Credited:
    """Take back all that is left of an invoice, or what `lines` name, and lower what is due by it.

    What was written off of the credited part is taken back first. What was settled of the rest is given back, in the
    `order` that staff choose: applied credit to its grants, payments to where `refund_to` says. The number is taken
    last, from a series of its own. `may_refund` is false for somebody who may issue credit notes and not refund
    payments.
    """
    require_length(reason, "reason")
    if not reason.strip():
        raise BusinessError("Say why it is credited; the credit note says it to the client.", field="reason")
    client, invoice = Invoice.objects.lock_with_client(invoice)
    nothing = Money(0, invoice.currency)
    form = FormKey.objects.begin(
        key, "credit_note.issue", CreditNote, client=client, by=by, invoice=invoice, reason=reason, lines=lines,
        order=order, refund_to=refund_to, on=on,
    )  # fmt: skip
    if form.repeated:
        return Credited(
            form.outcome(CreditNote)[0], invoice, nothing, nothing, TakenBack(invoice.label, nothing, nothing)
        )
    on = on or timezone.localdate()
    built = build_credit(invoice, lines)
    total = sum((line.gross for line in built), nothing)
    Limit.objects.require(LimitKind.CREDITED, client.pk, total, by)
    settled = max(total - invoice.due, nothing)
    back_of = min(settled, invoice.amount_written_off)
    taken_back = TakenBack(invoice.label, back_of, invoice.amount_written_off)
    settled -= back_of
    if back_of.amount:
        take_back_write_off(invoice=invoice, amount=back_of, by=by, description=BY_CREDIT_NOTE)
    released, refunded = nothing, nothing
    if settled.amount:
        back = settlement_shares(invoice, settled, order)[1]
        if back.amount and not may_refund:
            raise BusinessError(
                f"{money_text(back)} of what would be credited was paid, and refunding it needs the right “Refund and "
                "reverse payments”. Nothing was credited."
            )
        released, refunded = give_back_settlement(
            invoice=invoice, amount=settled, by=by, order=order, refund_to=refund_to, on=on
        )
    note = _issue(invoice, built, reason.strip(), by, on)
    invoice.refresh_from_db()
    said = f"{note.label} of {money_text(note.total)} issued for {invoice.label}"
    Activity.objects.record(
        by=by,
        client=client,
        verb="credit_note.issued",
        summary=said,
        note=note.reason,
        data={
            "invoice": invoice.pk,
            "credit_note": note.pk,
            "released": released.amount,
            "refunded": refunded.amount,
            "write_off_reversed": back_of.amount,
            "currency": invoice.currency,
        },
    )
    fees: list[str] = []
    if invoice.is_credited:
        fees = withdraw_fees(invoice=invoice, client=client, why=f"{invoice.label} was credited", by=by)
    MailMessage.objects.queue("credit_note", [note.pk], by=by)
    form.finish(said, note)
    return Credited(note, invoice, released, refunded, taken_back, fees)


def build_credit(invoice: Invoice, lines: Sequence[CreditLine] | None) -> list[CreditNoteLine]:
    """The lines of a credit note that is still to be issued."""
    if invoice.status in (Invoice.Status.DRAFT, Invoice.Status.CANCELLED):
        raise BusinessError(
            "This is a draft; use Edit or Delete Draft instead."
            if invoice.status == Invoice.Status.DRAFT
            else f"{invoice.label} is Cancelled: nothing of it is due, and nothing is left to credit."
        )
    invoice.require_lines("nothing was credited")
    left = lines_left(invoice)
    if not any(line.gross.amount for line in left):
        raise BusinessError(f"Nothing is left to credit on {invoice.label}: its total is all taken back.")
    if lines is None:
        lines = [CreditLine(line.line.pk) for line in left if line.gross.amount]
    by_id = {line.line.pk: line for line in left}
    built = [_build(by_id, position, chosen, invoice) for position, chosen in enumerate(lines, start=1)]
    if not built:
        raise BusinessError("No line was chosen; nothing was credited.")
    if len({line.invoice_line_id for line in built}) < len(built):
        raise BusinessError("Each line is named once on a credit note.")
    return built


def _build(by_id: dict[int, LineLeft], position: int, chosen: CreditLine, invoice: Invoice) -> CreditNoteLine:
    if chosen.line_id not in by_id:
        raise BusinessError(f"A line that is not on {invoice.label} was chosen; nothing was credited.")
    left = by_id[chosen.line_id]
    number = left.line.position
    if not left.gross.amount:
        raise BusinessError(f"Nothing is left to credit of line {number}, “{left.line.description}”.")
    quantity, gross = chosen.quantity, left.gross
    if chosen.gross is not None:
        quantity, gross = None, _checked_amount(chosen.gross, left)
    elif quantity is not None:
        gross = _gross_of(quantity, left)
    elif left.quantity > 0:
        quantity = left.quantity
    if gross == left.gross:
        amount, tax = left.amount, left.tax
    else:
        # As the line was split, but never more of either part than is left of it.
        tax = min(max(split_gross(gross, left.line.tax_rate).tax, gross - left.amount), left.tax)
        amount = gross - tax
    return CreditNoteLine(
        client_id=invoice.client_id,
        invoice_line=left.line,
        position=position,
        description=left.line.description,
        quantity=quantity,
        currency=invoice.currency,
        tax_rate=left.line.tax_rate,
        amount=amount,
        tax=tax,
    )


def _checked_amount(gross: Money, left: LineLeft) -> Money:
    require_places(gross)
    number = left.line.position
    if gross.currency.code != left.line.currency:
        raise BusinessError(f"Line {number} is in {left.line.currency}; {money_text(gross)} cannot be credited of it.")
    if gross.amount <= 0:
        raise BusinessError(f"Line {number}: give an amount above zero; {money_text(gross)} was given.")
    if gross > left.gross:
        raise BusinessError(
            f"Only {money_text(left.gross)} of line {number} is left; {money_text(gross)} was to be credited."
        )
    return gross


def _gross_of(quantity: Decimal, left: LineLeft) -> Money:
    """What a quantity of the line came to, with tax; the last of it is whatever is left."""
    number = left.line.position
    if not (kept_exactly(quantity, places=4) and quantity > 0):
        raise BusinessError(
            f"Line {number}: a quantity is above zero and has up to 8 digits and 4 decimal places; {quantity} was "
            "given."
        )
    if quantity > left.quantity:
        raise BusinessError(
            f"Line {number}: only {left.quantity.normalize():f} of {left.line.quantity.normalize():f} are left; "
            f"{quantity.normalize():f} were to be credited."
        )
    if quantity == left.quantity and left.is_by_quantity:
        return left.gross
    part = round_half_up(left.line.gross.amount * quantity / left.line.quantity, left.line.currency)
    gross = Money(part, left.line.currency)
    if gross > left.gross:
        raise BusinessError(
            f"Line {number}: {quantity.normalize():f} came to {money_text(gross)}, but only {money_text(left.gross)} "
            "is left."
        )
    if not gross.amount:
        raise BusinessError(f"Line {number}: {quantity.normalize():f} came to {money_text(gross)}; nothing to credit.")
    return gross


def _issue(
    invoice: Invoice,
    built: list[CreditNoteLine],
    reason: str,
    by: Actor,
    on: datetime.date,
) -> CreditNote:
    nothing = Money(0, invoice.currency)
    subtotal = sum((line.amount for line in built), nothing)
    tax = sum((line.tax for line in built), nothing)
    prefix, number = NumberSeries.objects.take(NumberSeries.CREDIT_NOTE, 1, on)
    note = CreditNote.objects.create(
        client_id=invoice.client_id,
        invoice=invoice,
        number_prefix=prefix,
        number=number,
        issued_on=on,
        reason=reason,
        seller=SellerVersion.objects.current(),
        bill_to_name=invoice.bill_to_name,
        bill_to_address=invoice.bill_to_address,
        bill_to_email=invoice.bill_to_email,
        bill_to_tax_id=invoice.bill_to_tax_id,
        currency=invoice.currency,
        subtotal=subtotal,
        tax=tax,
        total=subtotal + tax,
        created_by=by,
    )
    for line in built:
        line.credit_note = note
    CreditNoteLine.objects.bulk_create(built)
    return note
