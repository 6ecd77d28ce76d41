"""Taking back what was written off, because the money came after all, or staff say so."""

from collections.abc import Iterable

from django.db.models import F, Sum
from django.db.models.functions import Coalesce
from djmoney.money import Money

from billing_admin.actor import Actor
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import money_text
from clients.models.activity import actor_name
from invoices.models import Invoice, WriteOff

REVERSED = "Write-off reversed"
BY_PAYMENT = "Write-off reversed by a payment"
BY_CREDIT_NOTE = "Write-off reversed by a credit note"


def take_back_write_off(
    *, invoice: Invoice, amount: Money, by: Actor, description: str = REVERSED, note: str = ""
) -> list[WriteOff]:
    """Take back `amount` of what was written off of an invoice, the last write-off first; it is due again.

    Expects the client's row to be locked, in a transaction that is already open.
    """
    left, rows = amount, []
    written = WriteOff.objects.filter(invoice=invoice, amount__gt=0).annotate(
        kept=F("amount") + Coalesce(Sum("reversals__amount"), 0, output_field=WriteOff._meta.get_field("amount"))
    )
    for each in written.order_by("-pk"):
        part = min(left, Money(each.kept, invoice.currency))
        if part.amount > 0:
            rows.append(
                WriteOff(
                    client_id=invoice.client_id,
                    invoice=invoice,
                    currency=invoice.currency,
                    amount=-part,
                    reverses=each,
                    description=description,
                    note=note,
                    created_by=by,
                    created_by_name=actor_name(by),
                )
            )
            left -= part
    if left.amount:
        raise BusinessError(
            f"{money_text(amount - left)} is written off of {invoice.label}; {money_text(amount)} was to be taken "
            "back. Nothing was done."
        )
    return WriteOff.objects.bulk_create(rows)


def take_back_for_payment(reversals: Iterable[tuple[Invoice, Money]], by: Actor) -> None:
    """Make due again what a payment pays of what was written off; before its rows, which settle it."""
    for invoice, amount in reversals:
        take_back_write_off(invoice=invoice, amount=amount, by=by, description=BY_PAYMENT)
