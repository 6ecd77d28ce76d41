"""Taking back what was written off, because the money came after all, or staff say so."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import F, Min, Sum
from django.db.models.functions import Coalesce
from djmoney.money import Money

from billing_admin.actor import Actor
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import money_text
from clients.models.activity import actor_name
from invoices.models import Invoice, WriteOff
from invoices.models.write_off import BY_PAYMENT
from transactions.models import Transaction

REVERSED = "Write-off reversed"
BY_CREDIT_NOTE = "Write-off reversed by a credit note"


class TakenBack(NamedTuple):
    """So much was taken back `of` what was written off of an invoice until then."""

    label: str
    amount: Money
    of: Money

    @property
    def words(self) -> str:
        """`the write-off of 100.00 USD`, or `30.00 USD of the write-off of 100.00 USD`."""
        part = f"{money_text(self.amount)} of " if self.amount != self.of else ""
        return f"{part}the write-off of {money_text(self.of)}"

    @property
    def sentence(self) -> str:
        """The same as a sentence."""
        return f"{self.words[0].upper()}{self.words[1:]} was reversed."


def taken_back_by(rows: Iterable[Transaction]) -> list[TakenBack]:
    """What payments that were booked took back of what was written off of their invoices.

    That stands right before the row of the payment: no other money of the invoice is between them.
    """
    found = []
    for row in rows:
        if row.invoice_id is None:
            continue
        before = Transaction.objects.filter(invoice_id=row.invoice_id, pk__lt=row.pk)
        since = before.order_by("-pk").values_list("created_at", flat=True).first()
        of_invoice = WriteOff.objects.filter(invoice_id=row.invoice_id)
        back = of_invoice.filter(description=BY_PAYMENT, created_at__lte=row.created_at)
        back = back.filter(created_at__gt=since) if since else back
        totals = back.aggregate(amount=Sum("amount"), first=Min("pk"))
        if totals["amount"]:
            of = of_invoice.filter(pk__lt=totals["first"]).aggregate(amount=Sum("amount"))["amount"]
            found.append(TakenBack(row.invoice_label, Money(-totals["amount"], row.currency), Money(of, row.currency)))
    return found


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
