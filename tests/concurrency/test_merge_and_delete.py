"""Merges and deletions beside everything else that happens to the same clients."""

from functools import partial

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from clients.models import Client, ClientDeletion, ClientMerge
from clients.services.delete.delete_client import delete_client
from clients.services.merge.merge_clients import merge_clients
from clients.services.merge.undo import undo_merge
from credits.models import CreditAccount, CreditEntry
from credits.services.apply import apply_credit
from credits.services.check import check_ledger
from credits.services.grant import add_credit
from invoices.models import BillableItem, Invoice, InvoiceLine
from invoices.services.runs.generate import generate_invoices
from tests.concurrency.racing import kinds, race
from tests.concurrency.test_runs import TODAY
from tests.factories import give_credit, make_client, make_invoice, make_item, usd
from tests.invariants import assert_invariants

ENTRIES = ["INSERT INTO credits_creditentry"]


def add_note(to: Client) -> None:
    to.notes.create(text="Called", author_name="Ann")


def merge_while_ten_apply() -> tuple[Client, Client, list]:
    """Acme has 10 and five unpaid invoices of 10, Globex the same; all ten take credit while the two are merged."""
    acme, globex = make_client(), make_client("Globex")
    applications = []
    for owner in (acme, globex):
        invoices = [make_invoice(owner, usd(10)) for _ in range(5)]
        give_credit(owner, usd(10))
        applications += [partial(apply_credit, invoice=invoice, by=None) for invoice in invoices]
    outcomes = race(partial(merge_clients, kept=acme, discarded=globex, by=None), *applications)
    return acme, globex, outcomes


def test_a_merge_racing_ten_applications_loses_and_doubles_nothing():
    acme, globex, outcomes = merge_while_ten_apply()
    assert isinstance(outcomes[0], ClientMerge)
    # Whoever waited for the discarded client is told that it is gone; the rest found credit or found it spent.
    said = set(kinds(outcomes)) - {"done", "ClientGone"}
    assert all(text.startswith("No USD credit is available for INV-") for text in said)
    assert not Client.objects.filter(pk=globex.pk).exists()
    applied = sum(invoice.credit_applied.amount for invoice in Invoice.objects.all())
    balance = CreditAccount.objects.get().balance
    assert (CreditAccount.objects.get().client, balance + usd(applied)) == (acme, usd(20))
    assert_invariants()


def test_two_merges_of_one_pair_in_opposite_directions_end_as_one():
    acme, globex = make_client(), make_client("Globex")
    give_credit(acme, usd(30))
    give_credit(globex, usd(20))
    outcomes = race(
        *[
            partial(merge_clients, kept=acme, discarded=globex, by=None),
            partial(merge_clients, kept=globex, discarded=acme, by=None),
        ]
        * 3
    )
    kept = Client.objects.get()
    gone = globex if kept == acme else acme
    said = f"Client {gone.number} was merged into client {kept.number} already; nothing was done."
    assert kinds(outcomes) == {"done": 1, said: 5}
    assert CreditAccount.objects.get().balance == usd(50)
    assert_invariants()


@pytest.mark.usefixtures("without_locks")
def test_control_without_the_lock_credit_is_added_in_between():
    """Credit is added to Globex just while it is merged away; the totals then do not agree, and nothing is merged."""
    added, error = merge_while_credit_is_added()
    assert kinds([added]) == {"done": 1}
    assert str(error).startswith("The figures do not agree, so nothing was merged: ")


def merge_while_credit_is_added() -> list:
    acme, globex = make_client(), make_client("Globex")
    give_credit(globex, usd(1))
    return race(
        partial(add_credit, client=globex, amount=usd(5), description="Downtime", by=None),
        partial(merge_clients, kept=acme, discarded=globex, by=None),
        meet_before=[*ENTRIES, "INSERT INTO clients_clientmerge"],
        in_turn=True,
    )


def test_credit_added_during_a_merge_moves_along_or_is_refused():
    outcomes = merge_while_credit_is_added()
    assert kinds(outcomes) in ({"done": 2}, {"done": 1, "ClientGone": 1})
    given = 6 if not isinstance(outcomes[0], Exception) else 1
    assert CreditAccount.objects.get().balance == usd(given)
    assert_invariants()


def test_a_note_written_while_its_client_is_merged_away_is_not_lost_unseen():
    """Notes take no lock; one that comes in the middle waits, and then fails for want of the client, or moved along."""
    acme, globex = make_client(), make_client("Globex")
    outcomes = race(
        partial(merge_clients, kept=acme, discarded=globex, by=None),
        partial(add_note, globex),
        meet_before=["UPDATE clients_clientnote", "WITH moved AS (UPDATE", "INSERT INTO clients_clientnote"],
    )
    assert isinstance(outcomes[0], ClientMerge)
    written = acme.notes.filter(text="Called").count()
    assert written == (0 if isinstance(outcomes[1], Exception) else 1)
    assert not [row for row in _orphans() if row]


def _orphans() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM clients_clientnote WHERE client_id NOT IN (SELECT id FROM clients_client)")
        return [row[0] for row in cursor.fetchall()]


def test_ten_undo_one_merge_once():
    acme, globex = make_client(), make_client("Globex")
    give_credit(globex, usd(20))
    merge = merge_clients(kept=acme, discarded=globex, by=None)
    outcomes = race(*[partial(undo_merge, merge=merge, by=None)] * 10)
    today = timezone.localdate()
    said = f"The merge of client {globex.number} was undone on {today:%-d %b %Y} by System; nothing was done."
    assert kinds(outcomes) == {"done": 1, said: 9}
    assert CreditAccount.objects.get().client == globex
    assert_invariants()


# ── Deleting ──


def delete_while_a_run_bills() -> tuple[Client, list]:
    acme, globex = make_client(), make_client("Globex")
    for owner in (acme, globex):
        make_item(owner, usd(10), due=TODAY, cycle=BillableItem.Cycle.MONTHLY)
    outcomes = race(
        partial(generate_invoices, as_of=TODAY, by=None),
        partial(delete_client, client=acme, by=None),
        meet_before=["INSERT INTO invoices_numberseries", "UPDATE clients_formkey SET client_id"],
        in_turn=True,
    )
    return globex, outcomes


def test_of_a_deletion_and_a_run_that_bills_the_client_one_wins_whole():
    globex, (run, deletion) = delete_while_a_run_bills()
    assert isinstance(deletion, ClientDeletion)
    billed = deletion.counts.get("invoices", 0)  # what the run had billed went with the client
    assert run.invoice_count == 1 + billed
    assert not run.errors.exists()
    assert list(Invoice.objects.values_list("client", flat=True)) == [globex.pk]
    assert list(InvoiceLine.objects.values_list("client", flat=True)) == [globex.pk]
    assert [finding.text for finding in check_ledger().findings.all()] == []


@pytest.mark.usefixtures("without_locks")
def test_control_without_the_lock_a_deletion_misses_an_invoice():
    _, (run, deletion) = delete_while_a_run_bills()
    assert run.invoice_count == 2
    assert isinstance(deletion, IntegrityError)  # the keys hold what was counted too early


def test_ten_delete_one_client_once():
    acme = make_client()
    give_credit(acme, usd(5))
    outcomes = race(*[partial(delete_client, client=acme, by=None)] * 10)
    said = f"Client {acme.number} was deleted already by System; nothing was done."
    assert kinds(outcomes) == {"done": 1, said: 9}
    assert not CreditEntry.objects.exists()


def test_of_a_merge_and_a_deletion_one_wins_whole():
    acme, globex = make_client(), make_client("Globex")
    give_credit(globex, usd(5))
    outcomes = race(
        partial(merge_clients, kept=acme, discarded=globex, by=None), partial(delete_client, client=globex, by=None)
    )
    assert kinds(outcomes) == {"done": 1, "ClientGone": 1}
    left = 0 if isinstance(outcomes[0], Exception) else 5
    assert sum(account.balance.amount for account in CreditAccount.objects.all()) == left
    assert [finding.text for finding in check_ledger().findings.all()] == []
