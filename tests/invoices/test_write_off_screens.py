"""Write Off and its reversal on screens: the popups, many rows at once, and everywhere that shows what came of it."""

import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from billing_admin.home.month_sums import sum_months
from billing_admin.listing import acting, queued
from billing_admin.models import Job, MonthSum
from billing_admin.staff.groups import BILLING
from clients.selectors.statement import statement
from clients.selectors.summary import invoice_figures
from clients.services.delete.delete_client import delete_client
from clients.services.merge.merge_clients import merge_clients
from clients.services.merge.undo import undo_merge
from credits.services.check import check_ledger
from invoices.models import Invoice, WriteOff
from invoices.services.credit_notes import CreditLine, issue_credit_note
from invoices.services.write_off import reverse_write_off, write_off_invoice
from tests.factories import make_client, make_invoice, make_payment_method, make_staff, usd
from tests.invariants import assert_invariants
from tests.jobs import do_jobs
from tests.pages import fill, get_page, parse
from tests.unchanged import nothing_changes
from transactions.selectors.deletion import transactions_deletion
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db

MANY = "/lists/invoices/act/write-off/?all=1&status=unpaid"


@pytest.fixture(autouse=True)
def olga(client):
    """Signed in, an owner."""
    olga = make_staff(username="olga")
    client.force_login(olga)
    return olga


def url(name, invoice):
    return reverse(f"invoices:{name}", args=[invoice.pk])


def send(browser, name, invoice, **typed):
    page = get_page(browser, url(name, invoice))
    return fill(browser, page, f'form[action="{url(name, invoice)}"]', typed)


def test_a_part_then_the_rest_then_taken_back(client, olga):
    invoice = make_invoice(make_client("Acme Ltd"), usd(100))
    page = get_page(client, url("write_off", invoice))
    assert page.one("[name=amount]")["value"] == "100.00"
    send(client, "write_off", invoice, amount="40", reason="Disputed")
    shown = get_page(client, url("detail", invoice))
    assert shown.one("#toasts p").text == "40.00 USD of INV-000001 is written off. 60.00 USD is due."
    assert shown.one("[data-figure=head-written-off]").text == "40.00 USD"
    send(client, "write_off", invoice, reason="Insolvent")
    shown = get_page(client, url("detail", invoice))
    assert shown.one("#toasts p").text == (
        "60.00 USD of INV-000001 is written off. Nothing is due, it is Written off."
    )  # fmt: skip
    assert shown.one(".page-facts .badge").text == "Written off"
    assert {"Record Payment", "Reverse Write-Off"} <= set(shown.links())
    assert not {"Write Off", "Cancel Invoice", "Apply Credit"} & set(shown.links())
    send(client, "reverse_write_off", invoice, reason="Heir found")
    shown = get_page(client, url("detail", invoice))
    assert shown.one(".page-facts .badge").text == "Unpaid"
    rows = shown.texts("#settlement tbody td.fill")
    assert rows == [
        "Written off Disputed", "Written off Insolvent", "Write-off reversed Heir found",
        "Write-off reversed Heir found",
    ]  # fmt: skip
    assert_invariants()


def test_refused_beside_the_field_and_where_there_is_nothing(client):
    invoice = make_invoice(make_client(), usd(100))
    with nothing_changes():
        answer = send(client, "write_off", invoice, amount="100.01", reason="Insolvent")
        assert answer.status_code == 422
        assert "Only 100.00 USD is due" in parse(answer).one("form .popup-body").text
        answer = send(client, "write_off", invoice, reason="")
        assert "Say why" in parse(answer).one("form .popup-body").text
    page = get_page(client, url("reverse_write_off", invoice))
    assert page.one(".alert").text == "Nothing is written off of INV-000001."
    get_page(client, reverse("invoices:write_off", args=[999999]), status=404)


def test_it_needs_a_permission_of_its_own(client):
    invoice = make_invoice(make_client(), usd(100))
    client.force_login(make_staff(BILLING))
    assert "Write Off" not in get_page(client, url("detail", invoice)).links()
    for name in ("write_off", "reverse_write_off"):
        get_page(client, url(name, invoice), status=403)
        assert client.post(url(name, invoice)).status_code == 403
    assert get_page(client, MANY, status=403)


def test_a_payment_of_what_is_written_off_says_that_it_is_reversed(client):
    invoice = make_invoice(make_client(), usd(100))
    write_off_invoice(invoice=invoice, by=None, reason="Insolvent")
    address = reverse("transactions:record", args=[invoice.pk])
    page = get_page(client, address)
    assert page.one("[name=amount]")["value"] == "100.00"
    make_payment_method()
    fill(client, get_page(client, address), f'form[action="{address}"]', {"amount": "30"})
    assert get_page(client, url("detail", invoice)).one("#toasts p").text == (
        "Payment of 30.00 USD recorded for INV-000001. 30.00 USD of the write-off of 100.00 USD was reversed. Nothing "
        "is due, it is Written off."
    )


@pytest.mark.parametrize("most", [300, 1])
def test_all_that_are_listed_are_written_off_at_once_or_by_a_worker(client, monkeypatch, most):
    monkeypatch.setattr(acting, "MOST_AT_ONCE", most)
    monkeypatch.setattr(queued, "ROWS_AT_A_TIME", 2)
    for amount in (1, 2, 3):
        make_invoice(make_client(), usd(amount))
    popup = get_page(client, MANY)
    assert popup.texts("#effects li")[0] == "6.00 USD that is due on them is written off, all of it."
    assert fill(client, popup, ".popup form", {"reason": ""}).status_code == 422
    answer = fill(client, popup, ".popup form", {"reason": "Insolvent"})
    if most == 1:
        do_jobs()
        assert Job.objects.get().outcome == "3 invoices written off."
        assert "Written off 3 Left out 0" in get_page(client, answer.headers["Location"]).text
    assert set(Invoice.objects.values_list("status", flat=True)) == {"writtenoff"}
    assert set(WriteOff.objects.values_list("note", "created_by_name")) == {("Insolvent", "olga")}
    assert_invariants()


def test_the_list_has_a_filter_a_column_and_its_sum(client):
    lost, part = make_invoice(make_client(), usd(100)), make_invoice(make_client(), usd(50))
    write_off_invoice(invoice=lost, by=None, reason="Insolvent")
    write_off_invoice(invoice=part, by=None, reason="Disputed", amount=usd(20))
    page = get_page(client, "/invoices/?status=writtenoff")
    assert page.texts("tbody a.row-link") == [lost.label]
    assert "Written off" in page.texts("thead th")
    assert "Written off" not in get_page(client, "/invoices/").texts("thead th")
    assert "150.00 USD, of which 30.00 is due, 120.00 written off" in get_page(client, "/invoices/").text
    (rows,) = [line for line in b"".join(client.post("/invoices/").streaming_content).decode().splitlines()
               if lost.label in line]  # fmt: skip
    assert rows.split(",")[5:] == ["Written off", "USD", "100.00", "0.00", "0.00", "100.00", "0.00"]


def test_the_summary_the_statement_and_the_reports_say_it(client):
    acme = make_client()
    invoice = make_invoice(acme, usd(100))
    write_off_invoice(invoice=invoice, by=None, reason="Secret reason")
    reverse_write_off(invoice=invoice, by=None, reason="Mistake", amount=usd(30))
    write_off_invoice(invoice=invoice, by=None, reason="Insolvent")
    today = timezone.localdate()
    assert [(each.status, each.value) for each in invoice_figures(acme, today)] == [("writtenoff", usd(100))]
    get_page(client, reverse("clients:summary", args=[acme.number]))
    (account,) = statement(acme, today, today)
    assert [(line.what, line.said_in("de"), line.change) for line in account.owed[1:]] == [
        ("Write-off of INV-000001", "INV-000001 ausgebucht", usd(-100)),
        ("Write-off of INV-000001 reversed", "Ausbuchung von INV-000001 aufgehoben", usd(30)),
        ("Write-off of INV-000001", "INV-000001 ausgebucht", usd(-30)),
    ]
    assert account.owed_after == usd(0)
    page = get_page(client, "/reports/")
    assert page.one("#written-off figure")["aria-label"] == f"{today:%b %Y}: Written off 100.00 USD."
    assert "Invoiced 100.00 USD" in page.one("#flow figure")["aria-label"]
    sum_months(today=today)
    assert MonthSum.objects.get(kind="written_off").amount == 100


def test_reports_without_a_write_off_have_no_panel_for_it(client):
    make_invoice(make_client(), usd(100))
    assert get_page(client, "/reports/").all("#written-off") == []


@pytest.mark.parametrize("lowered", ["paid", "written_off", "credited", "nothing"])
def test_cancelling_is_offered_where_it_can_be_done(client, lowered):
    invoice = make_invoice(make_client(), usd(100))
    if lowered == "paid":
        receive_payment(invoices=[invoice], amount=usd(30), payment_method=make_payment_method(), by=None)
    if lowered == "written_off":
        write_off_invoice(invoice=invoice, amount=usd(30), by=None, reason="Insolvent")
    if lowered == "credited":
        line = CreditLine(invoice.lines.get().pk, gross=usd(30))
        issue_credit_note(invoice=invoice, reason="Down", by=None, lines=[line])
    assert ("Cancel Invoice" in get_page(client, url("detail", invoice)).links()) is (lowered == "nothing")


def test_deleting_its_payment_says_that_it_is_owed_again(client):
    invoice = make_invoice(make_client(), usd(100))
    paid = receive_payment(invoices=[invoice], amount=usd(60), payment_method=make_payment_method(), by=None)
    write_off_invoice(invoice=invoice, by=None, reason="Insolvent")
    looked_at = transactions_deletion(invoice.client, [paid.transaction.pk])
    assert looked_at.effects == ["INV-000001 is unpaid again: 60.00 USD is due."]


def test_a_write_off_made_after_a_merge_goes_back_with_its_invoice():
    acme, globex = make_client("Acme"), make_client("Globex")
    invoice = make_invoice(globex, usd(100))
    write_off_invoice(invoice=invoice, by=None, reason="Before", amount=usd(10))
    done = merge_clients(kept=acme, discarded=globex, by=None)
    invoice.refresh_from_db()
    write_off_invoice(invoice=invoice, by=None, reason="Since")
    assert set(WriteOff.objects.values_list("client_id", flat=True)) == {acme.pk}
    restored = undo_merge(merge=done, by=None)
    assert set(WriteOff.objects.values_list("client_id", flat=True)) == {restored.pk}
    assert_invariants()
    assert check_ledger().finding_count == 0


def test_a_deletion_forgets_who_was_named_in_the_reason_of_another():
    acme, zorro = make_client("Acme"), make_client("Zorro Holdings")
    invoice = make_invoice(acme, usd(100))
    write_off_invoice(invoice=invoice, by=None, reason="Zorro Holdings did not pay them")
    delete_client(client=zorro, by=None)
    assert WriteOff.objects.get().note == ""
    delete_client(client=acme, by=None)
    assert not WriteOff.objects.exists()
    assert check_ledger().finding_count == 0


@pytest.mark.parametrize("paid_on", [2, 9])
def test_a_payment_that_is_booked_later_stands_after_the_reversal(paid_on):
    day = timezone.localdate().replace(day=1) - datetime.timedelta(days=31)
    acme, method = make_client(), make_payment_method()
    with time_machine.travel(datetime.datetime.combine(day, datetime.time(12)), tick=True):
        invoice = make_invoice(acme, usd(100))
    eighth = day + datetime.timedelta(days=7)
    with time_machine.travel(datetime.datetime.combine(eighth, datetime.time(12)), tick=True):
        write_off_invoice(invoice=invoice, by=None, reason="Insolvent")
    on = day + datetime.timedelta(days=paid_on - 1)
    receive_payment(invoices=[invoice], amount=usd(100), payment_method=method, on=on, by=None)
    (account,) = statement(acme, day, timezone.localdate())
    lines = [(line.what, line.on, line.balance) for line in account.owed]
    paid = ("Payment of INV-000001", on)
    back = ("Write-off of INV-000001 reversed", max(on, eighth))
    order = [line[:2] for line in lines]
    assert set(order) == {("Invoice INV-000001", day), ("Write-off of INV-000001", eighth), back, paid}
    assert (order.index(back) < order.index(paid)) is (paid_on == 9)
    assert account.owed_after == usd(0)
    assert statement(acme, day, max(on, eighth))[0].owed_after == usd(0)
