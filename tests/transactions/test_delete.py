"""Deleting transactions: a payment goes whole, what it paid is owed again, and credit that is used keeps it."""

import datetime

import pytest
from django.utils import timezone
from djmoney.money import Money

from clients.models import CreditUse
from credits.models import CreditEntry, CreditGrant
from credits.selectors.balances import balances_of
from credits.services.apply import apply_credit
from credits.services.release import release_credit
from credits.services.remove import remove_credit
from credits.services.transfer import transfer_credit
from invoices.services.credit_notes import CreditLine, issue_credit_note
from tests.factories import give_credit, make_client, make_invoice, usd
from tests.transactions.deleting import DAY, as_now, delete, everything_about_one_payment, look, pay, unattached
from tests.unchanged import refused
from transactions.models import Transaction
from transactions.services.attach import attach_money
from transactions.services.delete import delete_transactions
from transactions.services.refund import refund_payment

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme():
    """A client whose credit is applied by hand alone."""
    return make_client("Acme Ltd", credit_use=CreditUse.NEVER)


# ── Whole ──


@pytest.mark.parametrize("place", range(8))
def test_whichever_row_is_chosen_the_payment_goes_whole(acme, place):
    invoice = everything_about_one_payment(acme)
    kept = pay(acme, usd(7), reference="T2")
    rows = list(Transaction.objects.exclude(pk=kept.pk).order_by("pk"))
    assert len(rows) == 8
    assert look(acme, rows[place]).rows == [row.pk for row in rows]
    delete(acme, rows[place])
    assert list(Transaction.objects.all()) == [kept]
    assert as_now(invoice) == ("unpaid", usd(0), usd(100))
    assert balances_of(acme) == [usd(7)]


def test_the_sums_leave_out_what_only_moved_inside_the_house(acme):
    everything_about_one_payment(acme)
    looked_at = look(acme, Transaction.objects.earliest("pk"))
    assert looked_at.how_many == "8 transactions of 1 payment"
    assert looked_at.in_and_out == "120.00 USD in, 5.60 USD fees, 120.00 USD out"


def test_sums_are_per_currency(acme):
    pay(acme, usd(120))
    pay(acme, Money(5_000, "JPY"), reference="T2")
    looked_at = look(acme, *Transaction.objects.all())
    assert (looked_at.how_many, looked_at.in_and_out) == ("2 payments", "5,000 JPY, 120.00 USD in")


def test_an_attached_payment_goes_with_the_rows_it_was_moved_to(acme):
    invoices = [make_invoice(acme, usd(amount)) for amount in (10, 15)]
    attach_money(transaction=unattached(), client=acme, invoices=invoices, by=None)
    assert Transaction.objects.count() == 5
    delete(acme, Transaction.objects.latest("pk"))
    assert not Transaction.objects.exists()
    assert [as_now(invoice)[0] for invoice in invoices] == ["unpaid", "unpaid"]
    assert balances_of(acme) == [usd(0)]


def test_another_clients_transactions_are_not_touched(acme):
    other = pay(make_client("Globex"), usd(20))
    with refused("What was chosen is gone already, or remains of a client that was deleted; nothing was deleted."):
        delete_transactions(client=acme, chosen=[other.pk], by=None)


# ── Invoices ──


def test_a_paid_invoice_is_unpaid_again_and_overdue(acme):
    late = make_invoice(acme, usd(100), due_on=DAY)
    soon = make_invoice(acme, usd(50), due_on=datetime.date(2999, 1, 1))
    payment = pay(acme, usd(150), late, soon)
    looked_at = look(acme, payment)
    assert looked_at.effects == [
        "INV-000001, INV-000002 are unpaid again: 150.00 USD is due.",
        "1 of them is overdue then: INV-000001.",
    ]
    assert look(acme, pay(acme, usd(1), make_invoice(acme, usd(1), due_on=DAY), reference="T2")).effects == [
        "INV-000003 is unpaid again: 1.00 USD is due.",
        "It is overdue then.",
    ]
    delete(acme, payment)
    assert as_now(late) == ("unpaid", usd(0), usd(100))
    assert (late.paid_at, late.is_overdue(timezone.localdate())) == (None, True)
    assert as_now(soon) == ("unpaid", usd(0), usd(50))


def test_another_payment_of_the_invoice_stays(acme):
    invoice = make_invoice(acme, usd(100), due_on=datetime.date(2999, 1, 1))
    pay(acme, usd(30), invoice)
    payment = pay(acme, usd(50), invoice, reference="T2")
    assert look(acme, payment).effects == ["INV-000001 stays unpaid: 70.00 USD is due."]
    delete(acme, payment)
    assert as_now(invoice) == ("unpaid", usd(30), usd(70))


def test_credit_that_paid_the_rest_stays_on_the_invoice(acme):
    give_credit(acme, usd(30))
    invoice = make_invoice(acme, usd(100))
    apply_credit(invoice=invoice, by=None)
    payment = pay(acme, usd(70), invoice)
    assert as_now(invoice)[0] == "paid"
    delete(acme, payment)
    assert as_now(invoice) == ("unpaid", usd(0), usd(70))


def refunded_invoice(acme, *parts):
    """An invoice of 100, paid in these parts, all of it refunded, and marked so."""
    invoice = make_invoice(acme, usd(100), due_on=datetime.date(2999, 1, 1))
    payments = [pay(acme, usd(part), invoice, reference=f"T{number}") for number, part in enumerate(parts)]
    for payment in payments:
        last = payment is payments[-1]
        refund_payment(payment=payment, amount=payment.amount_in, to="method", by=None, close_invoice=last)
    assert as_now(invoice)[0] == "refunded"
    return invoice, payments


def test_an_invoice_of_which_no_refund_is_left_is_owed_again(acme):
    invoice, (payment,) = refunded_invoice(acme, 100)
    looked_at = look(acme, payment)
    assert looked_at.effects == ["INV-000001 is no longer refunded: 100.00 USD is due."]
    delete(acme, payment)
    assert as_now(invoice) == ("unpaid", usd(0), usd(100))


def test_an_invoice_stays_refunded_while_a_refund_of_it_is_left(acme):
    invoice, (one, other) = refunded_invoice(acme, 60, 40)
    assert look(acme, one).effects == []
    delete(acme, one)
    assert as_now(invoice) == ("refunded", usd(0), usd(100))
    assert look(acme, other).effects == ["INV-000001 is no longer refunded: 100.00 USD is due."]
    delete(acme, other)
    assert as_now(invoice)[0] == "unpaid"


def test_what_a_credit_note_took_back_stays_off_the_invoice(acme):
    invoice = make_invoice(acme, usd(100))
    payment = pay(acme, usd(100), invoice)
    line = invoice.lines.get()
    issue_credit_note(invoice=invoice, lines=[CreditLine(line.pk, gross=usd(30))], by=None, reason="Too much")
    assert as_now(invoice) == ("paid", usd(70), usd(0))
    delete(acme, payment)
    assert as_now(invoice) == ("unpaid", usd(0), usd(70))


# ── Credit ──


def test_credit_of_an_overpayment_is_taken_back_and_its_grant_stays(acme):
    payment = pay(acme, usd(120), make_invoice(acme, usd(100), due_on=datetime.date(2999, 1, 1)))
    grant = CreditGrant.objects.get()
    assert look(acme, payment).effects[1] == (
        "20.00 USD of credit that came from them is taken back. The credit stays on the ledger, without a payment."
    )
    delete(acme, payment)
    grant.refresh_from_db()
    assert (grant.transaction, grant.amount, grant.remaining, balances_of(acme)) == (None, usd(20), usd(0), [usd(0)])
    given, taken = grant.entries.order_by("pk")
    assert (taken.kind, taken.amount, taken.reverses, taken.description) == (
        "reverse", usd(-20), given, "Its payment was deleted",
    )  # fmt: skip


def test_of_credit_that_was_removed_in_part_the_rest_is_taken_back(acme):
    payment = pay(acme, usd(50))
    remove_credit(client=acme, amount=usd(20), description="Wrong", by=None)
    delete(acme, payment)
    assert balances_of(acme) == [usd(0)]
    assert [entry.amount for entry in CreditEntry.objects.order_by("pk")] == [usd(50), usd(-20), usd(-30)]
    assert CreditEntry.objects.latest("pk").reverses is None


def test_a_payment_whose_credit_is_used_stays_and_the_others_go(acme):
    used, unused = pay(acme, usd(50)), pay(acme, usd(10), reference="T2")
    invoice = make_invoice(acme, usd(12))
    apply_credit(invoice=invoice, by=None)
    why = (
        "12.00 USD of the 50.00 USD of credit “Payment” that it gave is used on INV-000001. Take the credit off "
        "INV-000001 first."
    )
    looked_at = look(acme, used, unused)
    assert (looked_at.rows, looked_at.in_and_out, looked_at.stay) == ([unused.pk], "10.00 USD in", 1)
    assert [(each.payment, each.why) for each in looked_at.staying] == [(used, why)]
    with refused(f"Payment “T1” cannot be deleted: {why} Nothing was deleted."):
        delete_transactions(client=acme, chosen=[used.pk], by=None)
    delete(acme, used, unused)
    assert (list(Transaction.objects.all()), balances_of(acme)) == ([used], [usd(38)])
    release_credit(invoice=invoice, by=None)
    delete(acme, used)
    assert (Transaction.objects.count(), balances_of(acme)) == (0, [usd(0)])


def test_a_payment_whose_credit_was_transferred_stays(acme):
    globex = make_client("Globex")
    payment = pay(acme, usd(50))
    transfer_credit(source=acme, target=globex, amount=usd(5), by=None)
    transfer_credit(source=globex, target=acme, amount=usd(5), by=None)
    with refused(
        "Payment “T1” cannot be deleted: 5.00 USD of the 50.00 USD of credit “Payment” that it gave was transferred "
        f"to client {globex.number} and does not come back to it. The payment stays. Nothing was deleted."
    ):
        delete_transactions(client=acme, chosen=[payment.pk], by=None)


def test_money_refunded_to_credit_takes_that_credit_back(acme):
    invoice = make_invoice(acme, usd(100))
    payment = pay(acme, usd(100), invoice)
    refund_payment(payment=payment, amount=usd(40), to="credit", by=None)
    delete(acme, payment)
    assert (balances_of(acme), as_now(invoice)[0]) == ([usd(0)], "unpaid")


def test_one_used_credit_of_two_keeps_the_whole_payment(acme):
    invoice = make_invoice(acme, usd(100))
    payment = pay(acme, usd(120), invoice)
    refund_payment(payment=payment, amount=usd(40), to="credit", by=None)
    apply_credit(invoice=invoice, amount=usd(40), by=None)
    looked_at = look(acme, payment)
    assert (looked_at.rows, looked_at.stay, looked_at.effects) == ([], 1, [])
