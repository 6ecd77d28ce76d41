"""How long a request waits, and that it says for what; no worker of the queue is there."""

import threading
import time
from collections.abc import Callable
from functools import partial

import pytest
from django.db import OperationalError, connection
from django.db import transaction as db_transaction
from django.test import Client as Browser
from django.urls import reverse

from billing_admin.db import limits
from billing_admin.db.limits import Busy, held_up, limited_request
from billing_admin.db.locks import hold_lock, lock_key
from clients.models import Client
from clients.models.client_queryset import ClientGone
from clients.services.delete.delete_client import delete_client
from credits.models import CreditGrant
from credits.services.grant import add_credit
from invoices.models import Invoice, InvoiceRun, NumberSeries
from invoices.models.numbers_ahead import GATE
from invoices.services.issue import NewLine, draft_invoice
from tests.concurrency.racing import race
from tests.factories import give_credit, make_client, make_staff, usd
from tests.pages import fill, get_page, parse

IN_DIALOG = {"HX-Request": "true", "HX-Target": "dialog-body"}
BUSY = "Somebody else is changing this client at this moment; nothing was done. Try again in a moment."


@pytest.fixture
def billing():
    browser = Browser()
    browser.force_login(make_staff(username="robin"))
    return browser


def locked(*clients: Client):
    return hold_lock("count(*) FROM (SELECT FROM clients_client WHERE id = ANY(%s) FOR UPDATE) locked",
                       [one.pk for one in clients])  # fmt: skip


def setting(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        return cursor.fetchone()[0]


def timed[Outcome](act: Callable[[], Outcome]) -> tuple[float, Outcome]:
    begun = time.monotonic()
    outcome = act()
    return time.monotonic() - begun, outcome


def test_limits_hold_for_each_transaction_of_a_request_and_no_longer():
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    before = [setting(name) for name in names]
    with limited_request() as limited:
        assert [setting(name) for name in names] == ["30s", "2s", "30s"]
        with db_transaction.atomic():
            assert [setting(name) for name in names] == ["30s", "2s", "30s"]
            assert InvoiceRun.objects.update(dry_run=False) == 0
        limited.takes_long = True
        assert [setting(name) for name in names] == [before[0], "2s", before[2]]
    assert [setting(name) for name in names] == before


def test_a_statement_of_a_request_that_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr(limits, "SECONDS_FOR_A_STATEMENT", 0.1)
    with limited_request(), connection.cursor() as cursor, pytest.raises(OperationalError, match="statement timeout"):
        cursor.execute("SELECT pg_sleep(10)")


def test_two_seconds_and_the_form_comes_back_with_what_was_typed(billing):
    acme = make_client()
    page = get_page(billing, reverse("credits:manage", args=[acme.number]))
    with locked(acme):
        for headers in ({}, IN_DIALOG):
            typed = {"amount": "5.00", "description": "Tuesday"}
            seconds, answer = timed(partial(fill, billing, page, "#add-credit", typed, headers=headers))
            assert answer.status_code == 409
            assert 2 <= seconds < 4
            form = parse(answer).one("#add-credit")
            assert BUSY in form.text
            assert form.one("[name=description]")["value"] == "Tuesday"
    assert CreditGrant.objects.count() == 0
    assert fill(billing, page, "#add-credit", {"amount": "5.00", "description": "Tuesday"}).status_code == 302


def test_only_half_of_the_threads_wait_and_pages_are_answered_meanwhile(billing):
    """Two of the four that a process has: the others are told at once."""
    acme = make_client()
    url = reverse("credits:manage", args=[acme.number])
    page = get_page(billing, url)

    def send() -> tuple[float, int]:
        browser = Browser()
        browser.cookies = billing.cookies
        seconds, answer = timed(lambda: fill(browser, page, "#add-credit", {"amount": "1", "description": "Now"}))
        return seconds, answer.status_code

    def read() -> tuple[float, int]:
        time.sleep(0.5)
        seconds, answer = timed(lambda: billing.get(reverse("clients:list")))
        return seconds, answer.status_code

    with locked(acme):
        *sent, seen = race(*[send] * 8, read)
    assert {status for _, status in sent} == {409}
    assert [seconds >= 2 for seconds, _ in sorted(sent)] == [False] * 6 + [True] * 2
    assert seen[1] == 200
    assert seen[0] < 1.5


def test_a_client_that_is_gone_is_not_called_busy_while_others_wait():
    acme = make_client()
    delete_client(client=acme, by=None)
    with limited_request(), held_up("One waits."), held_up("Another waits."), pytest.raises(ClientGone):
        add_credit(client=acme, amount=usd(1), description="Now", by=None)


def test_who_needs_two_clients_locks_neither_while_one_is_taken():
    acme, globex = make_client(), make_client("Globex")

    @db_transaction.atomic
    def lock_both() -> str:
        with limited_request():
            try:
                Client.objects.lock([acme.pk, globex.pk])
            except Busy as error:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT count(*) FROM pg_locks WHERE mode = 'RowShareLock' AND relation = "
                                   "'clients_client'::regclass AND pid = pg_backend_pid()")  # fmt: skip
                    return f"{error}{cursor.fetchone()[0]}"
        return ""

    with locked(globex):
        assert lock_both() == BUSY.replace("this client", "one of these clients") + "0"


def test_waiting_for_a_number_is_not_refused_so_soon(billing):
    draft = draft_invoice(client=make_client(), lines=[NewLine("Hosting", usd(5))], by=None)
    url = reverse("invoices:issue", args=[draft.pk])

    def number() -> None:
        with hold_lock("pg_advisory_xact_lock(hashtext(%s), 0)", f"{GATE}{NumberSeries.INVOICE} INV-"):
            numbering.set()
            time.sleep(3)

    def issue() -> tuple[float, int]:
        numbering.wait()
        seconds, answer = timed(lambda: billing.post(url))
        return seconds, answer.status_code

    numbering = threading.Event()
    _, (seconds, status) = race(number, issue)
    assert status == 302
    assert seconds > 2.5
    assert Invoice.objects.get().number == 1


def test_what_is_locked_by_a_key_is_told_too():
    with hold_lock("pg_advisory_xact_lock(hashtextextended(%s, 0))", "form 1"), limited_request():
        with db_transaction.atomic(), pytest.raises(Busy, match="doing the very same"):
            lock_key("form 1")
        with db_transaction.atomic():
            lock_key("form 2")


def test_any_other_lock_is_a_page_or_a_toast_that_says_so(billing):
    run = InvoiceRun.objects.create(as_of="2026-03-31", state="waiting", started_by_name="System")
    url = reverse("invoices:cancel_run", args=[run.pk])
    said = "Somebody else is changing the same at this moment; nothing was saved. Try again in a moment."
    with hold_lock("id FROM invoices_invoicerun WHERE id = %s FOR UPDATE", run.pk):
        answer = billing.post(url)
        assert answer.status_code == 409
        assert parse(answer).one("[data-error-text]").text == (
            f"{said} Go back and send it again: what you typed is still there."
        )
        answer = billing.post(url, headers=IN_DIALOG)
    assert (answer.status_code, answer.content, answer["HX-Reswap"]) == (409, b"", "none")
    assert said in answer["HX-Trigger"]
    run.refresh_from_db()
    assert not run.cancel_asked


def test_outside_a_request_locks_are_waited_for():
    acme = make_client()

    def hold() -> None:
        with locked(acme):
            time.sleep(3)

    def give() -> float:
        time.sleep(0.2)
        return timed(partial(give_credit, acme, usd(1)))[0]

    _, seconds = race(hold, give)
    assert 2.5 < seconds < 5
