"""Pages of a list: which rows are shown of how many, both ends, and orders that no index has."""

import pytest
from django.http import QueryDict

from billing_admin.db import pagination
from billing_admin.db.pagination import in_portions, paginate
from clients.models import Client
from tests.factories import give_credit, make_client, make_invoice, make_staff, person_with, usd
from tests.pages import get_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client):
    client.force_login(make_staff())
    return client


@pytest.fixture
def seven(monkeypatch):
    monkeypatch.setattr(pagination, "PAGE_SIZE", 3)
    return [make_client(f"Client {number}", number=number) for number in range(1, 8)]


def page_of(query="", size=3, **more):
    more = {"sorts": {"number": "number", "name": "sort_name"}, "default": "number", **more}
    return paginate(Client.objects.all(), QueryDict(query), noun="client", nouns="clients", size=size, **more)


def numbers(page):
    return [client.number for client in page.rows]


def test_a_page_says_which_rows_it_shows(seven):
    first = page_of()
    assert (numbers(first), first.position) == ([1, 2, 3], "1–3 of 7 clients")
    second = page_of(first.next_query)
    assert (numbers(second), second.position) == ([4, 5, 6], "4–6 of 7 clients")
    third = page_of(second.next_query)
    assert (numbers(third), third.position) == ([7], "7–7 of 7 clients")
    assert (third.next_query, third.last_query) == ("", "")
    assert page_of(third.previous_query).position == "4–6 of 7 clients"


@pytest.mark.parametrize("sort", ["number", "-number", "name", "-name"])
def test_both_ends_are_one_step_away_in_every_order(seven, sort):
    first = page_of(f"sort={sort}&q=x")
    last = page_of(first.last_query)
    assert (len(last.rows), last.position) == (3, "5–7 of 7 clients")
    assert numbers(last) == ([5, 6, 7] if sort[0] != "-" else [3, 2, 1])
    assert page_of(last.first_query).rows == first.rows
    assert page_of(last.previous_query).position == "2–4 of 7 clients"
    assert QueryDict(last.first_query).dict() == {"sort": sort, "q": "x"}


def test_a_list_on_one_page_only_says_how_many(seven):
    assert page_of(size=7).position == "7 clients"
    assert page_of("last=1", size=7).position == "7 clients"


def test_the_position_is_told_as_far_as_rows_are_counted(seven):
    first = page_of(counted_up_to=4)
    assert first.position == "1–3 of more than 4 clients"
    second = page_of(first.next_query, counted_up_to=4)
    assert numbers(page_of(second.next_query, counted_up_to=4)) == [7]
    assert page_of(second.next_query, counted_up_to=4).position == "More than 4 clients"
    assert page_of(first.last_query, counted_up_to=4).position == "More than 4 clients"


def test_a_short_list_is_sorted_by_what_no_index_has(seven):
    figures = {"email": "email"}
    for client, email in zip(seven, "cabdgfe", strict=True):
        Client.objects.filter(pk=client.pk).update(email=f"{email}@example.com")
    pages = [page_of("sort=email", figures=figures)]
    while pages[-1].next_query:
        pages.append(page_of(pages[-1].next_query, figures=figures))
    assert [numbers(page) for page in pages] == [[2, 3, 1], [4, 7, 6], [5]]
    assert [page.position for page in pages] == ["1–3 of 7 clients", "4–6 of 7 clients", "7–7 of 7 clients"]
    assert numbers(page_of(pages[0].last_query, figures=figures)) == [5]
    assert numbers(page_of(pages[2].previous_query, figures=figures)) == [4, 7, 6]
    assert numbers(page_of("sort=-email", figures=figures)) == [5, 6, 7]
    assert (pages[0].sort, pages[0].too_many_to_sort) == ("email", False)


def test_a_long_list_asks_for_a_filter_before_it_is_sorted_so(seven, monkeypatch):
    monkeypatch.setattr(pagination, "SORTED_UP_TO", 6)
    page = page_of("sort=email", figures={"email": "email"})
    assert (page.too_many_to_sort, page.sort, numbers(page)) == (True, "number", [1, 2, 3])


@pytest.mark.parametrize("number", ["", "0", "-1", "x", "²", "9" * 30])
def test_a_page_number_that_no_link_has_is_a_bad_request(signed_in, seven, number):
    assert signed_in.get("/clients/", {"sort": "email", "page": number}).status_code == 400


@pytest.mark.parametrize("sort", ["email", "-email", "number", "-name"])
def test_portions_are_the_pages_in_the_same_order(seven, sort, monkeypatch):
    monkeypatch.setattr(pagination, "PORTION", 2)
    asked = {"sorts": {"number": "number", "name": "sort_name"}, "default": "number", "figures": {"email": "email"}}
    portions = list(in_portions(Client.objects.all(), QueryDict(f"sort={sort}"), **asked))
    assert [len(rows) for rows in portions] == [2, 2, 2, 1]
    assert [row for rows in portions for row in rows] == page_of(f"sort={sort}", size=9, **asked).rows


def test_clients_are_sorted_by_credit_and_by_what_they_owe(signed_in):
    acme, globex, initech = make_client("Acme"), make_client("Globex"), make_client("Initech")
    make_invoice(acme, usd(9))
    make_invoice(globex, usd(5))
    make_invoice(globex, usd(30))
    give_credit(globex, usd(5))
    give_credit(initech, usd(50))

    def listed(sort):
        return get_page(signed_in, "/clients/", data={"sort": sort}).texts("tbody .row-link")

    assert listed("-credit") == ["Initech", "Globex", "Acme"]
    assert listed("credit") == ["Acme", "Globex", "Initech"]
    assert listed("-unpaid") == ["Globex", "Acme", "Initech"]
    heading = get_page(signed_in, "/clients/", data={"sort": "-credit"}).one("th[aria-sort]")
    assert (heading.text, heading["aria-sort"]) == ("Credit", "descending")


def test_who_may_not_see_credit_cannot_sort_by_it(client):
    client.force_login(person_with("view_client"))
    give_credit(make_client("Acme"), usd(5))
    make_client("Globex")
    by_number = get_page(client, "/clients/").texts("tbody .row-link")
    assert get_page(client, "/clients/", data={"sort": "-credit"}).texts("tbody .row-link") == by_number
    assert "Credit" not in get_page(client, "/clients/").texts("th")
