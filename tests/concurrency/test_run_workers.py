"""Invoice runs by several processes at once, some of them killed with SIGKILL."""

import datetime
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from clients.models import Client
from credits.services.bulk.book import book_credit_batch
from credits.services.bulk.preview import preview_credit_file
from invoices.models import BillableItem, Invoice, InvoiceLine, InvoiceRun, InvoiceRunError
from invoices.run_locks import present_on_run, runs_worked_on
from invoices.services.runs.generate import close_interrupted_runs, generate_invoices
from invoices.services.runs.workers import command, environment
from tests.concurrency.killed import NEVER, Victims
from tests.factories import make_item, usd
from tests.invariants import assert_invariants

TODAY = datetime.date(2026, 3, 31)
LIMIT = 60  # seconds


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


def process(*arguments: object) -> "subprocess.Popen[bytes]":
    """`generate_invoices` as of today, on the test database."""
    given = command("--as-of", str(TODAY), *map(str, arguments))
    return subprocess.Popen(given, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def wait_for(come: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LIMIT
    while not come():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def assert_each_period_once(clients: int) -> None:
    lines = InvoiceLine.objects.values_list("billable_item", "period")
    assert len(lines) == len(set(lines)) == clients * 3
    assert Invoice.objects.count() == clients
    assert {invoice.due for invoice in Invoice.objects.all()} == {usd(18)}
    assert sum(run.invoice_count for run in InvoiceRun.objects.all()) == clients
    assert list(InvoiceRunError.objects.all()) == []
    assert_invariants()


def test_three_workers_share_a_run():
    make_due(30)
    with Victims() as victims:
        ended = victims.run(NEVER, "generate_invoices", "--as-of", TODAY, "--workers", 3, "--chunk-size", 2)
    assert ended.exit_code == 0
    run = InvoiceRun.objects.get()
    assert (run.state, run.worker_count, run.clients_due, run.clients_done) == ("finished", 3, 30, 30)
    assert run.totals == {"USD": {"invoices": 30, "total": "900.000", "credit_applied": "360.000", "paid": 0}}
    assert sorted(Invoice.objects.values_list("number", flat=True)) == list(range(1, 31))
    assert_each_period_once(30)


def test_three_hosts_at_once_bill_each_period_once():
    """Each with a pool of its own, as on three machines."""
    make_due(40)
    hosts = [process("--chunk-size", 3) for _ in range(3)]
    assert [host.wait(LIMIT) for host in hosts] == [0, 0, 0]
    assert_each_period_once(40)
    assert set(InvoiceRun.objects.values_list("state", flat=True)) == {"finished"}


@pytest.mark.slow
def test_two_hosts_one_of_them_killed_and_the_run_started_again():
    make_due(150)
    killed, other = process("--chunk-size", 1), process("--chunk-size", 1)
    wait_for(lambda: InvoiceRun.objects.filter(invoice_count__gte=5).count() == 2)
    killed.kill()
    assert killed.wait(LIMIT) == -signal.SIGKILL
    assert other.wait(LIMIT) == 0
    assert sorted(InvoiceRun.objects.values_list("state", flat=True)) == ["finished", "running"]
    assert process().wait(LIMIT) == 0
    assert sorted(InvoiceRun.objects.values_list("state", flat=True)) == ["finished", "interrupted"]
    assert_each_period_once(150)


@pytest.mark.slow
def test_a_worker_killed_among_several_costs_nothing():
    make_due(80)
    host = process("--chunk-size", 1, "--workers", 3)
    wait_for(lambda: InvoiceRun.objects.filter(clients_done__gte=20).exists())
    with open(f"/proc/{host.pid}/task/{host.pid}/children") as children:
        os.kill(int(children.read().split()[0]), signal.SIGKILL)
    assert host.wait(LIMIT) == 0
    assert InvoiceRun.objects.get().state == "finished"
    assert_each_period_once(80)


@pytest.mark.slow
def test_workers_end_with_the_process_that_started_them():
    make_due(150)
    host = process("--chunk-size", 1, "--workers", 2)
    wait_for(lambda: InvoiceRun.objects.filter(clients_done__gte=10).exists())
    host.kill()
    host.wait(LIMIT)
    run = InvoiceRun.objects.get()
    wait_for(lambda: runs_worked_on([run.pk]) == set())
    assert [closed.state for closed in close_interrupted_runs()] == ["interrupted"]
    run.refresh_from_db()
    assert run.finished_at == run.worked_at
    assert process().wait(LIMIT) == 0
    assert_each_period_once(150)


def test_a_run_counts_as_worked_on_while_its_process_lives():
    run = InvoiceRun.objects.create(as_of=TODAY, started_by_name="System")
    assert runs_worked_on([run.pk]) == set()
    with present_on_run(run.pk), present_on_run(run.pk):
        assert runs_worked_on([run.pk, run.pk + 1]) == {run.pk}
        assert close_interrupted_runs() == []
    assert runs_worked_on([run.pk]) == set()
    assert [closed.pk for closed in close_interrupted_runs()] == [run.pk]


def test_who_is_locked_by_staff_is_waited_for_and_billed_last():
    """The others are billed meanwhile: nobody waits for the one."""
    make_due(3)
    first = BillableItem.objects.order_by("client").first().client_id
    script = (
        "import django, time; django.setup()\n"
        "from django.db import transaction\n"
        "from clients.models import Client\n"
        f"with transaction.atomic():\n    Client.objects.lock([{first}]); print(1, flush=True); time.sleep(1.5)"
    )
    staff = subprocess.Popen([sys.executable, "-c", script], env=environment(), stdout=subprocess.PIPE)
    staff.stdout.readline()
    order = []
    generate_invoices(
        as_of=TODAY,
        by=None,
        chunk_size=2,
        progress=lambda clients: order.append(sorted(Invoice.objects.values_list("client", flat=True))),
    )
    staff.stdout.close()
    assert staff.wait(LIMIT) == 0
    assert [first in billed for billed in order] == [False, True]
    assert_each_period_once(3)


def test_more_workers_for_one_client_bill_only_that_client():
    make_due(4)
    wanted = Client.objects.order_by("pk")[2]
    assert process("--client", wanted.number, "--workers", 3, "--chunk-size", 1).wait(LIMIT) == 0
    assert [invoice.client for invoice in Invoice.objects.all()] == [wanted]
    assert InvoiceRun.objects.get().worker_count == 1


@pytest.mark.slow
@pytest.mark.parametrize("clients", [60, pytest.param(1000, marks=pytest.mark.long)])
def test_one_poisoned_client_among_several_workers_is_listed_once_and_taken_once_mended(clients):
    make_due(clients)
    poisoned = Client.objects.order_by("pk")[clients // 2]
    bad = make_item(poisoned, usd("999999999999999.99"), due=TODAY, quantity=Decimal(1000))
    assert process("--chunk-size", 4, "--workers", 3).wait(LIMIT) == 1
    assert InvoiceRun.objects.get().invoice_count == clients - 1
    assert sorted(Invoice.objects.values_list("number", flat=True)) == list(range(1, clients))
    assert [error.client for error in InvoiceRunError.objects.all()] == [poisoned]
    assert_invariants()
    BillableItem.objects.filter(pk=bad.pk).update(quantity=1, unit_price=usd("5.00"))
    assert process().wait(LIMIT) == 0
    assert Invoice.objects.get(client=poisoned).total == usd("35.00")
    assert_invariants()


@pytest.mark.long
def test_eight_workers_number_without_a_gap():
    make_clients(1000, due=TODAY)
    assert process("--chunk-size", 5, "--workers", 8).wait(LIMIT) == 0
    assert sorted(Invoice.objects.values_list("number", flat=True)) == list(range(1, 1001))
    assert_invariants()
