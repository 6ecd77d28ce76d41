"""Recording that a client paid an invoice."""

import datetime
from typing import Any

import pytest
from django.utils import timezone
from djmoney.money import Money

from clients.models import Activity, CreditUse, FormKey
from credits.models import CreditAccount, CreditGrant
from invoices.models import Invoice
from invoices.services.issue import NewLine, draft_invoice
from tests.factories import give_credit, make_client, make_invoice, make_payment_method, make_staff, usd
from tests.invariants import assert_invariants
from tests.unchanged import nothing_changes, refused, reused
from transactions.models import Transaction
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db

DAY = datetime.date(2030, 5, 17)


def test_a_payment_in_full_pays_the_invoice():
    acme, ann, card = make_client("Acme Ltd"), make_staff(username="ann"), make_payment_method("Stripe")
    invoice = make_invoice(acme, usd(100))
    recorded = receive_payment(
        invoices=[invoice], amount=usd(100), fees=usd("3.20"), payment_method=card, by=ann, on=DAY, reference=" ch_1 "
    )
    payment = recorded.transaction
    assert (recorded.credited, recorded.repeated) == (usd(0), False)
    assert (payment.amount_in, payment.fees, payment.amount_out) == (usd(100), usd("3.20"), usd(0))
    assert (payment.client, payment.client_number, payment.client_name) == (acme, acme.number, "Acme Ltd")
    assert (payment.invoice, payment.invoice_label) == (invoice, "INV-000001")
    assert (payment.date, payment.payment_method, payment.reference, payment.part) == (DAY, card, "ch_1", 1)
    assert (payment.description, payment.created_by, payment.created_by_name) == ("Payment of INV-000001", ann, "ann")
    invoice.refresh_from_db()
    assert (invoice.status, invoice.amount_paid, invoice.due) == ("paid", usd(100), usd(0))
    assert invoice.paid_at is not None
    activity = Activity.objects.latest("id")
    assert (activity.client, activity.actor, activity.verb) == (acme, ann, "payment.recorded")
    assert activity.summary == "Payment of 100.00 USD recorded for INV-000001"
    assert not CreditGrant.objects.exists()
    assert_invariants()


def test_fees_are_no_part_of_what_settles_the_invoice():
    invoice = make_invoice(make_client(), usd(100))
    receive_payment(invoices=[invoice], amount=usd(100), fees=usd(100), payment_method=make_payment_method(), by=None)
    assert Invoice.objects.get().due == usd(0)
    assert_invariants()


def test_a_payment_in_part_lowers_what_is_due_and_the_next_pays_the_rest():
    invoice, card = make_invoice(make_client(), usd(100)), make_payment_method()
    receive_payment(invoices=[invoice], amount=usd("99.99"), payment_method=card, by=None)
    invoice.refresh_from_db()
    assert (invoice.status, invoice.due, invoice.paid_at) == ("unpaid", usd("0.01"), None)
    receive_payment(invoices=[invoice], amount=usd("0.01"), payment_method=card, by=None)
    invoice.refresh_from_db()
    assert (invoice.status, invoice.due) == ("paid", usd(0))
    assert_invariants()


def test_credit_and_a_payment_settle_an_invoice_together():
    acme = make_client()
    give_credit(acme, usd(30))
    invoice = make_invoice(acme, usd(100))
    receive_payment(invoices=[invoice], amount=usd(70), payment_method=make_payment_method(), by=None)
    invoice.refresh_from_db()
    assert (invoice.status, invoice.credit_applied, invoice.amount_paid) == ("paid", usd(30), usd(70))
    assert_invariants()


def test_what_is_paid_too_much_becomes_paid_credit():
    acme, ann, card = make_client(), make_staff(), make_payment_method()
    invoice = make_invoice(acme, usd(100))
    recorded = receive_payment(
        invoices=[invoice], amount=usd("120.50"), fees=usd(4), payment_method=card, by=ann, reference="ch_1"
    )
    assert recorded.credited == usd("20.50")
    parts = Transaction.objects.order_by("part").values_list("part", "reference", "invoice_id", "amount_in", "fees")
    assert [tuple(map(str, part)) for part in parts] == [
        ("1", "ch_1", str(invoice.pk), "100.000", "4.000"),
        ("2", "ch_1", "None", "20.500", "0.000"),
    ]
    grant = CreditGrant.objects.get()
    assert (grant.amount, grant.kind, grant.category, grant.listed) == (usd("20.50"), "overpayment", "paid", True)
    assert (grant.transaction, grant.description) == (Transaction.objects.get(part=2), "Overpayment of INV-000001")
    assert CreditAccount.objects.get(client=acme).balance == usd("20.50")
    assert Activity.objects.latest("id").summary == (
        "Payment of 120.50 USD recorded: 100.00 USD for INV-000001, 20.50 USD became credit"
    )
    assert_invariants()


def test_an_overpayment_pays_the_next_invoice():
    acme = make_client()
    receive_payment(
        invoices=[make_invoice(acme, usd(10))], amount=usd(25), payment_method=make_payment_method(), by=None
    )
    assert make_invoice(acme, usd(15)).status == Invoice.Status.PAID
    assert CreditAccount.objects.get().balance == usd(0)
    assert_invariants()


def test_without_a_date_it_is_today():
    invoice = make_invoice(make_client(), usd(10))
    paid = receive_payment(
        invoices=[invoice], amount=usd(10), payment_method=make_payment_method(), by=None
    ).transaction
    assert paid.date == timezone.localdate()


# ── The same payment again ──


def test_a_callback_that_arrives_again_shows_what_was_recorded_first():
    acme, card = make_client(), make_payment_method()
    invoice = make_invoice(acme, usd(100))
    first = receive_payment(invoices=[invoice], amount=usd(130), payment_method=card, by=None, reference="ch_1")
    with nothing_changes():
        again = receive_payment(invoices=[invoice], amount=usd(130), payment_method=card, by=None, reference="ch_1")
    assert (again.transaction, again.credited, again.repeated) == (first.transaction, usd(30), True)
    assert_invariants()


def test_a_form_posted_again_shows_what_was_recorded_first():
    acme, card = make_client(), make_payment_method()
    pay: dict[str, Any] = {"invoices": [make_invoice(acme, usd(100))], "amount": usd(40), "payment_method": card}
    first = receive_payment(**pay, by=None, key=FormKey(key="form-1"))
    with nothing_changes():
        again = receive_payment(**pay, by=None, key=FormKey(key="form-1"))
    assert (again.transaction, again.repeated) == (first.transaction, True)
    assert Invoice.objects.get().due == usd(60)
    assert_invariants()


def test_without_reference_and_key_the_same_figures_are_another_payment():
    invoice, card = make_invoice(make_client(), usd(100)), make_payment_method()
    for _ in range(2):
        assert not receive_payment(invoices=[invoice], amount=usd(40), payment_method=card, by=None).repeated
    assert Invoice.objects.get().due == usd(20)
    assert_invariants()


def test_one_reference_may_be_used_by_two_payment_methods():
    invoice = make_invoice(make_client(), usd(100))
    for _ in range(2):
        receive_payment(
            invoices=[invoice], amount=usd(40), payment_method=make_payment_method(), by=None, reference="2030-1"
        )
    assert Invoice.objects.get().due == usd(20)
    assert_invariants()


def test_a_reference_used_for_another_amount_is_refused():
    invoice, card = make_invoice(make_client(), usd(100)), make_payment_method("Stripe")
    receive_payment(invoices=[invoice], amount=usd(130), payment_method=card, by=None, reference="ch_1")
    text = "Stripe already has a payment “ch_1” of 130.00 USD for INV-000001. Nothing was recorded."
    with refused(text, "reference"):
        receive_payment(invoices=[invoice], amount=usd(100), payment_method=card, by=None, reference="ch_1")
    assert_invariants()


def test_a_reference_used_for_another_invoice_is_refused():
    acme, card = make_client(), make_payment_method("Stripe")
    first, second = make_invoice(acme, usd(100)), make_invoice(acme, usd(100))
    receive_payment(invoices=[first], amount=usd(100), payment_method=card, by=None, reference="ch_1")
    text = "Stripe already has a payment “ch_1” of 100.00 USD for INV-000001. Nothing was recorded."
    with refused(text, "reference"):
        receive_payment(invoices=[second], amount=usd(100), payment_method=card, by=None, reference="ch_1")
    assert_invariants()


@pytest.mark.parametrize("other", [{"amount": usd(41)}, {"fees": usd(1)}, {"on": DAY}, {"reference": "ch_2"}], ids=str)
def test_a_form_posted_again_with_other_figures_is_refused(other):
    invoice, card = make_invoice(make_client(), usd(100)), make_payment_method("Stripe")
    pay: dict[str, Any] = {"invoices": [invoice], "amount": usd(40), "payment_method": card, "by": None}
    receive_payment(**pay, reference="ch_1", key=FormKey(key="form-1"))
    with refused(reused("Payment of 40.00 USD recorded for INV-000001")):
        receive_payment(**{**pay, "reference": "ch_1", "key": FormKey(key="form-1"), **other})
    assert_invariants()


# ── Refusals say why, with the figures, and change nothing ──


def test_a_paid_invoice_takes_no_payment():
    acme = make_client()
    give_credit(acme, usd(100))
    invoice, card = make_invoice(acme, usd(100)), make_payment_method()
    with refused("INV-000001 is Paid; a payment of 5.00 USD was not recorded.", "invoices"):
        receive_payment(invoices=[invoice], amount=usd(5), payment_method=card, by=None)
    assert_invariants()


@pytest.mark.parametrize("status", [Invoice.Status.CANCELLED, Invoice.Status.REFUNDED])
def test_a_cancelled_or_refunded_invoice_takes_no_payment(status):
    invoice, card = make_invoice(make_client(), usd(100)), make_payment_method()
    Invoice.objects.update(status=status)
    with refused(f"INV-000001 is {status.label}; a payment of 5.00 USD was not recorded.", "invoices"):
        receive_payment(invoices=[invoice], amount=usd(5), payment_method=card, by=None)
    assert_invariants()


def test_a_draft_takes_no_payment():
    draft = draft_invoice(client=make_client(), lines=[NewLine("Hosting", usd(10))], by=None)
    card = make_payment_method()
    with refused("Draft is Draft; a payment of 5.00 USD was not recorded.", "invoices"):
        receive_payment(invoices=[draft], amount=usd(5), payment_method=card, by=None)
    assert_invariants()


def test_a_payment_in_another_currency_is_refused():
    invoice, card = make_invoice(make_client(), usd(100)), make_payment_method()
    with refused("INV-000001 is in USD; a payment in EUR cannot settle it.", "invoices"):
        receive_payment(invoices=[invoice], amount=Money(100, "EUR"), payment_method=card, by=None)
    with refused("The payment is in USD; fees in EUR do not fit it.", "fees"):
        receive_payment(invoices=[invoice], amount=usd(100), fees=Money(1, "EUR"), payment_method=card, by=None)
    assert_invariants()


def test_fees_above_the_payment_are_refused():
    invoice, card = make_invoice(make_client(), usd(100)), make_payment_method()
    with refused("Fees of 10.01 USD do not fit a payment of 10.00 USD.", "fees"):
        receive_payment(invoices=[invoice], amount=usd(10), fees=usd("10.01"), payment_method=card, by=None)
    assert_invariants()


def test_auto_apply_switched_off_does_not_touch_what_was_paid_too_much():
    acme = make_client(credit_use=CreditUse.NEVER)
    receive_payment(
        invoices=[make_invoice(acme, usd(10))], amount=usd(15), payment_method=make_payment_method(), by=None
    )
    assert make_invoice(acme, usd(5)).due == usd(5)
    assert CreditAccount.objects.get().balance == usd(5)
    assert_invariants()
