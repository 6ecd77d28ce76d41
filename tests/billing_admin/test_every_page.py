"""Every page, however many clients there are: the same number of queries, and lists in an order that an index gives.

The time that pages take is measured by tests/benchmarks/pages, which walks the same addresses at any size.
"""

from collections import Counter

import pytest
from django.db import connection
from django.utils import timezone

from tests.benchmarks.pages.addresses import pages
from tests.benchmarks.pages.walking import explain, queries_of
from tests.benchmarks.synthetic.database import make_data
from tests.factories import make_staff

pytestmark = pytest.mark.django_db

# Lists of everybody's rows: those of one client are in the order of its own index, or few enough to sort.
LISTS = ("Clients", "Invoices", "Transactions", "Credits", "Ledger", "Expiring", "Billable items")


@pytest.fixture
def signed_in(client):
    client.force_login(make_staff())
    return client


def more_clients(count):
    make_data(clients=count, due=timezone.localdate(), past=True)


def queries_of_pages(browser):
    """Name → how many queries the page makes."""
    counts = {}
    for name, address in pages(timezone.localdate()):
        counts[name] = len(queries_of(browser, address))
    return counts


@pytest.mark.long  # its sisters: the tests of each screen compare one row with fifty
def test_every_page_makes_as_many_queries_for_many_clients_as_for_few(signed_in):
    more_clients(600)
    queries_of(signed_in, "/")
    few = queries_of_pages(signed_in)
    more_clients(600)
    many = queries_of_pages(signed_in)
    del few["Duplicates"]  # it looks on, batch by batch, until a page is full or its time is up
    # A list that is empty in one of them saves the queries of what its rows refer to.
    assert {name: (few[name], many[name]) for name in few if abs(many[name] - few[name]) > 3} == {}
    assert sum(many[name] == few[name] for name in few) > 0.9 * len(few)
    assert max(many.values()) < 40


@pytest.mark.slow
def test_no_list_sorts_what_it_does_not_show(signed_in):
    """With sorting made dear, PostgreSQL still sorts where no index gives the order: then a page reads all rows."""
    more_clients(300)
    sorting: dict[str, list[str]] = {}
    looked_at: Counter[str] = Counter()
    with connection.cursor() as cursor:
        for name in ("seqscan", "sort", "bitmapscan"):
            cursor.execute(f"SET LOCAL enable_{name} = off")
    for name, address in pages(timezone.localdate()):
        if not name.split(",")[0].split(" by ")[0].startswith(LISTS):
            continue
        for query in queries_of(signed_in, address):
            if " LIMIT 51" not in query.sql or "ORDER BY" not in query.sql:
                continue
            looked_at[name.split(",")[0].split(" by ")[0]] += 1
            explain(query, analyze=False)
            if query.sorted_rows or query.scanned:
                sorting[name] = query.plan
    assert sorting == {}
    assert set(looked_at) >= set(LISTS)
