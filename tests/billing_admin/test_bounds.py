"""What is left out where there is too much of it: sums of long lists, and searches that match too many clients."""

import datetime

import pytest
from django.utils import timezone
from djmoney.money import Money

from billing_admin.db import pagination
from billing_admin.home import adding
from billing_admin.home.month_sums import sum_months
from clients.models import client_queryset
from credits.selectors import liability
from invoices.models import InvoiceRun
from tests.factories import give_credit, make_client, make_invoice, make_item, make_staff, usd
from tests.pages import get_page, queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client):
    client.force_login(make_staff())
    return client


@pytest.fixture
def three_smiths(monkeypatch):
    """Three clients whose names match, where two are too many more than one."""
    monkeypatch.setattr(client_queryset, "MOST_OWNERS", 2)
    return [make_client(f"Smith {word}") for word in ("Bakery", "Legal", "Press")]


@pytest.mark.parametrize("path", ["/invoices/", "/transactions/", "/billable-items/"])
def test_a_search_that_matches_too_many_clients_says_so(signed_in, three_smiths, path):
    page = get_page(signed_in, path, data={"q": "smith"})
    assert page.one(".empty p").text == (
        "More than 2 clients match “smith”. Type more of the name, an e-mail address or a number."
    )
    assert list(page.one(".empty").links().values()) == [path]


def test_a_search_that_matches_fewer_lists_what_they_have(signed_in, three_smiths, monkeypatch):
    bakery, legal, _ = three_smiths
    make_invoice(bakery, usd(10))
    make_item(legal, usd(20), due=bakery.created_at.date())
    assert len(get_page(signed_in, "/invoices/", data={"q": "smith bakery"}).all("tbody tr")) == 1
    assert len(get_page(signed_in, "/billable-items/", data={"q": "smith legal"}).all("tbody tr")) == 1
    monkeypatch.setattr(client_queryset, "MOST_OWNERS", 3)
    assert len(get_page(signed_in, "/invoices/", data={"q": "smith"}).all("tbody tr")) == 1


def test_the_file_of_such_a_search_says_so_too(signed_in, three_smiths):
    answer = signed_in.post("/transactions/?q=smith")
    assert answer.status_code == 422
    assert answer.content.decode().startswith("More than 2 clients match “smith”.")


def test_a_search_that_matches_nobody_shows_an_empty_list(signed_in):
    make_client()
    for path in ("/invoices/", "/transactions/", "/billable-items/"):
        assert "matches these filters" in get_page(signed_in, path, data={"q": "nobody"}).one(".empty p").text


def test_an_email_address_that_somebody_has_finds_only_them(signed_in):
    make_client("One", email="billing@example.com")
    make_client("Two", email="xbilling@example.com")
    page = get_page(signed_in, "/clients/", data={"q": "Billing@Example.com"})
    assert page.texts("tbody td.fill a") == ["One"]
    assert len(get_page(signed_in, "/clients/", data={"q": "illing@example.com"}).all("tbody tr")) == 2


def test_home_leaves_out_sums_of_too_many(signed_in, monkeypatch):
    acme = make_client()
    for _ in range(3):
        make_invoice(acme, usd(10))
    give_credit(acme, usd(5))
    give_credit(acme, Money("300", "JPY"))
    give_credit(acme, Money("3.500", "KWD"))
    with_sums = queries_of(signed_in, "/")
    monkeypatch.setattr(adding, "SUMMED_UP_TO", 2)
    page = get_page(signed_in, "/")
    assert page.all("#outstanding tbody tr") == page.all("#credit-held tbody tr") == []
    assert page.texts("#outstanding .panel-note")[0] == (
        "So many invoices are unpaid that they are not added up here: Unpaid, Overdue."
    )
    assert page.one("#credit-held .panel-note").text == (
        "So many clients hold credit that it is not added up here. Credit Liability has the sums."
    )
    for address in [*page.one("#outstanding").links().values(), *page.one("#credit-held").links().values()]:
        get_page(signed_in, address)
    assert queries_of(signed_in, "/") == with_sums


def test_who_holds_credit_is_listed_without_sums_where_they_are_too_many(signed_in, monkeypatch):
    acme = make_client()
    for amount in (usd(5), Money("300", "JPY"), Money("3.500", "KWD")):
        give_credit(acme, amount)
    monkeypatch.setattr(liability, "SUMMED_UP_TO", 3)
    assert len(get_page(signed_in, "/credits/").all("#held tbody tr")) == 3
    monkeypatch.setattr(liability, "SUMMED_UP_TO", 2)
    page = get_page(signed_in, "/credits/")
    assert page.all("#held") == []
    assert page.texts("[aria-label=Currency] a") == ["All currencies", "JPY", "KWD", "USD"]
    assert len(page.all("tbody tr")) == 3


def test_counting_stops_at_a_thousand(signed_in, monkeypatch):
    monkeypatch.setattr(pagination, "COUNTED_UP_TO", 2)
    for number in range(3):
        make_client(f"Client {number}")
    assert get_page(signed_in, "/clients/").one(".pager p").text == "More than 2 clients"


def test_overdue_invoices_are_in_the_order_of_their_due_dates(signed_in, time_machine):
    acme = make_client()
    for day in (3, 1, 2):
        time_machine.move_to(f"2026-0{day}-01T12:00Z")
        make_invoice(acme, usd(day))
    time_machine.move_to("2026-09-01T12:00Z")
    page = get_page(signed_in, "/invoices/", data={"status": "overdue"})
    assert page.texts("tbody td.figure") == ["INV-000001", "INV-000003", "INV-000002"]
    assert page.texts("thead [aria-sort] a") == ["Due on"]
    page = get_page(signed_in, "/invoices/", data={"status": "overdue", "from": "2026-01-01", "to": "2026-02-28"})
    assert page.texts("tbody td.figure") == ["INV-000002", "INV-000003"]
    assert page.texts("thead [aria-sort] a") == ["Issued"]


def test_what_is_outstanding_of_too_many_is_as_the_daily_task_added_it_up(signed_in, monkeypatch):
    acme, today = make_client(), timezone.localdate()
    late = today - datetime.timedelta(days=40)
    for amount, due_on in ((usd(10), today), (usd(20), late), (Money(7, "EUR"), today)):
        make_invoice(acme, amount, on=late, due_on=due_on)
    live, at_first = get_page(signed_in, "/").texts("#outstanding tbody tr"), queries_of(signed_in, "/")
    sum_months(today=today)
    monkeypatch.setattr(adding, "SUMMED_UP_TO", 2)
    page = get_page(signed_in, "/")
    assert page.texts("#outstanding tbody tr") == live
    assert page.texts("#outstanding .panel-note")[0].startswith("As of ")
    assert queries_of(signed_in, "/") <= at_first
    assert page.all("#overdue tbody tr") != []


def test_runs_that_were_killed_cost_home_no_query_each(signed_in):
    make_client()
    asked = {"state": "running", "started_by_name": "System", "as_of": datetime.date(2026, 3, 1)}
    InvoiceRun.objects.create(**asked)
    with_one = queries_of(signed_in, "/")
    for _ in range(6):
        InvoiceRun.objects.create(**asked)
    assert queries_of(signed_in, "/") == with_one
