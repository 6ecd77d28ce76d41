"""Credit applied by ten at once."""

from functools import partial
from typing import Any

import pytest

from billing_admin.errors import BusinessError
from clients.models import CreditUse
from credits.models import CreditAccount, CreditEntry
from credits.services.apply import apply_credit
from invoices.models import Invoice
from tests.concurrency.racing import kinds, race
from tests.factories import give_credit, make_client, make_invoice, make_payment_method, usd
from tests.invariants import assert_invariants
from transactions.services.receive import receive_payment

RACERS = 10
DEBITS = ("INSERT INTO credits_creditentry", "INSERT INTO transactions_transaction")


def apply_one_credit_to_ten_invoices() -> list:
    """Balance 100, ten invoices of 100, ten at once."""
    acme = make_client(credit_use=CreditUse.NEVER)
    give_credit(acme, usd(100))
    invoices = [make_invoice(acme, usd(100)) for _ in range(RACERS)]
    return race(*(partial(apply_credit, invoice=invoice, by=None) for invoice in invoices), meet_before=DEBITS)


def paid() -> int:
    return Invoice.objects.filter(status=Invoice.Status.PAID).count()


def test_one_credit_pays_one_of_ten_invoices():
    outcomes = apply_one_credit_to_ten_invoices()
    refusals = [outcome for outcome in outcomes if outcome != usd(100)]
    assert len(refusals) == 9
    assert all(str(refusal).startswith("No USD credit is available for INV-") for refusal in refusals)
    assert (CreditAccount.objects.get().balance, paid()) == (usd(0), 1)
    assert CreditEntry.objects.filter(kind="apply").count() == 1
    assert_invariants()


@pytest.mark.usefixtures("without_locks")
def test_control_without_the_lock_nine_of_ten_crash_into_the_constraint():
    outcomes = apply_one_credit_to_ten_invoices()
    assert kinds(outcomes) == {"done": 1, "credit_grant_remaining": 9}
    assert (CreditAccount.objects.get().balance, paid()) == (usd(0), 1)
    assert_invariants()


@pytest.mark.usefixtures("without_locks", "without_constraints")
def test_control_without_lock_and_constraints_one_credit_pays_ten_invoices():
    outcomes = apply_one_credit_to_ten_invoices()
    assert kinds(outcomes) == {"done": 10}
    assert (CreditAccount.objects.get().balance, paid()) == (usd(-900), 10)


def settle_one_invoice_ten_times() -> list:
    """Five at once apply credit to an invoice of 100 that another five record a payment for."""
    acme = make_client(credit_use=CreditUse.NEVER)
    give_credit(acme, usd(500))
    invoice, card = make_invoice(acme, usd(100)), make_payment_method()
    apply: Any = partial(apply_credit, invoice=invoice, by=None, amount=usd(100))
    pay: Any = partial(receive_payment, invoices=[invoice], amount=usd(100), payment_method=card, by=None)
    return race(*[apply, pay] * 5, meet_before=DEBITS)


def test_one_invoice_is_settled_once_by_ten():
    outcomes = settle_one_invoice_ten_times()
    invoice = Invoice.objects.get()
    refusals = [str(outcome) for outcome in outcomes if isinstance(outcome, BusinessError)]
    assert kinds(outcomes)["done"] == 1
    assert len(refusals) == 9
    assert set(refusals) <= {
        "INV-000001 is Paid; credit applies only to unpaid invoices.",
        "INV-000001 is Paid; a payment of 100.00 USD was not recorded.",
    }
    assert (invoice.status, invoice.due, invoice.credit_applied + invoice.amount_paid) == ("paid", usd(0), usd(100))
    assert CreditAccount.objects.get().balance == usd(500) - invoice.credit_applied
    assert_invariants()


@pytest.mark.usefixtures("without_locks")
def test_control_without_the_lock_settling_crashes_into_the_constraint():
    outcomes = settle_one_invoice_ten_times()
    assert kinds(outcomes) == {"done": 1, "invoice_paid_exactly_when_nothing_due": 9}
    assert_invariants()


@pytest.mark.usefixtures("without_locks", "without_constraints")
def test_control_without_lock_one_invoice_is_settled_ten_times():
    outcomes = settle_one_invoice_ten_times()
    assert kinds(outcomes) == {"done": 10}
    assert Invoice.objects.get().due == usd(-900)


def apply_in_two_tabs() -> list:
    """Both tabs show a balance of 100; each applies 60 of it to an invoice of its own."""
    acme = make_client(credit_use=CreditUse.NEVER)
    give_credit(acme, usd(100))
    invoices = [make_invoice(acme, usd(60)), make_invoice(acme, usd(60))]
    tabs = [partial(apply_credit, invoice=invoice, by=None, amount=usd(60)) for invoice in invoices]
    return race(*tabs, meet_before=DEBITS)


def test_of_two_tabs_with_a_pause_one_is_told_what_is_left():
    outcomes = apply_in_two_tabs()
    assert kinds(outcomes) == {"done": 1, "Only 40.00 USD of credit is available; 60.00 USD was asked for.": 1}
    assert (CreditAccount.objects.get().balance, paid()) == (usd(40), 1)
    assert_invariants()


@pytest.mark.usefixtures("without_locks")
def test_control_without_the_lock_the_second_tab_crashes():
    assert kinds(apply_in_two_tabs()) == {"done": 1, "credit_grant_remaining": 1}
    assert_invariants()


def issue_an_invoice_while_credit_is_applied_by_hand() -> list:
    """Balance 100: staff apply it to an older invoice while it is applied by itself to the one being issued."""
    acme = make_client()
    older = make_invoice(acme, usd(100))
    give_credit(acme, usd(100))
    return race(
        partial(make_invoice, acme, usd(100)),
        partial(apply_credit, invoice=older, by=None, amount=usd(100)),
        meet_before=[*DEBITS, "WITH candidate"],
        in_turn=True,
    )


def test_credit_applied_by_hand_and_by_itself_at_once_is_used_once():
    issued, by_hand = issue_an_invoice_while_credit_is_applied_by_hand()
    if by_hand == usd(100):
        assert issued.due == usd(100)
    else:
        assert str(by_hand) == "Only 0.00 USD of credit is available; 100.00 USD was asked for."
        assert issued.due == usd(0)
    assert (CreditAccount.objects.get().balance, paid()) == (usd(0), 1)
    assert_invariants()


@pytest.mark.usefixtures("without_locks")
def test_control_without_the_lock_applying_by_hand_crashes():
    issued, by_hand = issue_an_invoice_while_credit_is_applied_by_hand()
    assert issued.due == usd(0)
    assert kinds([by_hand]) == {"credit_grant_remaining": 1}
    assert_invariants()
