"""Money that came in for several invoices, as credit, or from nobody knows whom; and attaching it later."""

import datetime

import pytest
from djmoney.money import Money

from clients.models import Activity
from credits.models import CreditAccount, CreditGrant
from invoices.models import Invoice
from tests.factories import make_client, make_invoice, make_payment_method, make_staff, usd
from tests.invariants import assert_invariants
from tests.unchanged import nothing_changes, refused
from transactions.models import PaymentMethod, Transaction
from transactions.services.attach import attach_money
from transactions.services.receive import receive_payment
from transactions.services.refund import refund_payment
from transactions.services.reverse import reverse_payment

pytestmark = pytest.mark.django_db

DAY = datetime.date(2030, 5, 17)


def receive(client, amount, *invoices, **details):
    details.setdefault("payment_method", PaymentMethod.objects.get(name="Card"))
    return receive_payment(client=client, amount=usd(amount), invoices=invoices, by=details.pop("by", None), **details)


def due():
    return [invoice.due.amount for invoice in Invoice.objects.order_by("number")]


def balance():
    return CreditAccount.objects.get().balance


def rows():
    """Part, invoice, kind, in, fees and out of each row."""
    return [
        (row.part, row.invoice_label, row.kind, row.amount_in.amount, row.fees.amount, row.amount_out.amount)
        for row in Transaction.objects.order_by("id")
    ]


def test_it_pays_invoices_in_the_order_given_and_the_rest_becomes_credit():
    acme, ann, bank = make_client("Acme Ltd"), make_staff(username="ann"), make_payment_method("Bank")
    first, second = make_invoice(acme, usd(30)), make_invoice(acme, usd(50))
    receipt = receive(acme, 100, second, first, payment_method=bank, reference="T1", fees=usd(2), on=DAY, by=ann)
    assert receipt.paid == [("INV-000002", usd(50)), ("INV-000001", usd(30))]
    assert (receipt.credited, receipt.unreached, receipt.repeated) == (usd(20), [], False)
    assert rows() == [
        (1, "INV-000002", "payment", 50, 2, 0),
        (2, "INV-000001", "payment", 30, 0, 0),
        (3, "", "payment", 20, 0, 0),
    ]
    assert set(Transaction.objects.values_list("reference", "date", "client_name")) == {("T1", DAY, "Acme Ltd")}
    assert (due(), balance()) == ([0, 0], usd(20))
    grant = CreditGrant.objects.get()
    assert (grant.kind, grant.category, grant.description) == (
        "overpayment",
        "paid",
        "Overpayment of INV-000002, INV-000001",
    )
    assert grant.transaction == Transaction.objects.get(part=3)
    activity = Activity.objects.latest("id")
    assert (activity.actor, activity.client, activity.verb) == (ann, acme, "payment.recorded")
    assert activity.summary == (
        "Payment of 100.00 USD recorded: 50.00 USD for INV-000002, 30.00 USD for INV-000001, 20.00 USD became credit"
    )
    assert_invariants()


def test_where_the_money_ends_before_the_last_invoice_that_is_told():
    acme = make_client()
    invoices = [make_invoice(acme, usd(50)) for _ in range(3)]
    receipt = receive(acme, 70, *invoices)
    assert (receipt.paid[1], receipt.credited, receipt.unreached) == (
        ("INV-000002", usd(20)),
        usd(0),
        ["INV-000003"],
    )
    assert due() == [0, 30, 50]
    assert_invariants()


def test_without_an_invoice_it_is_paid_credit_linked_to_the_money():
    acme = make_client()
    receipt = receive(acme, 40, description="Deposit for 2027")
    grant = CreditGrant.objects.get()
    assert (grant.kind, grant.category, grant.amount) == ("credit", "paid", usd(40))
    assert (grant.transaction, grant.description) == (receipt.transaction, "Deposit for 2027")
    assert (receipt.credited, balance()) == (usd(40), usd(40))
    assert_invariants()


def test_a_receipt_for_several_invoices_is_reversed_as_a_whole():
    acme = make_client()
    invoices = [make_invoice(acme, usd(30)), make_invoice(acme, usd(50))]
    receipt = receive(acme, 100, *invoices)
    done = reverse_payment(payment=receipt.transaction, by=None)
    assert (done.amount, done.credit_taken_back) == (usd(100), usd(20))
    assert (due(), balance()) == ([30, 50], usd(0))
    assert_invariants()


def test_money_of_nobody_waits_unattached():
    receipt = receive(None, 40, reference="T1")
    row = Transaction.objects.get()
    assert (row.client, row.client_number, row.client_name, row.is_unattached) == (None, None, "", True)
    assert (receipt.paid, receipt.credited) == ([], usd(0))
    assert Activity.objects.latest("id").summary == "Payment of 40.00 USD recorded: not attached to a client yet"
    assert not CreditAccount.objects.exists()
    assert_invariants()


# ── Twice ──


@pytest.mark.parametrize("known_by", ["reference", "file_key"])
def test_the_same_again_counts_once(known_by):
    acme = make_client()
    given = {
        "client": acme,
        "amount": usd(100),
        "invoices": [make_invoice(acme, usd(30)), make_invoice(acme, usd(50))],
        "payment_method": make_payment_method(),
        "by": None,
        known_by: "once",
    }
    first = receive_payment(**given)
    with nothing_changes():
        again = receive_payment(**given)
    assert again == type(first)(first.transaction, first.paid, first.credited, [], True)
    assert_invariants()


@pytest.mark.parametrize(
    "other", [{"amount": usd(41)}, {"fees": usd(1)}, {"client": None}], ids=["amount", "fees", "client"]
)
def test_a_reference_with_other_figures_is_refused(other):
    given = {"client": make_client(), "amount": usd(40), "payment_method": make_payment_method("Stripe"), "by": None}
    receive_payment(**given, reference="ch_1")
    with refused("Stripe already has a payment “ch_1” of 40.00 USD for no invoice. Nothing was recorded.", "reference"):
        receive_payment(**{**given, **other}, reference="ch_1")


def test_what_an_invoice_was_paid_by_is_known_here_too():
    acme, card = make_client(), make_payment_method()
    invoice = make_invoice(acme, usd(100))
    first = receive_payment(invoices=[invoice], amount=usd(130), payment_method=card, by=None, reference="ch_1")
    again = receive_payment(
        client=acme, amount=usd(130), invoices=[invoice], payment_method=card, by=None, reference="ch_1"
    )
    assert (again.transaction, again.repeated, again.credited) == (first.transaction, True, usd(30))


# ── BusinessError ──


def test_refusals_say_why():
    acme, globex = make_client("Acme Ltd"), make_client("Globex")
    mine, other, euro = make_invoice(acme, usd(10)), make_invoice(globex, usd(10)), make_invoice(acme, Money(9, "EUR"))
    paid = make_invoice(acme, usd(10))
    receive(acme, 10, paid)
    with refused("INV-000002 is not an invoice of Acme Ltd. Nothing was booked.", "invoices"):
        receive(acme, 20, mine, other)
    with refused("INV-000001 is named twice. Nothing was booked.", "invoices"):
        receive(acme, 20, mine, mine)
    with refused("INV-000004 is Paid; a payment of 20.00 USD was not recorded.", "invoices"):
        receive(acme, 20, mine, paid)
    with refused("INV-000003 is in EUR; a payment in USD cannot settle it.", "invoices"):
        receive(acme, 20, euro)
    with refused("A payment must be above zero; −5.00 USD was given.", "amount"):
        receive(acme, -5)
    with refused("Fees of 5.01 USD do not fit a payment of 5.00 USD.", "fees"):
        receive(acme, 5, fees=usd("5.01"))
    assert_invariants()


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0.001", "USD has 2 decimal places; 0.001 has more."),
        ("NaN", "NaN is not an amount."),
        ("Infinity", "Infinity is not an amount."),
        ("1e400", "The amount has more than 15 digits before the decimal point."),
    ],
)
def test_what_is_no_amount_of_the_currency_is_refused(amount, text):
    acme = make_client()
    with refused(text, "amount"):
        receive(acme, amount)


# ── Attaching ──


def unattached(amount="40", **details):
    return receive(None, amount, **details).transaction


def test_attached_to_one_invoice_the_row_itself_is_the_payment():
    acme, ann = make_client("Acme Ltd"), make_staff(username="ann")
    money = unattached(reference="T1")
    invoice = make_invoice(acme, usd(100))
    receipt = attach_money(transaction=money, client=acme, invoices=[invoice], by=ann)
    assert (receipt.transaction, receipt.paid) == (money, [("INV-000001", usd(40))])
    money.refresh_from_db()
    assert (money.client, money.client_number, money.client_name) == (acme, acme.number, "Acme Ltd")
    assert (money.invoice_label, due()) == ("INV-000001", [60])
    activity = Activity.objects.latest("id")
    assert (activity.actor, activity.verb) == (ann, "payment.attached")
    assert (activity.summary, activity.note) == ("40.00 USD attached: 40.00 USD for INV-000001", "Payment “T1”")
    assert_invariants()


def test_attached_as_credit_the_row_is_its_source():
    acme, money = make_client(), unattached()
    attach_money(transaction=money, client=acme, by=None)
    grant = CreditGrant.objects.get()
    assert (grant.transaction, grant.amount, grant.category) == (money, usd(40), "paid")
    assert_invariants()


def test_attached_to_several_invoices_the_money_moves_and_sums_stay():
    acme, money = make_client(), unattached("100")
    invoices = [make_invoice(acme, usd(30)), make_invoice(acme, usd(50))]
    receipt = attach_money(transaction=money, client=acme, invoices=invoices, by=None)
    assert receipt.credited == usd(20)
    assert rows() == [
        (1, "", "payment", 100, 0, 0),
        (1, "", "moved", 0, 0, 100),
        (1, "INV-000001", "moved", 30, 0, 0),
        (1, "INV-000002", "moved", 50, 0, 0),
        (1, "", "moved", 20, 0, 0),
    ]
    assert (due(), balance()) == ([0, 0], usd(20))
    assert_invariants()
    done = reverse_payment(payment=money, by=None)
    assert (done.amount, due(), balance()) == (usd(100), [30, 50], usd(0))
    assert_invariants()


def test_it_is_attached_once_and_never_to_another():
    acme, money = make_client("Acme Ltd", number=4012), unattached(reference="T1")
    attach_money(transaction=money, client=acme, by=None)
    for who in (acme, make_client("Globex")):
        with refused(
            "Payment “T1” of 40.00 USD belongs to client 4012, Acme Ltd, already; nothing was changed.",
        ):
            attach_money(transaction=money, client=who, by=None)


def test_what_was_sent_back_is_not_attached_any_more():
    acme, money = make_client(), unattached(reference="T1")
    with refused("Payment “T1” is not attached to a client: nobody can be given credit for it.", "to"):
        refund_payment(payment=money, amount=usd(15), to="credit", by=None)
    refund_payment(payment=money, amount=usd(15), to="method", by=None)
    with refused(
        "Of the 40.00 USD that came in, 15.00 USD was given back; money is attached only as it came in.",
    ):
        attach_money(transaction=money, client=acme, by=None)
    assert_invariants()
