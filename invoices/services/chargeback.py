"""A chargeback that has happened although the credit that the payment gave was spent: what is missing is billed."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction as db_transaction
from djmoney.money import Money

from billing_admin.actor import Actor
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import money_text
from clients.models import Activity, Client, FormKey
from invoices.models import Invoice
from transactions.models import Transaction
from transactions.services.reverse import Reversed, reverse_payment

from .issue import NewLine, bill_client


@dataclass(frozen=True)
class ChargedBack:
    """The reversal, and the invoice of what is missing; None where nothing is."""

    reversal: Reversed
    invoice: Invoice | None


@db_transaction.atomic
def book_chargeback(
    *,
    payment: Transaction,
    by: Actor,
    on: datetime.date | None = None,
    fee: Money | None = None,
    reference: str = "",
    description: str = "",
    missing: Money | None = None,
    key: FormKey | None = None,
) -> ChargedBack:
    """Reverse a payment although its credit was spent, and bill the client whose payment it was for what was spent.

    The invoice has one line without tax, is issued today, and like every invoice follows the client's rule of automatic
    credit. The fee is on the reversal, not on the invoice. Whoever holds credit that was transferred keeps it. Where
    staff saw another sum `missing`, nothing is done.
    """
    done = reverse_payment(
        payment=payment,
        by=by,
        on=on,
        fee=fee,
        reference=reference,
        description=description,
        key=key,
        spent_too=True,
    )
    if not done.shortfall.amount:
        return ChargedBack(done, None)
    if missing is not None and missing != done.shortfall:
        raise BusinessError(
            f"{money_text(missing)} was missing, and by now it is {money_text(done.shortfall)}. Nothing was booked; "
            "look at the figures again.",
            field="bill_missing",
        )
    reversal = done.transactions[0]
    assert reversal.client_id is not None
    # Only a client has credit that could be spent.
    client = Client.objects.get(pk=reversal.client_id)
    line = NewLine(
        f"Payment of {payment.date:%-d %b %Y} charged back: credit that was spent", done.shortfall, tax_rate=Decimal(0)
    )
    invoice = bill_client(client=client, lines=[line], by=by)
    Activity.objects.record(
        by=by,
        client=client,
        verb="payment.shortfall_billed",
        summary=f"{money_text(done.shortfall)} that {reversal.label} left missing billed by {invoice.label}",
        data={
            "transaction": reversal.pk,
            "invoice": invoice.pk,
            "amount": done.shortfall.amount,
            "currency": payment.currency,
        },
    )
    return ChargedBack(done, invoice)
