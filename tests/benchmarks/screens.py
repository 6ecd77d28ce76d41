"""The Clients List, a search in it and a Summary.

What a page costs beyond its data is its template, which is the same at any size. So each is measured twice: what the
page reads against the bare SQL for the same rows, and the whole page against the whole page at 1,000 clients.
"""

import functools
from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.http import QueryDict
from django.test import Client as Browser
from django.utils import timezone

from billing_admin.db.pagination import paginate
from clients.lists import ClientList
from clients.models import Client
from clients.selectors import lists, summary
from clients.selectors.merge import merges_of
from credits.selectors.balances import balances_of
from credits.selectors.lists import expiring
from invoices.selectors.tax import tax_of
from tests.benchmarks.measuring import Measured, best_of, stage
from tests.benchmarks.synthetic.database import make_data

FEW = 1_000
TRIES = 30
SEARCH = "müller bakery"

_PAGE = """
    SELECT id, number, first_name, last_name, company_name, email, currency, status, created_at FROM clients_client
    WHERE {which} ORDER BY number DESC LIMIT 51
"""
_COUNT = "SELECT count(*) FROM (SELECT 1 FROM clients_client WHERE {which} LIMIT 1001) found"
_CREDIT = """
    SELECT client_id, currency, balance FROM credits_creditaccount WHERE client_id = ANY(%s) AND balance > 0
    ORDER BY currency
"""
_UNPAID = """
    SELECT client_id, currency, sum(balance_due) FROM invoices_invoice
    WHERE client_id = ANY(%s) AND status = 'unpaid' GROUP BY client_id, currency
"""
_SEARCHED = " AND ".join(f"search_text LIKE '%%' || search_fold('{word}') || '%%'" for word in SEARCH.split())
_SUMMARY = (
    "SELECT * FROM clients_client one LEFT JOIN clients_clientgroup grp ON grp.id = group_id WHERE one.id = %(id)s",
    "SELECT currency, balance FROM credits_creditaccount WHERE client_id = %(id)s",
    "SELECT rate FROM invoices_taxrate WHERE country IN ('', (SELECT country FROM clients_client WHERE id = %(id)s))",
    "SELECT id FROM clients_clientmerge WHERE kept_id = %(id)s ORDER BY id DESC LIMIT 10",
    """
    SELECT currency, CASE WHEN status = 'unpaid' AND due_on < current_date THEN 'overdue' ELSE status END, count(*),
           sum(CASE WHEN status = 'unpaid' THEN balance_due ELSE total - amount_credited END)
    FROM invoices_invoice WHERE client_id = %(id)s GROUP BY 1, 2
    """,
    """
    SELECT currency, sum(amount_in - amount_out), sum(fees) FROM transactions_transaction WHERE client_id = %(id)s
    GROUP BY 1
    """,
    "SELECT credit_use FROM credits_creditsettings",
    """
    SELECT currency, sum(remaining), sum(remaining) FILTER (WHERE expires_on IS NULL OR expires_on >= current_date),
           sum(remaining) FILTER (WHERE expires_on BETWEEN current_date AND current_date + 30), min(expires_on)
    FROM credits_creditgrant WHERE client_id = %(id)s AND remaining > 0 GROUP BY 1
    """,
    """
    SELECT id, description, remaining, expires_on FROM credits_creditgrant
    WHERE client_id = %(id)s AND is_open AND expires_on BETWEEN current_date AND current_date + 30
    ORDER BY expires_on LIMIT 3
    """,
    "SELECT actor_name, summary, at FROM clients_activity WHERE client_id = %(id)s ORDER BY id DESC LIMIT 10",
)


def run(count: int, empty: Callable[[], None]) -> list[Measured]:
    """The pages at `count` clients with their past; before that at 1,000, for the comparison."""
    few = _pages_at(FEW)
    empty()
    many = _pages_at(count)
    some = _some_client()
    every = _listed("")
    found = _listed(SEARCH)
    rows = [
        ("list", lambda: _read_list(""), lambda: _bare_list("true", every)),
        ("search", lambda: _read_list(SEARCH), lambda: _bare_list(_SEARCHED, found)),
        ("Summary", lambda: _read_summary(some.number), lambda: _bare_summary(some.pk)),
    ]
    lines = []
    for name, read, bare in rows:
        with stage(f"What the {name} reads, and the bare SQL, {TRIES} times each"):
            product, floor = best_of(TRIES, read), best_of(TRIES, bare)
        lines.append(Measured(f"{name}: its data", count, product, floor, "SELECT of the same rows, by psycopg"))
        lines.append(Measured(f"{name}: the page", count, many[name], few[name], f"the same page at {FEW:,} clients"))
    return lines


def _pages_at(count: int) -> dict[str, float]:
    """The seconds of each page in a database made for it."""
    with stage(f"Making {count:,} clients with their past"):
        make_data(clients=count, due=timezone.localdate(), past=True)
    browser = Browser()
    browser.force_login(_person())
    addresses = {
        "list": "/clients/",
        "search": f"/clients/?q={SEARCH.replace(' ', '+')}",
        "Summary": f"/clients/{_some_client().number}/",
    }
    with stage(f"The pages, {TRIES} times each"):
        return {name: best_of(TRIES, functools.partial(_get, browser, url)) for name, url in addresses.items()}


def _get(browser: Browser, url: str) -> None:
    assert browser.get(url).status_code == 200


def _some_client() -> Client:
    """One in the middle, with credit and invoices."""
    middle = Client.objects.order_by("pk")[0].pk + Client.objects.count() // 2
    found = Client.objects.filter(pk__gte=middle, credit_accounts__balance__gt=0, invoices__status="paid")
    return found.order_by("pk")[0]


def _listed(search: str) -> list[int]:
    return list(Client.objects.matching(search).order_by("-number").values_list("pk", flat=True)[:50])


def _read_list(search: str) -> None:
    """What the view does before it renders."""
    found = Client.objects.matching(search)
    page = paginate(found, QueryDict(), sorts=ClientList.sorts, default="-number", noun="client", nouns="clients")
    lists.credit_of(page.rows)
    lists.unpaid_of(page.rows)


def _bare_list(which: str, ids: list[int]) -> None:
    _fetch([(_PAGE.format(which=which), []), (_COUNT.format(which=which), []), (_CREDIT, [ids]), (_UNPAID, [ids])])


def _person() -> User:
    return User.objects.get_or_create(username="bench", is_superuser=True)[0]


def _read_summary(number: int) -> None:
    today = timezone.localdate()
    client = Client.objects.select_related("group").get(number=number)
    balances_of(client)
    tax_of(client)
    list(merges_of(client)[:10])
    summary.invoice_figures(client, today)
    summary.income(client)
    list(expiring(today).filter(client=client).order_by("expires_on", "pk")[:3])
    summary.credit_outlook(client, today)
    list(summary.recent_activity(client, _person()))


def _bare_summary(pk: int) -> None:
    _fetch((sql, {"id": pk}) for sql in _SUMMARY)


def _fetch(statements: Iterable[tuple[str, Any]]) -> None:
    with connection.cursor() as cursor:
        for sql, parameters in statements:
            cursor.execute(sql, parameters)
            cursor.fetchall()
