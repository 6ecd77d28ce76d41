"""What stands in the way of a deletion, settled in one go."""

from dataclasses import dataclass

from django.db import transaction as db_transaction
from djmoney.money import Money

from billing_admin.actor import Actor
from billing_admin.errors import BusinessError
from clients.models import Client
from credits.models import CreditAccount
from credits.services.adjust import adjust_balance
from invoices.models import Invoice
from invoices.services.cancel import cancel_invoice


@db_transaction.atomic
def remove_all_credit(*, client: Client, by: Actor) -> list[Money]:
    """Set every balance to zero, before the client is deleted; returns what each was.

    Each is on the ledger and in the activity, so that a report of that day says where the credit went.
    """
    client = Client.objects.lock_one(client.pk)
    held = [
        account.balance for account in CreditAccount.objects.filter(client=client, balance__gt=0).order_by("currency")
    ]
    if not held:
        raise BusinessError(f"Client {client.number} has no credit left; nothing was removed.")
    for balance in held:
        nothing = Money(0, balance.currency)
        adjust_balance(
            client=client, seen=balance, balance=nothing, by=by, reason="Removed before the client is deleted"
        )
    return held


@dataclass(frozen=True)
class CancelledAll:
    """The labels of the invoices that were cancelled, the credit that came back, and why others were not."""

    labels: list[str]
    released: list[Money]
    refused: list[str]


@db_transaction.atomic
def cancel_unpaid_invoices(*, client: Client, by: Actor) -> CancelledAll:
    """Cancel every unpaid invoice of a client that can be cancelled; credit on them goes back to its grants."""
    client = Client.objects.lock_one(client.pk)
    unpaid = list(Invoice.objects.filter(client=client, status=Invoice.Status.UNPAID).order_by("pk"))
    if not unpaid:
        raise BusinessError(f"No invoice of client {client.number} is unpaid; nothing was cancelled.")
    labels, refused = [], []
    released: dict[str, Money] = {}
    for invoice in unpaid:
        try:
            done = cancel_invoice(invoice=invoice, by=by, reason="The client is going to be deleted")
        except BusinessError as error:
            refused.append(str(error) if invoice.label in str(error) else f"{invoice.label}: {error}")
            continue
        labels.append(done.invoice.label)
        if done.released.amount:
            code = done.invoice.currency
            released[code] = released.get(code, Money(0, code)) + done.released
    return CancelledAll(labels, list(released.values()), refused)
