"""Deleting a transaction that was booked by mistake and that nothing depends on."""

from django.db import transaction as db_transaction

from billing_admin.actor import Actor
from billing_admin.db.triggers import maintenance
from billing_admin.errors import BusinessError
from billing_admin.models import DeletedRows
from billing_admin.money.amounts import money_text
from clients.models import Activity
from transactions.models import Transaction
from transactions.selectors.dependants import depending_on

from .booking import lock_owner


@db_transaction.atomic
def delete_transaction(*, transaction: Transaction, by: Actor) -> None:
    """Delete one row that nothing depends on; what it said stays in its client's activity.

    Of money that is nobody's, what was typed or came with it goes: it may name a client, whose deletion would not find
    it.
    """
    client, row = lock_owner(transaction)
    if why := depending_on(row):
        raise BusinessError(f"{row.label} cannot be deleted: {'; '.join(why)}. Reverse or refund it instead.")
    amount = row.amount_in if row.amount_in.amount else row.amount_out if row.amount_out.amount else row.fees
    Activity.objects.record(
        by=by,
        client=client,
        verb="transaction.deleted",
        summary=f"{row.label} of {money_text(amount)}, {row.date:%-d %b %Y}, {row.payment_method} deleted",
        data={
            "transaction": row.pk,
            "date": row.date,
            "reference": row.reference,
            "description": row.description,
            "note": row.note if client else "",
            "currency": row.currency,
            "amount_in": row.amount_in.amount,
            "fees": row.fees.amount,
            "amount_out": row.amount_out.amount,
        },
    )
    with maintenance("delete"):
        DeletedRows.objects.delete(Transaction.rows.table, where="id = %(id)s", id=row.pk)
