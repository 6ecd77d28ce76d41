"""What depends on a transaction, so that it cannot simply be deleted."""

from django.db.models import Sum
from djmoney.money import Money

from billing_admin.money.amounts import money_text
from credits.models import CreditGrant
from transactions.models import Transaction


def depending_on(row: Transaction) -> list[str]:
    """Each thing that depends on the row, in words with its figures; empty where nothing does."""
    found = []
    if row.invoice_label:
        amount = row.amount_in if row.amount_in.amount else row.amount_out
        found.append(
            f"{money_text(amount)} of it {'paid' if row.amount_in.amount else 'was taken off'} {row.invoice_label}"
        )
    if row.refund_of_id:
        found.append("it gives back what came in on another transaction")
    if given := CreditGrant.objects.filter(transaction=row).first():
        found.append(f"{money_text(given.amount)} of it became credit")
    back = Transaction.objects.filter(refund_of=row).aggregate(amount=Sum("amount_out"))["amount"]
    if back is not None:
        found.append(f"{money_text(Money(back, row.currency))} of it was given back")
    if row.part_of_id or Transaction.objects.filter(part_of=row).exists():
        found.append("it is one of several parts of a payment")
    if row.client_number is not None and row.client_id is None:
        found.append(f"it is what remains of client {row.client_number}")
    return found
