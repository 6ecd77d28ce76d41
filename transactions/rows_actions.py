"""Deleting many transactions at once: each payment that they belong to, whole; of one client, or nobody's."""

from collections.abc import Sequence

from djmoney.money import Money

from billing_admin.listing.acting import RowsAction, rows_action
from billing_admin.money.amounts import money_text
from billing_admin.templatetags.format_tags import day, money
from billing_admin.templatetags.ui import cut
from clients.models import Client
from transactions.forms import DeleteTransactionsForm
from transactions.selectors.deletion import PaymentToDelete, payments_to_delete, transactions_deletion
from transactions.services.delete import delete_transactions, lock_rows_of_nobody

NO_WAY_BACK = "There is no way back. What was booked by mistake is better reversed or refunded: that stays on record."


def _moved(payment: PaymentToDelete) -> Money:
    return payment.first.amount_in if payment.first.amount_in.amount else payment.first.amount_out


def _called(payment: PaymentToDelete) -> str:
    return f"{payment.first.label} of {money_text(_moved(payment))}, {payment.first.date:%-d %b %Y}"


@rows_action("transactions.delete", DeleteTransactionsForm)
def delete(client: int | None) -> RowsAction[PaymentToDelete]:
    """Delete payments of a client, or money that is nobody's."""
    owner = Client(pk=client) if client else None

    def effects(ids: Sequence[int]) -> list[str]:
        going = transactions_deletion(owner, ids)
        return [f"{going.how_many.capitalize()}: {going.in_and_out}.", *going.effects, NO_WAY_BACK]

    def lock(ids: Sequence[int]) -> None:
        if client:
            Client.objects.lock_ids([client])
        else:
            lock_rows_of_nobody(ids)

    return RowsAction(
        name="transactions.delete",
        title="Delete Transactions?",
        label="Delete Transactions",
        done="deleted",
        noun="payment",
        nouns="payments",
        permissions=("transactions.delete_transaction", "transactions.view_transaction"),
        describe=lambda payment: [day(payment.first.date), cut(payment.first.label), money(_moved(payment))],
        called=_called,
        rows=lambda ids: payments_to_delete(owner, ids),
        mark=lambda payment: payment.mark,
        why_not=lambda payment: payment.why_it_stays,
        lock=lock,
        act_together=lambda payments, by: (
            delete_transactions(client=owner, chosen=[payment.pk for payment in payments], by=by).words
        ),
        effects=effects,
        danger=True,
        fresh=True,
    )
