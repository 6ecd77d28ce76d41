"""An invoice written off by ten at once, and while it is paid, credited, merged and deleted."""

from functools import partial
from typing import Any

import pytest

from clients.models import CreditUse, FormKey
from clients.services.delete.delete_client import delete_client
from clients.services.merge.merge_clients import merge_clients
from credits.services.apply import apply_credit
from credits.services.check import check_ledger
from invoices.models import Invoice, WriteOff
from invoices.services.credit_notes import issue_credit_note
from invoices.services.write_off import reverse_write_off, write_off_invoice
from tests.concurrency.racing import kinds, race
from tests.factories import give_credit, make_client, make_invoice, make_payment_method, usd
from tests.invariants import assert_invariants
from transactions.services.receive import receive_payment

ROWS = ['INSERT INTO "invoices_writeoff"', "INSERT INTO invoices_writeoff"]


def make_unpaid() -> Invoice:
    return make_invoice(make_client(credit_use=CreditUse.NEVER), usd(100))


def write_off(invoice: Invoice, **figures: Any) -> partial:
    return partial(write_off_invoice, invoice=invoice, by=None, reason="Insolvent", **figures)


def in_order() -> None:
    assert_invariants()
    assert check_ledger().finding_count == 0


def test_ten_at_once_write_off_once():
    invoice = make_unpaid()
    outcomes = race(*[write_off(invoice)] * 10, meet_before=ROWS)
    assert kinds(outcomes) == {"done": 1, "INV-000001 is Written off: nothing is due that could be written off.": 9}
    assert WriteOff.objects.get().amount == usd(100)
    in_order()


@pytest.mark.usefixtures("without_locks")
def test_control_without_the_lock_the_database_refuses_nine():
    invoice = make_unpaid()
    outcomes = race(*[write_off(invoice)] * 10, meet_before=ROWS)
    assert kinds(outcomes)["done"] == 1
    assert "INV-000001 is Written off: nothing is due that could be written off." not in kinds(outcomes)
    in_order()


def test_one_form_sent_ten_times_at_once_counts_once():
    invoice = make_unpaid()
    outcomes = race(*[write_off(invoice, amount=usd(30), key=FormKey(key="a")) for _ in range(10)])
    assert kinds(outcomes) == {"done": 10}
    assert WriteOff.objects.get().amount == usd(30)
    in_order()


def test_ten_reversals_take_back_no_more_than_was_written_off():
    invoice = make_unpaid()
    write_off(invoice)()
    reverse = partial(reverse_write_off, invoice=invoice, by=None, reason="Mistake", amount=usd(30))
    assert kinds(race(*[reverse] * 10, meet_before=ROWS))["done"] == 3
    invoice.refresh_from_db()
    assert (invoice.status, invoice.amount_written_off, invoice.due) == ("unpaid", usd(10), usd(90))
    in_order()


@pytest.mark.parametrize("first", ["write off", "other"])
@pytest.mark.parametrize("other", ["pay", "apply", "credit note"])
def test_what_settles_it_at_once_settles_it_first_or_after(other, first):
    invoice, card = make_unpaid(), make_payment_method()
    give_credit(invoice.client, usd(60))
    others = {
        "pay": partial(receive_payment, invoices=[invoice], amount=usd(60), payment_method=card, by=None),
        "apply": partial(apply_credit, invoice=invoice, by=None),
        "credit note": partial(issue_credit_note, invoice=invoice, reason="Downtime", by=None),
    }
    racers = [write_off(invoice), others[other]]
    outcomes = race(*(racers if first == "write off" else racers[::-1]), meet_before=["INSERT INTO", "UPDATE"])
    wrote, settled = outcomes if first == "write off" else outcomes[::-1]
    invoice.refresh_from_db()
    assert invoice.due == usd(0)
    if other == "pay":
        # Whoever is first: 60 is paid, and of the rest nobody pays anything.
        assert kinds(outcomes) == {"done": 2}
        assert (invoice.status, invoice.amount_paid, invoice.amount_written_off) == ("writtenoff", usd(60), usd(40))
    elif other == "apply":
        assert isinstance(wrote, WriteOff)
        assert invoice.status == "writtenoff"
        refused = str(settled) == "INV-000001 is Written off; credit applies only to unpaid invoices."
        assert invoice.amount_written_off == usd(100 if refused else 40)
    else:
        assert (invoice.status, invoice.amount_credited, invoice.amount_written_off) == ("paid", usd(100), usd(0))
    in_order()


@pytest.mark.parametrize("other", ["merge away", "merge into", "delete"])
def test_a_merge_or_a_deletion_at_once_ends_in_words(other):
    invoice, globex = make_unpaid(), make_client("Globex")
    acme = invoice.client
    write_off(invoice, amount=usd(10))()
    others = {
        "merge away": partial(merge_clients, kept=globex, discarded=acme, by=None),
        "merge into": partial(merge_clients, kept=acme, discarded=globex, by=None),
        "delete": partial(delete_client, client=acme, by=None),
    }
    reverse = partial(reverse_write_off, invoice=invoice, by=None, reason="Mistake", amount=usd(10))
    outcomes = race(write_off(invoice), others[other], reverse, meet_before=["INSERT INTO", "UPDATE", "DELETE"])
    assert not isinstance(outcomes[1], Exception)
    left = Invoice.objects.filter(pk=invoice.pk).first()
    assert (left is None) == (other == "delete")
    owners = set(WriteOff.objects.values_list("client_id", flat=True))
    assert owners == ({left.client_id} if left else set())
    in_order()
