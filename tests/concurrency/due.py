"""For invoice runs by several processes at once: clients to bill, processes, and what holds when all is billed."""

import datetime
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from billing_admin.db.locks import hold_lock, second_connection
from clients.models import Client
from credits.services.bulk.book import book_credit_batch
from credits.services.bulk.preview import preview_credit_file
from invoices.models import BillableItem, Invoice, InvoiceLine, InvoiceRun, InvoiceRunError
from invoices.services.runs.generate import generate_invoices
from tests.factories import usd
from tests.invariants import assert_invariants
from tests.jobs import environment
from tests.waiting import wait_for

TODAY = datetime.date(2026, 3, 31)


def make_clients(number: int, *, due: datetime.date, **item: Any) -> list[Client]:
    """That many clients with an item of 10.00 each, in a few statements."""
    Client.objects.bulk_create(Client(company_name=f"Client {place}", currency="USD") for place in range(number))
    owners = list(Client.objects.order_by("pk"))
    BillableItem.objects.bulk_create(
        BillableItem(client=owner, description="Hosting", unit_price=usd(10), starts_on=due, next_due_on=due, **item)
        for owner in owners
    )
    return owners


def make_due(clients: int) -> None:
    """Each has three months to be billed, and credit of 12.00."""
    owners = make_clients(clients, due=datetime.date(2026, 1, 31), cycle=BillableItem.Cycle.MONTHLY)
    rows = "".join(f"{owner.number},12,USD,Downtime\n" for owner in owners)
    file = f"Client ID,Amount,Currency,Description\n{rows}".encode()
    batch = preview_credit_file(path="downtime.csv", content=file, by=None)
    book_credit_batch(batch_id=batch.pk, by=None)


def process(*arguments: object, stderr: int = subprocess.DEVNULL) -> "subprocess.Popen[bytes]":
    """`generate_invoices` as of today in a process of its own, as on another machine."""
    command = [sys.executable, "-m", "django", "generate_invoices", "--as-of", str(TODAY), *map(str, arguments)]
    return subprocess.Popen(command, env=environment(), stdout=subprocess.DEVNULL, stderr=stderr)


def bill(*, workers: int = 1, chunk_size: int = 50, meanwhile: Callable[[], object] = lambda: None) -> InvoiceRun:
    """A run by this process and those that join; after its own first chunk this one does something else `meanwhile`."""
    others = iter([meanwhile])
    return generate_invoices(
        as_of=TODAY, by=None, workers=workers, chunk_size=chunk_size, progress=lambda clients, due: next(others, int)()
    )


def wait_for_run(**state: int | str) -> None:
    wait_for(lambda: InvoiceRun.objects.filter(**state).exists())


@contextmanager
def nobody_claims() -> Iterator[None]:
    """Workers begin, and wait before their first chunk until the block ends."""
    with second_connection() as own:
        own.set_autocommit(False)
        with own.cursor() as cursor:
            cursor.execute("LOCK TABLE invoices_invoicerunerror")
        yield
        own.rollback()


def locked_by_staff(clients: list[int]) -> AbstractContextManager[object]:
    """Nobody bills these clients until the block ends."""
    return hold_lock("count(*) FROM (SELECT FROM clients_client WHERE id = ANY(%s) FOR UPDATE) locked", clients)


def last_two_clients() -> list[int]:
    return list(Client.objects.order_by("-pk").values_list("pk", flat=True)[:2])


def assert_each_period_once(clients: int) -> None:
    lines = InvoiceLine.objects.values_list("billable_item", "period")
    assert len(lines) == len(set(lines)) == clients * 3
    assert sorted(Invoice.objects.values_list("number", flat=True)) == list(range(1, clients + 1))
    assert {invoice.due for invoice in Invoice.objects.all()} == {usd(18)}
    assert sum(run.invoice_count for run in InvoiceRun.objects.all()) == clients
    assert list(InvoiceRunError.objects.all()) == []
    assert_invariants()
