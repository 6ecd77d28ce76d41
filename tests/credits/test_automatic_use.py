"""Credit applied by itself when an invoice is issued."""

import datetime

import pytest
from djmoney.money import Money

from clients.models import CreditUse
from credits.models import CreditAccount, CreditEntry, CreditGrant, CreditSettings
from invoices.models import Invoice
from tests.factories import give_credit, make_client, make_invoice, usd
from tests.invariants import assert_invariants

pytestmark = pytest.mark.django_db


def remaining(*grants: CreditGrant) -> list[str]:
    return [str(CreditGrant.objects.get(pk=grant.pk).remaining.amount) for grant in grants]


def test_credit_that_covers_part_lowers_what_is_due():
    acme = make_client()
    give_credit(acme, usd("30.00"))
    invoice = make_invoice(acme, usd("100.00"))
    assert (invoice.status, invoice.credit_applied, invoice.due) == (Invoice.Status.UNPAID, usd(30), usd(70))
    assert CreditAccount.objects.get(client=acme).balance == usd(0)
    assert_invariants()


def test_credit_that_covers_all_pays_the_invoice():
    acme = make_client()
    give_credit(acme, usd("130.00"))
    invoice = make_invoice(acme, usd("100.00"))
    assert (invoice.status, invoice.credit_applied, invoice.due) == (Invoice.Status.PAID, usd(100), usd(0))
    assert invoice.paid_at is not None
    assert CreditAccount.objects.get(client=acme).balance == usd(30)
    assert_invariants()


def test_two_grants_of_100_and_an_invoice_of_80_leave_20_and_100():
    acme = make_client()
    first, second = give_credit(acme, usd(100)), give_credit(acme, usd(100))
    make_invoice(acme, usd(80))
    assert remaining(first, second) == ["20.000", "100.000"]
    assert_invariants()


def test_two_grants_of_100_and_an_invoice_of_80_with_tax_leave_4_and_100():
    acme = make_client()
    first, second = give_credit(acme, usd(100)), give_credit(acme, usd(100))
    invoice = make_invoice(acme, usd(80), tax_rate="20")
    assert (invoice.subtotal, invoice.tax, invoice.total) == (usd(80), usd(16), usd(96))
    assert remaining(first, second) == ["4.000", "100.000"]
    assert_invariants()


def test_ten_grants_of_1_pay_an_invoice_of_10():
    acme = make_client()
    for _ in range(10):
        give_credit(acme, usd("1.00"))
    invoice = make_invoice(acme, usd("10.00"))
    assert (invoice.status, invoice.due) == (Invoice.Status.PAID, usd(0))
    assert CreditEntry.objects.filter(invoice=invoice).count() == 10
    assert_invariants()


def test_small_change_is_used_and_none_is_stranded():
    acme = make_client()
    for amount in ("0.01", "0.50", "0.99"):
        give_credit(acme, usd(amount))
    assert make_invoice(acme, usd("1.50")).due == usd(0)
    assert CreditAccount.objects.get(client=acme).balance == usd(0)
    assert_invariants()


def test_three_times_10_cents_pay_30_cents_exactly():
    acme = make_client()
    for _ in range(3):
        give_credit(acme, usd("0.10"))
    assert make_invoice(acme, usd("0.30")).status == Invoice.Status.PAID
    assert_invariants()


def test_a_credit_of_9_99_leaves_one_cent_of_10_due():
    acme = make_client()
    give_credit(acme, usd("9.99"))
    invoice = make_invoice(acme, usd("10.00"))
    assert (invoice.status, invoice.due) == (Invoice.Status.UNPAID, usd("0.01"))
    assert_invariants()


def test_draw_down_takes_priority_then_expiry_then_promotional_then_age():
    acme = make_client()
    soon, later = datetime.date(2099, 1, 1), datetime.date(2099, 2, 1)
    paid = give_credit(acme, usd(1), "paid, never", category=CreditGrant.Category.PAID)
    promotional = give_credit(acme, usd(1), "promotional, never")
    younger = give_credit(acme, usd(1), "promotional, never, younger")
    expires_later = give_credit(acme, usd(1), "expires later", expires_on=later, category=CreditGrant.Category.PAID)
    expires_soon = give_credit(acme, usd(1), "expires soon", expires_on=soon, category=CreditGrant.Category.PAID)
    urgent = give_credit(acme, usd(1), "urgent", priority=1, category=CreditGrant.Category.PAID)
    order = [urgent, expires_soon, expires_later, promotional, younger, paid]
    assert list(CreditGrant.objects.in_draw_down_order()) == order
    make_invoice(acme, usd(6))
    assert [entry.grant for entry in CreditEntry.objects.filter(kind="apply").order_by("id")] == order
    assert_invariants()


def test_expired_credit_is_left_alone():
    acme = make_client()
    grant = give_credit(acme, usd(10), expires_on=datetime.date(2099, 1, 1))
    invoice = make_invoice(acme, usd(10), on=datetime.date(2099, 1, 2))
    assert (invoice.due, remaining(grant)) == (usd(10), ["10.000"])


def test_the_day_of_expiry_still_counts():
    acme = make_client()
    give_credit(acme, usd(10), expires_on=datetime.date(2099, 1, 1))
    assert make_invoice(acme, usd(10), on=datetime.date(2099, 1, 1)).due == usd(0)


@pytest.mark.parametrize(
    ("invoice_use", "client_use", "system_use", "applied"),
    [
        ("", "", CreditUse.ALWAYS, 30),
        ("", "", CreditUse.WHOLE, 0),
        ("", "", CreditUse.NEVER, 0),
        ("", CreditUse.ALWAYS, CreditUse.NEVER, 30),
        ("", CreditUse.NEVER, CreditUse.ALWAYS, 0),
        (CreditUse.ALWAYS, CreditUse.NEVER, CreditUse.NEVER, 30),
        (CreditUse.NEVER, CreditUse.ALWAYS, CreditUse.ALWAYS, 0),
        (CreditUse.WHOLE, CreditUse.ALWAYS, CreditUse.ALWAYS, 0),
    ],
)
def test_the_rule_is_the_invoices_else_the_clients_else_the_systems(invoice_use, client_use, system_use, applied):
    CreditSettings.objects.create(credit_use=system_use)
    acme = make_client(credit_use=client_use)
    give_credit(acme, usd(30))
    assert make_invoice(acme, usd(100), credit_use=invoice_use).credit_applied == usd(applied)
    assert_invariants()


def test_only_if_it_covers_the_whole_invoice_applies_when_it_does():
    acme = make_client(credit_use=CreditUse.WHOLE)
    give_credit(acme, usd(100))
    assert make_invoice(acme, usd(100)).status == Invoice.Status.PAID
    assert_invariants()


def test_credit_pays_only_invoices_in_its_own_currency():
    acme = make_client()
    give_credit(acme, usd(100))
    invoice = make_invoice(acme, usd(10))
    euro = make_invoice(acme, Money(10, "EUR"))
    assert (invoice.due, euro.credit_applied.amount) == (usd(0), 0)
    assert_invariants()
