"""Cancelling an issued invoice: what goes back, what stays, and when it is refused."""

import datetime

import pytest
from django.utils import timezone
from djmoney.money import Money

from billing_admin.errors import BusinessError
from clients.models import Activity, CreditUse
from credits.models import CreditAccount, CreditEntry, CreditGrant
from credits.services.apply import apply_credit
from credits.services.release import release_credit
from credits.services.remove import remove_credit
from invoices.models import Invoice
from invoices.selectors.given_credit import GivenCredit, credit_given_by
from invoices.services.cancel import cancel_invoice
from invoices.services.issue import NewLine, draft_invoice, issue_invoice
from invoices.services.runs.generate import generate_invoices
from tests.factories import give_credit, make_client, make_invoice, make_item, make_payment_method, make_staff, usd
from tests.invariants import assert_invariants
from tests.unchanged import refused
from transactions.models import Transaction
from transactions.services.receive import receive_payment
from transactions.services.refund import refund_payment
from transactions.services.reverse import reverse_payment

pytestmark = pytest.mark.django_db


def test_credit_goes_back_to_the_same_grants():
    acme, ann = make_client(), make_staff(username="ann")
    first, second = give_credit(acme, usd(20)), give_credit(acme, usd(30), "Goodwill")
    invoice = make_invoice(acme, usd(100))
    before = timezone.now()
    cancelled = cancel_invoice(invoice=invoice, by=ann, reason="Ordered by mistake")
    assert (cancelled.invoice.status, cancelled.released) == ("cancelled", usd(50))
    assert cancelled.invoice.cancelled_at >= before
    invoice.refresh_from_db()
    assert (invoice.status, invoice.credit_applied, invoice.number) == ("cancelled", usd(0), 1)
    assert [grant.remaining for grant in CreditGrant.objects.order_by("pk")] == [first.amount, second.amount]
    assert CreditAccount.objects.get().balance == usd(50)
    activity = Activity.objects.latest("id")
    assert (activity.verb, activity.actor_name, activity.words) == (
        "invoice.cancelled",
        "ann",
        "INV-000001 of 100.00 USD cancelled; credit of 50.00 USD released: Ordered by mistake",
    )
    assert_invariants()


def test_a_grant_expired_meanwhile_gets_its_part_and_expires_it():
    acme = make_client()
    today = timezone.localdate()
    give_credit(acme, usd(20), expires_on=today)
    invoice = make_invoice(acme, usd(100))
    cancel_invoice(invoice=invoice, by=None, on=today + datetime.timedelta(1))
    kinds = CreditEntry.objects.order_by("pk").values_list("kind", "amount")
    assert [(kind, amount) for kind, amount in kinds] == [
        ("grant", 20),
        ("apply", -20),
        ("release", 20),
        ("expire", -20),
    ]
    assert CreditAccount.objects.get().balance == usd(0)
    assert_invariants()


def test_an_invoice_without_credit_is_cancelled_and_releases_nothing():
    invoice = make_invoice(make_client(), usd(100))
    assert cancel_invoice(invoice=invoice, by=None).released == usd(0)
    assert Activity.objects.latest("id").summary == "INV-000001 of 100.00 USD cancelled"
    assert CreditEntry.objects.count() == 0
    assert_invariants()


def test_void_issue_and_void_again_leaves_the_totals():
    """Acceptance 15, with amounts that make odd cents: 3 × 33.33 with 8.25 percent, credit in three grants."""
    acme = make_client()
    for amount in ("0.01", "0.50", "49.49"):
        give_credit(acme, usd(amount))
    totals = set()
    for _ in range(4):
        invoice = make_invoice(acme, *[usd("33.33")] * 3, tax_rate="8.25")
        totals.add((invoice.subtotal, invoice.tax, invoice.total, invoice.credit_applied, invoice.due))
        cancel_invoice(invoice=invoice, by=None)
        assert CreditAccount.objects.get().balance == usd(50)
        assert_invariants()
    assert totals == {(usd("99.99"), usd("8.25"), usd("108.24"), usd(50), usd("58.24"))}
    remaining = CreditGrant.objects.order_by("pk").values_list("remaining", flat=True)
    assert [usd(amount) for amount in remaining] == [usd("0.01"), usd("0.50"), usd("49.49")]
    assert list(Invoice.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4]


def test_the_periods_that_it_billed_are_not_billed_again():
    acme = make_client()
    day = datetime.date(2026, 1, 31)
    make_item(acme, usd(10), due=day, cycle="monthly")
    generate_invoices(as_of=day, by=None)
    cancel_invoice(invoice=Invoice.objects.get(), by=None)
    with refused("Nothing is due by 27 Feb 2026; no invoice was made."):
        generate_invoices(as_of=datetime.date(2026, 2, 27), by=None)
    assert_invariants()


# ── Refusals ──


def test_a_draft_is_deleted_instead():
    draft = draft_invoice(client=make_client(), lines=[NewLine("Hosting", usd(10))], by=None)
    with refused("This is a draft: it has no number yet. Use Delete Draft instead."):
        cancel_invoice(invoice=draft, by=None)


def test_what_credit_alone_has_paid_is_refused():
    acme = make_client()
    give_credit(acme, usd(100))
    text = (
        "INV-000001 is Paid; only an unpaid invoice is cancelled. Use Credit Note, or first take off what paid it "
        "with Take Credit Off and Refund."
    )
    invoice = make_invoice(acme, usd(100))
    with refused(text):
        cancel_invoice(invoice=invoice, by=None)


@pytest.mark.parametrize("amount", ["40", "100"])
def test_payments_are_refunded_first(amount):
    invoice = make_invoice(make_client(), usd(100))
    receive_payment(invoices=[invoice], amount=usd(amount), payment_method=make_payment_method(), by=None)
    text = (
        f"Payments of {amount}.00 USD are recorded on INV-000001. Use Refund on each of them first, to the payment "
        "method or to credit; or use Credit Note."
    )
    with refused(text):
        cancel_invoice(invoice=invoice, by=None)


def test_a_second_time_says_that_it_is_done():
    invoice = make_invoice(make_client(), usd(100))
    cancel_invoice(invoice=invoice, by=None)
    day = timezone.localdate()
    with refused(f"INV-000001 was cancelled on {day:%-d %b %Y}; nothing was done."):
        cancel_invoice(invoice=invoice, by=None)


def overpaid_and_paid_back(acme, **payment):
    """An invoice of 100.00 whose payment of 120.00 was paid back as far as it settled it; 20.00 stays as credit."""
    invoice = make_invoice(acme, usd(100))
    paid = receive_payment(
        invoices=[invoice], amount=usd(120), payment_method=make_payment_method(), by=None, **payment
    ).transaction
    Transaction.objects.create(
        client=acme, client_number=acme.number, client_name=acme.name, invoice=invoice, date=paid.date,
        payment_method=paid.payment_method, currency="USD", amount_out=usd(100), refund_of=paid,
    )  # fmt: skip
    return invoice


@pytest.mark.parametrize("payment", [{"reference": "ch_1"}, {"file_key": "row-1"}, {}])
def test_an_invoice_that_gave_credit_which_is_spent_is_refused_with_why(payment):
    acme = make_client()
    invoice = overpaid_and_paid_back(acme, **payment)
    other = make_invoice(acme, usd(5))
    assert other.due == usd(0)
    text = (
        "What was paid beyond INV-000001 gave 20.00 USD of credit, of which 5.00 USD is spent. Use Take Credit Off "
        "on the invoices that it pays first."
    )
    with refused(text):
        cancel_invoice(invoice=invoice, by=None)
    assert_invariants()


def test_credit_that_it_gave_and_that_is_still_there_stays():
    acme = make_client()
    give_credit(make_client("Globex"), usd(20))
    invoice = overpaid_and_paid_back(acme)
    assert cancel_invoice(invoice=invoice, by=None).released == usd(0)
    assert CreditAccount.objects.get(client=acme).balance == usd(20)
    assert_invariants()


def test_another_clients_or_currencys_credit_does_not_count():
    acme = make_client()
    give_credit(acme, Money(20, "EUR"))
    remove_credit(client=acme, amount=Money(5, "EUR"), description="Wrong", by=None)
    cancel_invoice(invoice=make_invoice(acme, usd(100)), by=None)
    assert_invariants()


def test_a_reason_that_is_too_long_is_refused():
    invoice = make_invoice(make_client(), usd(100))
    with refused("The reason has 501 characters; 500 are kept at most.", "reason"):
        cancel_invoice(invoice=invoice, by=None, reason="x" * 501)


def test_a_cancelled_invoice_takes_no_credit_and_no_payment():
    acme = make_client(credit_use=CreditUse.NEVER)
    invoice = make_invoice(acme, usd(100))
    cancel_invoice(invoice=invoice, by=None)
    give_credit(acme, usd(100))
    for act in (
        lambda: apply_credit(invoice=invoice, by=None),
        lambda: receive_payment(invoices=[invoice], amount=usd(1), payment_method=make_payment_method("X"), by=None),
        lambda: issue_invoice(invoice=invoice, by=None),
    ):
        with pytest.raises(BusinessError, match="INV-000001 is Cancelled"):
            act()
    assert_invariants()


@pytest.mark.parametrize("gone", ["reversed", "refunded", "removed"])
def test_credit_that_it_gave_and_that_nobody_used_is_not_in_the_way(gone):
    acme = make_client()
    invoice = make_invoice(acme, usd(100))
    payment = receive_payment(
        invoices=[invoice], amount=usd(120), payment_method=make_payment_method(), by=None, reference="ch_1"
    ).transaction
    if gone == "reversed":
        reverse_payment(payment=payment, by=None)
    else:
        refund_payment(payment=payment, amount=usd(100), to="method", by=None)
        if gone == "refunded":
            refund_payment(payment=payment.parts.get(), amount=usd(20), to="method", by=None)
        else:
            remove_credit(client=acme, amount=usd(20), description="Paid out in cash", by=None)
    assert credit_given_by(invoice) == GivenCredit(given=usd(20), spent=usd(0), left=usd(0))
    assert cancel_invoice(invoice=invoice, by=None).invoice.status == "cancelled"
    assert_invariants()


def test_an_overpayments_invoice_is_cancelled_while_credit_is_whole():
    acme = make_client(credit_use=CreditUse.NEVER)
    invoices = [make_invoice(acme, usd(100)), make_invoice(acme, usd(100))]
    first = receive_payment(
        client=acme, amount=usd(250), payment_method=make_payment_method(), by=None, invoices=invoices, reference="ch_1"
    ).transaction
    refund_payment(payment=first, amount=usd(100), to="method", by=None)
    third = make_invoice(acme, usd(20))
    apply_credit(invoice=third, by=None)
    text = (
        "What was paid beyond INV-000001 gave 50.00 USD of credit, of which 20.00 USD is spent. Use Take Credit Off "
        "on the invoices that it pays first."
    )
    with refused(text):
        cancel_invoice(invoice=invoices[0], by=None)
    release_credit(invoice=third, by=None)
    assert cancel_invoice(invoice=invoices[0], by=None).invoice.status == "cancelled"
    assert Invoice.objects.get(pk=invoices[1].pk).status == "paid"
    assert_invariants()
