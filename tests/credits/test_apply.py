"""Credit applied to one invoice by hand."""

import datetime

import pytest
from djmoney.money import Money

from clients.models import Activity, CreditUse
from credits.models import CreditAccount, CreditEntry, CreditGrant
from credits.services.apply import apply_credit
from credits.services.release import release_credit
from invoices.models import Invoice
from invoices.services.issue import NewLine, draft_invoice
from tests.factories import give_credit, make_client, make_invoice, make_payment_method, make_staff, usd
from tests.invariants import assert_invariants
from tests.unchanged import refused
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db


def acme_applying_by_hand(**profile):
    return make_client(credit_use=CreditUse.NEVER, **profile)


def test_as_much_as_there_is_and_fits_is_applied_where_no_amount_is_given():
    acme = acme_applying_by_hand()
    give_credit(acme, usd(30))
    first, second = make_invoice(acme, usd(20)), make_invoice(acme, usd(20))
    assert apply_credit(invoice=first, by=None) == usd(20)
    assert apply_credit(invoice=second, by=None) == usd(10)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, first.due, second.status, second.due) == ("paid", usd(0), "unpaid", usd(10))
    assert first.paid_at is not None
    assert second.paid_at is None
    assert CreditAccount.objects.get().balance == usd(0)
    assert_invariants()


def test_an_amount_is_applied_in_draw_down_order():
    acme, ann = acme_applying_by_hand(), make_staff(username="ann")
    later = give_credit(acme, usd(10), "later")
    first = give_credit(acme, usd(10), "first", expires_on=datetime.date(2099, 1, 1))
    invoice = make_invoice(acme, usd(100))
    assert apply_credit(invoice=invoice, amount=usd("12.34"), by=ann) == usd("12.34")
    applied = CreditEntry.objects.filter(invoice=invoice).order_by("id")
    assert [(entry.grant, entry.kind, entry.amount, entry.actor) for entry in applied] == [
        (first, "apply", usd(-10), ann),
        (later, "apply", usd("-2.34"), ann),
    ]
    invoice.refresh_from_db()
    assert (invoice.credit_applied, invoice.due, invoice.total) == (usd("12.34"), usd("87.66"), usd(100))
    activity = Activity.objects.latest("id")
    assert (activity.verb, activity.actor) == ("credit.applied", ann)
    assert activity.summary == "Credit of 12.34 USD applied to INV-000001"
    assert_invariants()


def test_credit_changes_neither_subtotal_nor_tax_nor_total():
    acme = acme_applying_by_hand()
    give_credit(acme, usd(60))
    invoice = make_invoice(acme, usd(100), tax_rate="8.25")
    apply_credit(invoice=invoice, by=None)
    invoice.refresh_from_db()
    assert (invoice.subtotal, invoice.tax, invoice.total) == (usd(100), usd("8.25"), usd("108.25"))
    assert (invoice.credit_applied, invoice.due) == (usd(60), usd("48.25"))
    assert_invariants()


def test_expired_credit_is_not_applied_and_the_day_of_expiry_still_counts():
    acme = acme_applying_by_hand()
    give_credit(acme, usd(10), expires_on=datetime.date(2099, 1, 1))
    invoice = make_invoice(acme, usd(10))
    refusal = "No USD credit is available for INV-000001. The 10.00 USD that the client holds has expired."
    with refused(refusal):
        apply_credit(invoice=invoice, by=None, on=datetime.date(2099, 1, 2))
    assert apply_credit(invoice=invoice, by=None, on=datetime.date(2099, 1, 1)) == usd(10)
    assert_invariants()


# ── Refusals say why, with the figures, and change nothing ──


def test_a_balance_of_nothing_is_said():
    acme = acme_applying_by_hand()
    invoice = make_invoice(acme, usd(10))
    with refused("No USD credit is available for INV-000001."):
        apply_credit(invoice=invoice, by=None)
    assert_invariants()


def test_credit_in_other_currencies_is_named():
    acme = acme_applying_by_hand()
    for money in (usd("25.50"), Money(1000, "JPY")):
        give_credit(acme, money)
    invoice = make_invoice(acme, Money(10, "EUR"))
    refusal = (
        "No EUR credit is available for INV-000001. The client holds 1,000 JPY, 25.50 USD, which pays only invoices in "
        "that currency."
    )
    with refused(refusal):
        apply_credit(invoice=invoice, by=None)
    assert_invariants()


def test_an_amount_in_another_currency_than_the_invoices_is_refused():
    acme = acme_applying_by_hand()
    give_credit(acme, Money(25, "EUR"))
    invoice = make_invoice(acme, usd(10))
    with refused("INV-000001 is in USD; credit in EUR cannot settle it.", "amount"):
        apply_credit(invoice=invoice, amount=Money(5, "EUR"), by=None)
    assert_invariants()


def test_more_than_there_is_is_refused_with_the_figure_and_never_clamped():
    acme = acme_applying_by_hand()
    give_credit(acme, usd("12.50"))
    invoice = make_invoice(acme, usd(100))
    with refused("Only 12.50 USD of credit is available; 20.00 USD was asked for.", "amount"):
        apply_credit(invoice=invoice, amount=usd(20), by=None)
    assert_invariants()


def test_an_amount_with_no_credit_at_all_is_refused_with_the_figure():
    acme = acme_applying_by_hand()
    invoice = make_invoice(acme, usd(100))
    with refused("Only 0.00 USD of credit is available; 20.00 USD was asked for.", "amount"):
        apply_credit(invoice=invoice, amount=usd(20), by=None)
    assert_invariants()


def test_more_than_is_due_is_refused_with_the_figure():
    acme = acme_applying_by_hand()
    give_credit(acme, usd(200))
    invoice = make_invoice(acme, usd(100))
    apply_credit(invoice=invoice, amount=usd(60), by=None)
    with refused("Only 40.00 USD is due on INV-000001; 40.01 USD was asked for.", "amount"):
        apply_credit(invoice=invoice, amount=usd("40.01"), by=None)
    assert_invariants()


def test_a_paid_invoice_is_refused():
    acme = acme_applying_by_hand()
    give_credit(acme, usd(200))
    invoice = make_invoice(acme, usd(100))
    receive_payment(invoices=[invoice], amount=usd(100), payment_method=make_payment_method(), by=None)
    with refused("INV-000001 is Paid; credit applies only to unpaid invoices."):
        apply_credit(invoice=invoice, by=None)
    assert_invariants()


def test_an_invoice_of_nothing_is_paid_and_refused():
    acme = acme_applying_by_hand()
    give_credit(acme, usd(200))
    invoice = make_invoice(acme, usd(0))
    with refused("INV-000001 is Paid; credit applies only to unpaid invoices."):
        apply_credit(invoice=invoice, by=None)
    assert_invariants()


def test_a_draft_is_refused():
    acme = acme_applying_by_hand()
    give_credit(acme, usd(200))
    draft = draft_invoice(client=acme, lines=[NewLine("Hosting", usd(10))], by=None)
    with refused("Draft is Draft; credit applies only to unpaid invoices."):
        apply_credit(invoice=draft, by=None)
    assert_invariants()


def test_a_cancelled_invoice_is_refused():
    acme = acme_applying_by_hand()
    give_credit(acme, usd(200))
    invoice = make_invoice(acme, usd(100))
    Invoice.objects.filter(pk=invoice.pk).update(status=Invoice.Status.CANCELLED)
    with refused("INV-000001 is Cancelled; credit applies only to unpaid invoices."):
        apply_credit(invoice=invoice, by=None)
    assert_invariants()


def test_automatic_use_switched_off_leaves_credit_to_be_applied_by_hand():
    acme = acme_applying_by_hand()
    grant = give_credit(acme, usd(30))
    invoice = make_invoice(acme, usd(100))
    assert (invoice.credit_applied, CreditGrant.objects.get().remaining) == (usd(0), usd(30))
    apply_credit(invoice=invoice, by=None)
    grant.refresh_from_db()
    assert grant.remaining == usd(0)
    assert_invariants()


def test_credit_in_another_currency_cannot_be_taken_off_again():
    acme = acme_applying_by_hand()
    give_credit(acme, usd(30))
    invoice = make_invoice(acme, usd(100))
    apply_credit(invoice=invoice, by=None)
    with refused("INV-000001 is in USD; no credit in EUR is applied to it.", "amount"):
        release_credit(invoice=invoice, amount=Money(5, "EUR"), by=None)
    assert_invariants()
