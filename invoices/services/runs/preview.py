"""What an invoice run would bill, without billing it."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import connection

from clients.models import Client
from invoices.models import RunLimits

from .chunk import Billed
from .due_lines import BEYOND_SQL, DUE_LINES_SQL, due_parameters
from .run_worker import due_clients

CHUNK_SIZE = 20_000

_PREVIEW = f"""
    WITH due_line AS ({DUE_LINES_SQL}), due AS (
        SELECT client_id, currency, sum(amount + tax) AS total, count(*) AS lines, min(period) AS oldest
        FROM due_line GROUP BY client_id, currency
    ), beyond AS (SELECT DISTINCT client_id FROM due WHERE {BEYOND_SQL})
    SELECT currency, count(*), sum(total), (SELECT count(*) FROM beyond) FROM due
    WHERE client_id NOT IN (SELECT client_id FROM beyond) GROUP BY currency
    UNION ALL SELECT '', 0, 0, (SELECT count(*) FROM beyond)
"""


@dataclass
class Preview:
    """Invoices and their totals per currency, and how many clients would be parked because of a limit."""

    billed: dict[str, Billed] = field(default_factory=dict)
    beyond: int = 0


def preview_run(
    *,
    as_of: datetime.date,
    client: Client | None = None,
    progress: Callable[[int, list[Billed]], bool] = lambda clients, billed: True,
) -> Preview:
    """Add up what a run as of that day would bill. Writes nothing and locks nobody; credit is not looked at.

    `progress` is called with the clients and the figures of each chunk; the preview ends where it returns False.
    """
    preview = Preview()
    parameters = due_parameters(as_of, RunLimits.objects.current())
    after = 0
    while client_ids := list(
        due_clients(as_of, client, after=after).order_by("pk").values_list("pk", flat=True)[:CHUNK_SIZE]
    ):
        after = client_ids[-1]
        with connection.cursor() as cursor:
            cursor.execute(_PREVIEW, parameters | {"client_ids": client_ids})
            rows = cursor.fetchall()
        chunk = [Billed(currency, invoices, total, Decimal(0), 0) for currency, invoices, total, _ in rows if currency]
        for part in chunk:
            before = preview.billed.get(part.currency, Billed(part.currency, 0, Decimal(0), Decimal(0), 0))
            preview.billed[part.currency] = before._replace(
                invoices=before.invoices + part.invoices, total=before.total + part.total
            )
        preview.beyond += rows[0][3]
        if not progress(len(client_ids), chunk):
            break
    return preview
