"""Drafting one invoice and issuing it."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction as db_transaction
from django.utils import timezone
from djmoney.money import Money

from billing_admin.idempotency import one_at_a_time
from billing_admin.money.amounts import as_text, require_places, round_half_up
from billing_admin.refusals import Refused, require_length
from clients.models import Activity, Client, CreditUse
from invoices.models import Invoice, InvoiceLine, NumberSeries
from invoices.signals import invoices_generated

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# How long a client has to pay where nobody says otherwise.
PAYMENT_TERM = datetime.timedelta(days=14)


@dataclass(frozen=True)
class NewLine:
    """What a line is made from; amount and tax are computed. `tax_rate` is in percent."""

    description: str
    unit_price: Money
    quantity: Decimal = Decimal(1)
    tax_rate: Decimal = Decimal(0)


class NoLines(Refused):
    """An invoice needs at least one line."""


class MixedCurrencies(Refused):
    """An invoice is in one currency."""


class LineNotBillable(Refused):
    """A line's price, quantity or tax rate is not one that can be billed."""


class KeyUsedForOtherInvoice(Refused):
    """The idempotency key belongs to an invoice with other figures."""


@db_transaction.atomic
def draft_invoice(
    *,
    client: Client,
    lines: Sequence[NewLine],
    by: "User | None",
    due_on: datetime.date | None = None,
    credit_use: CreditUse | str = "",
    notes: str = "",
    idempotency_key: str | None = None,
) -> Invoice:
    """Make a draft with its lines. Amounts and tax are rounded half-up once per line; an exempt client pays no tax.

    The same `idempotency_key` again returns the invoice that it made first.

    Raises NoLines, MixedCurrencies, LineNotBillable, KeyUsedForOtherInvoice, TextTooLong, AmountRefused (too many
    places or digits).
    """
    if not lines:
        raise NoLines("An invoice needs at least one line; this one has none.")
    client = Client.objects.lock_one(client.pk)
    currency = lines[0].unit_price.currency.code
    built = [_build_line(client, position, line, currency) for position, line in enumerate(lines, start=1)]
    if idempotency_key:
        one_at_a_time(f"invoice {idempotency_key}")
        if first := Invoice.objects.filter(idempotency_key=idempotency_key).first():
            return _repeat(first, client, built, due_on)
    subtotal = sum((line.amount for line in built), Money(0, currency))
    tax = sum((line.tax for line in built), Money(0, currency))
    require_places(subtotal + tax)
    invoice = Invoice.objects.create(
        client=client,
        currency=currency,
        subtotal=subtotal,
        tax=tax,
        total=subtotal + tax,
        due_on=due_on,
        credit_use=credit_use,
        notes=notes,
        created_by=by,
        idempotency_key=idempotency_key or None,
    )
    for line in built:
        line.invoice = invoice
    InvoiceLine.objects.bulk_create(built)
    Activity.objects.record(
        by=by,
        client=client,
        verb="invoice.drafted",
        summary=f"Draft invoice of {as_text(invoice.total)} made",
        data={"invoice": invoice.pk},
    )
    return invoice


def _repeat(first: Invoice, client: Client, built: list[InvoiceLine], due_on: datetime.date | None) -> Invoice:
    """Answer with the invoice made first, or refuse where this one would be another."""

    def said(lines: Iterable[InvoiceLine]) -> list[tuple[object, ...]]:
        return [(line.description, line.quantity, line.unit_price, line.amount, line.tax) for line in lines]

    same = first.client_id == client.pk and said(first.lines.order_by("position")) == said(built)
    if not same or due_on not in (None, first.due_on):
        raise KeyUsedForOtherInvoice(
            f"This form has already made {first.label} of {as_text(first.total)}; nothing more was made. "
            "Open Create Invoice again for another one."
        )
    return first


def _build_line(client: Client, position: int, line: NewLine, currency: str) -> InvoiceLine:
    _check_line(position, line, currency)
    tax_rate = Decimal(0) if client.tax_exempt else line.tax_rate
    amount = round_half_up(line.unit_price.amount * line.quantity, currency)
    return InvoiceLine(
        client=client,
        position=position,
        description=line.description,
        quantity=line.quantity,
        currency=currency,
        unit_price=line.unit_price,
        tax_rate=tax_rate,
        amount=Money(amount, currency),
        tax=Money(round_half_up(amount * tax_rate / 100, currency), currency),
    )


def _check_line(position: int, line: NewLine, currency: str) -> None:
    require_length(line.description, f"description of line {position}")
    require_places(line.unit_price)
    if line.unit_price.currency.code != currency:
        raise MixedCurrencies(
            f"An invoice is in one currency; line 1 is in {currency} and line {position} in "
            f"{line.unit_price.currency.code}."
        )
    if line.unit_price.amount < 0:
        raise LineNotBillable(f"Line {position}: a price must not be negative; {as_text(line.unit_price)} was given.")
    if not (_kept_exactly(line.quantity, places=4) and line.quantity > 0):
        raise LineNotBillable(
            f"Line {position}: a quantity is above zero and has up to 8 digits and 4 decimal places; "
            f"{line.quantity} was given."
        )
    if not (_kept_exactly(line.tax_rate, places=3) and 0 <= line.tax_rate <= 100):
        raise LineNotBillable(
            f"Line {position}: a tax rate is from 0 to 100 percent, with up to 3 decimal places; "
            f"{line.tax_rate} was given."
        )


def _kept_exactly(value: Decimal, *, places: int) -> bool:
    """Whether the column keeps `value` as it is; it would round more places without a word."""
    return value.is_finite() and abs(value) < 10**8 and value == round(value, places)


class NotADraft(Refused):
    """Only a draft can be issued."""


@db_transaction.atomic
def issue_invoice(*, invoice: Invoice, by: "User | None", on: datetime.date | None = None) -> Invoice:
    """Issue a draft: it gets the next number, the client's name and address of today, and is frozen.

    Then `invoices_generated` is sent, which applies credit; the invoice comes back as that left it. The number is taken
    from a row that stays locked until commit: who issues for several clients in one transaction locks them all first.

    Raises NotADraft.
    """
    on = on or timezone.localdate()
    client, invoice = Invoice.objects.lock_with_client(invoice)
    if invoice.status != Invoice.Status.DRAFT:
        raise NotADraft(f"{invoice.label} is {invoice.get_status_display()} already; only a draft can be issued.")
    invoice.issued_on = on
    invoice.due_on = invoice.due_on or on + PAYMENT_TERM
    invoice.bill_to_name = client.name
    attention = [client.person] if client.company_name and client.person else []
    invoice.bill_to_address = "\n".join([*attention, *client.address_lines])
    invoice.bill_to_email = client.email
    invoice.bill_to_tax_id = client.tax_id
    nothing_due = invoice.total.amount == 0
    invoice.status = Invoice.Status.PAID if nothing_due else Invoice.Status.UNPAID
    invoice.paid_at = timezone.now() if nothing_due else None
    invoice.number_prefix, invoice.number = NumberSeries.objects.take(NumberSeries.INVOICE, 1)
    invoice.save(
        update_fields=[
            "issued_on", "due_on", "bill_to_name", "bill_to_address", "bill_to_email", "bill_to_tax_id", "status",
            "paid_at", "number_prefix", "number",
        ]
    )  # fmt: skip
    Activity.objects.record(
        by=by,
        client=client,
        verb="invoice.issued",
        summary=f"{invoice.label} of {as_text(invoice.total)} issued",
        data={"invoice": invoice.pk},
    )
    invoices_generated.send(sender=Invoice, invoice_ids=[invoice.pk], on=on, by=by)
    invoice.refresh_from_db()
    return invoice


@db_transaction.atomic
def bill_client(
    *,
    client: Client,
    lines: Sequence[NewLine],
    by: "User | None",
    on: datetime.date | None = None,
    due_on: datetime.date | None = None,
    credit_use: CreditUse | str = "",
    notes: str = "",
    idempotency_key: str | None = None,
) -> Invoice:
    """Draft an invoice and issue it at once. The same `idempotency_key` again returns the one issued first.

    Raises what `draft_invoice` raises.
    """
    invoice = draft_invoice(
        client=client,
        lines=lines,
        by=by,
        due_on=due_on,
        credit_use=credit_use,
        notes=notes,
        idempotency_key=idempotency_key,
    )
    if invoice.status != Invoice.Status.DRAFT:
        return invoice
    return issue_invoice(invoice=invoice, by=by, on=on)
