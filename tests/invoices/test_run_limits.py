"""What a run parks because it exceeds a limit, trying one client again, and dry runs."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from djmoney.money import Money

from invoices.models import BillableItem, Invoice, InvoiceRun, InvoiceRunError, RunLimits
from invoices.services.runs.generate import generate_invoices
from invoices.services.runs.start import bill_client_again, cancel_run, start_run
from tests.commands import Ran, run_command
from tests.factories import make_client, make_item, make_staff, usd
from tests.invariants import assert_invariants
from tests.unchanged import nothing_changes, refused

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 3, 31)


def bill(**options):
    return generate_invoices(as_of=TODAY, by=None, **options)


@pytest.mark.parametrize(
    ("limit", "reason"),
    [
        ({"largest_totals": {"USD": "59.99"}}, "The invoice would be 60.00 USD; the limit is 59.99 USD."),
        ({"most_lines": 2}, "The invoice would have 3 lines; the limit is 2."),
        (
            {"oldest_days": 58},
            "The invoice would bill 31 Jan 2026, 59 days before the run’s date; the limit is 58 days.",
        ),
    ],
)
def test_a_client_beyond_a_limit_is_parked_and_the_others_are_billed(limit, reason):
    acme, globex = make_client(), make_client("Globex")
    make_item(acme, usd("20.00"), due=datetime.date(2026, 1, 31), cycle=BillableItem.Cycle.MONTHLY)
    make_item(acme, Money("1.00", "EUR"), due=TODAY)
    make_item(globex, usd("20.00"), due=TODAY)
    RunLimits.objects.create(**limit)
    run = bill(chunk_size=1)
    assert (run.state, run.invoice_count, run.clients_due, run.clients_done) == ("finished", 1, 2, 2)
    error = InvoiceRunError.objects.get()
    assert (error.client, error.reason) == (acme, reason)
    assert not Invoice.objects.filter(client=acme).exists()

    again = bill_client_again(error=error, beyond_limits=False, by=None)
    assert (again.invoice_count, [error.reason for error in again.errors.all()]) == (0, [reason])

    anna = make_staff(username="anna")
    meant = bill_client_again(error=error, beyond_limits=True, by=anna)
    assert (meant.invoice_count, meant.errors.count(), meant.started_by) == (2, 0, anna)
    with refused(f"Nothing of client {acme.number} is due by 31 Mar 2026; no invoice was made."):
        bill_client_again(error=error, beyond_limits=True, by=anna)
    assert_invariants()


@pytest.mark.parametrize("limit", [{"largest_totals": {"USD": "60.00"}}, {"most_lines": 3}, {"oldest_days": 59}])
def test_what_is_just_within_a_limit_is_billed(limit):
    make_item(make_client(), usd("20.00"), due=datetime.date(2026, 1, 31), cycle=BillableItem.Cycle.MONTHLY)
    RunLimits.objects.create(**{"most_lines": None} | limit)
    assert bill().invoice_count == 1


def test_as_delivered_a_thousand_lines_are_the_limit():
    start = TODAY - datetime.timedelta(days=7 * 1000)
    make_item(make_client(), usd("1.00"), due=start, cycle=BillableItem.Cycle.WEEKLY)
    assert bill().invoice_count == 0
    assert InvoiceRunError.objects.get().reason == "The invoice would have 1,001 lines; the limit is 1,000."


def test_a_parked_client_is_tried_once_a_run_whatever_the_chunks():
    clients = [make_client(f"Client {number}") for number in range(5)]
    for owner in clients:
        make_item(owner, usd("10.00"), due=TODAY)
    make_item(clients[1], usd("100.00"), due=TODAY)
    RunLimits.objects.create(largest_totals={"USD": "50.00"})
    run = bill(chunk_size=2)
    assert (run.invoice_count, run.errors.count(), run.clients_done) == (4, 1, 5)
    RunLimits.objects.all().delete()
    later = bill()
    assert (later.invoice_count, later.errors.count()) == (1, 0)
    assert Invoice.objects.get(client=clients[1]).total == usd("110.00")
    assert_invariants()


def test_the_number_of_statements_does_not_grow_with_who_is_parked():
    def statements(clients: int) -> int:
        for number in range(clients):
            make_item(make_client(f"Client {number}"), usd("20.00"), due=TODAY)
        with CaptureQueriesContext(connection) as seen:
            run = bill()
        assert (run.clients_done, run.failed_count, run.errors.count()) == (clients, clients, clients)
        BillableItem.objects.update(paused=True)
        return len(seen)

    RunLimits.objects.create(largest_totals={"USD": "1.00"})
    assert statements(1) == statements(30)


def test_only_one_client_is_billed_where_it_is_named():
    acme, globex = make_client(), make_client("Globex")
    for owner in (acme, globex):
        make_item(owner, usd("10.00"), due=TODAY)
    ran = run_command("generate_invoices", "--as-of", TODAY, "--client", f"#{globex.number}")
    assert ran.printed == [
        "Invoices of 31 Mar 2026",
        "USD: 1 invoice, total 10.00, credit applied 0.00, 0 paid at once",
    ]
    assert Invoice.objects.get().client == globex
    with nothing_changes():
        again = run_command("generate_invoices", "--as-of", TODAY, "--client", globex.number)
        assert again.printed == [f"Nothing of client {globex.number} is due by 31 Mar 2026; no invoice was made."]
        assert run_command("generate_invoices", "--client", "99999").error == (
            "There is no client with the number “99999”. Nothing was billed."
        )


def test_a_dry_run_says_what_the_run_then_bills():
    acme, globex = make_client(), make_client("Globex")
    make_item(acme, usd("10.00"), due=datetime.date(2026, 1, 31), cycle=BillableItem.Cycle.MONTHLY, tax_rate=Decimal(5))
    make_item(acme, Money(500, "JPY"), due=TODAY)
    make_item(globex, usd("2000.00"), due=TODAY)
    make_item(globex, usd("1.00"), due=TODAY, paused=True)
    RunLimits.objects.create(largest_totals={"USD": "1000.00"})
    with nothing_changes():
        assert run_command("generate_invoices", "--as-of", TODAY, "--dry-run") == Ran(
            [
                "JPY: 1 invoice, total 500",
                "USD: 1 invoice, total 31.50",
                "1 client would be parked: a limit of invoice runs is exceeded.",
                "Left alone: 1 due item that is paused or of a client that is not active.",
                "This was a dry run: nothing was written.",
            ],
            [],
            "",
            0,
        )
    assert {code: part["total"] for code, part in bill().totals.items()} == {"JPY": "500.000", "USD": "31.500"}


def test_a_dry_run_that_finds_nothing_says_so():
    with nothing_changes():
        assert run_command("generate_invoices", "--as-of", TODAY, "--dry-run").printed == [
            "Nothing is due by 31 Mar 2026.",
            "This was a dry run: nothing was written.",
        ]


@pytest.mark.parametrize("workers", ["0", "33", "two"])
def test_a_number_of_workers_that_cannot_be_meant_is_refused(workers):
    with nothing_changes():
        ran = run_command("generate_invoices", "--workers", workers)
    assert ran.error == f"--workers is a number from 1 to 32; “{workers}” is not."


def test_a_run_that_is_cancelled_ends_after_the_chunk_at_hand():
    for number in range(3):
        make_item(make_client(f"Client {number}"), usd("10.00"), due=TODAY)
    anna = make_staff(username="anna")

    def cancel(clients, due):
        cancel_run(run=InvoiceRun.objects.get(), by=anna)

    run = bill(chunk_size=1, progress=cancel)
    assert (run.state, run.invoice_count) == ("cancelled", 1)
    with refused("The run as of 31 Mar 2026 has ended already; nothing was done."):
        cancel_run(run=run, by=anna)
    assert bill().invoice_count == 2


def test_starting_is_refused_where_it_cannot_be_meant():
    with refused("Nothing is due by 31 Mar 2026; no run was started."):
        start_run(as_of=TODAY, dry_run=False, today=TODAY, by=None)
    make_item(make_client(), usd("10.00"), due=TODAY)
    with refused(
        "1 Jan 2030 is more than a year ahead, and all invoices would be issued on that day. If that is meant, have "
        "it done on the server (generate_invoices --force).",
        field="as_of",
    ):
        start_run(as_of=datetime.date(2030, 1, 1), dry_run=False, today=TODAY, by=None)
    start_run(as_of=TODAY, dry_run=False, today=TODAY, by=None)
    with refused("The run as of 31 Mar 2026 is at work; wait for it or cancel it."):
        start_run(as_of=TODAY, dry_run=True, today=TODAY, by=None)
