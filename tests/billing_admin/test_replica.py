"""Which pages may be read from a replica, and what is read from it: no view that writes, sends or looks at locks."""

import re
from contextlib import suppress
from typing import Any

import pytest
from django.db import Error, connection, connections
from django.http import Http404, HttpResponse
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from billing_admin.db.replica import ALIAS
from billing_admin.web.replica import may_read_replica
from tests.backup.databases import database
from tests.concurrency.test_outages import another_connection
from tests.every_url import addresses, make_rows
from tests.factories import make_staff
from tests.replica import replica_on

MARKED = {
    "clients:list", "clients:statement", "clients:charts", "invoices:list", "invoices:of_client",
    "invoices:credit_notes", "invoices:billable_items", "invoices:billable_items_of_client", "transactions:list",
    "transactions:of_client", "credits:holders", "credits:expiring", "credits:entries", "credits:of_client",
    "credits:liability", "reports",
}  # fmt: skip
HEARTBEAT = "INSERT INTO procrastinate_workers DEFAULT VALUES"


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def first(db, settings):
    """A database whose rows are committed, so that more than one connection sees them."""
    pool = settings.DATABASES["default"]["OPTIONS"]["pool"]
    with database("replica") as url, another_connection(NAME=re.search("/([^/?]+)[?]", url)[1], pool=pool):
        yield


@pytest.fixture
def robin(first):
    browser = Browser()
    browser.force_login(make_staff())
    return browser


def told(caplog) -> list[str]:
    """What the log says of the replica."""
    return [each.getMessage() for each in caplog.records if each.name == "billing_admin.replica"]


def rights_of(view: Any) -> tuple[str, ...]:
    """What one needs to send something to it."""
    return view.rights.to_send


def is_marked(address: str) -> bool:
    return hasattr(resolve(address).func, "may_read_replica")


@pytest.mark.slow
def test_marked_pages_only_look_and_at_no_locks(robin, monkeypatch, caplog):
    make_rows()
    execute(HEARTBEAT)
    marked = {address: resolve(address) for address in addresses() if is_marked(address)}
    assert {match.view_name for match in marked.values()} == MARKED
    assert {rights_of(match.func) for match in marked.values()} <= {(), ("clients.save_lists",)}
    with replica_on(monkeypatch):
        for address in marked:
            with CaptureQueriesContext(connections[ALIAS]) as asked:
                assert robin.get(address).status_code == 200, address
            # What writes there fails, and the page is read once more: that is told in the log.
            assert not told(caplog), address
            assert len(asked) > 3, address  # than a look at how far behind it is
            assert not [each for each in asked if "pg_locks" in each["sql"]], address


def test_a_page_is_read_from_the_replica_unless_it_is_behind(robin, monkeypatch, caplog):
    def read_from_it(address="/clients/", **headers) -> int:
        with CaptureQueriesContext(connections[ALIAS]) as asked:
            assert robin.get(address, **headers).status_code == 200
        return len(asked)

    with replica_on(monkeypatch):
        looked = read_from_it()  # nobody at work says how far behind it is
        execute(HEARTBEAT)
        assert read_from_it() > looked
        assert read_from_it("/clients/?job=1") == read_from_it("/") == 0
        assert robin.cookies.pop("written")  # a job may have written what is looked at next
        execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '6 seconds'")
        assert read_from_it() == looked
        execute("UPDATE procrastinate_workers SET last_heartbeat = now()")
        robin.cookies["written"] = "not a place"
        assert read_from_it() > looked
        assert robin.post("/clients/").status_code == 200
        assert re.fullmatch("[0-9A-F]+/[0-9A-F]+", robin.cookies["written"].value)
        assert robin.cookies["written"]["httponly"]
        assert read_from_it() == looked  # this “replica” has replayed nothing
    assert not told(caplog)


@pytest.mark.parametrize("fails", ["SELECT 1 / 0", ""])
def test_what_the_replica_fails_at_or_lacks_is_read_once_more(first, monkeypatch, caplog, rf, fails):
    """Also where a part of the page failed and was left out: nothing more is answered in that transaction."""
    read_from = []

    @may_read_replica
    def look(request):
        read_from.append(connections["default"])
        if fails:
            with suppress(Error):
                execute(fails)
        elif len(read_from) == 1:
            raise Http404
        return HttpResponse()

    execute(HEARTBEAT)
    with replica_on(monkeypatch):
        there = connections[ALIAS]
        assert look(rf.get("/")).status_code == 200
        assert read_from == [there, connections["default"]]
        look(rf.get("/"))
        assert (read_from[2] is there) is not bool(fails)
    assert len(told(caplog)) == bool(fails)


def test_a_replica_that_is_away_is_left_alone_for_a_moment(robin, monkeypatch, caplog):
    with replica_on(monkeypatch, HOST="/no/such/folder"):
        for _ in range(3):
            assert robin.get("/clients/").status_code == 200
            (sentence,) = told(caplog)
    assert sentence.startswith("The replica is not read for a moment: ")
