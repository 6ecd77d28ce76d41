"""The Clients List."""

import pytest
from django.contrib.auth.models import Permission
from djmoney.money import Money

from billing_admin.staff.groups import VIEWER
from clients.models import Client, ClientGroup
from tests.factories import give_credit, make_client, make_invoice, make_staff, usd
from tests.pages import get_page, parse, queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client):
    client.force_login(make_staff())
    return client


def names(page):
    return page.texts("tbody .row-link")


def test_a_row_shows_what_staff_know_a_client_by(signed_in):
    acme = make_client(first_name="Ann", last_name="Ek", email="ann@acme.example", created_at="2026-03-05T12:00Z")
    make_invoice(acme, usd("100.00"))
    give_credit(acme, usd("12.50"))
    cells = get_page(signed_in, "/clients/").texts("tbody td:not(.ticks)")
    assert cells == [
        str(acme.number), "Acme Ltd Ann Ek", "ann@acme.example", "Active", "100.00 USD", "12.50 USD",
        "5 Mar 2026, 12:00",
    ]  # fmt: skip


def test_each_row_leads_to_the_summary(signed_in):
    acme = make_client()
    assert get_page(signed_in, "/clients/").one("tbody .row-link")["href"] == f"/clients/{acme.number}/"


def test_nothing_due_and_no_credit_are_zero_in_the_clients_currency(signed_in):
    make_client(currency="JPY")
    assert get_page(signed_in, "/clients/").texts("tbody .zero") == ["0 JPY", "0 JPY"]


def test_several_currencies_are_shown_side_by_side_and_never_added(signed_in):
    acme = make_client()
    for money in (usd("10.00"), Money("7.500", "KWD"), Money("300", "JPY")):
        give_credit(acme, money)
    assert get_page(signed_in, "/clients/").texts("tbody td:not(.ticks)")[5] == "300 JPY 7.500 KWD 10.00 USD"


def test_only_unpaid_invoices_count_as_unpaid(signed_in):
    acme = make_client()
    give_credit(acme, usd("60.00"))
    make_invoice(acme, usd("40.00"))  # paid from credit
    make_invoice(acme, usd("100.00"))  # 20.00 of it paid from credit
    assert get_page(signed_in, "/clients/").texts("tbody td:not(.ticks)")[4] == "80.00 USD"


def test_newest_first_and_sortable_by_number_name_and_since(signed_in):
    for name, since in (("Beta", "2026-01-02"), ("alpha", "2026-01-03"), ("Çelik", "2026-01-01")):
        make_client(name, created_at=f"{since}T00:00Z")
    assert names(get_page(signed_in, "/clients/")) == ["Çelik", "alpha", "Beta"]
    assert names(get_page(signed_in, "/clients/?sort=number")) == ["Beta", "alpha", "Çelik"]
    assert names(get_page(signed_in, "/clients/?sort=name")) == ["alpha", "Beta", "Çelik"]
    assert names(get_page(signed_in, "/clients/?sort=-since")) == ["alpha", "Beta", "Çelik"]
    assert names(get_page(signed_in, "/clients/?sort=nonsense")) == ["Çelik", "alpha", "Beta"]


def test_a_sort_link_keeps_the_filters(signed_in):
    make_client()
    page = get_page(signed_in, "/clients/?q=acme&status=active&sort=-since")
    assert {link.text: link["href"] for link in page.all("th .sort")} == {
        "Number": "/clients/?q=acme&status=active&sort=-number",
        "Name": "/clients/?q=acme&status=active&sort=name",
        "E-mail": "/clients/?q=acme&status=active&sort=email",
        "Status": "/clients/?q=acme&status=active&sort=status",
        "Unpaid": "/clients/?q=acme&status=active&sort=-unpaid",
        "Credit": "/clients/?q=acme&status=active&sort=-credit",
        "Since": "/clients/?q=acme&status=active&sort=since",
    }
    assert page.one("th[aria-sort]").text == "Since"


def test_searching_by_words_and_by_number(signed_in):
    acme, _ = make_client("Acme Hosting", email="ann@acme.example"), make_client("Globex")
    for search in ("hosting acme", "ANN@acme", str(acme.number), f"%23{acme.number}"):
        page = get_page(signed_in, f"/clients/?q={search}")
        assert (names(page), page.one(".pager p").text) == (["Acme Hosting"], "1 client")


def test_what_was_searched_for_stays_in_the_box(signed_in):
    page = get_page(signed_in, "/clients/", data={"q": 'x"><b>y'})
    assert page.one("main input[name=q]")["value"] == 'x"><b>y'


def test_filtering_by_status_and_group(signed_in):
    resellers, others = ClientGroup.objects.create(name="Resellers"), ClientGroup.objects.create(name="Others")
    make_client("One", group=resellers)
    make_client("Two", group=resellers, status="closed")
    make_client("Three", group=others)
    assert names(get_page(signed_in, f"/clients/?group={resellers.pk}")) == ["Two", "One"]
    page = get_page(signed_in, f"/clients/?group={resellers.pk}&status=closed")
    assert names(page) == ["Two"]
    assert page.one("select[name=group] option[selected]").text == "Resellers"
    assert page.texts(".segments [aria-current]") == ["Closed"]


def test_no_group_select_where_there_are_no_groups(signed_in):
    make_client()
    assert get_page(signed_in, "/clients/").all("select[name=group]") == []


@pytest.mark.parametrize(
    "query",
    ["status=lost", "group=x", f"group={10**40}", "q=%00", f"q={10**40}"],
)  # fmt: skip
def test_an_address_that_makes_no_sense_is_no_error(signed_in, query):
    make_client()
    get_page(signed_in, f"/clients/?{query}")


def test_pages_of_fifty_lead_on_and_back(signed_in):
    for number in range(51):
        make_client(f"Client {number:02}")
    first = get_page(signed_in, "/clients/?sort=name")
    assert (len(names(first)), first.one(".pager p").text) == (50, "1–50 of 51 clients")
    second = get_page(signed_in, "/clients/" + first.one("a[rel=next]")["href"])
    assert names(second) == ["Client 50"]
    assert second.all("a[rel=next]") == []
    assert names(get_page(signed_in, "/clients/" + second.one("a[rel=prev]")["href"])) == names(first)


def test_no_clients_at_all_offers_to_add_the_first(signed_in):
    page = get_page(signed_in, "/clients/")
    assert page.one(".empty p").text == (
        "No clients yet. Add the first one here, or bring in a file with Import Clients."
    )
    assert page.one(".empty a")["href"] == "/clients/add/"


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("q=zebra", "No client matches “zebra”."),
        ("q=zebra&status=closed", "No closed client matches “zebra”."),
        ("status=inactive", "There is no inactive client."),
    ],
)
def test_no_match_says_what_was_looked_for_and_offers_to_show_all(signed_in, query, sentence):
    make_client()
    page = get_page(signed_in, f"/clients/?{query}")
    assert page.one(".empty p").text == sentence
    assert page.one(".empty a")["href"] == "/clients/"


def test_a_viewer_is_not_offered_to_add(client):
    client.force_login(make_staff(VIEWER))
    assert "Add Client" not in get_page(client, "/clients/").links()
    assert get_page(client, "/clients/").all(".empty a") == []


def test_names_in_any_script_are_escaped_and_whole_on_hover(signed_in):
    for name in ("شركة الخليج للاستضافة", "Łódź & Söhne <b>", "x" * 200):
        make_client(name)
        cut = get_page(signed_in, "/clients/").all("tbody .row-link .cut")[0]
        assert (cut.text, cut["title"], cut["dir"]) == (name, name, "auto")


def test_the_same_number_of_queries_for_1_row_and_for_50(signed_in):
    def client_with_everything(number):
        acme = make_client(f"Client {number}")
        give_credit(acme, usd("5.00"))
        make_invoice(acme, usd("10.00"))

    client_with_everything(1)
    queries_of(signed_in, "/clients/")
    at_one = queries_of(signed_in, "/clients/")
    for number in range(2, 61):
        client_with_everything(number)
    assert Client.objects.count() == 60
    assert queries_of(signed_in, "/clients/") == at_one
    # Words are looked for among contacts and notes too, which is a query of its own.
    assert queries_of(signed_in, "/clients/?q=client&status=active&sort=name") == at_one + 1


def test_somebody_who_may_not_see_credit_or_invoices_sees_neither(client):
    staff = make_staff(VIEWER)
    staff.groups.clear()
    staff.user_permissions.add(Permission.objects.get(codename="view_client"))
    client.force_login(staff)
    give_credit(make_client(), usd("5.00"))
    page = parse(client.get("/clients/"))
    assert page.texts("th") == ["Number", "Name", "E-mail", "Status", "Since"]
    assert "5.00" not in page.text
