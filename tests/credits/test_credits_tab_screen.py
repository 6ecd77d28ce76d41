"""The Credits tab of a client: the Credits List and the ledger."""

import datetime

import pytest
import time_machine
from django.contrib.auth.models import Permission, User
from django.urls import reverse
from djmoney.money import Money

from billing_admin.staff.groups import BILLING, OWNER, VIEWER
from clients.models import ClientNumberAlias
from credits.services.adjust import adjust_balance
from credits.services.grant import add_credit
from tests.factories import give_credit, make_client, make_invoice, make_staff, usd
from tests.pages import get_page, queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client):
    """A browser in which an Owner is signed in."""
    client.force_login(make_staff(OWNER))
    return client


def url_of(acme, query=""):
    return reverse("credits:of_client", args=[acme.number]) + query


def cells(page, *columns):
    """The named columns of every row."""
    heads = page.texts("#credits thead th")
    places = [heads.index(column) for column in columns]
    return [tuple(row.all("td, th")[place].text for place in places) for row in page.all("#credits tbody tr")]


def test_the_credits_list_says_what_was_given_what_is_left_and_until_when(owner):
    acme = make_client()
    robin = User.objects.create_user("robin", first_name="Robin", last_name="Marsh")
    give_credit(acme, usd("1234.50"), "Prepayment", category="paid")
    add_credit(
        client=acme, amount=usd("25.00"), description="Downtime", by=robin, expires_on=datetime.date(2099, 12, 31)
    )
    make_invoice(acme, usd("10.00"))
    page = get_page(owner, url_of(acme))
    assert cells(page, "Description", "Category", "Amount", "Left", "Expires", "By") == [
        ("Downtime", "Promotional", "25.00 USD", "15.00", "31 Dec 2099", "Robin Marsh"),
        ("Prepayment", "Paid", "1,234.50 USD", "1,234.50", "–", "System"),
    ]
    assert page.one(".pager p").text == "2 credits"
    assert page.one("#balances dd").text == "1,249.50 USD"


def test_the_ledger_leads_from_each_application_to_its_invoice(owner):
    acme = make_client()
    give_credit(acme, usd("25.00"), "Downtime")
    invoice = make_invoice(acme, usd("10.00"))
    page = get_page(owner, url_of(acme, "?show=ledger"))
    assert cells(page, "Kind", "Description", "Credit", "Invoice", "Amount", "By") == [
        ("Applied", "Applied automatically", "Downtime", invoice.label, "−10.00 USD", "System"),
        ("Given", "Downtime", "Downtime", "–", "25.00 USD", "System"),
    ]
    assert page.links()[invoice.label] == reverse("invoices:detail", args=[invoice.pk])
    assert page.one(".pager p").text == "2 entries"


@pytest.mark.parametrize("sort", ["-id", "id"])
def test_balances_after_entries_are_of_their_currency_either_way(owner, sort):
    acme, globex = make_client("Acme"), make_client("Globex")
    for amount in ("1.00", "2.00"):
        give_credit(acme, usd(amount), "Downtime")
        give_credit(acme, Money(amount, "EUR"), "Downtime")
        give_credit(globex, usd(amount), "Downtime")
    page = get_page(owner, url_of(acme, f"?show=ledger&sort={sort}"))
    shown = cells(page, "Amount", "Balance")
    assert (shown if sort == "id" else shown[::-1]) == [
        ("1.00 USD", "1.00"), ("1.00 EUR", "1.00"), ("2.00 USD", "3.00"), ("2.00 EUR", "3.00"),
    ]  # fmt: skip


def test_a_balance_set_by_hand_is_on_the_ledger_and_not_on_the_list(owner):
    acme = make_client()
    adjust_balance(client=acme, seen=usd(0), balance=usd(5), by=None, reason="Carried over")
    assert get_page(owner, url_of(acme)).all("#credits tbody tr") == []
    assert cells(get_page(owner, url_of(acme, "?show=ledger")), "Kind", "Description", "Amount") == [
        ("Adjusted", "Carried over", "5.00 USD")
    ]


def test_adjustments_are_shown_on_demand_and_marked(owner):
    acme = make_client()
    give_credit(acme, usd("25.00"), "Downtime")
    adjust_balance(client=acme, seen=usd(25), balance=usd(30), by=None, reason="Carried over")
    address = url_of(acme, "?adjustments=1")
    assert get_page(owner, url_of(acme)).links()["Show adjustments"] == address
    assert cells(get_page(owner, address), "Description", "Category") == [
        ("Carried over", "Promotional Adjustment"),
        ("Downtime", "Promotional"),
    ]


@pytest.mark.parametrize("group", [VIEWER, BILLING])
def test_adjustments_are_not_shown_to_those_who_may_not_make_them(client, group):
    acme = make_client()
    adjust_balance(client=acme, seen=usd(0), balance=usd(5), by=None)
    client.force_login(make_staff(group))
    page = get_page(client, url_of(acme, "?adjustments=1"))
    assert (page.all("#credits tbody tr"), "Show adjustments" in page.links()) == ([], False)


def test_credit_past_its_last_day_is_marked_until_its_expiry_is_booked(owner):
    acme = make_client()
    with time_machine.travel(datetime.datetime(2026, 11, 1, 12, tzinfo=datetime.UTC), tick=False):
        give_credit(acme, usd("25.00"), expires_on=datetime.date(2026, 11, 20))
    for day, shown in ((20, "20 Nov 2026"), (21, "20 Nov 2026 Expired")):
        with time_machine.travel(datetime.datetime(2026, 11, day, 12, tzinfo=datetime.UTC), tick=False):
            owner.force_login(User.objects.get())
            assert cells(get_page(owner, url_of(acme)), "Expires") == [(shown,)]
            popup = get_page(owner, reverse("credits:manage", args=[acme.number]))
            assert popup.texts("#credits-list td.extra")[1:] == [shown]


def test_a_client_without_credit_gets_a_first_step(owner):
    acme = make_client()
    page = get_page(owner, url_of(acme))
    assert page.one(".empty p").text == "No credit has been given yet."
    assert page.one(".empty a")["href"] == reverse("credits:manage", args=[acme.number])
    assert get_page(owner, url_of(acme, "?show=ledger")).one(".empty p").text == "No credit has moved yet."


def test_a_viewer_gets_no_step_that_leads_nowhere(client):
    client.force_login(make_staff(VIEWER))
    assert get_page(client, url_of(make_client())).all(".empty a") == []


def test_without_the_right_to_see_invoices_their_numbers_are_no_links(client):
    staff = make_staff()
    staff.groups.clear()
    staff.user_permissions.set(Permission.objects.filter(codename="view_credit"))
    client.force_login(staff)
    acme = make_client()
    give_credit(acme, usd("25.00"))
    invoice = make_invoice(acme, usd("10.00"))
    page = get_page(client, url_of(acme, "?show=ledger"))
    assert cells(page, "Invoice") == [(invoice.label,), ("–",)]
    assert invoice.label not in page.links()


def test_staff_without_a_right_to_credit_are_refused(client):
    staff = make_staff()
    staff.groups.clear()
    client.force_login(staff)
    get_page(client, url_of(make_client()), status=403)


def test_only_this_clients_credit_is_shown(owner):
    acme, globex = make_client(), make_client("Globex")
    give_credit(globex, usd(25))
    make_invoice(globex, usd(10))
    for query in ("", "?adjustments=1", "?show=ledger"):
        assert get_page(owner, url_of(acme, query)).all("#credits tbody tr") == []


@pytest.mark.parametrize("show", ["", "?show=ledger"])
def test_a_long_list_has_pages_that_lead_on_and_back(owner, show):
    acme = make_client()
    for number in range(60):
        give_credit(acme, usd(1), f"Credit {number:02}")
    first = get_page(owner, url_of(acme, show))
    second = get_page(owner, url_of(acme) + first.one("[rel=next]")["href"])
    shown = [row[0] for page in (first, second) for row in cells(page, "Description")]
    assert shown == [f"Credit {number:02}" for number in reversed(range(60))]
    back = get_page(owner, url_of(acme) + second.one("[rel=prev]")["href"])
    assert cells(back, "Description") == cells(first, "Description")
    assert second.all("[rel=next]") == []


def test_the_panel_refreshes_itself_where_it_stands(owner):
    acme = make_client()
    panel = get_page(owner, url_of(acme, "?show=ledger")).one("#credits")
    # No address is that of the page itself.
    assert (panel["hx-get"], panel["hx-trigger"]) == ("", "creditsChanged from:body")
    give_credit(acme, usd(25))
    again = get_page(owner, url_of(acme, "?show=ledger"), headers={"HX-Request": "true", "HX-Target": "credits"})
    assert again.all("html") == []
    assert cells(again, "Amount") == [("25.00 USD",)]


def test_the_number_of_a_merged_client_leads_to_the_kept_one(owner):
    acme = make_client()
    ClientNumberAlias.objects.create(number=987654, client=acme)
    answer = owner.get(reverse("credits:of_client", args=[987654]) + "?show=ledger")
    assert (answer.status_code, answer.headers["Location"]) == (301, url_of(acme, "?show=ledger"))


@pytest.mark.parametrize("query", ["", "?adjustments=1", "?show=ledger"])
def test_the_tab_costs_the_same_queries_at_1_row_and_at_50(owner, query):
    acme = make_client()
    give_credit(acme, usd(1))
    make_invoice(acme, usd(1))
    at_1 = queries_of(owner, url_of(acme, query))
    for _ in range(49):
        give_credit(acme, usd(1))
        make_invoice(acme, usd(1))
    assert queries_of(owner, url_of(acme, query)) == at_1
