"""Files of credit: previews, and what was booked from them."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import FETCH_RAISE, QuerySet

from clients.models import ApprovalRequest, Client, LimitKind
from credits.models import CreditBatch, CreditBatchRow, CreditEntry


@dataclass(frozen=True)
class BatchFigures:
    """How many rows of a preview are good, already there and bad; the clients and sums per currency of the good."""

    good: int
    there: int
    bad: int
    clients: int
    totals: dict[str, Decimal]


_FIGURES = """
    SELECT outcome, currency, count(*), sum(amount) FROM credits_creditbatchrow WHERE batch_id = %s
    GROUP BY outcome, currency
"""
_CLIENTS = """
    SELECT count(DISTINCT client_key) FROM credits_creditbatchrow WHERE batch_id = %s AND outcome = 'good'
"""


def figures_of(batch: CreditBatch) -> BatchFigures:
    """What booking a preview would do."""
    counts = {"good": 0, "there": 0, "bad": 0}
    totals = {}
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, [batch.pk])
        for outcome, currency, count, amount in cursor.fetchall():
            counts[outcome] += count
            if outcome == CreditBatchRow.Outcome.GOOD:
                totals[currency] = amount
        cursor.execute(_CLIENTS, [batch.pk])
        (clients,) = cursor.fetchone()
    return BatchFigures(**counts, clients=clients, totals=totals)


def rows_of(batch: CreditBatch, outcome: str = "") -> QuerySet[CreditBatchRow]:
    """The rows of a preview in the order of the file, all of them or those with one outcome."""
    rows = CreditBatchRow.objects.filter(batch=batch)
    return rows.filter(outcome=outcome) if outcome else rows


def names_of(rows: list[CreditBatchRow]) -> dict[int, Client]:
    """Client key → client, of the rows of one page."""
    return Client.objects.in_bulk([row.client_key for row in rows if row.client_key])


def waiting_batches() -> QuerySet[CreditBatch]:
    """Files that are not booked yet, the latest first, read or not."""
    return CreditBatch.objects.filter(booked_at=None).order_by("-created_at", "-id")


def booked_batches() -> QuerySet[CreditBatch]:
    """What was booked, for the list of batches."""
    return CreditBatch.objects.filter(booked_at__isnull=False).fetch_mode(FETCH_RAISE)


def left_of(batches: list[CreditBatch]) -> dict[object, dict[str, Decimal]]:
    """Batch id → what is left of its grants, per currency."""
    left: dict[object, dict[str, Decimal]] = {batch.pk: {} for batch in batches}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT entry.batch, grant_.currency, sum(grant_.remaining)
            FROM credits_creditentry entry JOIN credits_creditgrant grant_ ON grant_.id = entry.grant_id
            WHERE entry.batch = ANY(%s) AND entry.kind = 'grant' AND grant_.is_open
            GROUP BY entry.batch, grant_.currency ORDER BY grant_.currency
            """,
            [list(left)],
        )
        for batch, currency, amount in cursor.fetchall():
            left[batch][currency] = amount
    return left


def grants_of(batch: CreditBatch) -> QuerySet[CreditEntry]:
    """What a batch gave, an entry each, with its grant and client."""
    given = CreditEntry.objects.filter(batch=batch.pk, kind=CreditEntry.Kind.GRANT)
    return given.select_related("grant", "client")


def waiting_requests() -> "QuerySet[ApprovalRequest]":
    """What waits for approval of files of credit."""
    return ApprovalRequest.objects.filter(kind=LimitKind.BULK, state=ApprovalRequest.State.WAITING)


def request_for(batch: CreditBatch) -> ApprovalRequest | None:
    """The request that this file waits for."""
    return waiting_requests().filter(payload__batch_id__id=str(batch.pk)).first()


def awaited_batches() -> list[str]:
    """The ids of the files that wait for approval."""
    return list(waiting_requests().values_list("payload__batch_id__id", flat=True))
