"""Money that came in: for invoices one after the other, as credit, or from nobody knows whom."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction as db_transaction
from django.utils import timezone
from djmoney.money import Money

from billing_admin.actor import Actor
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import money_text, require_places
from clients.models import Activity, Client, FormKey
from credits.models import CreditGrant
from credits.services.grant import add_credit
from invoices.models import Invoice
from transactions.models import PaymentMethod, Transaction

from .booking import NO_FILE, FromFile, check_fees, check_texts, label_of, lock_reference, signed
from .settle import Plan, named, plan_settlement
from .tell import tell_of_payments
from .write_offs import TakenBack, take_back_for_payment, taken_back_by


@dataclass(frozen=True)
class Receipt:
    """The first row of the money, what each invoice got, what became credit, and whether it was recorded before.

    `taken_back` is what was written off of the invoices and is paid after all.
    """

    transaction: Transaction
    paid: list[tuple[str, Money]]
    credited: Money
    unreached: list[str]
    repeated: bool = False
    taken_back: list[TakenBack] = field(default_factory=list)


@db_transaction.atomic
def receive_payment(
    *,
    amount: Money,
    payment_method: PaymentMethod,
    by: Actor,
    client: Client | None = None,
    invoices: Sequence[Invoice] = (),
    on: datetime.date | None = None,
    reference: str = "",
    fees: Money | None = None,
    description: str = "",
    key: FormKey | None = None,
    file_key: str | None = None,
    from_file: FromFile = NO_FILE,
) -> Receipt:
    """Record money that came in. It pays `invoices` in their order; the rest, or all of it, becomes paid credit.

    It is the invoices' client's, or `client`'s; without either it stays unattached until staff attach it. The same
    reference (per payment method) or row of a file (`file_key`) with the same figures counts once, whoever brings it.
    """
    require_places(amount)
    if amount.amount <= 0:
        raise BusinessError(f"A payment must be above zero; {money_text(amount)} was given.", field="amount")
    fees = fees or Money(0, amount.currency)
    check_fees(fees, amount, what="payment")
    reference = reference.strip()
    check_texts(reference=reference, description=description)
    owner = client.pk if client else invoices[0].client_id if invoices else None
    locked = None if owner is None else Client.objects.lock_one(owner)
    form = FormKey.objects.begin(
        key, "payment.receive", Transaction, client=locked, by=by, amount=amount, payment_method=payment_method,
        invoices=invoices, on=on, reference=reference, fees=fees, description=description,
    )  # fmt: skip
    if form.repeated:
        return _receipt_again(form.outcome(Transaction)[0])
    lock_reference(payment_method.pk, reference, file_key)
    on = on or timezone.localdate()
    if first := _recorded_before(payment_method, reference, file_key):
        # The day is compared only for a row of a file: a callback that is repeated has its own.
        day = on if file_key and first.file_key == file_key else first.date
        _refuse_others(first, (owner, amount, fees, payment_method.pk, reference, day), invoices)
        return _receipt_again(first)
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
        "file_key": file_key or None,
    }
    first = _book(plan, booked, fees, description, from_file, locked, by)
    receipt = Receipt(
        first,
        [(invoice.label, part) for invoice, part in plan.parts],
        plan.rest if locked else Money(0, amount.currency),
        [invoice.label for invoice in plan.unreached],
        taken_back=plan.taken_back,
    )
    only = plan.parts[0][0] if len(plan.parts) == 1 and not plan.rest.amount else None
    use = f" for {only.label}" if only and not receipt.taken_back else f": {used_for(receipt)}"
    said = f"Payment of {money_text(amount)} recorded{use}"
    Activity.objects.record(
        by=by,
        client=locked,
        verb="payment.recorded",
        summary=said,
        data={
            "transaction": first.pk,
            "invoice": first.invoice_id,
            "invoices": [invoice.pk for invoice, _ in plan.parts],
            "amount": amount.amount,
            "currency": amount.currency.code,
        },
    )
    if locked is not None:
        tell_of_payments([first.pk], on, by=by)
    form.finish(said, first)
    return receipt


def used_for(receipt: Receipt) -> str:
    """`80.00 USD for INV-000001, 20.00 USD became credit`."""
    uses = [f"{money_text(part)} for {label}" for label, part in receipt.paid]
    if receipt.credited.amount:
        uses.append(f"{money_text(receipt.credited)} became credit")
    uses += [f"{each.words} of {each.label} reversed" for each in receipt.taken_back]
    return ", ".join(uses) or "not attached to a client yet"


def _book(
    plan: Plan,
    booked: dict[str, Any],
    fees: Money,
    note: str,
    from_file: FromFile,
    client: Client | None,
    by: Actor,
) -> Transaction:
    """A row for each invoice and one for the rest, the first with the fees and what a file said of the payer.

    What was typed says what the money is for; what is more than the invoices take only says what it is more than.
    """
    take_back_for_payment(plan.reversals, by)
    rows: list[Transaction] = []

    def add(amount: Money, invoice: Invoice | None, what: str, note: str) -> Transaction:
        row = Transaction.objects.create(
            **booked,
            **(FromFile(batch_id=from_file.batch_id) if rows else from_file)._asdict(),
            invoice=invoice,
            invoice_label=invoice.label if invoice else "",
            part=len(rows) + 1,
            part_of=rows[0] if rows else None,
            description=what,
            note=note,
            amount_in=amount,
            fees=Money(0, fees.currency) if rows else fees,
        )
        rows.append(row)
        return row

    for invoice, part in plan.parts:
        add(part, invoice, f"Payment of {invoice.label}", note)
    if not plan.rest.amount:
        return rows[0]
    paid = named([invoice for invoice, _ in plan.parts])
    what = f"Overpayment of {paid}"[:500] if paid else "Payment" if client else "Payment, not attached yet"
    rest = add(plan.rest, None, what, "" if paid else note)
    if client is not None:
        give_as_credit(client, rest, overpaid=bool(plan.parts), by=by)
    return rows[0]


def give_as_credit(client: Client, row: Transaction, *, overpaid: bool, by: Actor) -> CreditGrant:
    """Paid credit for money that settles no invoice, linked to it."""
    return add_credit(
        client=client,
        amount=row.amount_in,
        description=row.words or "Payment",
        typed=bool(row.note),
        by=by,
        kind=CreditGrant.Kind.OVERPAYMENT if overpaid else CreditGrant.Kind.CREDIT,
        category=CreditGrant.Category.PAID,
        transaction=row,
    )


def _recorded_before(method: PaymentMethod, reference: str, file_key: str | None) -> Transaction | None:
    """What was booked of this row of a file, else under this reference, whatever it is: also a refund."""
    if file_key and (first := Transaction.objects.filter(file_key=file_key, part=1).first()):
        return first
    return method.transactions.filter(reference=reference, part=1).first() if reference else None


def _rows_of(first: Transaction) -> list[Transaction]:
    return [first, *Transaction.objects.filter(part_of=first, kind=Transaction.Kind.PAYMENT).order_by("part")]


def _receipt_again(first: Transaction) -> Receipt:
    """What was recorded first."""
    nothing = Money(0, first.currency)
    rows = _rows_of(first)
    paid = [(row.invoice_label, row.amount_in) for row in rows if row.invoice_id]
    credited = sum((row.amount_in for row in rows if not row.invoice_id and row.client_id), nothing)
    return Receipt(first, paid, credited, [], repeated=True, taken_back=taken_back_by(rows))


def _refuse_others(first: Transaction, figures: tuple[Any, ...], invoices: Sequence[Invoice]) -> None:
    """Raise an error where the reference, or the row of a file, was booked with other figures."""
    rows = _rows_of(first)
    total = sum((row.amount_in for row in rows), Money(0, first.currency))
    paid = [row for row in rows if row.invoice_id]
    was = (first.client_id, total, first.fees, first.payment_method_id, first.reference, first.date)
    same_invoices = [invoice.pk for invoice in invoices][: len(paid)] == [row.invoice_id for row in paid]
    if not same_invoices or was != figures:
        raise BusinessError(
            f"{first.payment_method} already has a payment “{first}” of {money_text(total)} for "
            f"{', '.join(row.invoice_label for row in paid) or 'no invoice'}. Nothing was recorded.",
            field="reference",
        )
