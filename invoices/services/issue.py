"""Drafting one invoice and issuing it."""

import datetime
from collections.abc import Sequence

from django.db import transaction as db_transaction
from django.utils import timezone

from billing_admin.actor import Actor
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import money_text
from clients.models import Activity, Client, CreditUse, FormKey
from invoices.models import Invoice, InvoiceLine, NumberSeries
from invoices.signals import invoices_generated

from .lines import NewLine, build_lines, totals_of

__all__ = [
    "PAYMENT_TERM",
    "NewLine",
    "bill_client",
    "draft_invoice",
    "issue_invoice",
]

# How long a client has to pay where nobody says otherwise.
PAYMENT_TERM = datetime.timedelta(days=14)


@db_transaction.atomic
def draft_invoice(
    *,
    client: Client,
    lines: Sequence[NewLine],
    by: Actor,
    due_on: datetime.date | None = None,
    credit_use: CreditUse | str = "",
    notes: str = "",
    key: FormKey | None = None,
) -> Invoice:
    """Make a draft with its lines. Amounts and tax are rounded half-up once per line; an exempt client pays no tax.

    A line that names no tax rate gets the client's usual one.

    """
    client = Client.objects.lock_one(client.pk)
    form = FormKey.objects.begin(
        key, "invoice.create", Invoice, client=client, by=by, lines=lines, due_on=due_on, credit_use=credit_use,
        notes=notes,
    )  # fmt: skip
    if form.repeated:
        return form.outcome(Invoice)[0]
    built = build_lines(client, lines)
    currency = built[0].currency
    subtotal, tax = totals_of(built)
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
    )
    for line in built:
        line.invoice = invoice
    InvoiceLine.objects.bulk_create(built)
    Activity.objects.record(
        by=by,
        client=client,
        verb="invoice.drafted",
        summary=f"Draft invoice of {money_text(invoice.total)} made",
        data={"invoice": invoice.pk},
    )
    form.finish(f"Invoice of {money_text(invoice.total)} made for {client.name}", invoice)
    return invoice


@db_transaction.atomic
def issue_invoice(
    *, invoice: Invoice, by: Actor, on: datetime.date | None = None, due_on: datetime.date | None = None
) -> Invoice:
    """Issue a draft: it gets the next number, the client's name and address of today, and is frozen.

    Then `invoices_generated` is sent, which applies credit; the invoice comes back as that left it. The number is taken
    from a row that stays locked until commit: who issues for several clients in one transaction locks them all first.
    `due_on` replaces the draft's due date, and is asked for where that is past and credit does not pay it all.
    """
    asked = due_on is not None
    on = on or timezone.localdate()
    client, invoice = Invoice.objects.lock_with_client(invoice)
    if invoice.status != Invoice.Status.DRAFT:
        raise BusinessError(f"{invoice.label} is {invoice.get_status_display()} already; only a draft can be issued.")
    invoice.issued_on = on
    invoice.due_on = due_on or invoice.due_on or on + PAYMENT_TERM
    invoice.bill_to_name = client.name
    attention = [client.person] if client.company_name and client.person else []
    invoice.bill_to_address = "\n".join([*attention, *client.address_lines])
    invoice.bill_to_email = client.email
    invoice.bill_to_tax_id = client.tax_id
    nothing_due = invoice.total.amount == 0
    invoice.status = Invoice.Status.PAID if nothing_due else Invoice.Status.UNPAID
    invoice.paid_at = timezone.now() if nothing_due else None
    invoice.number_prefix, invoice.number = NumberSeries.objects.take(NumberSeries.INVOICE, 1, on)
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
        summary=f"{invoice.label} of {money_text(invoice.total)} issued",
        data={"invoice": invoice.pk},
    )
    invoices_generated.send(sender=Invoice, invoice_ids=[invoice.pk], on=on, by=by, planned=False)
    invoice.refresh_from_db()
    if invoice.is_overdue(on) and not asked:
        raise BusinessError(
            f"It was to be paid by {invoice.due_on:%-d %b %Y}, which is past. Give a new due date.", field="due_on"
        )
    return invoice


@db_transaction.atomic
def bill_client(
    *,
    client: Client,
    lines: Sequence[NewLine],
    by: Actor,
    on: datetime.date | None = None,
    due_on: datetime.date | None = None,
    credit_use: CreditUse | str = "",
    notes: str = "",
    key: FormKey | None = None,
) -> Invoice:
    """Draft an invoice and issue it at once. A draft that this form made before is issued, unless changed."""
    invoice = draft_invoice(
        client=client, lines=lines, by=by, due_on=due_on, credit_use=credit_use, notes=notes, key=key
    )
    if invoice.status != Invoice.Status.DRAFT:
        return invoice
    if key is not None:
        if key.repeated and invoice.version:
            raise BusinessError(f"{key.repeated_text} That draft was changed since: issue it from its own page.")
        key.repeated = False  # the form may have made the draft before; it is issued now
    return issue_invoice(invoice=invoice, by=by, on=on, due_on=due_on)
