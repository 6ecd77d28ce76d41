"""Deleting transactions: for what should never have been there or must not stay. Each payment goes whole."""

import datetime
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter
from typing import Any

from django.db import connection
from django.db import transaction as db_transaction

from billing_admin.actor import Actor
from billing_admin.db.triggers import maintenance
from billing_admin.errors import BusinessError
from billing_admin.models import DeletedRows
from billing_admin.money.amounts import plain_amount
from billing_admin.text import pluralize
from clients.models import Activity, Client
from credits.services.take_back import take_back_with_payment
from transactions.models import Transaction
from transactions.selectors.deletion import TransactionsDeletion, transactions_deletion


class DeletionMoved(BusinessError):
    """Since staff looked, something has happened to the transactions or to what hangs on them."""

    def __init__(self) -> None:
        super().__init__(
            "What would be deleted is no longer what this page showed. Nothing was deleted; look at the figures again."
        )


# What Activity keeps of each row. What was typed is its note, a line for each text, where the deletion of whoever it
# names finds it; a row has the number of its line. Of money that is nobody's it goes.
KEPT = (
    "id", "date", "kind", "payment_method", "reference", "part", "invoice", "currency", "in", "fees", "out",
    "description", "note_line", "booked_by", "booked_at",
)  # fmt: skip
_DELETE = """
    DELETE FROM transactions_transaction row USING transactions_paymentmethod method
    WHERE row.id = ANY(%(rows)s) AND method.id = row.payment_method_id
      AND (row.client_id = ANY(%(clients)s) OR row.client_id IS NULL AND %(nobodys)s)
    RETURNING row.id, row.date, row.kind, method.name, row.reference, row.part, row.invoice_label, row.currency,
              row.amount_in, row.fees, row.amount_out, row.description,
              CASE WHEN row.client_id IS NULL THEN '' ELSE row.note END, row.created_by_name, row.created_at,
              row.client_id
"""


@dataclass(frozen=True)
class Deleted:
    """What was done, in words for staff, as its row of the activity keeps it."""

    activity: Activity

    @property
    def words(self) -> str:
        """`3 transactions of 1 payment deleted: …`, and what became of invoices and credit."""
        return " ".join([f"{self.activity.summary}.", *self.activity.data.get("effects", [])])


@db_transaction.atomic
def delete_transactions(*, client: Client | None, chosen: Collection[int], by: Actor, seen: str = "") -> Deleted:
    """Delete the payments that these transactions belong to, whole, in one statement; they are a client's or nobody's.

    What they paid is owed again, and the credit that they gave is taken back by an entry. A payment of which credit is
    used stays. `seen` is the digest of what staff looked at: where that has moved, nothing is deleted. What was booked
    from a file can be booked from it again. A fixed number of statements, whatever there is to delete.

    Raises DeletionMoved.
    """
    if client is not None:
        client = Client.objects.lock_one(client.pk)
    looked_at = transactions_deletion(client, chosen)
    if client is None:
        lock_rows_of_nobody(looked_at.rows)
        looked_at = transactions_deletion(client, chosen)
    if seen and seen != looked_at.seen and looked_at.chosen:
        raise DeletionMoved
    if not looked_at.rows:
        raise BusinessError(why_nothing_goes(looked_at))
    clients = [] if client is None else [client.pk]
    ((gone, typed),) = delete_looked_at(looked_at, clients, nobodys=client is None, by=by).values()
    summary = f"{_named(looked_at, gone)} deleted: {looked_at.in_and_out}"
    activity = Activity.objects.record(
        by=by,
        client=client,
        verb="transactions.deleted",
        summary=summary,
        note=typed,
        data={
            "effects": looked_at.effects,
            "invoices": [invoice.pk for invoice in looked_at.invoices],
            "columns": KEPT,
            "rows": gone,
        },
    )
    return Deleted(activity)


def lock_rows_of_nobody(ids: Collection[int]) -> None:
    """Lock nobody's money row by row, as its refund and its attachment lock it."""
    rows = Transaction.objects.filter(pk__in=ids, client=None).order_by("pk").select_for_update(no_key=True)
    list(rows.values_list("pk"))


def why_nothing_goes(looked_at: TransactionsDeletion) -> str:
    """Why none of what was chosen can be deleted, with the figures of the first payment that stays."""
    if not looked_at.staying:
        return "What was chosen is gone already, or remains of a client that was deleted; nothing was deleted."
    first = looked_at.staying[0]
    more = f" {pluralize(looked_at.stay - 1, 'other payment')} cannot go either." if looked_at.stay > 1 else ""
    return f"{first.payment.label} cannot be deleted: {first.why}{more} Nothing was deleted."


def _named(looked_at: TransactionsDeletion, deleted: list[list[Any]]) -> str:
    """The payment by its name where it is one alone, else how many."""
    if looked_at.payments > 1:
        return looked_at.how_many
    said = dict(zip(KEPT, deleted[0], strict=True))
    label = Transaction(pk=said["id"], kind=said["kind"], reference=said["reference"]).label
    return f"{label} of {datetime.date.fromisoformat(said['date']):%-d %b %Y}"


def delete_looked_at(
    looked_at: TransactionsDeletion,
    clients: list[int],
    *,
    nobodys: bool,
    by: Actor,
    reason: str = "Its payment was deleted",
) -> dict[int | None, tuple[list[list[Any]], str]]:
    """Delete the rows that were looked at, of clients that are locked and of nobody; take back the credit they gave.

    Returns by client what is kept of each row, in their order, and what was typed. Called with everything locked.
    """
    with maintenance("delete_transactions"):
        take_back_with_payment(grant_ids=[credit.grant_id for credit in looked_at.credit], by=by, reason=reason)
        with connection.cursor() as cursor:
            cursor.execute(_DELETE, {"rows": looked_at.rows, "clients": clients, "nobodys": nobodys})
            deleted = cursor.fetchall()
        if len(deleted) != len(looked_at.rows):
            raise BusinessError("Some of these transactions belong to another client; nothing was deleted.")
        DeletedRows.objects.create(table_name=Transaction._meta.db_table, row_ids=[row[0] for row in deleted])
    currency = KEPT.index("currency")
    by_client: dict[int | None, list[list[Any]]] = defaultdict(list)
    for *row, owner in sorted(deleted, key=itemgetter(0)):
        by_client[owner].append([_plain(value, row[currency]) for value in row])
    return {owner: (rows, _typed_apart(rows)) for owner, rows in by_client.items()}


def _typed_apart(rows: list[list[Any]]) -> str:
    """Take what was typed out of the rows, each text once, and leave the numbers of the lines there."""
    lines: dict[str, int] = {}
    column = KEPT.index("note_line")
    for row in rows:
        typed = " ".join(row[column].split())
        row[column] = lines.setdefault(typed, len(lines) + 1) if typed else None
    return "\n".join(lines)


def _plain(value: Any, currency: str) -> Any:
    if isinstance(value, Decimal):
        return plain_amount(value, currency)
    return value.isoformat() if isinstance(value, datetime.date) else value
