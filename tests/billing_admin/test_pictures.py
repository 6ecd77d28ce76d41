"""The pictures of Home and Reports: their numbers, where each leads, and what is said where they are too many."""

import datetime

import pytest
from django.utils import timezone
from djmoney.money import Money

from billing_admin.home import adding, pictures
from billing_admin.home.month_sums import sum_months
from billing_admin.models import MonthSum
from credits.selectors import liability
from credits.services.close_periods import close_periods
from invoices.services.cancel import cancel_invoice
from invoices.services.credit_notes import issue_credit_note
from invoices.services.issue import NewLine, draft_invoice
from tests.factories import give_credit, make_client, make_invoice, make_payment_method, make_staff, person_with, usd
from tests.pages import get_page, queries_of
from transactions.models import Transaction
from transactions.services.receive import receive_payment
from transactions.services.refund import refund_payment

pytestmark = pytest.mark.django_db

NOT_YET = "There is so much of this that it is added up once a day, and that was not done yet."


@pytest.fixture
def signed_in(client, time_machine):
    time_machine.move_to("2026-11-20T12:00Z")
    client.force_login(make_staff())
    return client


@pytest.fixture
def year(time_machine):
    """A client who was invoiced 10.00 a year ago and 30.00 in November, of which 25.00 came in."""
    time_machine.move_to("2025-11-05T12:00Z")
    acme = make_client()
    make_invoice(acme, usd(10), due_on=datetime.date(2026, 11, 19))
    time_machine.move_to("2026-11-10T12:00Z")
    invoice = make_invoice(acme, usd(30))
    receive_payment(invoices=[invoice], amount=usd(25), payment_method=make_payment_method(), by=None)
    time_machine.move_to("2026-11-20T12:00Z")
    return acme


def table(page, panel):
    """Label → what its row says."""
    rows = page.all(f"#{panel} tbody tr")
    return {row.one("th").text: row.texts("td") for row in rows}


def links(page, panel, label):
    (row,) = [row for row in page.all(f"#{panel} tbody tr") if row.one("th").text == label]
    return [link["href"] for link in row.all("a")]


@pytest.mark.parametrize("address", ["/", "/reports/"])
def test_invoiced_and_collected_of_thirteen_months(signed_in, year, address):
    page = get_page(signed_in, address)
    assert page.one("#flow h2").text == "Invoiced and collected, USD"
    months = table(page, "flow")
    assert (len(months), months["Nov 2025"], months["Nov 2026"]) == (13, ["10.00", "0.00"], ["30.00", "25.00"])
    assert months["Jun 2026"] == ["0.00", "0.00"]
    assert page.one("#flow figure")["aria-label"] == "Nov 2026: Invoiced 30.00 USD, Collected 25.00 USD."
    assert page.one("#flow figcaption").text == "As of now"
    invoices, money = links(page, "flow", "Nov 2026")
    assert get_page(signed_in, invoices).texts("tbody a.row-link") == ["INV-000002"]
    assert len(get_page(signed_in, money).all("tbody a.row-link")) == 1


def test_credit_notes_refunds_cancelled_and_drafts_count_for_nothing(signed_in, year):
    acme = year
    draft_invoice(client=acme, lines=[NewLine("Hosting", usd(100))], by=None)
    cancel_invoice(invoice=make_invoice(acme, usd(200)), by=None)
    issue_credit_note(invoice=make_invoice(acme, usd(400)), reason="Mistake", by=None)
    payment = Transaction.objects.get(amount_in=25)
    refund_payment(payment=payment, amount=usd(5), to="method", by=None)
    months = table(get_page(signed_in, "/"), "flow")
    assert months["Nov 2026"] == ["30.00", "20.00"]


def test_credit_liability_at_the_ends_of_months(signed_in, time_machine):
    time_machine.move_to("2026-09-05T12:00Z")
    acme = make_client()
    give_credit(acme, usd(10))
    time_machine.move_to("2026-11-05T12:00Z")
    give_credit(acme, usd("2.50"))
    time_machine.move_to("2026-11-20T12:00Z")
    page = get_page(signed_in, "/")
    months = table(page, "held")
    assert [months[label] for label in ("Aug 2026", "Sep 2026", "Oct 2026", "Nov 2026")] == [
        ["0.00"], ["10.00"], ["10.00"], ["12.50"],
    ]  # fmt: skip
    assert links(page, "held", "Oct 2026") == ["/credits/entries/?currency=USD&to=2026-10-31"]
    page = get_page(signed_in, "/credits/liability/", data={"to": "2026-10-15"})
    assert page.one(".chart")["aria-label"] == "Oct 2026: Held 10.00 USD."


def test_overdue_by_age_leads_to_exactly_those(signed_in, time_machine):
    time_machine.move_to("2026-06-01T12:00Z")
    acme = make_client()
    for days, amount in ((0, 1), (1, 2), (30, 4), (31, 8), (60, 16), (61, 32), (90, 64), (91, 128), (150, 256)):
        make_invoice(acme, usd(amount), due_on=datetime.date(2026, 11, 20) - datetime.timedelta(days=days))
    time_machine.move_to("2026-11-20T12:00Z")
    page = get_page(signed_in, "/")
    ages = table(page, "overdue")
    assert ages == {
        "Up to 30 days": ["6.00"], "31–60 days": ["24.00"], "61–90 days": ["96.00"], "91 days and more": ["384.00"],
    }  # fmt: skip
    for label in ages:
        (address,) = links(page, "overdue", label)
        assert len(get_page(signed_in, address).all("tbody a.row-link")) == 2, label
    assert page.texts("#attention li") == ["8 invoices overdue"]


def test_the_currency_with_most_invoices_comes_first(signed_in):
    acme = make_client()
    make_invoice(acme, Money("900", "EUR"))
    make_invoice(acme, usd(10))
    make_invoice(acme, usd(10))
    give_credit(acme, Money("3.500", "KWD"))
    page = get_page(signed_in, "/")
    assert page.one("#flow h2").text == "Invoiced and collected, USD"
    choice = page.one("nav[aria-label=Currency]")
    assert choice.links() == {"USD": "?currency=USD", "EUR": "?currency=EUR", "KWD": "?currency=KWD"}
    assert choice.one("[aria-current]").text == "USD"
    page = get_page(signed_in, "/?currency=KWD")
    assert page.one("#held figure")["aria-label"] == "Nov 2026: Held 3.500 KWD."
    assert page.one("#flow .panel-body").text == "Nothing in these months."
    assert get_page(signed_in, "/?currency=nonsense").one("#flow h2").text == "Invoiced and collected, USD"


def test_a_system_without_any_money_has_no_pictures(signed_in):
    make_client()
    for address in ("/", "/reports/"):
        assert get_page(signed_in, address).all(".chart, #flow, #held, #overdue") == []


@pytest.mark.parametrize(
    ("permissions", "panels", "named"),
    [
        (("view_invoice",), ["flow", "overdue"], "Invoiced, USD"),
        (("view_transaction",), ["flow"], "Collected, USD"),
        (("view_credit",), ["held"], None),
        ((), [], None),
    ],
)
def test_each_picture_only_for_those_who_may_see_its_rows(client, year, permissions, panels, named):
    give_credit(year, usd(100))
    client.force_login(person_with("view_client", *permissions))
    page = get_page(client, "/")
    assert [panel["id"] for panel in page.all("section") if panel["id"] in ("flow", "held", "overdue")] == panels
    assert page.texts("#flow h2") == ([named] if named else [])


def test_what_is_too_much_is_what_the_daily_task_added_up(signed_in, year, monkeypatch):
    live = get_page(signed_in, "/")
    queries = queries_of(signed_in, "/")
    monkeypatch.setattr(adding, "SUMMED_UP_TO", 0)
    page = get_page(signed_in, "/")
    assert page.one("#flow .panel-body").text == page.one("#overdue .panel-body").text == NOT_YET
    assert sum_months(today=timezone.localdate()) == 5
    page = get_page(signed_in, "/")
    assert table(page, "flow") == table(live, "flow")
    assert table(page, "overdue") == table(live, "overdue")
    assert page.one("#flow figcaption").text == "As of 20 Nov 2026, 12:00"
    assert queries_of(signed_in, "/") <= queries


def test_summing_up_again_replaces_the_sums(signed_in, year):
    today = timezone.localdate()
    sum_months(today=today)
    make_invoice(year, usd(5))
    assert sum_months(today=today) == MonthSum.objects.count() == 5
    assert MonthSum.objects.get(kind="invoiced", month=datetime.date(2026, 11, 1)).amount == 35


def test_credit_that_is_too_much_waits_for_its_months_to_be_closed(signed_in, time_machine, monkeypatch):
    time_machine.move_to("2026-09-05T12:00Z")
    acme = make_client()
    give_credit(acme, usd(10))
    give_credit(acme, usd(10))
    time_machine.move_to("2026-11-20T12:00Z")
    monkeypatch.setattr(liability, "SUMMED_UP_TO", 1)
    assert get_page(signed_in, "/").one("#held .panel-body").text == NOT_YET
    close_periods()
    assert table(get_page(signed_in, "/"), "held")["Nov 2026"] == ["20.00"]


def test_a_picture_that_fails_says_so_and_the_others_are_drawn(signed_in, year, monkeypatch):
    def stumble(*_):
        raise ValueError("a bug")

    monkeypatch.setattr(pictures, "_overdue", stumble)
    page = get_page(signed_in, "/")
    assert page.one("#overdue .panel-failed").text.startswith("This could not be read because of an error")
    assert "0.00" not in page.one("#overdue").text
    assert table(page, "flow")["Nov 2026"] == ["30.00", "25.00"]


def test_the_same_number_of_queries_for_one_month_and_for_many(signed_in, time_machine):
    acme = make_client()
    make_invoice(acme, usd(10))
    queries_of(signed_in, "/reports/")
    at_one = queries_of(signed_in, "/reports/")
    for month in range(1, 12):
        time_machine.move_to(f"2026-{month:02}-05T12:00Z")
        for money in (usd(3), Money("3", "EUR"), Money("300", "JPY")):
            make_invoice(acme, money)
            give_credit(acme, money)
    time_machine.move_to("2026-11-20T12:00Z")
    assert queries_of(signed_in, "/reports/") == at_one
