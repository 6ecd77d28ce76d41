"""Merge and deletion of a client with 100,000 rows, against the bare SQL that moves or deletes the same rows.

Run it by itself, with `-s` to see the times:  .venv/bin/python -m pytest tests/benchmarks -n0 -s
"""

import os
import time
from collections.abc import Callable

import pytest
from django.db import connection
from django.db import transaction as db_transaction
from django.test.utils import CaptureQueriesContext

from billing_admin.guards import allow
from clients.models import Client
from clients.services.deleting import delete_client
from clients.services.merging import merge_clients
from tests.factories import give_credit, make_client, make_payment_method, usd

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.skipif("PYTEST_XDIST_WORKER" in os.environ, reason="Times say nothing beside other tests: use -n0."),
]

# 20,000 invoices with a line and a payment each, 10,000 credits with an entry each, 20,000 rows of activity: 100,000.
_FILL = (
    """
    INSERT INTO invoices_invoice (client_id, number_prefix, number, status, issued_on, due_on, bill_to_name,
        bill_to_address, bill_to_email, bill_to_tax_id, currency, subtotal, tax, total, credit_applied, amount_paid,
        amount_credited, credit_use, notes, created_at)
    SELECT %(client_id)s, 'B-', n, 'unpaid', '2030-01-01', '2030-01-15', 'Acme', '', '', '', 'USD', 10, 0, 10, 0, 0, 0,
           '', '', now() FROM generate_series(1, 20000) n
    """,
    """
    INSERT INTO invoices_invoiceline (invoice_id, client_id, position, description, quantity, currency, unit_price,
        tax_rate, amount, tax)
    SELECT id, client_id, 1, 'Hosting', 1, 'USD', 10, 0, 10, 0 FROM invoices_invoice WHERE client_id = %(client_id)s
    """,
    """
    INSERT INTO transactions_transaction (client_id, client_number, client_name, invoice_id, invoice_label, date,
        payment_method_id, reference, part, description, currency, amount_in, fees, amount_out, created_by_name,
        created_at)
    SELECT client_id, 1, 'Acme', id, 'B-' || number, '2030-01-02', %(method_id)s, 'R' || id, 1, '', 'USD', 4, 0, 0, '',
           now() FROM invoices_invoice WHERE client_id = %(client_id)s
    """,
    """
    WITH given AS (
        INSERT INTO credits_creditgrant (account_id, client_id, kind, category, description, currency, amount,
            remaining, priority, listed, created_by_name, created_at)
        SELECT id, client_id, 'credit', 'paid', 'Downtime', 'USD', 5, 0, 50, true, '', now()
        FROM credits_creditaccount, generate_series(1, 10000) WHERE client_id = %(client_id)s RETURNING *
    ) SELECT count(*) FROM given
    """,
    """
    INSERT INTO credits_creditentry (grant_id, account_id, client_id, kind, currency, amount, description, actor_name,
        at)
    SELECT id, account_id, client_id, 'grant', 'USD', 5, 'Downtime', '', now() FROM credits_creditgrant
    WHERE client_id = %(client_id)s AND remaining = 0
    """,
    """
    INSERT INTO clients_activity (client_id, actor_name, verb, summary, data, at)
    SELECT %(client_id)s, '', 'credit.added', 'Credit added', '{}', now() FROM generate_series(1, 20000)
    """,
)
_MOVE = (
    "UPDATE invoices_invoice SET client_id = %(to_id)s WHERE client_id = %(client_id)s",
    "UPDATE invoices_invoiceline SET client_id = %(to_id)s WHERE client_id = %(client_id)s",
    "UPDATE transactions_transaction SET client_id = %(to_id)s WHERE client_id = %(client_id)s",
    "UPDATE credits_creditgrant SET client_id = %(to_id)s, account_id = %(account_id)s WHERE client_id = %(client_id)s",
    "UPDATE credits_creditentry SET client_id = %(to_id)s, account_id = %(account_id)s WHERE client_id = %(client_id)s",
    "UPDATE clients_activity SET client_id = %(to_id)s WHERE client_id = %(client_id)s",
)
_DELETE = (
    "DELETE FROM credits_creditaccount WHERE client_id = %(client_id)s",
    "DELETE FROM credits_creditgrant WHERE client_id = %(client_id)s",
    "DELETE FROM credits_creditentry WHERE client_id = %(client_id)s",
    "DELETE FROM invoices_invoiceline WHERE client_id = %(client_id)s",
    "DELETE FROM invoices_invoice WHERE client_id = %(client_id)s",
    "UPDATE transactions_transaction SET client_id = NULL, invoice_id = NULL WHERE client_id = %(client_id)s",
    "DELETE FROM clients_activity WHERE client_id = %(client_id)s",
)


def seconds(action: Callable[[], object]) -> tuple[float, int]:
    """How long an action takes with the checks of its commit, and how many statements; it is undone afterwards."""
    with db_transaction.atomic():
        start = time.perf_counter()
        with CaptureQueriesContext(connection) as queries:
            action()
        connection.check_constraints()
        took = time.perf_counter() - start
        db_transaction.set_rollback(True)
    return took, len(queries)


@pytest.fixture
def large():
    """A client with 100,000 rows, and a small one."""
    large, small = make_client(), make_client("Small")
    for each in (large, small):
        give_credit(each, usd(1))
    parameters = {"client_id": large.pk, "method_id": make_payment_method().pk}
    with connection.cursor() as cursor:
        for sql in _FILL:
            cursor.execute(sql, parameters)
        connection.check_constraints()
        cursor.execute("ANALYZE")
    return large, small


def run_sql(statements: tuple[str, ...], surgery: str, parameters: dict[str, int]) -> Callable[[], None]:
    def run() -> None:
        with allow(surgery), connection.cursor() as cursor:
            for sql in statements:
                cursor.execute(sql, parameters)

    return run


def compare(what: str, bare: Callable[[], None], service: Callable[[], object]) -> None:
    """The better of three each, taken in turn; the service takes at most one and a half times what bare SQL takes."""
    bare_times, service_times, statements = [], [], set()
    for _ in range(3):
        bare_times.append(seconds(bare)[0])
        took, count = seconds(service)
        service_times.append(took)
        statements.add(count)
    ratio = min(service_times) / min(bare_times)
    print(
        f"\n{what} of 100,000 rows: {min(service_times):.2f} s in {statements.pop()} statements, bare SQL "
        f"{min(bare_times):.2f} s, {ratio:.2f} times"
    )
    assert ratio <= 1.5


def test_merging_takes_little_longer_than_the_bare_sql(large):
    discarded, kept = large
    account = kept.credit_accounts.get()
    bare = run_sql(_MOVE, "merge", {"client_id": discarded.pk, "to_id": kept.pk, "account_id": account.pk})
    compare("Merge", bare, lambda: merge_clients(kept=kept, discarded=_again(discarded), by=None))


def test_deleting_takes_little_longer_than_the_bare_sql(large):
    client, _ = large
    bare = run_sql(_DELETE, "delete", {"client_id": client.pk})
    compare("Deletion", bare, lambda: delete_client(client=_again(client), by=None))


def _again(client: Client) -> Client:
    return Client.objects.get(pk=client.pk)
