"""Merge and deletion of a client with many rows, against the bare SQL that moves or deletes the same rows."""

import time
from collections.abc import Callable

from django.db import connection
from django.db import transaction as db_transaction

from billing_admin.db.triggers import maintenance
from clients.models import Client
from clients.services.delete.delete_client import delete_client
from clients.services.merge.merge_clients import merge_clients
from tests.benchmarks.measuring import Measured, execute, stage
from tests.factories import give_credit, make_client, make_payment_method, usd

TRIES = 3

# Of five rows one is an invoice, one its line, one its payment, one activity; of ten one is a credit and one its entry.
_FILL = (
    """
    INSERT INTO invoices_invoice (client_id, number_prefix, number, status, issued_on, due_on, bill_to_name,
        bill_to_address, bill_to_email, bill_to_tax_id, currency, subtotal, tax, total, credit_applied, amount_paid,
        amount_credited, credit_use, notes, created_at)
    SELECT %(client_id)s, 'B-', n, 'unpaid', '2030-01-01', '2030-01-15', 'Acme', '', '', '', 'USD', 10, 0, 10, 0, 0, 0,
           '', '', now() FROM generate_series(1, %(rows)s / 5) n
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
    SELECT client_id, %(number)s, 'Acme', id, 'B-' || number, '2030-01-02', %(method_id)s, 'R' || id, 1, '', 'USD', 4,
           0, 0, '', now() FROM invoices_invoice WHERE client_id = %(client_id)s
    """,
    """
    INSERT INTO credits_creditgrant (account_id, client_id, kind, category, description, currency, amount,
        remaining, priority, listed, created_by_name, created_at)
    SELECT id, client_id, 'credit', 'paid', 'Downtime', 'USD', 5, 0, 50, true, '', now()
    FROM credits_creditaccount, generate_series(1, %(rows)s / 10) WHERE client_id = %(client_id)s
    """,
    """
    INSERT INTO credits_creditentry (grant_id, account_id, client_id, kind, currency, amount, description, actor_name,
        at)
    SELECT id, account_id, client_id, 'grant', 'USD', 5, 'Downtime', '', now() FROM credits_creditgrant
    WHERE client_id = %(client_id)s AND remaining = 0
    """,
    """
    INSERT INTO clients_activity (client_id, actor_name, verb, summary, data, at)
    SELECT %(client_id)s, '', 'credit.added', 'Credit added', '{}', now() FROM generate_series(1, %(rows)s / 5)
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


def merge(count: int) -> list[Measured]:
    """Fold a client with `count` rows into another one."""
    large, kept = _filled(count)
    account = kept.credit_accounts.get()
    parameters = {"client_id": large.pk, "to_id": kept.pk, "account_id": account.pk}

    def service() -> object:
        return merge_clients(kept=kept, discarded=Client.objects.get(pk=large.pk), by=None)

    return [_compared("merge", count, _bare(_MOVE, "merge", parameters), service, "UPDATE … SET client_id")]


def delete(count: int) -> list[Measured]:
    """Delete a client with `count` rows."""
    large, _ = _filled(count)

    def service() -> object:
        return delete_client(client=Client.objects.get(pk=large.pk), by=None)

    return [_compared("delete", count, _bare(_DELETE, "delete", {"client_id": large.pk}), service, "DELETE … WHERE")]


def _filled(count: int) -> tuple[Client, Client]:
    """A client with so many rows, and a small one."""
    large, small = make_client(), make_client("Small")
    for each in (large, small):
        give_credit(each, usd(1))
    parameters = {
        "client_id": large.pk,
        "number": large.number,
        "method_id": make_payment_method().pk,
        "rows": count,
    }
    with stage(f"Making a client with {count:,} rows"):
        for sql in _FILL:
            execute(sql, parameters)
        execute("VACUUM ANALYZE")
    return large, small


def _bare(statements: tuple[str, ...], kind: str, parameters: dict[str, int]) -> Callable[[], None]:
    def run() -> None:
        with maintenance(kind):
            for sql in statements:
                execute(sql, parameters)

    return run


def _compared(
    what: str, count: int, bare: Callable[[], object], service: Callable[[], object], floor_is: str
) -> Measured:
    """The best of some tries each, taken in turn."""
    bare_times, service_times = [], []
    with stage(f"{what.capitalize()} and the same by plain SQL, {TRIES} times each"):
        for _ in range(TRIES):
            bare_times.append(_undone(bare))
            service_times.append(_undone(service))
    return Measured(what, count, min(service_times), min(bare_times), f"{floor_is}, a statement a table")


def _undone(action: Callable[[], object]) -> float:
    """How long an action takes with the checks of its commit; it is undone afterwards."""
    with db_transaction.atomic():
        begun = time.perf_counter()
        action()
        connection.check_constraints()
        took = time.perf_counter() - begun
        db_transaction.set_rollback(True)
    return took
