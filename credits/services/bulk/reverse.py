"""Taking a whole batch of credit back, as far as nobody has spent it."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import transaction as db_transaction
from django.utils import timezone

from billing_admin.actor import Actor
from billing_admin.db.locks import lock_key
from billing_admin.errors import BusinessError, require_length
from billing_admin.money.amounts import totals_text
from billing_admin.text import pluralize
from clients.models import Activity, Client
from credits.models import CreditBatch, CreditEntry
from credits.services import ledger


@dataclass(frozen=True)
class TakenBack:
    """How many grants were taken back, and how much that was per currency; `kept` is what had been used before."""

    grants: int
    totals: dict[str, Decimal]
    kept: dict[str, Decimal]


@db_transaction.atomic
def reverse_credit_batch(*, batch_id: UUID, by: Actor, reason: str = "") -> TakenBack:
    """Take back what is left of every grant of a batch, in a few statements. What was spent stays spent."""
    require_length(reason, "reason")
    lock_key(f"credit batch {batch_id}")
    batch = CreditBatch.objects.filter(pk=batch_id).first()
    if batch is None:
        raise BusinessError(f"There is no batch {batch_id}; nothing was taken back.")
    if batch.booked_at is None:
        raise BusinessError(f"{batch.file_name} is not booked yet: there is nothing to take back.")
    given = CreditEntry.objects.filter(batch=batch.pk, kind=CreditEntry.Kind.GRANT)
    locked = Client.objects.lock_ids(given.values_list("client_id", flat=True))
    if given.exclude(client_id__in=locked).exists():
        raise BusinessError(
            f"Clients who were given credit from {batch.file_name} were merged just now; nothing was taken back. "
            "Try again."
        )
    note = reason.strip()
    description = "" if note else "Credit from a file taken back"
    back = ledger.book_batch_reversal(batch=batch.pk, description=description, note=note, at=timezone.now(), by=by)
    if not back:
        raise BusinessError(
            f"Nothing is left of the {pluralize(batch.grant_count, 'credit')} from {batch.file_name}; "
            "nothing was taken back."
        )
    totals = {currency: amount for currency, amount, _ in back}
    grants = sum(count for _, _, count in back)
    kept = {
        currency: amount - totals.get(currency, Decimal(0))
        for currency, amount in ledger.amounts_of(batch.totals).items()
    }
    Activity.objects.record(
        by=by,
        client=None,
        verb="credit_batch.reversed",
        summary=f"{totals_text(totals)} of {pluralize(grants, 'credit')} from a file taken back",
        note=batch.file_name,
        data={"batch": str(batch.pk), "grants": grants, "totals": {code: str(total) for code, total in totals.items()}},
    )
    return TakenBack(grants, totals, {code: amount for code, amount in kept.items() if amount > 0})
