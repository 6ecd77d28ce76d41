"""Closing an account and opening it again; deleting those that were closed long ago."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from clients.models import Activity, Client, ClientDeletion
from clients.selectors.idle import idle_clients, months_ago
from clients.services.close import close_client, reopen_client
from clients.services.delete.delete_closed import delete_if_idle
from invoices.services.issue import NewLine, draft_invoice
from invoices.services.runs.generate import clients_due
from tests.clients.holders import TODAY
from tests.commands import run_command
from tests.factories import give_credit, make_client, make_invoice, make_item, make_payment_method, make_staff, usd
from tests.unchanged import nothing_changes, refused
from transactions.models import Transaction
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db

LONG_AGO = datetime.datetime(2020, 5, 1, 12, tzinfo=datetime.UTC)


def test_a_closed_account_is_billed_no_more_and_keeps_everything():
    ann = make_staff(username="ann")
    acme = make_client()
    make_item(acme, usd(10), due=TODAY)
    give_credit(acme, usd(5))
    assert clients_due(TODAY) == 1
    closed = close_client(client=acme, by=ann, reason="Moved away")
    assert (closed.status, clients_due(TODAY), acme.billable_items.count()) == ("closed", 0, 1)
    activity = Activity.objects.get(verb="client.closed")
    assert (activity.words, activity.actor, activity.client) == ("Account closed: Moved away", ann, acme)


def test_reopening_bills_again():
    acme = make_client()
    make_item(acme, usd(10), due=TODAY)
    close_client(client=acme, by=None)
    assert reopen_client(client=acme, by=None).status == "active"
    assert clients_due(TODAY) == 1
    assert Activity.objects.get(verb="client.reopened").summary == "Account opened again"


def test_closing_twice_says_that_it_is_closed():
    acme = make_client()
    close_client(client=acme, by=None)
    with refused(f"Client {acme.number} is Closed already; nothing was changed."):
        close_client(client=acme, by=None)


def test_reopening_an_open_account_says_that_it_is_open():
    acme = make_client()
    with refused(f"Client {acme.number} is Active, not Closed; nothing was changed."):
        reopen_client(client=acme, by=None)


# ── Long ago ──


@pytest.mark.parametrize(
    ("months", "today", "day"),
    [
        (1, "2030-03-31", "2030-02-28"), (12, "2028-02-29", "2027-02-28"), (1, "2030-01-15", "2029-12-15"),
        (25, "2030-01-31", "2027-12-31"),
    ],
)  # fmt: skip
def test_months_ago_is_the_same_day_or_the_last_of_the_month(months, today, day):
    assert months_ago(months, datetime.date.fromisoformat(today)) == datetime.date.fromisoformat(day)


def closed_long_ago(name: str = "Acme Ltd", before_closing=lambda client: None) -> Client:
    with time_machine.travel(LONG_AGO):
        acme = make_client(name)
        before_closing(acme)
        return close_client(client=acme, by=None)


def pay(acme: Client) -> None:
    receive_payment(invoices=[make_invoice(acme, usd(7))], amount=usd(7), payment_method=make_payment_method(), by=None)


SINCE = datetime.date(2025, 1, 1)


def test_a_client_closed_long_ago_with_paid_invoices_is_found():
    acme = closed_long_ago(before_closing=pay)
    assert list(idle_clients(SINCE)) == [acme]


@pytest.mark.parametrize(
    "held",
    [
        lambda acme: give_credit(acme, usd(1)),
        lambda acme: make_invoice(acme, usd(1)),
        lambda acme: draft_invoice(client=acme, lines=[NewLine("Hosting", usd(1))], by=None),
    ],
)
def test_a_client_with_credit_an_unpaid_invoice_or_a_draft_is_not(held):
    closed_long_ago(before_closing=held)
    assert not idle_clients(SINCE).exists()


def test_a_client_that_something_happened_to_lately_is_not():
    acme, globex = closed_long_ago(), closed_long_ago("Globex")
    Activity.objects.record(by=None, client=acme, verb="note.added", summary="Called")
    make_client("Open")
    Transaction.objects.create(
        client=globex, client_number=globex.number, client_name="Globex", date=timezone.localdate(),
        payment_method=make_payment_method(), currency="USD", amount_in=1,
    )  # fmt: skip
    assert not idle_clients(SINCE).exists()


def test_a_client_is_looked_at_again_before_it_goes():
    acme = closed_long_ago()
    assert list(idle_clients(SINCE)) == [acme]
    reopen_client(client=acme, by=None)
    with nothing_changes():
        assert delete_if_idle(client=acme, since=SINCE, by=None) is None


def test_what_names_a_client_is_looked_for_once_and_by_indexes():
    """Words of others that name it, which it takes along: whatever there is, no table of them is read through."""
    acme = closed_long_ago()
    plans: list[str] = []

    def explain(execute, sql, params, many, context):
        if "ILIKE" in sql:
            with connection.connection.cursor() as cursor:
                plans.append("\n".join(line for (line,) in cursor.execute(f"EXPLAIN {sql}", params)))
        return execute(sql, params, many, context)

    with connection.cursor() as cursor:
        for shortcut in ("seqscan", "indexscan", "indexonlyscan"):  # what pays for a handful of rows
            cursor.execute(f"SET LOCAL enable_{shortcut} = off")
    with connection.execute_wrapper(explain):
        assert delete_if_idle(client=acme, since=SINCE, by=None)
    served = ("activity_by_note", "credit_entry_by_note", "credit_grant_by_words", "transaction_by_said")
    assert [sum(index in plan for plan in plans) for index in served] == [1, 1, 1, 1]


def test_the_command_lists_and_waits(monkeypatch):
    acme, globex = closed_long_ago(), closed_long_ago("Globex")
    asked = []

    def answer(question: str) -> str:
        asked.append(question)
        return "yes"

    monkeypatch.setattr("builtins.input", answer)
    since = months_ago(12, timezone.localdate())
    with nothing_changes():
        ran = run_command("delete_closed_clients", "--inactive-months", 12)
    assert ran.printed == [f"#{acme.number} Acme Ltd", f"#{globex.number} Globex"]
    assert asked == [
        f"2 closed clients without activity since {since:%-d %b %Y}. There is no way back. Type 2 to go on: "
    ]
    assert (ran.error, ran.exit_code) == ("“yes” is not 2. Nothing was changed; type it, or add --no-input.", 1)


def test_the_command_deletes_once_confirmed_and_keeps_transactions(monkeypatch):
    monkeypatch.setattr("builtins.input", lambda question: "1")
    acme = closed_long_ago(before_closing=pay)
    make_client("Open")
    ran = run_command("delete_closed_clients", "--inactive-months", 12)
    assert ran.printed == [f"#{acme.number} Acme Ltd", "1 client deleted; their transactions stay."]
    assert (ClientDeletion.objects.get().number, Transaction.objects.count()) == (acme.number, 1)


def test_a_dry_run_only_lists_them():
    closed_long_ago()
    with nothing_changes():
        ran = run_command("delete_closed_clients", "--inactive-months", 12, "--dry-run")
    assert ran.printed[-1].endswith("Nothing was changed: this was a dry run.")


def test_nobody_to_delete_is_said():
    since = months_ago(12, timezone.localdate())
    ran = run_command("delete_closed_clients", "--inactive-months", 12, "--no-input")
    assert ran.printed == [f"No closed client has been without activity since {since:%-d %b %Y}; nothing was changed."]


@pytest.mark.parametrize("months", [0, -1, 1201])
def test_months_out_of_range_are_refused(months):
    ran = run_command("delete_closed_clients", f"--inactive-months={months}", "--no-input")
    assert ran.error == f"--inactive-months goes from 1 to 1200; {months} was given."
