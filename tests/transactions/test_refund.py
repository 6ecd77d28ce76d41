"""Giving back what came in, to the method or as credit."""

import datetime

import pytest
from djmoney.money import Money

from billing_admin.db.triggers import maintenance
from clients.models import Activity, FormKey
from credits.models import CreditAccount, CreditEntry, CreditGrant
from credits.services.remove import remove_credit
from invoices.models import Invoice
from tests.factories import give_credit, make_client, make_invoice, make_payment_method, make_staff, usd
from tests.invariants import assert_invariants
from tests.unchanged import nothing_changes, refused, refused_by_database, reused
from transactions.models import Transaction
from transactions.services.receive import receive_payment
from transactions.services.refund import (
    refund_payment,
)

pytestmark = pytest.mark.django_db

DAY = datetime.date(2030, 5, 17)


def paid(amount="100", of=None, **details):
    """A payment of an invoice of 100 USD."""
    acme = of or make_client("Acme Ltd")
    details.setdefault("payment_method", make_payment_method())
    return receive_payment(invoices=[make_invoice(acme, usd(100))], amount=usd(amount), by=None, **details).transaction


def balance():
    return CreditAccount.objects.get().balance


def test_a_refund_to_the_method_is_money_out_and_the_invoice_is_owed_again():
    ann, card = make_staff(username="ann"), make_payment_method("Stripe")
    payment = paid(payment_method=card, reference="ch_1")
    refund = refund_payment(payment=payment, amount=usd(30), to="method", by=ann, on=DAY, reference=" re_1 ")
    assert (refund.amount_out, refund.amount_in, refund.fees) == (usd(30), usd(0), usd(0))
    assert (refund.kind, refund.refund_of, refund.part_of) == ("refund", payment, None)
    assert (refund.date, refund.payment_method, refund.reference) == (DAY, card, "re_1")
    assert (refund.client_name, refund.invoice_label) == ("Acme Ltd", "INV-000001")
    assert (refund.description, refund.created_by_name) == ("Refund of INV-000001", "ann")
    invoice = Invoice.objects.get()
    assert (invoice.status, invoice.amount_paid, invoice.due) == ("unpaid", usd(70), usd(30))
    activity = Activity.objects.latest("id")
    assert (activity.actor, activity.verb) == (ann, "payment.refunded")
    assert (activity.summary, activity.note) == ("30.00 USD of a payment refunded to Stripe", "Payment “ch_1”")
    assert not CreditAccount.objects.exists()
    assert_invariants()


def test_a_refund_to_credit_moves_the_money_off_the_invoice():
    payment = paid(reference="ch_1")
    out = refund_payment(payment=payment, amount=usd("30.50"), to="credit", by=None, description="Cancelled module")
    moved_in = Transaction.objects.get(part_of=payment)
    assert (out.kind, out.amount_out, out.refund_of, out.invoice_id) == (
        "moved",
        usd("30.50"),
        payment,
        payment.invoice_id,
    )
    assert (moved_in.kind, moved_in.amount_in, moved_in.invoice_id) == ("moved", usd("30.50"), None)
    grant = CreditGrant.objects.get()
    assert (grant.kind, grant.category, grant.amount) == ("refund", "paid", usd("30.50"))
    assert (grant.transaction, grant.description) == (moved_in, "Cancelled module")
    assert (Invoice.objects.get().due, balance()) == (usd("30.50"), usd("30.50"))
    assert Activity.objects.latest("id").words == "30.50 USD of a payment refunded to credit: Payment “ch_1”"
    assert_invariants()


def test_refunds_in_parts_never_pass_what_came_in():
    payment = paid()
    for amount in ("60", "39.99"):
        refund_payment(payment=payment, amount=usd(amount), to="method", by=None)
    with refused(
        "100.00 USD came in, 99.99 USD was given back before: 0.01 USD can be refunded, 0.02 USD was asked for.",
        "amount",
    ):
        refund_payment(payment=payment, amount=usd("0.02"), to="method", by=None)
    refund_payment(payment=payment, amount=usd("0.01"), to="credit", by=None)
    with refused(
        "100.00 USD came in, 100.00 USD was given back before: 0.00 USD can be refunded, 0.01 USD was asked for.",
        "amount",
    ):
        refund_payment(payment=payment, amount=usd("0.01"), to="credit", by=None)
    assert Invoice.objects.get().due == usd(100)
    assert_invariants()


def test_more_than_came_in_is_refused_with_the_figures():
    payment = paid("40")
    with refused("40.00 USD came in: 40.00 USD can be refunded, 40.01 USD was asked for.", "amount"):
        refund_payment(payment=payment, amount=usd("40.01"), to="method", by=None)


def test_the_database_itself_gives_back_no_more_than_came_in():
    payment = paid("40")
    with refused_by_database("No more is given back of a payment than came in."):
        Transaction.objects.create(
            client_id=payment.client_id, client_number=payment.client_number, date=DAY, kind="refund",
            payment_method=payment.payment_method, amount_out=usd("40.01"), refund_of=payment,
        )  # fmt: skip


# ── Overpayments ──


def test_of_an_overpayment_the_credit_is_taken_back():
    paid("120", reference="ch_1")
    rest = Transaction.objects.get(part=2)
    refund = refund_payment(payment=rest, amount=usd(15), to="method", by=None)
    assert (refund.amount_out, refund.invoice_id, refund.refund_of) == (usd(15), None, rest)
    assert (balance(), CreditGrant.objects.get().remaining) == (usd(5), usd(5))
    assert Invoice.objects.get().status == "paid"
    entry = CreditEntry.objects.latest("id")
    assert (entry.kind, entry.amount, entry.description) == ("reverse", usd(-15), "Refund of ch_1")
    refund_payment(payment=rest, amount=usd(5), to="method", by=None)
    assert balance() == usd(0)
    assert_invariants()


def test_of_an_overpayment_only_what_is_unspent_goes_back():
    acme = make_client()
    paid("120", of=acme)
    make_invoice(acme, usd(12))
    rest = Transaction.objects.get(part=2)
    with refused(
        "This payment became credit, of which 8.00 USD is unspent: no more can be refunded, 8.01 USD was asked for.",
        "amount",
    ):
        refund_payment(payment=rest, amount=usd("8.01"), to="method", by=None)
    refund_payment(payment=rest, amount=usd(8), to="method", by=None)
    assert balance() == usd(0)
    assert_invariants()


def test_an_overpayment_is_credit_already():
    paid("120", reference="ch_1")
    with refused("Payment “ch_1” is credit of the client already; 20.00 USD of it is unspent.", "to"):
        refund_payment(payment=Transaction.objects.get(part=2), amount=usd(20), to="credit", by=None)


def test_what_was_refunded_to_credit_can_go_to_the_method_after_all():
    payment = paid()
    refund_payment(payment=payment, amount=usd(40), to="credit", by=None)
    moved_in = Transaction.objects.get(amount_in=usd(40).amount)
    refund_payment(payment=moved_in, amount=usd(40), to="method", by=None)
    assert balance() == usd(0)
    assert Invoice.objects.get().due == usd(40)
    assert_invariants()


def test_credit_that_was_removed_by_hand_is_not_refunded_as_well():
    acme = make_client()
    paid("120", of=acme)
    remove_credit(client=acme, amount=usd(20), description="Sent back by cheque", by=None)
    with refused(
        "This payment became credit, of which 0.00 USD is unspent: no more can be refunded, 20.00 USD was asked for.",
        "amount",
    ):
        refund_payment(payment=Transaction.objects.get(part=2), amount=usd(20), to="method", by=None)


# ── Closing the invoice ──


@pytest.mark.parametrize("to", ["method", "credit"])
def test_an_invoice_of_which_all_is_given_back_can_be_marked_refunded(to):
    payment = paid(reference="ch_1")
    refund_payment(payment=payment, amount=usd(100), to=to, by=None, close_invoice=True)
    invoice = Invoice.objects.get()
    assert (invoice.status, invoice.amount_paid, invoice.paid_at) == ("refunded", usd(0), None)
    assert Activity.objects.latest("id").summary.endswith("; INV-000001 marked Refunded")
    assert_invariants()


def test_an_invoice_that_something_still_settles_is_not_marked_refunded():
    acme = make_client()
    give_credit(acme, usd(30))
    payment = paid("70", of=acme)
    with refused(
        "INV-000001 cannot be marked Refunded: 0.00 USD of payments and 30.00 USD of credit would still settle it. "
        "Nothing was refunded.",
        "close_invoice",
    ):
        refund_payment(payment=payment, amount=usd(70), to="method", by=None, close_invoice=True)
    with refused(
        "INV-000001 cannot be marked Refunded: 10.00 USD of payments and 30.00 USD of credit would still settle it. "
        "Nothing was refunded.",
        "close_invoice",
    ):
        refund_payment(payment=payment, amount=usd(60), to="method", by=None, close_invoice=True)
    assert_invariants()


# ── Twice, and refused ──


def test_the_same_key_gives_back_once():
    payment = paid()
    first = refund_payment(payment=payment, amount=usd(40), to="credit", by=None, key=FormKey(key="form-1"))
    with nothing_changes():
        again = refund_payment(payment=payment, amount=usd(40), to="credit", by=None, key=FormKey(key="form-1"))
    assert again == first


@pytest.mark.parametrize("other", [{"amount": usd(41)}, {"to": "method"}], ids=str)
def test_the_same_key_with_other_figures_is_refused(other):
    payment = paid()
    given = {"payment": payment, "amount": usd(40), "to": "credit", "by": None, "key": FormKey(key="form-1")}
    refund_payment(**given)
    with refused(reused(f"40.00 USD of Transaction {payment.pk} refunded to credit")):
        refund_payment(**{**given, **other})


def test_a_reference_that_the_method_knows_is_refused():
    card = make_payment_method("Stripe")
    payment = paid(payment_method=card, reference="ch_1", on=DAY)
    with refused(
        "Stripe already has a payment “ch_1” of 100.00 USD on 17 May 2030. Nothing was booked.",
        "reference",
    ):
        refund_payment(payment=payment, amount=usd(40), to="method", by=None, reference="ch_1")


def test_a_refund_is_not_refunded():
    payment = paid()
    refund = refund_payment(payment=payment, amount=usd(40), to="method", by=None, reference="re_1")
    with refused("Refund “re_1” brought no money in; there is nothing to refund."):
        refund_payment(payment=refund, amount=usd(40), to="method", by=None)


@pytest.mark.parametrize("amount", ["0", "-1"])
def test_a_refund_of_nothing_is_refused(amount):
    text = f"A refund must be above zero; {amount.replace('-', '−')}.00 USD was given."
    payment = paid()
    with refused(text, "amount"):
        refund_payment(payment=payment, amount=usd(amount), to="method", by=None)


@pytest.mark.parametrize("to", ["method", "credit"])
@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0.001", "USD has 2 decimal places; 0.001 has more."),
        ("NaN", "NaN is not an amount."),
        ("Infinity", "Infinity is not an amount."),
        ("1e400", "The amount has more than 15 digits before the decimal point."),
    ],
)
def test_what_is_no_amount_of_the_currency_is_refused(amount, text, to):
    payment = paid()
    with refused(text, "amount"):
        refund_payment(payment=payment, amount=usd(amount), to=to, by=None)


def test_another_currency_is_refused():
    payment = paid(reference="ch_1")
    with refused("Payment “ch_1” is in USD; 10.00 EUR cannot be given back of it."):
        refund_payment(payment=payment, amount=Money(10, "EUR"), to="method", by=None)


def test_of_a_deleted_client_money_goes_back_to_the_method():
    paid(reference="ch_1")
    with maintenance("delete"):
        Transaction.objects.update(client=None, invoice=None)
    with refused("Payment “ch_1” belongs to a client that was deleted: nobody can be given credit for it.", "to"):
        refund_payment(payment=Transaction.objects.get(), amount=usd(10), to="credit", by=None)
    refund = refund_payment(payment=Transaction.objects.get(), amount=usd(10), to="method", by=None)
    assert (refund.client_id, refund.client_name, refund.invoice_label) == (None, "Acme Ltd", "INV-000001")
    assert Activity.objects.latest("id").client is None
