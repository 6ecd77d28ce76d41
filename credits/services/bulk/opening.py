"""Opening balances: the credit that clients bring along from another system, booked as a file of credit is."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db import transaction as db_transaction

from billing_admin.actor import Actor
from billing_admin.csv_files.imports import Progress
from billing_admin.errors import BusinessError
from clients.models.activity import actor_name
from credits.models import CreditBatch, CreditBatchRow, CreditGrant
from credits.services import ledger
from credits.services.limits import rows_above_limit

from .book import book_credit_batch
from .columns import key_of

_COPY = """
    COPY credits_creditbatchrow (batch_id, line, outcome, reason, client_number, amount, currency, description,
                                 category, priority, file_key) FROM STDIN
"""


@dataclass(frozen=True, slots=True)
class OpeningBalance:
    """What one client of a file has; `reference` says whose it is there, so that it is given once."""

    line: int
    client_number: int
    amount: Decimal
    currency: str
    reference: str


@db_transaction.atomic
def book_opening_balances(
    *,
    balances: Iterable[OpeningBalance],
    file: str,
    digest: str,
    category: str,
    description: str,
    by: Actor,
    progress: Progress,
) -> dict[str, Decimal]:
    """Give each balance as a grant with its own entry; returns what was given per currency.

    One batch, which can be taken back as any file of credit can. Nothing is given where one of them cannot be. Staff
    have agreed to those above the limit of credit.
    """
    if by is not None and not by.has_perm("credits.give_bulk_credit"):
        raise BusinessError(
            f"{file} brings credit along, and giving it needs the right “Give bulk credit”. Nothing was imported. "
            "Leave its column out of the mapping, or ask somebody who has the right."
        )
    batch = CreditBatch.objects.create(
        file_name=file[:200], digest=digest, created_by=by, created_by_name=actor_name(by)
    )
    with connection.cursor() as cursor:
        with cursor.copy(_COPY) as copy:
            for balance in balances:
                copy.write_row(
                    [batch.pk, balance.line, CreditBatchRow.Outcome.GOOD, "", balance.client_number, balance.amount,
                     balance.currency, description, category, CreditGrant.DEFAULT_PRIORITY,
                     key_of(f"opening balance {balance.reference}")]
                )  # fmt: skip
        cursor.execute("ANALYZE credits_creditbatchrow")
    batch.row_count = batch.rows.count()
    batch.save(update_fields=["row_count"])
    booked = book_credit_batch(
        batch_id=batch.pk, by=by, again=True, above_limit=rows_above_limit(batch), progress=progress
    ).batch
    return ledger.amounts_of(booked.totals)
