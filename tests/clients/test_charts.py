"""The pictures of a client, which the Summary asks for after it is there."""

import datetime

import pytest
from djmoney.money import Money

from tests.factories import give_credit, make_client, make_invoice, make_payment_method, make_staff, person_with, usd
from tests.pages import get_page, queries_of
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db

IN_PAGE = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def signed_in(client, time_machine):
    time_machine.move_to("2026-11-20T12:00Z")
    client.force_login(make_staff())
    return client


@pytest.fixture
def acme(time_machine):
    """Invoiced 10.00 in September, paid 4.00 of it in October, given 20.00 of credit in October of which 7.00 went."""
    time_machine.move_to("2026-09-05T12:00Z")
    acme = make_client()
    invoice = make_invoice(acme, usd(10))
    time_machine.move_to("2026-10-05T12:00Z")
    receive_payment(invoices=[invoice], amount=usd(4), payment_method=make_payment_method(), by=None)
    give_credit(acme, usd(20))
    time_machine.move_to("2026-11-05T12:00Z")
    make_invoice(acme, usd(7))
    make_invoice(make_client("Globex"), usd(500))
    time_machine.move_to("2026-11-20T12:00Z")
    return acme


def tables(page):
    """Heading → label → what its row says."""
    return {
        part.one("h3").text: {row.one("th").text: row.texts("td") for row in part.all("tbody tr")}
        for part in page.all("#charts .columns-main > div")
    }


def test_invoiced_paid_and_credit_over_a_year(signed_in, acme):
    page = get_page(signed_in, f"/clients/{acme.number}/charts/", **IN_PAGE)
    shown = tables(page)
    assert list(shown) == ["Invoiced and paid, USD", "Credit, USD"]
    flow, credit = shown.values()
    assert {label: flow[label] for label in ("Aug 2026", "Sep 2026", "Oct 2026", "Nov 2026")} == {
        "Aug 2026": ["0.00", "0.00"],
        "Sep 2026": ["10.00", "0.00"],
        "Oct 2026": ["0.00", "4.00"],
        "Nov 2026": ["7.00", "0.00"],
    }
    assert [credit[label] for label in ("Sep 2026", "Oct 2026", "Nov 2026")] == [["0.00"], ["20.00"], ["13.00"]]
    for address in page.one("#charts").links().values():
        get_page(signed_in, address)


def test_each_currency_has_its_own(signed_in, acme):
    give_credit(acme, Money("3.500", "KWD"))
    shown = tables(get_page(signed_in, f"/clients/{acme.number}/charts/", **IN_PAGE))
    assert list(shown) == ["Invoiced and paid, USD", "Credit, USD", "Credit, KWD"]


def test_credit_that_came_and_went_within_a_month_is_no_picture(signed_in):
    acme = make_client()
    give_credit(acme, usd(5))
    make_invoice(acme, usd(5))
    assert list(tables(get_page(signed_in, f"/clients/{acme.number}/charts/", **IN_PAGE))) == ["Invoiced and paid, USD"]


def test_the_summary_asks_for_them_and_without_a_script_they_are_a_page(signed_in, acme):
    url = f"/clients/{acme.number}/charts/"
    later = get_page(signed_in, f"/clients/{acme.number}/").one("#charts")
    assert (later["hx-get"], later["hx-trigger"]) == (url, "revealed")
    assert later.one("a.only-without-script")["href"] == url
    page = get_page(signed_in, url)
    assert page.one("h1").text == "Acme Ltd"
    assert list(tables(page)) == ["Invoiced and paid, USD", "Credit, USD"]


def test_a_client_with_nothing_has_words(signed_in):
    page = get_page(signed_in, f"/clients/{make_client().number}/charts/", **IN_PAGE)
    assert page.one(".panel-body").text == "Nothing was invoiced, paid or held in credit in these months."


@pytest.mark.parametrize(
    ("permission", "headings"),
    [("view_invoice", ["Invoiced, USD"]), ("view_transaction", ["Paid, USD"]), ("view_credit", ["Credit, USD"])],
)
def test_only_what_one_may_see(client, acme, permission, headings):
    client.force_login(person_with("view_client", permission))
    assert list(tables(get_page(client, f"/clients/{acme.number}/charts/", **IN_PAGE))) == headings
    client.force_login(person_with("view_client"))
    assert get_page(client, f"/clients/{acme.number}/").all("#charts") == []


def test_the_same_number_of_queries_for_one_month_and_for_many(signed_in, acme, time_machine):
    url = f"/clients/{acme.number}/charts/"
    queries_of(signed_in, url)
    at_one = queries_of(signed_in, url)
    for month in range(1, 11):
        time_machine.move_to(datetime.datetime(2026, month, 3, 12, tzinfo=datetime.UTC))
        make_invoice(acme, usd(3))
        give_credit(acme, Money("300", "JPY"))
    time_machine.move_to("2026-11-20T12:00Z")
    assert queries_of(signed_in, url) == at_one
