"""A file of credit booked, or taken back, while its clients are merged."""

from functools import partial

import pytest

from clients.models import Client, ClientMerge
from clients.services.merge.merge_clients import merge_clients
from credits.models import CreditAccount, CreditBatch
from credits.services.bulk.book import book_credit_batch
from credits.services.bulk.preview import preview_credit_file
from credits.services.bulk.reverse import reverse_credit_batch
from tests.concurrency.racing import kinds, race
from tests.factories import give_credit, make_client, usd
from tests.invariants import assert_invariants

LOCK_IDS = "SELECT clients_client.id AS pk FROM"
MOVE = "WITH moved AS (UPDATE"
BOOK = "INSERT INTO credits_creditaccount"


@pytest.fixture
def acme() -> Client:
    return make_client()


@pytest.fixture
def globex() -> Client:
    owner = make_client("Globex")
    give_credit(owner, usd(1))  # so that its account is there
    return owner


@pytest.fixture
def previewed(globex, tmp_path) -> CreditBatch:
    """A preview of 5.00 for Globex."""
    file = tmp_path / "downtime.csv"
    file.write_text(f"Client ID,Amount,Currency,Description\n{globex.number},5,USD,Downtime\n")
    return preview_credit_file(path=file, by=None)


def test_a_file_waiting_for_a_client_that_is_merged_away_is_not_booked(acme, globex, previewed):
    """It has waited for Globex, and the kept client is not locked: nobody books on a client that is not locked."""
    refusal, merge = race(
        partial(book_credit_batch, batch_id=previewed.pk, by=None),
        partial(merge_clients, kept=acme, discarded=globex, by=None),
        meet_before=[LOCK_IDS, MOVE],
        in_turn=True,
    )
    assert isinstance(merge, ClientMerge)
    assert str(refusal) == (
        "Clients of downtime.csv were merged while it was being booked. Nothing was booked; look at the rows again."
    )
    assert CreditAccount.objects.get().balance == usd(1)
    book_credit_batch(batch_id=previewed.pk, by=None)
    assert (CreditAccount.objects.get().client, CreditAccount.objects.get().balance) == (acme, usd(6))
    assert_invariants()


def book_while_the_kept_client_is_merged_on(acme: Client, globex: Client, previewed: CreditBatch) -> list:
    """Globex is merged into Acme after the look, and Acme into Initech while the file is booked."""
    initech = make_client("Initech")
    merge_clients(kept=acme, discarded=globex, by=None)
    return race(
        partial(merge_clients, kept=initech, discarded=acme, by=None),
        partial(book_credit_batch, batch_id=previewed.pk, by=None),
        meet_before=[MOVE, BOOK],
        in_turn=True,
    )


def test_who_was_kept_since_the_look_is_locked_while_the_file_is_booked(acme, globex, previewed):
    outcomes = book_while_the_kept_client_is_merged_on(acme, globex, previewed)
    merged = (
        "Clients of downtime.csv were merged while it was being booked. Nothing was booked; look at the rows again."
    )
    assert kinds(outcomes) in ({"done": 2}, {"done": 1, merged: 1})
    given = 6 if kinds(outcomes) == {"done": 2} else 1
    assert (CreditAccount.objects.get().client.name, CreditAccount.objects.get().balance) == ("Initech", usd(given))
    assert_invariants()


@pytest.mark.usefixtures("without_locks")
def test_control_without_the_lock_a_client_that_is_gone_is_booked(acme, globex, previewed):
    merge, crash = book_while_the_kept_client_is_merged_on(acme, globex, previewed)
    assert isinstance(merge, ClientMerge)
    assert kinds([crash]) == {"credits_creditgrant_client_id_111c456b_fk_clients_client_id": 1}
    assert_invariants()


def test_a_batch_waiting_for_a_merged_client_is_not_taken_back(acme, globex, previewed):
    book_credit_batch(batch_id=previewed.pk, by=None)
    refusal, merge = race(
        partial(reverse_credit_batch, batch_id=previewed.pk, by=None),
        partial(merge_clients, kept=acme, discarded=globex, by=None),
        meet_before=[LOCK_IDS, MOVE],
        in_turn=True,
    )
    assert isinstance(merge, ClientMerge)
    assert str(refusal) == (
        "Clients who were given credit from downtime.csv were merged just now; nothing was taken back. Try again."
    )
    assert CreditAccount.objects.get().balance == usd(6)
    assert reverse_credit_batch(batch_id=previewed.pk, by=None).totals == {"USD": usd(5).amount}
    assert CreditAccount.objects.get().balance == usd(1)
    assert_invariants()
