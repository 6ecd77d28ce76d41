"""What every booking of money has in common: which row it locks, the label of its client, what it refuses."""

from typing import Any, NamedTuple

from django.db import transaction as db_transaction
from djmoney.money import Money

from billing_admin.actor import Actor
from billing_admin.db.locks import lock_key
from billing_admin.errors import BusinessError, require_length
from billing_admin.money.amounts import money_text, require_places
from clients.models import Client
from clients.models.activity import actor_name
from transactions.models import PaymentMethod, Transaction

LONGEST_REFERENCE = 200
GONE = "This transaction was deleted meanwhile; nothing was done."


class FromFile(NamedTuple):
    """What a file says of a payment beside its figures, by the columns of its row: who paid, and which file it was."""

    payer_name: str = ""
    payer_account: str = ""
    payer_reference: str = ""
    batch_id: int | None = None


NO_FILE = FromFile()


def lock_owner(row: Transaction) -> tuple[Client | None, Transaction]:
    """Lock the client whose money it is, and read the transaction as it is now.

    Where nobody owns it, as before it is attached or after the client was deleted, the row itself is locked. Refused
    where it was deleted, or a merge has moved it, since it was read.
    """
    client = None if row.client_id is None else Client.objects.lock_one(row.client_id)
    rows = Transaction.objects.filter(pk=row.pk)
    if client is None:
        # Should it have been attached meanwhile, the client's lock must come before the row's, or two who lock them in
        # different order wait for each other for good. Rolling back to this savepoint gives up the lock on the row.
        unlocked = db_transaction.savepoint_create()
        rows = rows.select_for_update(no_key=True)
    fresh = rows.first()
    if fresh is None:
        raise BusinessError(GONE)
    if client is None and fresh.client_id is not None:  # attached meanwhile
        db_transaction.savepoint_rollback(unlocked)
        return lock_owner(fresh)
    return client, fresh


def lock_reference(method_id: int, reference: str, file_key: str | None = None) -> None:
    """Let nobody else book under this reference, or this row of a file, until the transaction ends.

    After the client's lock and the form's key.
    """
    for key in (file_key, reference and f"{method_id} {reference}"):
        if key:
            lock_key(f"payment {key}")


def refuse_taken_reference(method: PaymentMethod, reference: str) -> None:
    """Refuse a reference that the method has a transaction under, with its figures."""
    if not reference:
        return
    taken = method.transactions.filter(reference=reference).order_by("part").first()
    if taken is not None:
        amount = taken.amount_in if taken.amount_in.amount else taken.amount_out
        raise BusinessError(
            f"{method} already has a {taken.get_kind_display().lower()} “{reference}” of {money_text(amount)} on "
            f"{taken.date:%-d %b %Y}. Nothing was booked.",
            field="reference",
        )


def check_texts(*, reference: str, description: str) -> None:
    """Refuse texts that would have to be cut to be stored."""
    require_length(reference, "reference", LONGEST_REFERENCE)
    require_length(description, "description")


def check_fees(fees: Money, amount: Money, *, what: str) -> None:
    """Refuse fees that are negative, in another currency, or more than what they are of."""
    require_places(fees, "fees")
    if fees.currency != amount.currency:
        raise BusinessError(
            f"The {what} is in {amount.currency.code}; fees in {fees.currency.code} do not fit it.", field="fees"
        )
    if fees.amount < 0 or fees > amount:
        raise BusinessError(f"Fees of {money_text(fees)} do not fit a {what} of {money_text(amount)}.", field="fees")


def label_of(client: Client | None) -> dict[str, Any]:
    """The client, with the number and name that stay when the client is gone."""
    if client is None:
        return {}
    return {"client": client, "client_number": client.number, "client_name": client.name}


def label_like(row: Transaction) -> dict[str, Any]:
    """The client and label of another row."""
    return {"client_id": row.client_id, "client_number": row.client_number, "client_name": row.client_name}


def signed(by: Actor) -> dict[str, Any]:
    """The columns that say who booked a row."""
    return {"created_by": by, "created_by_name": actor_name(by)}
