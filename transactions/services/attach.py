"""Money that came from nobody knows whom finds its client."""

from collections.abc import Sequence

from django.db import transaction as db_transaction
from django.utils import timezone
from djmoney.money import Money

from billing_admin.actor import Actor
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import money_text
from clients.models import Activity, Client
from invoices.models import Invoice
from transactions.models import Transaction
from transactions.selectors.remaining import remaining_of

from .booking import GONE, label_of, signed
from .receive import Receipt, give_as_credit, used_for
from .remember_payer import remember_payer
from .settle import Plan, named, plan_settlement
from .tell import tell_of_payments
from .write_offs import take_back_for_payment


@db_transaction.atomic
def attach_money(*, transaction: Transaction, client: Client, by: Actor, invoices: Sequence[Invoice] = ()) -> Receipt:
    """Attach unattached money to a client: it pays `invoices` in their order, and the rest becomes paid credit.

    Where one invoice takes all of it, or all becomes credit, the row itself is the payment. Else it is moved from its
    row to one for each invoice and one for the rest, because amounts that were booked never change. Whom staff chose
    for a payer of a file is offered the next time.
    """
    client = Client.objects.lock_one(client.pk)
    row = Transaction.objects.filter(pk=transaction.pk).select_for_update(no_key=True).first()
    if row is None:
        raise BusinessError(GONE)
    if not row.is_unattached:
        raise BusinessError(
            f"{row.label} of {money_text(row.amount_in)} belongs to client {row.client_number}, {row.client_name}, "
            "already; nothing was changed."
        )
    (remaining,) = remaining_of([row])
    if remaining.left != row.amount_in or not row.amount_in.amount:
        raise BusinessError(
            f"Of the {money_text(row.amount_in)} that came in, {money_text(remaining.given_back)} was given back; "
            "money is attached only as it came in."
        )
    plan = plan_settlement(client=client, invoices=invoices, amount=row.amount_in)
    whole = len(plan.parts) == 1 and not plan.rest.amount
    invoice = plan.parts[0][0] if whole else None
    label = label_of(client)
    take_back_for_payment(plan.reversals, by)
    Transaction.objects.filter(pk=row.pk).update(
        **label, invoice=invoice, invoice_label=invoice.label if invoice else ""
    )
    row.refresh_from_db()
    if not plan.parts:
        give_as_credit(client, row, overpaid=False, by=by)
    elif not whole:
        _move(row, plan, client, by)
    remember_payer(row=row, client=client, by=by)
    receipt = Receipt(
        row,
        [(paid.label, part) for paid, part in plan.parts],
        plan.rest,
        [each.label for each in plan.unreached],
        taken_back=plan.taken_back,
    )
    Activity.objects.record(
        by=by,
        client=client,
        verb="payment.attached",
        summary=f"{money_text(row.amount_in)} attached: {used_for(receipt)}",
        note=row.label,  # its reference goes with the client
        data={
            "transaction": row.pk,
            "invoice": row.invoice_id,
            "invoices": [paid.pk for paid, _ in plan.parts],
            "amount": row.amount_in.amount,
            "currency": row.currency,
        },
    )
    tell_of_payments([row.pk], row.date, by=by)
    return receipt


def _move(row: Transaction, plan: Plan, client: Client, by: Actor) -> None:
    """Move the money from its row to rows of its own for each invoice and the rest."""
    booked = {
        **label_of(client),
        **signed(by),
        "kind": Transaction.Kind.MOVED,
        "date": timezone.localdate(),
        "payment_method_id": row.payment_method_id,
        "currency": row.currency,
    }
    paid = named([invoice for invoice, _ in plan.parts])

    def add(amount: Money, invoice: Invoice | None, what: str) -> Transaction:
        return Transaction.objects.create(
            **booked,
            invoice=invoice,
            invoice_label=invoice.label if invoice else "",
            part_of=row,
            description=what[:500],
            amount_in=amount,
        )

    Transaction.objects.create(
        **booked, refund_of=row, part_of=row, description=f"Attached to {paid}"[:500], amount_out=row.amount_in
    )
    for invoice, part in plan.parts:
        add(part, invoice, f"Payment of {invoice.label}")
    if plan.rest.amount:
        give_as_credit(client, add(plan.rest, None, f"Overpayment of {paid}"), overpaid=True, by=by)
