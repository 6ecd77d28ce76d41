"""Which pages may be read from a replica, and what is read from it: no view that writes, sends or looks at locks."""

import datetime
import os
import re
import signal
import time
from contextlib import suppress
from typing import Any

import pytest
import time_machine
from django.db import Error, connection, connections
from django.http import Http404, HttpResponse
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse
from django.utils import timezone

from billing_admin.checks import running
from billing_admin.db.limits import at_most, limited_request
from billing_admin.db.replica import ALIAS
from billing_admin.web.log import message_of
from billing_admin.web.replica import may_read_replica
from invoices.models import InvoiceRun
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
    return [message_of(each) for each in caplog.records if each.name == "billing_admin.replica"]


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
            execute("UPDATE procrastinate_workers SET last_heartbeat = clock_timestamp()")
            with CaptureQueriesContext(connections[ALIAS]) as asked:
                assert robin.get(address).status_code == 200, address
            # What writes there fails, and the page is read once more: that is told in the log.
            assert not told(caplog), address
            assert len(asked) > 3, address  # than a look at how far behind it is
            assert not [each for each in asked if "pg_locks" in each["sql"]], address


def test_a_page_is_read_from_the_replica_unless_it_is_behind(robin, monkeypatch, caplog, settings):
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
        run = InvoiceRun.objects.create(as_of=timezone.localdate(), started_by_name="x")
        for address in (reverse("invoices:runs"), reverse("invoices:run", args=[run.pk])):
            assert read_from_it(address) == 0
            assert robin.cookies.pop("written")  # so may a run
        execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '6 seconds'")
        assert read_from_it() == looked
        execute("UPDATE procrastinate_workers SET last_heartbeat = now()")
        robin.cookies["written"] = "not a place"
        assert read_from_it() > looked
        settings.HTTPS = True
        with CaptureQueriesContext(connections[ALIAS]) as asked:
            assert robin.post("/clients/").status_code == 200
        assert not asked
        assert re.fullmatch("[0-9A-F]+/[0-9A-F]+", robin.cookies["written"].value)
        kept = robin.cookies["written"]
        assert (kept["httponly"], kept["secure"], kept["samesite"]) == (True, True, "Lax")
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


def test_what_is_read_there_is_limited_as_all_that_a_request_reads(first, monkeypatch, rf):
    """Also after a part that had a limit of its own: all of it is one transaction."""
    limits = []

    def look_up() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            limits.append(cursor.fetchone()[0])

    @may_read_replica
    def look(request):
        look_up()
        with at_most(200):
            look_up()
        look_up()
        return HttpResponse()

    execute(HEARTBEAT)
    with replica_on(monkeypatch), limited_request():
        assert look(rf.get("/")).status_code == 200
    assert limits == ["30s", "200ms", "30s"]


def test_what_the_replica_repeats_of_somebody_is_not_logged(first, monkeypatch, caplog, rf):
    @may_read_replica
    def look(request):
        if connections["default"] is connections[ALIAS]:
            execute("SELECT 'jane@example.com'::integer")
        return HttpResponse()

    execute(HEARTBEAT)
    with replica_on(monkeypatch):
        look(rf.get("/"))
    (sentence,) = told(caplog)
    assert ("jane" in sentence, "SQLSTATE 22P02" in sentence) == (False, True)


def test_a_replica_that_is_away_is_left_alone_for_a_moment(robin, monkeypatch, caplog):
    with replica_on(monkeypatch, HOST="/no/such/folder"):
        for _ in range(3):
            assert robin.get("/clients/").status_code == 200
            (sentence,) = told(caplog)
    assert sentence.startswith("The replica is not read for a moment: ")


def test_a_replica_that_hangs_holds_up_no_page_for_long(robin, monkeypatch, caplog):
    """Its sessions are stopped in the middle of all, as by a machine that is gone without a word."""
    execute(HEARTBEAT)
    with replica_on(monkeypatch):
        robin.get("/clients/")
        with connections[ALIAS].cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (pid,) = cursor.fetchone()
        connections[ALIAS].close()
        os.kill(pid, signal.SIGSTOP)
        try:
            began = time.monotonic()
            assert robin.get("/clients/").status_code == 200
            assert time.monotonic() - began < 10
        finally:
            os.kill(pid, signal.SIGCONT)
    assert len(told(caplog)) == 1


def test_a_replica_whose_clock_is_off_is_not_read(robin, monkeypatch):
    """By such a clock what was told long ago is of this moment."""

    def looks() -> int:
        with CaptureQueriesContext(connections[ALIAS]) as asked:
            assert robin.get("/clients/").status_code == 200
        return len(asked)

    with replica_on(monkeypatch):
        only_looked = looks()
        execute(HEARTBEAT)
        assert looks() > only_looked
        for seconds in (-8, 8):
            with time_machine.travel(timezone.now() + datetime.timedelta(seconds=seconds)):
                assert looks() == only_looked
        execute("UPDATE procrastinate_workers SET last_heartbeat = now() + interval '8 seconds'")
        assert looks() == only_looked


def test_doctor_tells_of_one_that_is_behind_or_whose_clock_is_off(first, monkeypatch):
    """What it says of itself is put in front of what it is."""

    def found() -> list[str]:
        return [each.msg.removeprefix("The replica of DATABASE_REPLICA_URL ") for each in running.check_replica()]

    execute(HEARTBEAT)
    execute("CREATE SCHEMA said")
    say = "CREATE FUNCTION said.{}() RETURNS {} LANGUAGE sql AS 'SELECT {}'"
    with replica_on(monkeypatch):
        with connections[ALIAS].cursor() as cursor:
            cursor.execute("SET search_path = said, pg_catalog, public")
        assert found() == ["follows no other server."]
        execute(say.format("pg_is_in_recovery", "bool", "true"))
        assert found() == []
        execute(say.format("clock_timestamp", "timestamptz", "now() + interval ''1 minute''"))
        assert found() == ["has a clock that is 60 seconds off, so that it is not read."]
        execute("CREATE TABLE said.procrastinate_workers AS SELECT now() - interval '1 minute' AS last_heartbeat")
        assert found() == ["is 60 seconds behind."]
