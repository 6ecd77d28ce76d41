"""The Invoices list, everybody's and one client's."""

import csv
import datetime
import io

import pytest
from django.urls import reverse
from django.utils import timezone
from djmoney.money import Money

from billing_admin.db import pagination
from billing_admin.staff.groups import BILLING, VIEWER
from clients.selectors.summary import invoice_figures
from clients.services.profile import edit_client
from invoices.services.credit_notes import CreditLine, issue_credit_note
from invoices.services.issue import NewLine, draft_invoice
from tests.factories import give_credit, make_client, make_invoice, make_payment_method, make_staff, usd
from tests.pages import get_page, queries_of
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db

LIST = "/invoices/"


@pytest.fixture
def billing(client):
    """A browser in which somebody of Billing is signed in."""
    client.force_login(make_staff(BILLING))
    return client


def of(acme):
    return reverse("invoices:of_client", args=[acme.number])


def numbers(page):
    return page.texts("tbody .row-link")


def draft(acme, amount):
    return draft_invoice(client=acme, lines=[NewLine("Hosting", amount)], by=None)


def overdue(acme, amount):
    today = timezone.localdate()
    return make_invoice(acme, amount, on=today - datetime.timedelta(20), due_on=today - datetime.timedelta(6))


def test_each_row_has_number_client_dates_figures_and_status(billing):
    acme = make_client("Acme Ltd")
    give_credit(acme, usd(30))
    invoice = make_invoice(
        acme, usd("1000.00"), on=datetime.date(2026, 3, 1), due_on=datetime.date(2099, 3, 15), tax_rate="20"
    )
    receive_payment(invoices=[invoice], amount=usd("170"), payment_method=make_payment_method(), by=None)
    page = get_page(billing, LIST)
    assert page.texts("tbody td") == [
        "", "INV-000001", "Acme Ltd", "1 Mar 2026", "15 Mar 2099", "Unpaid", "1,200.00 USD", "30.00", "170.00",
        "1,000.00 USD",
    ]  # fmt: skip
    assert page.one("tbody .row-link")["href"] == reverse("invoices:detail", args=[invoice.pk])
    assert page.links()["Acme Ltd"] == reverse("clients:summary", args=[acme.number])
    assert page.one(".pager").text == "1 invoice"


def test_an_issued_invoice_keeps_the_name_it_was_issued_to(billing):
    acme = make_client("Acme Ltd")
    make_invoice(acme, usd(10))
    draft(acme, usd(20))
    edit_client(client=acme, by=None, company_name="Acme Holding")
    assert get_page(billing, LIST).texts("tbody td.fill") == ["Acme Holding", "Acme Ltd"]


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        ("", ["Draft", "INV-000003", "INV-000002", "INV-000001"]),
        ("unpaid", ["INV-000003", "INV-000002"]),
        ("overdue", ["INV-000002"]),
        ("paid", ["INV-000001"]),
        ("draft", ["Draft"]),
        ("cancelled", []),
        ("nonsense", []),
    ],
)
def test_the_segments_narrow_it_down_by_status(billing, status, shown):
    acme = make_client()
    paid = make_invoice(acme, usd(10))
    receive_payment(invoices=[paid], amount=usd(10), payment_method=make_payment_method(), by=None)
    overdue(acme, usd(20))
    make_invoice(acme, usd(30))
    draft(acme, usd(40))
    page = get_page(billing, LIST, data={"status": status})
    assert numbers(page) == shown
    if status == "draft":
        assert page.texts("tbody td:not(.ticks)")[-1] == "–"  # nothing is due yet
    if status == "overdue":
        assert page.texts("tbody .badge") == ["Overdue"]


@pytest.mark.parametrize("typed", ["INV-000012", "inv-12", "INV 12", "12", "000012", " 12 "])
def test_a_number_finds_its_invoice_with_or_without_prefix_and_zeros(billing, typed):
    acme = make_client(number=4012)
    for _ in range(12):
        make_invoice(acme, usd(10))
    assert numbers(get_page(billing, LIST, data={"q": typed})) == ["INV-000012"]


@pytest.mark.parametrize("typed", ["globex", "Glóbex corp", "4012", "#4012", "ap@globex.example"])
def test_words_and_client_numbers_find_a_clients_invoices(billing, typed):
    make_invoice(make_client("Acme Ltd"), usd(10))
    make_invoice(make_client("Globex Corp", number=4012, email="ap@globex.example"), usd(20))
    assert numbers(get_page(billing, LIST, data={"q": typed})) == ["INV-000002"]


@pytest.mark.parametrize("typed", ["XYZ-1", "no such", "9" * 30, "#1", "\0", "Studio 1"])
def test_what_nothing_matches_says_so_and_leads_back(billing, typed):
    make_invoice(make_client("Acme Ltd"), usd(10))
    page = get_page(billing, LIST, data={"q": typed, "status": "unpaid"})
    if typed == "\0":  # nothing is left of it to search for
        assert numbers(page) == ["INV-000001"]
    else:
        assert page.one(".empty p").text == "No invoice matches these filters."
        assert page.links()["Show all invoices"] == LIST


def test_a_currency_can_be_chosen_where_several_are_in_use(billing):
    acme = make_client()
    make_invoice(acme, usd(10))
    assert get_page(billing, LIST).all("select[name=currency]") == []
    make_invoice(acme, Money(20, "EUR"))
    page = get_page(billing, LIST, data={"currency": "EUR"})
    assert page.texts("select[name=currency] option") == ["All currencies", "EUR", "USD"]
    assert numbers(page) == ["INV-000002"]


@pytest.mark.parametrize(
    ("days", "shown"),
    [
        ({"from": "2026-03-01"}, ["INV-000003", "INV-000002"]),
        ({"to": "2026-03-01"}, ["INV-000002", "INV-000001"]),
        ({"from": "2026-02-02", "to": "2026-03-01"}, ["INV-000002"]),
        ({"from": "2027-01-01"}, []),
        ({"from": "1.3.2026", "to": "nonsense"}, []),
    ],
)
def test_days_of_issue_narrow_it_down_and_stay_in_their_fields(billing, days, shown):
    acme = make_client()
    for month in (2, 3, 4):
        make_invoice(acme, usd(10), on=datetime.date(2026, month, 1))
    draft(acme, usd(10))
    page = get_page(billing, LIST, data=days)
    assert numbers(page) == shown
    kept = {name: page.one(f"input[name={name}]:not([type=hidden])")["value"] for name in ("from", "to")}
    assert kept == {"from": "", "to": ""} | {name: day for name, day in days.items() if day.startswith("20")}


def test_sums_are_per_currency_and_leave_drafts_out(billing):
    acme = make_client()
    paid = make_invoice(acme, usd(100))
    receive_payment(invoices=[paid], amount=usd(60), payment_method=make_payment_method(), by=None)
    make_invoice(acme, Money(500, "JPY"))
    draft(acme, usd(1000))
    assert get_page(billing, LIST).one(".panel-note").text == (
        "All listed, less their credit notes, without drafts and cancelled ones: "
        "500 JPY, of which 500 is due · 100.00 USD, of which 40.00 is due"
    )


def test_sums_count_no_more_of_an_invoice_than_its_credit_notes_have_left(billing):
    acme = make_client()
    receive_payment(
        invoices=[paid := make_invoice(acme, usd(100))], amount=usd(100), payment_method=make_payment_method(), by=None
    )
    issue_credit_note(invoice=paid, reason="Downtime", by=None)
    open_one = make_invoice(acme, usd(30), usd(20))
    issue_credit_note(
        invoice=open_one, reason="Downtime", by=None, lines=[CreditLine(open_one.lines.get(position=2).pk)]
    )
    assert get_page(billing, LIST).one(".panel-note").text.endswith("ones: 30.00 USD, of which 30.00 is due")
    figures = [(each.status, each.value) for each in invoice_figures(acme, timezone.localdate())]
    assert figures == [("paid", usd(0)), ("unpaid", usd(30))]


def test_sums_are_left_out_where_there_are_too_many(billing, monkeypatch):
    monkeypatch.setattr(pagination, "COUNTED_UP_TO", 1)
    acme = make_client()
    make_invoice(acme, usd(100))
    make_invoice(acme, usd(100))
    assert get_page(billing, LIST).all(".panel-note") == []


def test_unpaid_ones_can_be_sorted_by_due_date_and_drafts_cannot(billing):
    acme = make_client()
    for day in (20, 10, 30):
        make_invoice(acme, usd(10), due_on=datetime.date(2099, 1, day))
    page = get_page(billing, LIST, data={"status": "unpaid", "sort": "due"})
    assert numbers(page) == ["INV-000002", "INV-000001", "INV-000003"]
    assert page.one("th[aria-sort]").text == "Due on"
    assert "desc" not in page.one("th[aria-sort]")["aria-sort"]


def test_pages_lead_on_and_back_in_every_order(billing):
    acme = make_client()
    for day in range(1, 54):
        make_invoice(acme, usd(10), due_on=datetime.date(2099, 1, 1) + datetime.timedelta(days=day % 5))
    for query in ({}, {"status": "unpaid", "sort": "due"}, {"status": "unpaid", "sort": "-issued"}):
        first = get_page(billing, LIST, data=query)
        second = get_page(billing, LIST + first.one("a[rel=next]")["href"])
        assert (len(numbers(first)), len(numbers(second))) == (50, 3)
        assert len({*numbers(first), *numbers(second)}) == 53
        assert numbers(get_page(billing, LIST + second.one("a[rel=prev]")["href"])) == numbers(first)


def test_the_file_has_the_invoices_with_their_credit_notes_below(billing):
    acme = make_client("=Acme", number=4011)
    give_credit(acme, usd(30))
    invoice = make_invoice(acme, usd(100), on=datetime.date(2026, 3, 1), due_on=datetime.date(2099, 3, 15))
    issue_credit_note(invoice=invoice, reason="Downtime", by=None, on=datetime.date(2026, 3, 2), lines=[
        CreditLine(invoice.lines.get().pk, gross=usd("12.50"))
    ])  # fmt: skip
    draft(make_client("Globex", number=4012, currency="EUR"), Money("7.00", "EUR"))
    answer = billing.post(LIST)
    assert answer["Content-Disposition"] == 'attachment; filename="invoices.csv"'
    assert list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode()))) == [
        [
            "Number",
            "Client ID",
            "Client",
            "Issued",
            "Due on",
            "Status",
            "Currency",
            "Total",
            "Credit",
            "Paid",
            "Written off",
            "Due",
        ],
        ["Draft", "4012", "Globex", "", "", "Draft", "EUR", "7.00", "0.00", "0.00", "0.00", ""],
        [
            "INV-000001",
            "4011",
            "'=Acme",
            "2026-03-01",
            "2099-03-15",
            "Unpaid",
            "USD",
            "100.00",
            "30.00",
            "0.00",
            "0.00",
            "57.50",
        ],
        ["CN-000001", "4011", "'=Acme", "2026-03-02", "", "Credit note", "USD", "-12.50", "", "", "", ""],
    ]
    own = billing.post(of(acme) + "?status=paid")
    assert own["Content-Disposition"] == 'attachment; filename="invoices-of-client-4011.csv"'
    assert len(list(own.streaming_content)) == 1
    assert get_page(billing, of(acme), data={"status": "paid"}).one("form[data-download]")["action"] == "?status=paid"


def test_an_empty_list_says_where_invoices_come_from(billing):
    page = get_page(billing, LIST)
    assert page.one(".empty p").text == "No invoices yet. They come from an invoice run, or one is made by hand."
    assert page.one(".empty a")["href"] == reverse("invoices:create_for")


def test_create_invoice_asks_whom_it_is_for(billing):
    acme = make_client("Acme Ltd")
    page = get_page(billing, get_page(billing, LIST).links()["Create Invoice"])
    answer = billing.get(reverse("invoices:create_for"), {"client": "acme"})
    assert answer["Location"] == reverse("invoices:create", args=[acme.number])
    page = get_page(billing, reverse("invoices:create_for"), data={"client": "nobody"}, status=422)
    assert page.one("#id_client_error").text == "No client matches “nobody”."
    page = get_page(billing, reverse("invoices:create_for"), data={"client": ""}, status=422)
    assert page.one("#id_client_error").text == "Name the client that is billed."


def test_the_clients_own_list_has_only_its_invoices_and_a_button(billing):
    acme, globex = make_client(), make_client("Globex")
    make_invoice(acme, usd(10))
    make_invoice(globex, usd(20))
    page = get_page(billing, of(acme))
    assert numbers(page) == ["INV-000001"]
    assert page.links()["Create Invoice"] == reverse("invoices:create", args=[acme.number])
    assert page.one(".tabs [aria-current]").text == "Invoices"
    assert numbers(get_page(billing, of(acme), data={"q": "2"})) == []


def test_a_viewer_sees_no_button_that_makes_invoices(client):
    acme = make_client()
    client.force_login(make_staff(VIEWER))
    page = get_page(client, of(acme))
    assert "Create Invoice" not in page.links()
    assert page.one(".empty p").text == "No invoices yet."


@pytest.mark.parametrize("which", ["list", "of_client", "file"])
def test_it_needs_the_right_to_see_invoices(client, which):
    acme = make_client()
    client.force_login(make_staff("Nobody"))
    ask = client.post if which == "file" else client.get
    assert ask({"list": LIST, "of_client": of(acme), "file": LIST}[which]).status_code == 403


def test_it_costs_as_many_queries_for_50_rows_as_for_1(billing):
    acme = make_client()
    make_invoice(acme, usd(10))
    addresses = (LIST, of(acme), LIST + "?q=acme&status=unpaid&sort=due")
    for_one = [queries_of(billing, address) for address in addresses]
    for number in range(49):
        make_invoice(acme if number % 2 else make_client(f"Acme {number}"), usd(10))
    assert [queries_of(billing, address) for address in addresses] == for_one
    assert max(for_one) <= 13
