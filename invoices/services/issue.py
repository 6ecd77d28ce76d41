"""Drafting one invoice and issuing it."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db import transaction as db_transaction
from django.utils import timezone

from billing_admin.actor import Actor
from billing_admin.errors import BusinessError, require_length
from billing_admin.money.amounts import money_text
from clients.models import Activity, Client, CreditUse, FormKey, MailMessage
from clients.models.activity import Deed
from clients.models.client import LONGEST_PO_NUMBER
from invoices.documents.missing import require_e_invoice
from invoices.documents.taken_over import company_on, taken_over
from invoices.models import Invoice, NumberSeries
from invoices.models.as_issued import LONGEST_REFERENCE
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
    po_number: str | None = None,
    buyer_reference: str | None = None,
    key: FormKey | None = None,
) -> Invoice:
    """Make a draft with its lines. Amounts and tax are rounded half-up once per line; an exempt client pays no tax.

    A line that names no tax rate gets the client's usual one, and so does an invoice that is given no purchase order or
    buyer reference.
    """
    details: dict[str, Any] = {"due_on": due_on, "credit_use": credit_use, "notes": notes, "po_number": po_number}
    details["buyer_reference"] = buyer_reference
    client, form = _begin(client, key, by, lines, details)
    if form.repeated:
        return form.outcome(Invoice)[0]
    invoice = _write_draft(client, lines, by, details)
    Activity.objects.record_all([_drafted(invoice)], by=by, client=client)
    _finish(form, invoice)
    return _stored(invoice)


@db_transaction.atomic
def issue_invoice(
    *, invoice: Invoice, by: Actor, on: datetime.date | None = None, due_on: datetime.date | None = None
) -> Invoice:
    """Issue a draft: it gets the next number, the client's name and address of today, and is frozen.

    Then `invoices_generated` is sent, which applies credit; the invoice comes back as that left it. The number is taken
    from a row that stays locked until commit: who issues for several clients in one transaction locks them all first.
    `due_on` replaces the draft's due date, and is asked for where that is past and credit does not pay it all.
    """
    client, invoice = Invoice.objects.lock_with_client(invoice)
    if invoice.status != Invoice.Status.DRAFT:
        raise BusinessError(f"{invoice.label} is {invoice.get_status_display()} already; only a draft can be issued.")
    return _issue(client, invoice, by, on, due_on)


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
    po_number: str | None = None,
    buyer_reference: str | None = None,
    key: FormKey | None = None,
) -> Invoice:
    """Draft an invoice and issue it at once. A draft that this form made before is issued, unless changed."""
    details: dict[str, Any] = {"due_on": due_on, "credit_use": credit_use, "notes": notes, "po_number": po_number}
    details["buyer_reference"] = buyer_reference
    client, form = _begin(client, key, by, lines, details)
    if form.repeated:
        (invoice,) = form.outcome(Invoice)
        if invoice.status != Invoice.Status.DRAFT:
            return invoice
        if invoice.version:
            raise BusinessError(f"{form.repeated_text} That draft was changed since: issue it from its own page.")
        form.repeated = False  # the form has made the draft before; it is issued now
        return _issue(client, invoice, by, on, due_on)
    invoice = _write_draft(client, lines, by, details)
    issued = _issue(client, invoice, by, on, due_on, _drafted(invoice))
    _finish(form, issued)
    return issued


def _begin(
    client: Client, key: FormKey | None, by: Actor, lines: Sequence[NewLine], details: dict[str, Any]
) -> tuple[Client, FormKey]:
    """The client, locked, and the form."""
    require_length(details["po_number"] or "", "purchase-order number", LONGEST_PO_NUMBER)
    require_length(details["buyer_reference"] or "", "buyer reference", LONGEST_REFERENCE)
    client = Client.objects.lock_one(client.pk)
    for name in ("po_number", "buyer_reference"):
        if details[name] is None:
            details[name] = getattr(client, name)
    return client, FormKey.objects.begin(key, "invoice.create", Invoice, client=client, by=by, lines=lines, **details)


def _finish(form: FormKey, invoice: Invoice) -> None:
    form.finish(f"Invoice of {money_text(invoice.total)} made for {invoice.client.name}", invoice)


# An invoice and its lines, in their order.
_DRAFT = """
    WITH made AS (
        INSERT INTO invoices_invoice (
            client_id, number_prefix, status, due_on, bill_to_name, bill_to_address, bill_to_email, bill_to_tax_id,
            currency, subtotal, tax, total, credit_applied, amount_paid, amount_credited, credit_use, notes, po_number,
            buyer_reference, created_by_id, created_at
        )
        VALUES (%(client_id)s, '', 'draft', %(due_on)s, '', '', '', '', %(currency)s, %(subtotal)s, %(tax)s,
                %(subtotal)s + %(tax)s, 0, 0, 0, %(credit_use)s, %(notes)s, %(po_number)s,
                %(buyer_reference)s, %(by)s, %(at)s)
        RETURNING id, client_id, currency
    ), lines AS (
        INSERT INTO invoices_invoiceline (
            invoice_id, client_id, position, description, quantity, unit, currency, unit_price, tax_rate, tax_category,
            tax_reason, tax_included, amount, tax
        )
        SELECT made.id, made.client_id, position, description, quantity, unit, made.currency, price, rate, category,
               reason, included, amount, line.tax
        FROM made, unnest(
            %(descriptions)s::text[], %(quantities)s::numeric[], %(units)s::text[], %(prices)s::numeric[],
            %(rates)s::numeric[], %(categories)s::text[], %(reasons)s::text[], %(included)s::boolean[],
            %(amounts)s::numeric[], %(taxes)s::numeric[]
        ) WITH ORDINALITY
          AS line (description, quantity, unit, price, rate, category, reason, included, amount, tax, position)
        ORDER BY position
    )
    SELECT id FROM made
"""


def _write_draft(client: Client, lines: Sequence[NewLine], by: Actor, details: dict[str, Any]) -> Invoice:
    """The invoice with what was given; what the database computes of it is read later."""
    built = build_lines(client, lines)
    currency = built[0].currency
    subtotal, tax = totals_of(built)
    invoice = Invoice(
        client=client, currency=currency, subtotal=subtotal, tax=tax, total=subtotal + tax, created_by=by, **details
    )
    columns: dict[str, Any] = {
        "descriptions": [line.description for line in built],
        "quantities": [line.quantity for line in built],
        "units": [line.unit for line in built],
        "prices": [line.unit_price.amount for line in built],
        "rates": [line.tax_rate for line in built],
        "categories": [line.tax_category for line in built],
        "reasons": [line.tax_reason for line in built],
        "included": [line.tax_included for line in built],
        "amounts": [line.amount.amount for line in built],
        "taxes": [line.tax.amount for line in built],
    }
    with connection.cursor() as cursor:
        cursor.execute(
            _DRAFT,
            {
                **details,
                **columns,
                "client_id": client.pk,
                "currency": currency,
                "subtotal": subtotal.amount,
                "tax": tax.amount,
                "by": by.pk if by else None,
                "at": invoice.created_at,
            },
        )
        (invoice.pk,) = cursor.fetchone()
    return invoice


def _drafted(invoice: Invoice) -> Deed:
    made = f"Draft invoice of {money_text(invoice.total)} made"
    return Deed("invoice.drafted", made, data={"invoice": invoice.pk})


def _stored(written: Invoice) -> Invoice:
    """What was written just now, as it is in the database."""
    invoice = Invoice.objects.as_stored(written.pk)
    assert invoice is not None
    invoice.client = written.client
    return invoice


_ISSUE = """
    UPDATE invoices_invoice
    SET issued_on = %(issued_on)s, due_on = %(due_on)s, seller_id = %(seller_id)s, bill_to_name = %(bill_to_name)s,
        bill_to_email = %(bill_to_email)s, bill_to_tax_id = %(bill_to_tax_id)s, bill_to_person = %(bill_to_person)s,
        bill_to_line_1 = %(bill_to_line_1)s, bill_to_line_2 = %(bill_to_line_2)s,
        bill_to_postcode = %(bill_to_postcode)s, bill_to_city = %(bill_to_city)s, bill_to_region = %(bill_to_region)s,
        bill_to_country = %(bill_to_country)s, bill_to_registration = %(bill_to_registration)s,
        bill_to_e_scheme = %(bill_to_e_scheme)s, bill_to_e_address = %(bill_to_e_address)s, language = %(language)s,
        e_invoice = %(e_invoice)s, accounting_rate = %(accounting_rate)s, status = %(status)s, paid_at = %(paid_at)s,
        number_prefix = %(prefix)s, number = %(number)s, label = document_label(%(prefix)s, %(number)s)
    WHERE id = %(id)s RETURNING label
"""

# What credit paid of it when it was issued is part of its document; what is applied or taken off later is not.
_PREPAID = "UPDATE invoices_invoice SET prepaid = credit_applied WHERE id = %s RETURNING *"


def _issue(
    client: Client, draft: Invoice, by: Actor, on: datetime.date | None, due_on: datetime.date | None, *before: Deed
) -> Invoice:
    """Issue a draft as it is stored; `before` is what was done with it just now. The client's row is locked."""
    on = on or timezone.localdate()
    if client.e_invoice:
        require_e_invoice(draft, client, on)
    nothing_due = draft.total.amount == 0
    prefix, number = NumberSeries.objects.take(NumberSeries.INVOICE, 1, on)
    written = {
        "id": draft.pk,
        "issued_on": on,
        "due_on": due_on or draft.due_on or on + PAYMENT_TERM,
        **taken_over(client, draft.currency, company_on(on, draft.currency)),
        "status": Invoice.Status.PAID if nothing_due else Invoice.Status.UNPAID,
        "paid_at": timezone.now() if nothing_due else None,
        "prefix": prefix,
        "number": number,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ISSUE, written)
        (label,) = cursor.fetchone()
    issued = Deed("invoice.issued", f"{label} of {money_text(draft.total)} issued", data={"invoice": draft.pk})
    Activity.objects.record_all([*before, issued], by=by, client=client)
    invoices_generated.send(sender=Invoice, invoice_ids=[draft.pk], on=on, by=by, planned=False)
    (invoice,) = Invoice.objects.raw(_PREPAID, [draft.pk])
    invoice.client = client
    if invoice.is_overdue(on) and due_on is None:
        raise BusinessError(
            f"It was to be paid by {invoice.due_on:%-d %b %Y}, which is past. Give a new due date.", field="due_on"
        )
    MailMessage.objects.queue("invoice", [invoice.pk], by=by)
    return invoice
