"""Taking back a booked file: its payments are deleted as far as nothing depends on them; it can be imported again."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction as db_transaction
from django.utils import timezone

from billing_admin.actor import Actor
from billing_admin.db.locks import lock_key
from billing_admin.errors import BusinessError
from billing_admin.text import pluralize
from clients.models import Activity, Client
from clients.models.activity import actor_name
from transactions.models import PaymentBatch, Transaction
from transactions.selectors.deletion import TransactionsDeletion, batch_deletion
from transactions.services.delete import KEPT, DeletionMoved, delete_looked_at, why_nothing_goes

from .book import IMPORTING


@dataclass(frozen=True)
class TakenBack:
    """What was taken back of a file, and what stays."""

    batch: PaymentBatch
    looked_at: TransactionsDeletion

    @property
    def words(self) -> str:
        """`3 payments of bank.csv taken back: 120.00 USD in.` and what became of invoices and credit."""
        stay = self.looked_at.stay
        kept = [f"{pluralize(stay, 'payment')} of it {'stays' if stay == 1 else 'stay'}."] if stay else []
        return " ".join(
            [
                f"{self.looked_at.how_many} of {self.batch.name} taken back: {self.looked_at.in_and_out}.",
                *self.looked_at.effects,
                *kept,
            ]
        )


@db_transaction.atomic
def take_back_file(*, batch: PaymentBatch, by: Actor, seen: str = "") -> TakenBack:
    """Delete the payments of a file, whoever they belong to, whole and in one statement.

    What they paid is owed again, and the credit that they gave is taken back. A payment of which credit is used, or
    that was refunded since, stays. `seen` is the digest of what staff looked at: where that has moved, nothing is done.

    Raises DeletionMoved.
    """
    owners = Transaction.objects.filter(batch=batch, client__isnull=False).values_list("client_id", flat=True)
    clients = sorted(set(Client.objects.lock_ids(set(owners))))
    lock_key(IMPORTING)
    batch = PaymentBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    list(
        Transaction.objects.filter(batch=batch, client=None).order_by("pk").select_for_update(no_key=True).values("pk")
    )
    looked_at = batch_deletion(batch)
    if seen and seen != looked_at.seen:
        raise DeletionMoved
    if not looked_at.rows:
        raise BusinessError(why_nothing_goes(looked_at))
    reason = "The file of its payment was taken back"
    deleted = delete_looked_at(looked_at, clients, nobodys=True, by=by, reason=reason)
    batch.taken_back_by, batch.taken_back_by_name, batch.taken_back_at = by, actor_name(by), timezone.now()
    batch.save(update_fields=["taken_back_by", "taken_back_by_name", "taken_back_at"])
    _write_down(batch, looked_at, deleted, by)
    return TakenBack(batch, looked_at)


def _write_down(
    batch: PaymentBatch,
    looked_at: TransactionsDeletion,
    deleted: dict[int | None, tuple[list[list[Any]], str]],
    by: Actor,
) -> None:
    """One line for the file, and one for each client, which goes with it."""
    signed = {"actor": by, "actor_name": actor_name(by), "at": timezone.now()}
    Activity.objects.bulk_create(
        Activity(
            client_id=owner,
            verb="transactions.deleted" if owner else "payments.taken_back",
            summary=f"{pluralize(len(rows), 'transaction')} of a file that was taken back"
            if owner
            else f"{looked_at.how_many} of a file taken back: {looked_at.in_and_out}",
            note=typed if owner else batch.name,
            data={"batch": batch.pk, "columns": KEPT, "rows": rows}
            | ({} if owner else {"effects": looked_at.effects, "stay": looked_at.stay}),
            **signed,
        )
        for owner, (rows, typed) in {None: ([], ""), **deleted}.items()
    )
