"""Undoing a payment that did not last: a chargeback, a cheque that bounced, a direct debit that was returned."""

import datetime
from dataclasses import dataclass

from django.db import transaction as db_transaction
from django.utils import timezone
from djmoney.money import Money

from billing_admin.actor import Actor
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import money_text, require_places
from clients.models import Activity, FormKey, Limit, LimitKind
from credits.services.take_back import take_back
from transactions.models import Transaction
from transactions.selectors.remaining import Remaining, first_part, parts_of, remaining_of

from .booking import (
    check_texts,
    label_like,
    lock_owner,
    lock_reference,
    refuse_taken_reference,
    signed,
)


@dataclass(frozen=True)
class Reversed:
    """The rows of money out, the first one with the fee; what went out, and what of it was credit.

    `shortfall` is what of that credit had been spent: it went out and nobody gave it back.
    """

    transactions: list[Transaction]
    amount: Money
    credit_taken_back: Money
    shortfall: Money


@db_transaction.atomic
def reverse_payment(
    *,
    payment: Transaction,
    by: Actor,
    on: datetime.date | None = None,
    fee: Money | None = None,
    reference: str = "",
    description: str = "",
    key: FormKey | None = None,
    spent_too: bool = False,
) -> Reversed:
    """Undo all that is left of a payment, with every part of it: what it paid is owed again, its credit is taken back.

    `fee` is what the bank charges for it. Credit that was used meanwhile keeps the whole from happening; what was
    removed or has expired is gone already and does not. With `spent_too` it happens all the same, and the caller bills
    the shortfall. A second time there is nothing to reverse.
    """
    reference = reference.strip()
    check_texts(reference=reference, description=description)
    fee = fee or Money(0, payment.currency)
    require_places(fee, "fee")
    client, payment = lock_owner(payment)
    first = first_part(payment)
    nothing = Money(0, payment.currency)
    form = FormKey.objects.begin(
        key, "payment.reverse", Transaction, client=client, by=by, payment=first, on=on, fee=fee, reference=reference,
        description=description, **({"spent_too": True} if spent_too else {}),
    )  # fmt: skip
    if form.repeated:
        rows = form.outcome(Transaction)
        return Reversed(rows, sum((row.amount_out for row in rows), nothing), nothing, nothing)
    if fee.currency.code != payment.currency or fee.amount < 0:
        raise BusinessError(
            f"{money_text(fee)} cannot be the fee for reversing a payment in {payment.currency}.", field="fee"
        )
    remaining = [row for row in remaining_of(parts_of(first)) if row.left.amount]
    if not remaining:
        raise BusinessError(_why_nothing(payment))
    if not spent_too:
        refuse_spent_credit(remaining)
    amount = sum((row.left for row in remaining), nothing)
    Limit.objects.require(LimitKind.REFUNDED, payment.client_id, amount, by, right="transactions.reverse_payment")
    lock_reference(payment.payment_method_id, reference)
    refuse_taken_reference(payment.payment_method, reference)
    booked = _book(remaining, first, fee, by, on or timezone.localdate(), reference, description)
    taken = nothing
    for row in remaining:
        for given in row.grants:
            if given.grant.remaining.amount:
                take_back(
                    grant=given.grant, amount=given.grant.remaining, by=by, reason=f"Payment reversed: {first.label}"
                )
                taken += given.grant.remaining
    shortfall = sum((row.spent for row in remaining), nothing)
    unpaid = [row.row for row in remaining if row.row.invoice_id]
    invoices = ", ".join(row.invoice_label for row in unpaid)
    Activity.objects.record(
        by=by,
        client=client,
        verb="payment.reversed",
        summary=f"Payment reversed: {money_text(amount)} went out again"
        + (f", fee {money_text(fee)}" if fee.amount else "")
        + (f"; unpaid again: {invoices}" if invoices else "")
        + (f"; {money_text(taken)} of credit taken back" if taken.amount else ""),
        note=first.label,  # its reference goes with the client
        data={
            "transaction": booked[0].pk,
            "payment": first.pk,
            "invoice": first.invoice_id,
            "invoices": [row.invoice_id for row in unpaid],
            "amount": amount.amount,
            "currency": payment.currency,
            "credit_taken_back": taken.amount,
        },
    )
    form.finish(f"{first.label} of {money_text(amount)} reversed", *booked)
    return Reversed(booked, amount, taken, shortfall)


def refuse_spent_credit(remaining: list[Remaining]) -> None:
    """Refuse where credit of the payment was used, with the figures of the first such grant."""
    for row in remaining:
        for given in row.grants:
            if given.spent.amount > 0:
                gave = (
                    f"of the {money_text(given.grant.amount)} of credit that this payment gave "
                    f"(“{given.grant.description}”)"
                )
                unspent = f"{money_text(given.grant.remaining)} is unspent."
                if given.transfers:
                    raise BusinessError(
                        f"{given.transfers_said}: that is {gave}; {unspent} What was transferred stays where it is: "
                        "if the chargeback has happened, book it and bill what is missing. Nothing was reversed."
                    )
                raise BusinessError(
                    f"{money_text(given.spent)} {gave} has been used; {unspent} Use Take Credit Off on what it paid "
                    "first; nothing was reversed."
                )


def _book(
    remaining: list[Remaining],
    first: Transaction,
    fee: Money,
    by: Actor,
    on: datetime.date,
    reference: str,
    note: str,
) -> list[Transaction]:
    booked: list[Transaction] = []
    for number, row in enumerate(remaining, start=1):
        booked.append(
            Transaction.objects.create(
                **label_like(row.row),
                **signed(by),
                kind=Transaction.Kind.REVERSAL,
                invoice_id=row.row.invoice_id,
                invoice_label=row.row.invoice_label,
                date=on,
                payment_method_id=row.row.payment_method_id,
                reference=reference,
                part=number,
                part_of=booked[0] if booked else None,
                refund_of=row.row,
                description=f"Reversal of {row.row.invoice_label or first.label}",
                note=note,
                currency=row.row.currency,
                amount_out=row.left,
                fees=Money(0, fee.currency) if booked else fee,
            )
        )
    return booked


def _why_nothing(payment: Transaction) -> str:
    if not payment.amount_in.amount:
        return f"{payment.label} brought no money in; there is nothing to reverse."
    return f"All of {payment.label}, {money_text(payment.amount_in)}, was given back already; nothing was reversed."
