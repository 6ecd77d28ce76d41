"""How a worker of an invoice run finds whom it bills next, and how the database finds what it wrote."""

import datetime
import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients.models import Client
from invoices.models import InvoiceRun
from invoices.services.runs.generate import generate_invoices
from invoices.services.runs.run_worker import RunWorker
from tests.factories import make_client, make_item, usd

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 1, 31)


def rows_read(plan: dict[str, Any], table: str) -> int:
    own = 0
    if plan.get("Relation Name") == table:
        own = (plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)) * plan["Actual Loops"]
    return own + sum(rows_read(part, table) for part in plan.get("Plans", ()))


@pytest.mark.parametrize("waits", [False, True])
def test_a_claim_reads_no_items_of_clients_that_were_claimed_before(waits):
    """Or the last chunks of a million clients would each read all the items before them."""
    for number in range(60):
        make_item(make_client(f"Client {number}"), usd("10.00"), due=TODAY)
    claimed_before = Client.objects.order_by("pk")[49].pk
    run = InvoiceRun.objects.create(as_of=TODAY, started_by_name="System")
    with CaptureQueriesContext(connection) as seen:
        claimed = RunWorker(run, by=None, chunk_size=5)._claim(claimed_before, waits=waits)
    assert claimed == list(Client.objects.order_by("pk").values_list("pk", flat=True)[50:55])
    (statement,) = (query["sql"] for query in seen if "invoices_billableitem" in query["sql"])
    with connection.cursor() as cursor:
        for way in ("hashjoin", "nestloop", "seqscan", "bitmapscan"):  # merged, as it is where there are many
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}")
        (answer,) = cursor.fetchone()
    plan = (json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]
    assert 5 <= rows_read(plan, "invoices_billableitem") <= 10


def test_a_run_into_an_empty_table_tells_the_planner_of_its_first_chunk():
    """Or each key would be looked up by the index of totals, which reads all invoices of a currency each time."""
    for number in range(3):
        make_item(make_client(f"Client {number}"), usd("10.00"), due=TODAY)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pg_class SET reltuples = -1 WHERE oid = 'invoices_invoice'::regclass")
        generate_invoices(as_of=TODAY, by=None, chunk_size=2)
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'invoices_invoice'::regclass")
        assert cursor.fetchone() == (2,)
        cursor.execute("SELECT count(*) FROM pg_stats WHERE tablename = 'invoices_invoice' AND attname = 'currency'")
        assert cursor.fetchone() == (1,)
