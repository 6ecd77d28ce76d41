"""Money that came in: for invoices one after the other, as credit, or from nobody knows whom."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction as db_transaction
from django.utils import timezone
from djmoney.money import Money

from billing_admin.actor import Actor
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import as_text, require_places
from clients.models import Activity, Client
from credits.models import CreditGrant
from credits.services.grant import add_credit
from invoices.models import Invoice
from transactions.models import PaymentMethod, Transaction

from .booking import check_fees, check_texts, guard_keys, label_of, signed
from .settle import Plan, named, plan_settlement


@dataclass(frozen=True)
class Receipt:
    """The first row of the money, what each invoice got, what became credit, and whether it was recorded before."""

    transaction: Transaction
    paid: list[tuple[str, Money]]
    credited: Money
    unreached: list[str]
    repeated: bool


@db_transaction.atomic
def record_receipt(
    *,
    client: Client | None,
    amount: Money,
    payment_method: PaymentMethod,
    by: Actor,
    invoices: Sequence[Invoice] = (),
    on: datetime.date | None = None,
    reference: str = "",
    fees: Money | None = None,
    description: str = "",
    idempotency_key: str | None = None,
) -> Receipt:
    """Record money that came in. It pays `invoices` in their order; the rest, or all of it, becomes paid credit.

    Money of an unknown `client` stays unattached until staff attach it. The same reference (per payment method) or
    idempotency key with the same figures counts once.
    """
    require_places(amount)
    if amount.amount <= 0:
        raise BusinessError(f"A payment must be above zero; {as_text(amount)} was given.", field="amount")
    fees = fees or Money(0, amount.currency)
    check_fees(fees, amount, what="payment")
    reference = reference.strip()
    check_texts(reference=reference, description=description)
    on = on or timezone.localdate()
    locked = None if client is None else Client.objects.lock_one(client.pk)
    guard_keys(method_id=payment_method.pk, reference=reference, idempotency_key=idempotency_key)
    figures = (locked.pk if locked else None, amount, fees, payment_method.pk, reference, on)
    if first := _recorded_before(payment_method, reference, idempotency_key):
        return _repeat(first, figures, invoices, by_key=bool(idempotency_key))
    plan = Plan([], amount, [])
    if locked is not None:
        plan = plan_settlement(client=locked, invoices=invoices, amount=amount)
    booked = {
        **label_of(locked),
        **signed(by),
        "date": on,
        "payment_method": payment_method,
        "reference": reference,
        "currency": amount.currency.code,
        "idempotency_key": idempotency_key or None,
    }
    first = _book(plan, booked, fees, description, locked, by)
    receipt = Receipt(
        first,
        [(invoice.label, part) for invoice, part in plan.parts],
        plan.rest if locked else Money(0, amount.currency),
        [invoice.label for invoice in plan.unreached],
        repeated=False,
    )
    Activity.objects.record(
        by=by,
        client=locked,
        verb="payment.recorded",
        summary=f"Payment of {as_text(amount)} recorded: {used_for(receipt)}",
        data={
            "transaction": first.pk,
            "invoice": first.invoice_id,
            "invoices": [invoice.pk for invoice, _ in plan.parts],
            "amount": amount.amount,
            "currency": amount.currency.code,
        },
    )
    return receipt


def used_for(receipt: Receipt) -> str:
    """`80.00 USD for INV-000001, 20.00 USD became credit`."""
    uses = [f"{as_text(part)} for {label}" for label, part in receipt.paid]
    if receipt.credited.amount:
        uses.append(f"{as_text(receipt.credited)} became credit")
    return ", ".join(uses) or "not attached to a client yet"


def _book(
    plan: Plan, booked: dict[str, Any], fees: Money, description: str, client: Client | None, by: Actor
) -> Transaction:
    """A row for each invoice and one for the rest, the first with the fees."""
    rows: list[Transaction] = []

    def add(amount: Money, invoice: Invoice | None, what: str) -> Transaction:
        row = Transaction.objects.create(
            **booked,
            invoice=invoice,
            invoice_label=invoice.label if invoice else "",
            part=len(rows) + 1,
            part_of=rows[0] if rows else None,
            description=description or what,
            amount_in=amount,
            fees=Money(0, fees.currency) if rows else fees,
        )
        rows.append(row)
        return row

    for invoice, part in plan.parts:
        add(part, invoice, f"Payment of {invoice.label}")
    if not plan.rest.amount:
        return rows[0]
    paid = named([invoice for invoice, _ in plan.parts])
    what = f"Overpayment of {paid}"[:500] if paid else "Payment" if client else "Payment, not attached yet"
    rest = add(plan.rest, None, what)
    if client is not None:
        give_as_credit(client, rest, overpaid=bool(plan.parts), by=by)
    return rows[0]


def give_as_credit(client: Client, row: Transaction, *, overpaid: bool, by: Actor) -> CreditGrant:
    """Paid credit for money that settles no invoice, linked to it."""
    return add_credit(
        client=client,
        amount=row.amount_in,
        description=row.description or "Payment",
        by=by,
        kind=CreditGrant.Kind.OVERPAYMENT if overpaid else CreditGrant.Kind.CREDIT,
        category=CreditGrant.Category.PAID,
        transaction=row,
    ).grant


def _recorded_before(method: PaymentMethod, reference: str, idempotency_key: str | None) -> Transaction | None:
    """What was booked under this key, else under this reference; of a reference whatever it is, also a refund."""
    if idempotency_key and (first := Transaction.objects.filter(idempotency_key=idempotency_key, part=1).first()):
        return first
    return method.transactions.filter(reference=reference, part=1).first() if reference else None


def _repeat(first: Transaction, figures: tuple[Any, ...], invoices: Sequence[Invoice], *, by_key: bool) -> Receipt:
    """Answer with what was recorded first, or refuse where the figures are others.

    The day is compared only where the form itself came again: a callback that is repeated has its own.
    """
    parts = Transaction.objects.filter(part_of=first, kind=Transaction.Kind.PAYMENT)
    rows = [first, *parts.order_by("part")]
    total = sum((row.amount_in for row in rows), Money(0, first.currency))
    was = (first.client_id, total, first.fees, first.payment_method_id, first.reference, first.date)
    paid = [(row.invoice_id, row.invoice_label, row.amount_in) for row in rows if row.invoice_id]
    same_invoices = [invoice.pk for invoice in invoices][: len(paid)] == [invoice_id for invoice_id, _, _ in paid]
    same_form = by_key and first.idempotency_key is not None
    if not same_invoices or (was if same_form else was[:-1]) != (figures if same_form else figures[:-1]):
        raise BusinessError(
            f"{first.payment_method} already has a payment “{first}” of {as_text(total)} for "
            f"{', '.join(label for _, label, _ in paid) or 'no invoice'}. Nothing was recorded.",
            field="reference",
        )
    credited = sum((row.amount_in for row in rows if not row.invoice_id and row.client_id), Money(0, first.currency))
    return Receipt(first, [(label, part) for _, label, part in paid], credited, [], repeated=True)
