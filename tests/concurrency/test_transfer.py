"""Credit transferred by ten at once, in both directions, and beside invoices that want the same credit."""

from functools import partial

import pytest
from django.utils import timezone

from credits.models import CreditAccount, CreditBatch, CreditEntry
from credits.services.apply import apply_credit
from credits.services.bulk.book import book_credit_batch
from credits.services.bulk.preview import preview_credit_file
from credits.services.bulk.reverse import reverse_credit_batch
from credits.services.remove import remove_credit
from credits.services.reverse import reverse_entry
from credits.services.transfer import transfer_credit
from tests.concurrency.racing import kinds, race
from tests.factories import give_credit, make_client, make_invoice, usd
from tests.invariants import assert_invariants

ENTRIES = ["INSERT INTO credits_creditentry"]


def total():
    return sum((account.balance for account in CreditAccount.objects.all()), usd(0))


def test_ten_at_once_transfer_the_same_credit_once():
    acme, globex = make_client(), make_client("Globex")
    give_credit(acme, usd(100))
    outcomes = race(
        *[partial(transfer_credit, source=acme, target=globex, amount=usd(100), by=None)] * 10, meet_before=ENTRIES
    )
    assert kinds(outcomes) == {"done": 1, "Only 0.00 USD of credit is available; 100.00 USD was asked for.": 9}
    assert [account.balance for account in CreditAccount.objects.order_by("client")] == [usd(0), usd(100)]
    assert_invariants()


def test_transfers_in_opposite_directions_keep_the_total():
    """Acceptance 6, for transfers: two clients, five transfers each way, five applications beside them."""
    acme, globex = make_client(), make_client("Globex")
    invoices = [make_invoice(acme, usd(10)) for _ in range(5)]
    give_credit(acme, usd(100))
    give_credit(globex, usd(100))
    there = [partial(transfer_credit, source=acme, target=globex, amount=usd(10), by=None)] * 5
    back = [partial(transfer_credit, source=globex, target=acme, amount=usd(10), by=None)] * 5
    pay = [partial(apply_credit, invoice=invoice, by=None) for invoice in invoices]
    outcomes = race(*there, *back, *pay, meet_before=ENTRIES)
    assert kinds(outcomes) == {"done": 15}
    assert total() == usd(150)
    assert_invariants()


@pytest.mark.usefixtures("without_locks")
def test_control_without_the_lock_nine_of_ten_transfers_crash():
    acme, globex = make_client(), make_client("Globex")
    give_credit(acme, usd(100))
    give_credit(globex, usd(1))  # the account is there, so that only the credit is fought for
    outcomes = race(
        *[partial(transfer_credit, source=acme, target=globex, amount=usd(100), by=None)] * 10, meet_before=ENTRIES
    )
    assert kinds(outcomes) == {"done": 1, "credit_grant_remaining": 9}
    assert_invariants()


def test_ten_at_once_reverse_a_removal_once():
    acme = make_client()
    give_credit(acme, usd(100))
    remove_credit(client=acme, amount=usd(30), description="Mistake", by=None)
    removed = CreditEntry.objects.get(kind="remove")
    outcomes = race(*[partial(reverse_entry, entry=removed, by=None)] * 10, meet_before=ENTRIES)
    said = f"This entry of −30.00 USD was reversed on {timezone.localdate():%-d %b %Y} by System; nothing was changed."
    assert kinds(outcomes) == {"done": 1, said: 9}
    assert total() == usd(100)
    assert_invariants()


@pytest.fixture
def previewed(tmp_path):
    """A preview of 5.00 for each of three clients."""
    numbers = [make_client().number for _ in range(3)]
    file = tmp_path / "downtime.csv"
    file.write_text("Client ID,Amount,Currency,Description\n" + "".join(f"{n},5,USD,Downtime\n" for n in numbers))
    return preview_credit_file(path=file, by=None)


def test_ten_at_once_book_a_batch_once(previewed):
    outcomes = race(*[partial(book_credit_batch, batch_id=previewed.pk, by=None)] * 10, meet_before=ENTRIES)
    assert kinds(outcomes) == {"done": 10}
    assert sorted(outcome.repeated for outcome in outcomes) == [False] + [True] * 9
    assert (total(), CreditEntry.objects.count()) == (usd(15), 3)
    assert_invariants()


def test_the_same_file_twice_at_once_is_booked_once(previewed, tmp_path):
    second = preview_credit_file(path=tmp_path / "downtime.csv", by=None)
    book = [partial(book_credit_batch, batch_id=batch.pk, by=None) for batch in (previewed, second)]
    said = (
        f"This very file was booked on {timezone.localdate():%-d %b %Y} by System, as “downtime.csv”. Nothing was "
        "booked. To give its credit a second time, tick that on the page, or add --again."
    )
    assert kinds(race(*book, meet_before=ENTRIES)) == {"done": 1, said: 1}
    assert total() == usd(15)
    assert_invariants()


def test_ten_at_once_take_a_batch_back_once(previewed):
    book_credit_batch(batch_id=previewed.pk, by=None)
    outcomes = race(*[partial(reverse_credit_batch, batch_id=previewed.pk, by=None)] * 10, meet_before=ENTRIES)
    said = "Nothing is left of the 3 credits from downtime.csv; nothing was taken back."
    assert kinds(outcomes) == {"done": 1, said: 9}
    assert (total(), CreditBatch.objects.count()) == (usd(0), 1)
    assert_invariants()
