"""The filters in force as chips: said in words, taken away one by one, turned into their opposite."""

import datetime

import pytest
from django.http import QueryDict
from django.utils import timezone

from clients.models import Client, ClientGroup
from invoices.services.cancel import cancel_invoice
from tests.factories import make_client, make_invoice, make_staff, usd
from tests.pages import get_page
from transactions.lists import TransactionList

pytestmark = pytest.mark.django_db

CLIENTS, INVOICES = "/clients/", "/invoices/"


@pytest.fixture
def signed_in(client):
    client.force_login(make_staff())
    return client


def chips(page):
    return page.texts(".chip")


def names(page):
    return page.texts("tbody .row-link")


def test_nothing_is_said_where_nothing_is_filtered(signed_in):
    make_client()
    assert chips(get_page(signed_in, f"{CLIENTS}?sort=name&status=")) == []


def test_each_filter_is_said_and_taken_away_alone(signed_in):
    make_client("Acme")
    page = get_page(signed_in, f"{CLIENTS}?status=active&q=acme&sort=name&after=[%22acme%22,1]")
    assert chips(page) == ["Status is Active", "Search contains “acme”"]
    assert [link["href"] for link in page.all(".chip-remove")] == ["?q=acme&sort=name", "?status=active&sort=name"]
    assert page.links()["Show all clients"] == CLIENTS


def test_two_days_of_one_column_are_one_filter(signed_in):
    make_invoice(make_client(), usd(5))
    page = get_page(signed_in, INVOICES, data={"from": "2026-01-01", "to": "2026-12-31"})
    assert chips(page) == ["Issued between 1 Jan 2026 and 31 Dec 2026"]
    assert page.one(".chip-remove")["href"] == "?"
    assert chips(get_page(signed_in, INVOICES, data={"from": "2026-01-01"})) == ["Issued from 1 Jan 2026"]
    assert chips(get_page(signed_in, INVOICES, data={"to": "2026-01-01"})) == ["Issued until 1 Jan 2026"]


def test_is_turns_into_is_not_and_back(signed_in):
    make_client("Acme")
    globex = make_client("Globex")
    Client.objects.filter(pk=globex.pk).update(status="closed")
    page = get_page(signed_in, CLIENTS, data={"status": "closed"})
    assert (names(page), chips(page)) == (["Globex"], ["Status is Closed"])
    turned = get_page(signed_in, CLIENTS + page.links()["is"])
    assert (names(turned), chips(turned)) == (["Acme"], ["Status is not Closed"])
    assert names(get_page(signed_in, CLIENTS + turned.links()["is not"])) == ["Globex"]


def test_a_word_above_the_list_takes_the_opposite_away(signed_in):
    make_client()
    page = get_page(signed_in, CLIENTS, data={"status-not": "closed", "sort": "name", "last": "1"})
    words = {link.text: link["href"] for link in page.all(".segments a")}
    assert words["All"] == "/clients/?sort=name"
    assert words["Active"] == "/clients/?sort=name&status=active"
    assert page.all(".segments [aria-current]") == []


def test_who_has_none_is_not_in_a_group(signed_in):
    hosting = ClientGroup.objects.create(name="Hosting")
    acme = make_client("Acme")
    make_client("Globex")
    Client.objects.filter(pk=acme.pk).update(group=hosting)
    page = get_page(signed_in, CLIENTS, data={"group-not": hosting.pk})
    assert (names(page), chips(page)) == (["Globex"], ["Group is not Hosting"])


def test_what_is_not_overdue_is_everything_else(signed_in):
    acme = make_client()
    past, today = datetime.date(2020, 1, 1), timezone.localdate()
    late = make_invoice(acme, usd(1), on=past, due_on=past)
    due = make_invoice(acme, usd(2), on=today, due_on=today)
    cancelled = make_invoice(acme, usd(3), on=past, due_on=past)
    cancel_invoice(invoice=cancelled, by=None)

    def listed(status):
        return set(names(get_page(signed_in, INVOICES, data={"status-not": status})))

    assert listed("overdue") == {due.label, cancelled.label}
    assert listed("unpaid") == {cancelled.label}
    assert listed("cancelled") == {late.label, due.label}


def test_an_opposite_that_is_none_lists_nothing_and_says_so(signed_in):
    make_client()
    page = get_page(signed_in, CLIENTS, data={"status-not": "nonsense"})
    assert (names(page), chips(page)) == ([], [])
    assert page.texts(".filters .field-error") == ["There is no status “nonsense” here."]


def test_the_search_field_keeps_the_opposite(signed_in):
    make_client()
    page = get_page(signed_in, CLIENTS, data={"status-not": "closed"})
    assert page.one(".filters form[method=get] [name=status-not]")["value"] == "closed"


def test_all_that_are_listed_are_what_the_page_showed(signed_in):
    """The form of a list carries every value of the address, so that no more rows are meant than were shown."""
    acme = make_client()
    make_invoice(acme, usd(5))
    asked = QueryDict("currency-not=USD&since=2026-01-01&since=2026-02-01&unknown=1&page=2&row=7&all=1&sort=in&q=")
    assert TransactionList(make_staff(), asked, acme).carried == [
        ("currency-not", "USD"), ("since", "2026-01-01"), ("since", "2026-02-01"), ("unknown", "1"), ("q", ""),
    ]  # fmt: skip
