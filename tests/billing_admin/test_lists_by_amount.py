"""Lists by amounts that never change: sorted both ways, within each currency, and narrowed to those between two."""

import pytest
from djmoney.money import Money

from billing_admin.db import pagination
from billing_admin.web import filters
from tests.factories import give_credit, make_client, make_invoice, make_payment_method, make_staff, usd
from tests.pages import get_page
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db

INVOICES, TRANSACTIONS, LEDGER = "/invoices/", "/transactions/", "/credits/entries/"


@pytest.fixture
def signed_in(client):
    client.force_login(make_staff())
    return client


@pytest.fixture
def four():
    acme = make_client()
    for amount in (usd(20), Money(100, "EUR"), usd(5), Money(7, "EUR")):
        make_invoice(acme, amount)
    return acme


def totals(page):
    return [text for text in page.texts("tbody td.num.extra") if " " in text]


def listed(browser, path=INVOICES, **asked):
    return totals(get_page(browser, path, data=asked))


def test_totals_are_sorted_within_each_currency(signed_in, four):
    ascending = ["7.00 EUR", "100.00 EUR", "5.00 USD", "20.00 USD"]
    assert listed(signed_in, sort="total") == ascending
    assert listed(signed_in, sort="-total") == ascending[::-1]
    assert listed(signed_in, sort="-total", currency="USD") == ["20.00 USD", "5.00 USD"]
    assert listed(signed_in, sort="total", status="unpaid") == ascending


def test_pages_by_total_lead_on_and_back(signed_in, four, monkeypatch):
    monkeypatch.setitem(pagination.paginate.__kwdefaults__, "size", 3)
    first = get_page(signed_in, INVOICES, data={"sort": "total"})
    assert first.one(".pager").text.startswith("1–3 of 4 invoices")
    last = get_page(signed_in, INVOICES + first.one(".pager [rel=next]")["href"])
    assert totals(last) == ["20.00 USD"]
    assert last.one(".pager").text.startswith("4–4 of 4 invoices")
    assert totals(get_page(signed_in, INVOICES + last.one(".pager [rel=prev]")["href"])) == totals(first)


def test_a_place_by_total_that_no_link_has_is_refused(signed_in, four):
    for place in ('["USD","x",1]', '["USD",1]', '["5.00",1]', '["USD","NaN",1]', "[1]", "5"):
        assert signed_in.get(INVOICES, {"sort": "total", "after": place}).status_code == 400


def test_amounts_between_two_are_one_chip(signed_in, four):
    page = get_page(signed_in, INVOICES, data={"currency": "USD", "total_from": "5", "total_to": "1,000.00"})
    assert totals(page) == ["20.00 USD", "5.00 USD"]
    assert page.texts(".chip") == ["Currency is USD", "Total between 5.00 and 1,000.00 USD"]
    page = get_page(signed_in, INVOICES, data={"currency": "EUR", "total_to": "7"})
    assert (totals(page), page.texts(".chip")[1]) == (["7.00 EUR"], "Total up to 7.00 EUR")
    assert listed(signed_in, currency="USD", total_from="5.01") == ["20.00 USD"]
    assert listed(signed_in, currency="USD", total_from="5.01", status="draft") == []


def test_an_amount_that_cannot_be_read_is_an_error_beside_it(signed_in, four):
    page = get_page(signed_in, INVOICES, data={"currency": "USD", "total_from": "12,50"})
    assert page.one(".field-error").text == "“12,50” is not an amount: is 1250.00 or 12.50 meant? Type that."
    assert totals(page) == []
    page = get_page(signed_in, INVOICES, data={"total_to": "5"})
    assert page.one(".field-error").text == "Choose a currency too: amounts of several are not compared."


def test_amounts_are_asked_for_where_the_currency_is_known(signed_in, four):
    fields = "[name^=total_]"
    assert get_page(signed_in, INVOICES).all(fields) == []
    assert len(get_page(signed_in, INVOICES, data={"currency": "EUR"}).all(fields)) == 2
    assert get_page(signed_in, f"/clients/{four.number}/invoices/?currency=EUR").all(fields) == []


def test_beside_other_filters_few_enough_amounts_are_looked_through(signed_in, four, monkeypatch):
    monkeypatch.setattr(filters, "SORTED_UP_TO", 1)
    asked = {"currency": "USD", "status": "unpaid", "total_from": "1"}
    page = get_page(signed_in, INVOICES, data=asked)
    said = "More than 1 have such an amount: narrow it, or take the other filters away."
    assert (totals(page), page.one(".empty p").text) == ([], said)
    assert listed(signed_in, **asked, total_to="19") == ["5.00 USD"]
    assert len(listed(signed_in, currency="USD", total_from="1")) == 2


def test_transactions_are_sorted_and_found_by_what_moved(signed_in):
    acme, method = make_client(), make_payment_method()
    for amount in (20, 5, 9):
        receive_payment(client=acme, payment_method=method, amount=usd(amount), fees=usd(amount) / 10, by=None)

    def moved(**asked):
        cells = get_page(signed_in, TRANSACTIONS, data=asked).texts("tbody tr td:nth-last-of-type(3)")
        return [text for text in cells if " " in text]  # the sums below have no currency beside them

    assert moved(sort="in") == ["5.00 USD", "9.00 USD", "20.00 USD"]
    assert moved(sort="-fees") == ["20.00 USD", "9.00 USD", "5.00 USD"]
    assert moved(amount_from="6", amount_to="20") == ["20.00 USD", "9.00 USD"]
    assert moved(amount_from="6", show="out") == []


def test_the_ledger_is_sorted_and_found_by_amount(signed_in):
    acme = make_client()
    for amount in (usd(20), usd(5), Money(7, "EUR")):
        give_credit(acme, amount)

    def moved(**asked):
        return get_page(signed_in, LEDGER, data=asked).texts("tbody tr td:nth-last-of-type(2)")

    assert moved(sort="amount") == ["7.00 EUR", "5.00 USD", "20.00 USD"]
    assert moved(currency="USD", amount_from="5", amount_to="5") == ["5.00 USD"]
