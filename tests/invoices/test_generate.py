"""The invoice run: what is due, what is billed, and what becomes of failures."""

import calendar
import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from djmoney.money import Money

from billing_admin.errors import BusinessError
from clients.models import Activity, Client
from credits.models import CreditAccount, CreditEntry
from credits.receivers import apply_credit_to_generated_invoices, apply_credit_to_planned_invoices
from invoices.models import BillableItem, Invoice, InvoiceLine, InvoiceRun, InvoiceRunError
from invoices.services.runs.generate import NothingDue, clients_due, generate_invoices, items_held_back
from invoices.signals import invoices_generated, invoices_planned
from tests.factories import give_credit, make_client, make_invoice, make_item, make_staff, usd
from tests.invariants import assert_invariants
from tests.unchanged import refused

pytestmark = pytest.mark.django_db

Cycle = BillableItem.Cycle


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def bill(as_of: str, **options: Any) -> InvoiceRun:
    return generate_invoices(as_of=day(as_of), by=None, **options)


def periods(item: BillableItem) -> list[str]:
    return [str(period) for period in item.lines.order_by("period").values_list("period", flat=True)]


@pytest.fixture
def connect() -> Iterator[Any]:
    """Connect receivers to `invoices_generated` for one test."""
    connected = []

    def run(receiver: Any) -> None:
        connected.append(receiver)
        invoices_generated.connect(receiver, weak=False)

    yield run
    for receiver in connected:
        invoices_generated.disconnect(receiver)


@pytest.fixture
def without_credits() -> Iterator[None]:
    """Nobody listens to `invoices_planned` and `invoices_generated`."""
    plan, rest = "apply_credit_to_planned_invoices", "apply_credit_to_generated_invoices"
    assert invoices_planned.disconnect(dispatch_uid=plan)
    assert invoices_generated.disconnect(dispatch_uid=rest)
    yield
    invoices_planned.connect(apply_credit_to_planned_invoices, dispatch_uid=plan)
    invoices_generated.connect(apply_credit_to_generated_invoices, dispatch_uid=rest)


def poison(client: Client) -> BillableItem:
    """An item whose total no invoice can hold."""
    return make_item(client, usd("999999999999999.99"), due=day("2026-01-01"), quantity=Decimal(1000))


# What is due


def test_month_ends_are_counted_from_the_start():
    item = make_item(make_client(), usd(10), due=day("2026-01-31"), cycle=Cycle.MONTHLY)
    for as_of in ("2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"):
        bill(as_of)
    assert periods(item) == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]
    item.refresh_from_db()
    assert (item.periods_billed, item.next_due_on) == (4, day("2026-05-31"))
    assert_invariants()


def test_a_month_end_is_not_billed_a_day_early():
    item = make_item(make_client(), usd(10), due=day("2026-01-31"), cycle=Cycle.MONTHLY)
    bill("2026-03-30")
    assert periods(item) == ["2026-01-31", "2026-02-28"]


_MONTHS = {
    Cycle.MONTHLY: 1, Cycle.QUARTERLY: 3, Cycle.HALF_YEARLY: 6, Cycle.YEARLY: 12, Cycle.TWO_YEARLY: 24,
    Cycle.THREE_YEARLY: 36,
}  # fmt: skip


def nth_due(start: datetime.date, cycle: str, number: int) -> datetime.date:
    """The same as the product computes, another way."""
    if cycle == Cycle.ONCE:
        return start
    if cycle == Cycle.WEEKLY:
        return start + datetime.timedelta(days=7 * number)
    years, month = divmod(start.month - 1 + _MONTHS[cycle] * number, 12)
    _, last_day = calendar.monthrange(start.year + years, month + 1)
    return datetime.date(start.year + years, month + 1, min(start.day, last_day))


@pytest.mark.parametrize("cycle", Cycle.values)
def test_every_cycle_bills_each_period_once_and_none_early(cycle):
    acme = make_client()
    starts = [
        day(text) for text in ("2023-08-31", "2023-11-30", "2024-02-29", "2024-12-31", "2025-01-29", "2025-03-01")
    ]
    items = [make_item(acme, usd(1), due=start, cycle=cycle) for start in starts]
    as_ofs = [day("2023-07-31") + datetime.timedelta(days=47 * n) for n in range(40)]
    for as_of in as_ofs:
        if clients_due(as_of):
            generate_invoices(as_of=as_of, by=None)
    most = 1 if cycle == Cycle.ONCE else 300
    for start, item in zip(starts, items, strict=True):
        due = [nth_due(start, cycle, number) for number in range(most)]
        expected = [str(period) for period in due if period <= as_ofs[-1]]
        assert periods(item) == expected
        item.refresh_from_db()
        following = None if cycle == Cycle.ONCE else due[len(expected)]
        assert (item.periods_billed, item.next_due_on) == (len(expected), following)
    assert_invariants()


def test_missed_periods_stand_on_one_invoice_in_order():
    acme = make_client()
    hosting = make_item(acme, usd(10), due=day("2026-01-31"), cycle=Cycle.MONTHLY)
    domain = make_item(acme, usd(25), due=day("2026-02-15"), description="Domain")
    bill("2026-04-01")
    invoice = Invoice.objects.get()
    lines = invoice.lines.order_by("position").values_list("position", "billable_item", "period", "description")
    assert list(lines) == [
        (1, hosting.pk, day("2026-01-31"), "Hosting"),
        (2, domain.pk, day("2026-02-15"), "Domain"),
        (3, hosting.pk, day("2026-02-28"), "Hosting"),
        (4, hosting.pk, day("2026-03-31"), "Hosting"),
    ]
    assert invoice.total == usd(55)
    assert_invariants()


def test_the_last_period_is_the_one_that_starts_by_the_end_date():
    item = make_item(make_client(), usd(10), due=day("2026-01-31"), cycle=Cycle.MONTHLY, ends_on=day("2026-03-31"))
    bill("2027-01-01")
    assert periods(item) == ["2026-01-31", "2026-02-28", "2026-03-31"]
    item.refresh_from_db()
    assert item.next_due_on is None
    with pytest.raises(NothingDue):
        bill("2028-01-01")


def test_an_item_ended_before_its_next_due_date_is_not_due():
    item = make_item(make_client(), usd(10), due=day("2026-01-31"), cycle=Cycle.MONTHLY)
    bill("2026-01-31")
    BillableItem.objects.update(ends_on=day("2026-02-10"))
    assert clients_due(day("2026-12-31")) == 0
    with refused("Nothing is due by 31 Dec 2026; no invoice was made."):
        bill("2026-12-31")
    assert periods(item) == ["2026-01-31"]


def test_a_paused_item_waits_and_is_billed_when_it_goes_on():
    item = make_item(make_client(), usd(10), due=day("2026-01-01"), cycle=Cycle.MONTHLY, paused=True)
    with refused(
        "Nothing is due by 15 Feb 2026; no invoice was made. "
        "1 item would be due, but is paused or belongs to a client that is not active.",
    ):
        bill("2026-02-15")
    BillableItem.objects.update(paused=False)
    bill("2026-02-15")
    assert periods(item) == ["2026-01-01", "2026-02-01"]


@pytest.mark.parametrize("status", ["inactive", "closed"])
def test_a_client_that_is_not_active_is_not_billed(status):
    acme, globex = make_client(status=status), make_client("Globex")
    waiting = make_item(acme, usd(10), due=day("2026-01-01"))
    make_item(globex, usd(20), due=day("2026-01-01"))
    assert (clients_due(day("2026-01-01")), items_held_back(day("2026-01-01"))) == (1, 1)
    run = bill("2026-01-01")
    assert (run.invoice_count, Invoice.objects.get().client) == (1, globex)
    assert periods(waiting) == []


def test_a_client_closed_while_the_run_goes_on_is_not_billed():
    """The run looks again once it has locked the client."""
    acme, globex = make_client(), make_client("Globex")
    make_item(acme, usd(10), due=day("2026-01-01"))
    make_item(globex, usd(10), due=day("2026-01-01"))

    def close_globex(clients: int, due: int) -> None:
        Client.objects.filter(pk=globex.pk).update(status="closed")

    assert bill("2026-01-01", chunk_size=1, progress=close_globex).invoice_count == 1


# What is billed


def test_an_invoice_says_what_one_issued_by_hand_says():
    acme = make_client(
        "Acme Ltd", first_name="Ada", last_name="Lovelace", address_1="1 Mill Lane", city="London", postcode="N1 1AA",
        country="GB", tax_id="GB123",
    )  # fmt: skip
    globex = make_client("", first_name="Blaise", last_name="Pascal", address_2="Hall", region="Auvergne")
    for client in (acme, globex):
        make_item(client, usd("9.99"), due=day("2026-01-01"), quantity=Decimal("2.5"), tax_rate=Decimal("19.5"))
    bill("2026-01-15")
    for client in (acme, globex):
        by_run = Invoice.objects.get(client=client)
        by_hand = make_invoice(client, usd("24.98"), tax_rate="19.5", on=day("2026-01-15"))
        for field in (
            "status", "issued_on", "due_on", "paid_at", "bill_to_name", "bill_to_address", "bill_to_email",
            "bill_to_tax_id", "currency", "subtotal", "tax", "total", "balance_due", "credit_use", "notes",
        ):  # fmt: skip
            assert getattr(by_run, field) == getattr(by_hand, field), field
    assert (by_run.label, by_run.due_on, by_run.address_lines) == (
        "INV-000002",
        day("2026-01-29"),
        ["Hall", "Auvergne"],
    )
    assert (by_run.subtotal, by_run.tax, by_run.total) == (usd("24.98"), usd("4.87"), usd("29.85"))
    assert_invariants()


def test_tax_is_rounded_half_up_once_per_line():
    acme = make_client()
    for _ in range(3):
        make_item(acme, usd("0.10"), due=day("2026-01-01"), tax_rate=Decimal(5))
    make_item(acme, Money(10, "JPY"), due=day("2026-01-01"), tax_rate=Decimal(5))
    make_item(acme, Money("0.010", "KWD"), due=day("2026-01-01"), tax_rate=Decimal(5))
    bill("2026-01-01")
    assert {invoice.currency: str(invoice.tax.amount) for invoice in Invoice.objects.all()} == {
        "USD": "0.030",
        "JPY": "1.000",
        "KWD": "0.001",
    }
    assert_invariants()


def test_two_currencies_are_two_invoices_and_two_totals():
    acme = make_client()
    make_item(acme, usd("10.00"), due=day("2026-01-01"))
    make_item(acme, Money("7.50", "EUR"), due=day("2026-01-01"))
    make_item(acme, usd("2.50"), due=day("2026-01-01"))
    run = bill("2026-01-01")
    assert {invoice.currency: invoice.total for invoice in Invoice.objects.all()} == {
        "USD": usd("12.50"),
        "EUR": Money("7.50", "EUR"),
    }
    assert run.totals == {
        "EUR": {"invoices": 1, "total": "7.500", "credit_applied": "0.000", "paid": 0},
        "USD": {"invoices": 1, "total": "12.500", "credit_applied": "0.000", "paid": 0},
    }
    assert_invariants()


def test_a_tax_exempt_client_pays_no_tax():
    make_item(make_client(tax_exempt=True), usd(100), due=day("2026-01-01"), tax_rate=Decimal(20))
    bill("2026-01-01")
    line = InvoiceLine.objects.get()
    assert (line.tax_rate, line.tax, line.invoice.total) == (0, usd(0), usd(100))


def test_an_invoice_of_zero_is_paid_at_once():
    make_item(make_client(), usd(0), due=day("2026-01-01"))
    run = bill("2026-01-01")
    invoice = Invoice.objects.get()
    assert (invoice.status, invoice.total, run.paid_count) == (Invoice.Status.PAID, usd(0), 1)
    assert invoice.paid_at is not None
    assert_invariants()


def test_the_run_and_each_invoice_are_in_the_activity():
    anna = make_staff(username="anna")
    acme = make_client()
    make_item(acme, usd("1234.50"), due=day("2026-01-01"))
    run = generate_invoices(as_of=day("2026-01-01"), by=anna)
    assert list(Activity.objects.filter(verb__startswith="invoice").values_list("client", "actor", "summary")) == [
        (acme.pk, anna.pk, "INV-000001 of 1,234.50 USD issued by an invoice run"),
        (None, anna.pk, "Invoice run as of 1 Jan 2026 finished: 1 invoice, 1,234.50 USD"),
    ]
    assert (run.state, run.started_by, run.started_by_name) == (InvoiceRun.State.FINISHED, anna, "anna")
    assert Invoice.objects.get().created_by == anna


def test_a_second_run_bills_nothing_and_leaves_no_trace():
    make_item(make_client(), usd(10), due=day("2026-01-01"))
    bill("2026-01-01")
    with refused("Nothing is due by 1 Jan 2026; no invoice was made."):
        bill("2026-01-01")
    assert InvoiceRun.objects.count() == 1


def test_chunks_of_any_size_give_the_same_invoices():
    clients = [make_client(f"Client {number}") for number in range(7)]
    for chunk_size, month in ((1, 1), (2, 2), (3, 3), (7, 4), (100, 5)):
        for client in clients:
            make_item(client, usd("10.00"), due=datetime.date(2026, month, 1))
        done: list[tuple[int, ...]] = []
        run = generate_invoices(
            as_of=datetime.date(2026, month, 1),
            by=None,
            chunk_size=chunk_size,
            progress=lambda *told, done=done: done.append(told),
        )
        assert run.totals == {"USD": {"invoices": 7, "total": "70.000", "credit_applied": "0.000", "paid": 0}}
        assert done == [(min(chunk_size, 7 - start), 7) for start in range(0, 7, chunk_size)]
    assert list(Invoice.objects.order_by("pk").values_list("number", flat=True)) == list(range(1, 36))
    assert_invariants()


def test_the_number_of_statements_does_not_grow_with_the_chunk():
    def statements(clients: int) -> int:
        for number in range(clients):
            client = make_client(f"Client {number}")
            make_item(client, usd("10.00"), due=day("2026-01-01"), cycle=Cycle.WEEKLY)
            give_credit(client, usd("5.00"))
        with CaptureQueriesContext(connection) as seen:
            bill("2026-02-01")
        BillableItem.objects.update(paused=True)
        return len(seen)

    assert statements(1) == statements(60)


# Credit


def test_credit_is_applied_in_the_run():
    acme, globex, initech = make_client(), make_client("Globex"), make_client("Initech")
    for client in (acme, globex, initech):
        make_item(client, usd("10.00"), due=day("2026-01-01"))
    give_credit(acme, usd("4.00"))
    give_credit(globex, usd("25.00"))
    run = bill("2026-01-01")
    due = {invoice.client: (invoice.status, invoice.due) for invoice in Invoice.objects.all()}
    assert due == {acme: ("unpaid", usd(6)), globex: ("paid", usd(0)), initech: ("unpaid", usd(10))}
    assert (run.paid_count, run.totals["USD"]["credit_applied"]) == (1, "14.000")
    assert CreditAccount.objects.get(client=globex).balance == usd(15)
    assert_invariants()


def test_ten_grants_of_1_pay_an_invoice_of_10():
    acme = make_client()
    for _ in range(10):
        give_credit(acme, usd("1.00"))
    make_item(acme, usd("10.00"), due=day("2026-01-01"))
    bill("2026-01-01")
    invoice = Invoice.objects.get()
    assert (invoice.status, invoice.due) == (Invoice.Status.PAID, usd(0))
    assert [entry.amount for entry in CreditEntry.objects.filter(invoice=invoice)] == [usd(-1)] * 10
    assert_invariants()


@pytest.mark.usefixtures("without_credits")
def test_without_the_credits_app_listening_invoices_stay_unpaid():
    acme = make_client()
    give_credit(acme, usd(10))
    make_item(acme, usd(10), due=day("2026-01-01"))
    bill("2026-01-01")
    assert (Invoice.objects.get().due, CreditAccount.objects.get().balance) == (usd(10), usd(10))
    assert_invariants()


def test_credit_that_nobody_plans_is_applied_once_the_invoices_are_there():
    acme = make_client()
    give_credit(acme, usd(15))
    make_item(acme, usd(10), due=day("2026-01-01"))
    plan = "apply_credit_to_planned_invoices"
    assert invoices_planned.disconnect(dispatch_uid=plan)
    try:
        bill("2026-01-01")
    finally:
        invoices_planned.connect(apply_credit_to_planned_invoices, dispatch_uid=plan)
    assert (Invoice.objects.get().due, CreditAccount.objects.get().balance) == (usd(0), usd(5))
    assert_invariants()


# Failures


def test_one_client_that_cannot_be_billed_costs_only_itself():
    clients = [make_client(f"Client {number}") for number in range(20)]
    for client in clients:
        make_item(client, usd("10.00"), due=day("2026-01-01"))
        give_credit(client, usd("1.00"))
    poisoned = poison(clients[13])
    run = bill("2026-01-01")
    assert (run.state, run.invoice_count) == (InvoiceRun.State.FINISHED, 19)
    assert run.totals == {"USD": {"invoices": 19, "total": "190.000", "credit_applied": "19.000", "paid": 0}}
    error = InvoiceRunError.objects.get()
    assert (error.run, error.client, error.reason) == (
        run,
        clients[13],
        (
            "The database refused it: numeric field overflow. A field with precision 18, scale 3 must round to an "
            "absolute value less than 10^15."
        ),
    )
    assert sorted(Invoice.objects.values_list("number", flat=True)) == list(range(1, 20))
    assert_invariants()

    BillableItem.objects.filter(pk=poisoned.pk).update(quantity=1, unit_price=usd("5.00"))
    mended = bill("2026-01-01")
    assert (mended.invoice_count, mended.errors.count()) == (1, 0)
    invoice = Invoice.objects.get(client=clients[13])
    assert (invoice.total, invoice.due, invoice.number) == (usd("15.00"), usd("14.00"), 20)
    with pytest.raises(NothingDue):
        bill("2026-01-01")
    assert_invariants()


def test_a_period_is_never_billed_twice_even_where_the_item_says_so():
    item = make_item(make_client(), usd(10), due=day("2026-01-01"), cycle=Cycle.MONTHLY)
    bill("2026-01-01")
    BillableItem.objects.update(periods_billed=0, next_due_on=day("2026-01-01"))
    run = bill("2026-01-01")
    assert (run.invoice_count, Invoice.objects.count(), periods(item)) == (0, 1, ["2026-01-01"])
    assert InvoiceRunError.objects.get().reason.startswith(
        "The database refused it: duplicate key value violates unique constraint"
    )
    assert_invariants()


def test_a_receiver_that_raises_undoes_the_chunk(connect):
    acme = make_client()
    grant = give_credit(acme, usd(5))
    item = make_item(acme, usd(10), due=day("2026-01-01"))

    def refuse(**announced: Any) -> None:
        raise BusinessError("The bookkeeping is closed.")

    connect(refuse)
    run = bill("2026-01-01")
    assert (run.invoice_count, run.totals, InvoiceRunError.objects.get().reason) == (
        0,
        {},
        "The bookkeeping is closed.",
    )
    assert (Invoice.objects.count(), InvoiceLine.objects.count()) == (0, 0)
    item.refresh_from_db()
    grant.refresh_from_db()
    assert (item.next_due_on, item.periods_billed, grant.remaining) == (day("2026-01-01"), 0, usd(5))
    assert_invariants()


def test_a_receiver_that_raises_for_one_client_leaves_the_others_billed(connect):
    clients = [make_client(f"Client {number}") for number in range(5)]
    for client in clients:
        make_item(client, usd(10), due=day("2026-01-01"))

    def stumble(*, invoice_ids: list[int], **announced: Any) -> None:
        if Invoice.objects.filter(pk__in=invoice_ids, client=clients[2]).exists():
            raise ValueError("third one")

    connect(stumble)
    run = bill("2026-01-01")
    error = InvoiceRunError.objects.get()
    assert (run.invoice_count, error.client) == (4, clients[2])
    assert error.reason.startswith("ValueError: third one (test_generate.py, line ")
    assert_invariants()


def test_a_run_that_is_cancelled_leaves_a_chunk_that_fails_as_it_is(connect):
    """Thousands of clients that fail one by one would hold it up for minutes."""
    for number in range(8):
        make_item(make_client(f"Client {number}"), usd("10.00"), due=day("2026-01-01"))

    def stumble(*, invoice_ids: list[int], **kwargs: Any) -> None:
        raise ValueError("a bug")

    connect(stumble)

    def cancel_after_the_first(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith('INSERT INTO "invoices_invoicerunerror"'):
            InvoiceRun.objects.update(cancel_asked=True)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(cancel_after_the_first):
        run = bill("2026-01-01")
    assert (run.state, run.clients_due, run.clients_done, run.failed_count) == ("cancelled", 8, 1, 1)
    assert clients_due(day("2026-01-01")) == 8


def test_the_receiver_gets_all_invoices_of_the_chunk_with_their_lines(connect):
    acme = make_client()
    make_item(acme, usd(10), due=day("2026-01-01"))
    make_item(acme, Money(10, "EUR"), due=day("2026-01-01"))
    seen = []

    def look(*, sender: type, invoice_ids: list[int], on: datetime.date, by: Any, **rest: Any) -> None:
        lines = InvoiceLine.objects.filter(invoice_id__in=invoice_ids).count()
        seen.append((sender, sorted(invoice_ids), lines, on, by))

    connect(look)
    bill("2026-01-02")
    ids = sorted(Invoice.objects.values_list("pk", flat=True))
    assert seen == [(Invoice, ids, 2, day("2026-01-02"), None)]


def test_a_stopped_run_keeps_what_it_billed():
    for number in range(3):
        make_item(make_client(f"Client {number}"), usd(10), due=day("2026-01-01"))

    def press_ctrl_c(clients: int, due: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bill("2026-01-01", chunk_size=2, progress=press_ctrl_c)
    stopped = InvoiceRun.objects.get()
    assert (stopped.state, stopped.invoice_count) == (InvoiceRun.State.CANCELLED, 2)
    assert bill("2026-01-01").invoice_count == 1
    assert Invoice.objects.count() == 3
    assert_invariants()
