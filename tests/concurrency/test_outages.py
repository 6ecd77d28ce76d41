"""The database away, full or without a connection left: a page that says so, and one line in the log."""

import logging
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from copy import deepcopy

import pytest
from django.conf import settings
from django.db import OperationalError, connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.test import Client as Browser
from django.urls import reverse

from billing_admin.db import limits, locks
from credits.models import CreditGrant
from tests.factories import make_client, make_staff, usd
from tests.invariants import assert_invariants
from tests.pages import fill, get_page, parse

NO_ANSWER = "The database does not answer at this moment, or all connections to it are in use."
ONCE = "What you sent may have been done, or not. Go back and send it again: the same form counts once."
NOT_CONFIRMED = "The database did not confirm in time that it is kept, on its standby too where there is one."
FORM = "#add-credit"


@pytest.fixture
def billing():
    browser = Browser(raise_request_exception=False)
    browser.force_login(make_staff(username="robin"))
    return browser


@contextmanager
def another_connection(**changes) -> Iterator[DatabaseWrapper]:
    """In the block the requests have this one."""
    parameters = deepcopy(connection.settings_dict)
    pool = changes.pop("pool", False)
    parameters |= changes
    parameters["OPTIONS"]["pool"] = pool
    before = connections["default"]
    connections["default"] = own = DatabaseWrapper(parameters)
    vars(own)["_connection_pools"] = {}  # and beside the pool of the tests
    try:
        yield own
    finally:
        own.close()
        if pool:
            own.close_pool()
        connections["default"] = before


def said(answer, caplog) -> str:
    """What the page says. There is one line in the log, but for a statement that took long, and no traceback."""
    assert answer.status_code == 503
    assert answer["Retry-After"] == "10"
    (record,) = (each for each in caplog.records if each.name != "billing_admin.statements")
    assert (record.name, record.levelno, record.exc_info) == ("billing_admin.outages", logging.ERROR, None)
    assert record.getMessage().startswith("503 ")
    assert "\n" not in record.getMessage()
    caplog.clear()
    return parse(answer).one("[data-error-text]").text


def test_without_the_database_pages_say_so_in_the_theme_chosen(billing, caplog):
    billing.cookies["theme"] = "dark"
    with another_connection(HOST="/no/such/folder"):
        for url in ("/", reverse("clients:list"), reverse("account_login"), reverse("clients:summary", args=[1001])):
            answer = billing.get(url)
            assert said(answer, caplog) == f"{NO_ANSWER} Nothing is lost. Try again in a moment."
            page = parse(answer)
            assert page.one("html")["data-theme"] == "dark"
            assert page.links() == {"Billing Admin": "/", "Try again": url, "Go to Home": "/"}
        assert billing.get("/no-such-page").status_code == 404
    assert billing.get("/").status_code == 200


def test_a_form_that_may_have_been_done_is_sent_again_and_counts_once(billing, caplog):
    acme = make_client()
    page = get_page(billing, reverse("credits:manage", args=[acme.number]))
    typed = {"amount": "5.00", "description": "Downtime"}
    with another_connection(HOST="/no/such/folder"):
        for headers in ({}, {"HX-Request": "true", "HX-Target": "dialog-body"}):
            assert said(fill(billing, page, FORM, typed, headers=headers), caplog) == f"{NO_ANSWER} {ONCE}"
    assert fill(billing, page, FORM, typed).status_code == 302
    with another_connection(HOST="/no/such/folder"):
        assert said(fill(billing, page, FORM, typed), caplog) == f"{NO_ANSWER} {ONCE}"
    assert fill(billing, page, FORM, typed).status_code == 302
    assert CreditGrant.objects.count() == 1


def test_a_pool_without_a_free_connection_is_no_fault_of_ours(billing, caplog):
    with another_connection(pool={"min_size": 1, "max_size": 1, "timeout": 1}) as own:
        with own.cursor() as cursor:
            cursor.execute("SELECT 1")
        connections["default"] = second = DatabaseWrapper(own.settings_dict)
        vars(second)["_connection_pools"] = vars(own)["_connection_pools"]
        assert said(billing.get("/"), caplog).startswith(NO_ANSWER)
        connections["default"] = own
        second.close()


def test_pages_are_back_with_the_database_however_long_it_was_away(billing, tmp_path):
    """Left to itself the pool waits longer after each failure: eight seconds then, and minutes after minutes."""
    socket, here = tmp_path / "socket", connection.get_connection_params()["host"]
    pool = settings.DATABASES["default"]["OPTIONS"]["pool"] | {"timeout": 3}
    with another_connection(HOST=str(socket), pool=pool):
        away_until = time.monotonic() + 8
        while time.monotonic() < away_until:
            assert billing.get("/").status_code == 503
        socket.symlink_to(here)
        assert billing.get("/").status_code == 200


def test_the_session_that_is_ended_in_the_middle_of_a_form(billing, caplog):
    with failing_on_credit("PERFORM pg_terminate_backend(pg_backend_pid())"):
        assert said(give(billing), caplog) == f"{NO_ANSWER} {ONCE}"
    assert CreditGrant.objects.count() == 0
    assert_invariants()


def test_a_full_disk_says_that_room_is_to_be_made(billing, caplog):
    with failing_on_credit("RAISE EXCEPTION 'could not extend file: No space left' USING ERRCODE = 'disk_full'"):
        assert said(give(billing), caplog) == (
            "The disk of the server is full, so nothing can be saved until somebody makes room on it. " + ONCE
        )
    assert CreditGrant.objects.count() == 0


def test_a_statement_that_takes_too_long_is_stopped_and_told(billing, caplog, monkeypatch):
    monkeypatch.setattr(limits, "SECONDS_FOR_A_STATEMENT", 0.5)
    with failing_on_credit("PERFORM pg_sleep(10)"):
        assert said(give(billing), caplog) == f"This took longer than a page may take and was stopped. {ONCE}"
    assert CreditGrant.objects.count() == 0


def test_a_database_that_never_answers_is_waited_for_a_while(billing, caplog, monkeypatch):
    """No limit of the server's ends what waits for a standby, or reaches a server that is gone without a word."""
    monkeypatch.setattr(limits, "SECONDS_FOR_AN_ANSWER", 0.5)
    with another_connection(pool=settings.DATABASES["default"]["OPTIONS"]["pool"]):
        with failing_on_credit("PERFORM pg_sleep(2)"):
            assert said(give(billing), caplog) == f"{NOT_CONFIRMED} {ONCE}"
        assert billing.get("/").status_code == 200  # on another connection
    assert CreditGrant.objects.count() == 0


def test_what_takes_long_is_not_waited_for_without_end(db, monkeypatch):
    monkeypatch.setattr(limits, "SECONDS_FOR_AN_ANSWER", 0.2)
    monkeypatch.setattr(limits, "SECONDS_FOR_A_LONG_ANSWER", 1)
    with another_connection(pool=settings.DATABASES["default"]["OPTIONS"]["pool"]), limits.limited_request() as request:
        request.takes_long = True
        for seconds, answer in ((0.5, nullcontext()), (2, pytest.raises(OperationalError, match="within 1 seconds"))):
            with answer, connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(%s)", [seconds])


def test_a_server_that_takes_one_up_and_says_nothing_is_not_waited_for(db, tmp_path, monkeypatch):
    monkeypatch.setattr(locks, "SECONDS_TO_CONNECT", 2)
    with socket.socket(socket.AF_UNIX) as silent, another_connection(HOST=str(tmp_path), PORT="5432"):
        silent.bind(str(tmp_path / ".s.PGSQL.5432"))
        silent.listen()
        began = time.monotonic()
        with pytest.raises(OperationalError, match="timeout"), locks.second_connection() as own:
            own.ensure_connection()
    assert time.monotonic() - began < 20


def test_a_fault_of_ours_is_an_error_with_its_traceback(billing, caplog):
    with failing_on_credit("RAISE EXCEPTION 'out of limits' USING ERRCODE = 'program_limit_exceeded'"):
        answer = give(billing)
    assert answer.status_code == 500
    assert "Retry-After" not in answer
    assert parse(answer).one("h1").text == "Something went wrong here"
    (record,) = caplog.records
    assert record.exc_info is not None


def give(browser):
    acme = make_client()
    page = get_page(browser, reverse("credits:manage", args=[acme.number]))
    return fill(browser, page, FORM, {"amount": usd(5).amount, "description": "Downtime"})


@contextmanager
def failing_on_credit(statement: str) -> Iterator[None]:
    """In the block a new credit does this, in the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {statement}; RETURN NEW; END $$;"
            " CREATE TRIGGER a_failure BEFORE INSERT ON credits_creditgrant FOR EACH ROW EXECUTE FUNCTION fail()"
        )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER a_failure ON credits_creditgrant; DROP FUNCTION fail()")
