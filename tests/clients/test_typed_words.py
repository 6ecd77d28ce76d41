"""What somebody typed stands in a column of its own, which a deletion alone empties and nothing fills again."""

import pytest
from django.db import connection
from django.utils import timezone

from billing_admin.db.triggers import maintenance
from clients.models import Activity
from credits.models import CreditEntry
from invoices.services.reminders.holds import hold_reminders
from invoices.services.write_off import write_off_invoice
from tests.factories import give_credit, make_client, make_invoice, make_payment_method, usd
from tests.unchanged import refused_by_database
from transactions.models import Transaction
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db

TABLES = (
    "clients_activity", "credits_creditentry", "invoices_reminderhold", "invoices_writeoff", "transactions_transaction",
)  # fmt: skip
STAYS = "A note stays as it was written; only a client's deletion empties it."


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def typed():
    """One row of each table with a note."""
    acme = make_client()
    give_credit(acme, usd(5), "For Ann")
    write_off_invoice(invoice=make_invoice(acme, usd(9), credit_use="never"), by=None, reason="Ann is insolvent")
    disputed = make_invoice(acme, usd(3), credit_use="never")
    hold_reminders(invoice=disputed, kind="disputed", said_on=timezone.localdate(), reason="Ann never had it", by=None)
    receive_payment(client=acme, amount=usd(5), payment_method=make_payment_method(), by=None, description="From Ann")
    Activity.objects.record(by=None, client=None, verb="test.done", summary="Done", note="By Ann")


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("note", ["", "Somebody else"])
@pytest.mark.parametrize("kind", [None, "merge"])
def test_a_note_is_not_changed_or_emptied(typed, table, note, kind):
    with refused_by_database(STAYS):
        if kind:
            with maintenance(kind):
                execute(f"UPDATE {table} SET note = '{note}' WHERE note <> ''")
        execute(f"UPDATE {table} SET note = '{note}' WHERE note <> ''")


@pytest.mark.parametrize("table", TABLES)
def test_a_deletion_empties_a_note_and_nothing_fills_it_again(typed, table):
    with refused_by_database(STAYS), maintenance("delete"):
        execute(f"UPDATE {table} SET note = 'Somebody else' WHERE note <> ''")
    with maintenance("delete"):
        execute(f"UPDATE {table} SET note = ''" + (", salt = NULL" if table == "clients_activity" else ""))
    for kind in ("merge", "delete"):
        with refused_by_database(STAYS), maintenance(kind):
            execute(f"UPDATE {table} SET note = 'From Ann'")
    with refused_by_database(STAYS):
        execute(f"UPDATE {table} SET note = 'From Ann'")


@pytest.mark.parametrize(
    ("table", "column", "text"),
    [
        ("clients_activity", "summary", "What was done stays as it was written down."),
        ("credits_creditentry", "description", "The ledger is append-only; book another entry instead."),
        (
            "transactions_transaction", "description",
            "A transaction's amounts, date and description never change; book a refund or a reversal.",
        ),
    ],
)  # fmt: skip
def test_our_words_never_change(typed, table, column, text):
    for kind in ("merge", "delete"):
        with refused_by_database(text), maintenance(kind):
            execute(f"UPDATE {table} SET {column} = 'Something else'")
    with refused_by_database(text):
        execute(f"UPDATE {table} SET {column} = 'Something else'")


def test_what_was_typed_stands_beside_our_words(typed):
    paid = Transaction.objects.get()
    assert (paid.description, paid.note, paid.words) == ("Payment", "From Ann", "From Ann")
    assert [(entry.description, entry.note) for entry in CreditEntry.objects.order_by("pk")] == [
        ("", "For Ann"), ("", "From Ann"),
    ]  # fmt: skip
    added, done = Activity.objects.get(note="For Ann"), Activity.objects.get(verb="test.done")
    assert (added.summary, added.words) == ("Credit of 5.00 USD added", "Credit of 5.00 USD added: For Ann")
    assert (done.summary, done.words) == ("Done", "Done: By Ann")
