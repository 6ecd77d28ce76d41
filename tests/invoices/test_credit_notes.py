"""Credit notes: they correct an issued invoice, which itself never changes."""

import datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from djmoney.money import Money

from clients.models import Activity, CreditUse, FormKey
from clients.services.profile import edit_client
from credits.models import CreditAccount, CreditEntry, CreditGrant
from credits.services.apply import apply_credit
from credits.services.check import check_ledger
from invoices.selectors.credit_notes import lines_left
from invoices.services.cancel import cancel_invoice
from invoices.services.credit_note_refunds import RefundOrder, RefundTo
from invoices.services.credit_notes import (
    CreditLine,
    issue_credit_note,
)
from invoices.services.issue import NewLine, bill_client, draft_invoice
from tests.factories import give_credit, make_client, make_payment_method, make_staff, usd
from tests.invariants import assert_invariants
from tests.invoices.credited import billed, credit, lines_of
from tests.unchanged import refused, reused
from transactions.models import Transaction
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db


def split(note):
    return [(line.amount, line.tax, line.quantity) for line in note.lines.order_by("position")]


# ── The whole of it ──


def test_an_unpaid_invoice_is_credited_whole_and_nothing_is_due():
    acme, ann = make_client("Acme Ltd", address_1="Main Street 1"), make_staff(username="ann")
    invoice = billed(("100.00", "1", "19"), ("33.33", "3", "8.25"), to=acme)
    edit_client(client=acme, by=None, company_name="Acme Holding")
    credited = issue_credit_note(invoice=invoice, reason=" Never delivered ", by=ann, on=datetime.date(2030, 1, 2))
    note = credited.note
    assert (note.label, note.issued_on, note.reason) == ("CN-000001", datetime.date(2030, 1, 2), "Never delivered")
    assert (note.subtotal, note.tax, note.total) == (usd("199.99"), usd("27.25"), usd("227.24"))
    assert split(note) == [(usd(100), usd(19), 1), (usd("99.99"), usd("8.25"), 3)]
    assert (note.bill_to_name, note.address_lines) == ("Acme Ltd", ["Main Street 1"])
    assert (credited.released, credited.refunded) == (usd(0), usd(0))
    now = credited.invoice
    assert (now.status, now.due, now.amount_credited, now.total) == ("paid", usd(0), usd("227.24"), usd("227.24"))
    assert (now.is_credited, now.paid_at is not None) == (True, True)
    activity = Activity.objects.latest("id")
    assert (activity.verb, activity.actor_name, activity.words) == (
        "credit_note.issued",
        "ann",
        "CN-000001 of 227.24 USD issued for INV-000001: Never delivered",
    )
    assert_invariants()
    assert check_ledger().finding_count == 0


def test_credit_notes_have_numbers_of_their_own():
    first, second = billed(("1.00", "1", "0")), billed(("2.00", "1", "0"))
    assert [credit(invoice).note.label for invoice in (second, first)] == ["CN-000001", "CN-000002"]
    assert billed(("1.00", "1", "0")).label == "INV-000003"
    assert_invariants()


def test_credited_in_part_less_is_due_and_a_payment_pays_the_rest():
    invoice = billed(("100.00", "1", "0"))
    now = credit(invoice, CreditLine(lines_of(invoice)[0].pk, gross=usd(30))).invoice
    assert (now.status, now.due, now.amount_credited, now.is_credited) == ("unpaid", usd(70), usd(30), False)
    recorded = receive_payment(invoices=[invoice], amount=usd(80), payment_method=make_payment_method(), by=None)
    invoice.refresh_from_db()
    assert (recorded.credited, invoice.status, invoice.amount_paid) == (usd(10), "paid", usd(70))
    assert_invariants()


def test_credit_applies_to_no_more_than_what_is_left_due():
    acme = make_client(credit_use=CreditUse.NEVER)
    give_credit(acme, usd(100))
    invoice = billed(("100.00", "1", "0"), to=acme)
    credit(invoice, CreditLine(lines_of(invoice)[0].pk, gross=usd(30)))
    assert apply_credit(invoice=invoice, by=None) == usd(70)
    assert CreditAccount.objects.get().balance == usd(30)
    assert_invariants()


# ── What was settled goes back ──


def test_applied_credit_goes_back_to_the_grants_that_it_came_from():
    acme = make_client()
    give_credit(acme, usd(20))
    give_credit(acme, usd(30), "Goodwill", expires_on=datetime.date(2099, 1, 1))
    invoice = billed(("100.00", "1", "0"), to=acme)
    (line,) = lines_of(invoice)
    first = credit(invoice, CreditLine(line.pk, gross=usd(60)))
    assert (first.released, first.invoice.due, first.invoice.credit_applied) == (usd(10), usd(0), usd(40))
    second = credit(invoice)
    assert (second.released, second.note.total, second.invoice.credit_applied) == (usd(40), usd(40), usd(0))
    assert list(CreditGrant.objects.order_by("pk").values_list("remaining", flat=True)) == [20, 30]
    assert second.invoice.is_credited
    assert_invariants()


def test_credit_that_expired_meanwhile_comes_back_and_expires():
    acme = make_client()
    give_credit(acme, usd(20), expires_on=datetime.date(2030, 1, 31))
    invoice = bill_client(client=acme, lines=[NewLine("A", usd(20))], by=None, on=datetime.date(2030, 1, 1))
    credit(invoice, on=datetime.date(2030, 3, 1))
    assert list(CreditEntry.objects.order_by("pk").values_list("kind", flat=True)) == [
        "grant", "apply", "release", "expire",
    ]  # fmt: skip
    assert_invariants()


def paid_with_both():
    """100.00, of which credit paid 30.00 and money 70.00."""
    acme = make_client()
    give_credit(acme, usd(30))
    invoice = billed(("100.00", "1", "0"), to=acme)
    receive_payment(invoices=[invoice], amount=usd(70), payment_method=make_payment_method(), by=None)
    return invoice


def test_staff_choose_whether_credit_or_payments_go_back_first():
    invoice = paid_with_both()
    (line,) = lines_of(invoice)
    part = CreditLine(line.pk, gross=usd(30))
    payments_first = credit(invoice, part, order=RefundOrder.PAYMENTS_FIRST)
    assert (payments_first.released, payments_first.refunded) == (usd(0), usd(30))
    credit_first = credit(invoice, part, order=RefundOrder.CREDIT_FIRST)
    assert (credit_first.released, credit_first.refunded) == (usd(30), usd(0))
    after = credit_first.invoice
    assert (after.credit_applied, after.amount_paid, after.amount_credited, after.due) == (
        usd(0), usd(40), usd(60), usd(0)
    )  # fmt: skip
    assert after.status == "paid"
    assert_invariants()


def test_payments_go_back_to_the_method_the_last_one_first():
    invoice = billed(("100.00", "1", "0"))
    method = make_payment_method()
    first = receive_payment(invoices=[invoice], amount=usd(60), payment_method=method, by=None).transaction
    last = receive_payment(invoices=[invoice], amount=usd(40), payment_method=method, by=None).transaction
    (line,) = lines_of(invoice)
    assert credit(invoice, CreditLine(line.pk, gross=usd(50))).refunded == usd(50)
    out = Transaction.objects.filter(amount_out__gt=0).order_by("pk")
    assert [(row.refund_of, row.amount_out, row.kind) for row in out] == [
        (last, usd(40), "refund"), (first, usd(10), "refund")
    ]  # fmt: skip
    assert CreditGrant.objects.count() == 0
    assert_invariants()


def test_payments_become_credit_where_staff_say_so():
    invoice = paid_with_both()
    done = credit(invoice, refund_to=RefundTo.CREDIT)
    assert (done.released, done.refunded, done.invoice.due) == (usd(30), usd(70), usd(0))
    assert CreditAccount.objects.get().balance == usd(100)
    assert CreditGrant.objects.get(kind="refund").category == "paid"
    assert_invariants()


# ── Some lines ──


def test_the_last_quantity_of_a_line_credited_takes_the_rest():
    invoice = billed(("0.05", "3", "10"), ("7.00", "1", "0"))
    line, _ = lines_of(invoice)
    assert (line.amount, line.tax) == (usd("0.15"), usd("0.02"))
    for total in ("0.06", "0.06", "0.05"):
        assert credit(invoice, CreditLine(line.pk, quantity=Decimal(1))).note.total == usd(total)
    left = lines_left(invoice)[0]
    assert (left.quantity, left.amount, left.tax) == (0, usd(0), usd(0))
    with refused("Nothing is left to credit of line 1, “Line 1”."):
        credit(invoice, CreditLine(line.pk, quantity=Decimal(1)))
    assert credit(invoice).note.total == usd(7)
    assert_invariants()


def test_an_amount_is_split_into_net_and_tax_as_the_line_was():
    invoice = billed(("100.00", "1", "19"))
    (line,) = lines_of(invoice)
    note = credit(invoice, CreditLine(line.pk, gross=usd("11.90"))).note
    assert split(note) == [(usd(10), usd("1.90"), None)]
    assert split(credit(invoice).note) == [(usd(90), usd("17.10"), 1)]
    assert_invariants()


def test_a_quantity_after_an_amount_never_takes_more_than_is_left():
    invoice = billed(("10.00", "2", "0"))
    (line,) = lines_of(invoice)
    credit(invoice, CreditLine(line.pk, gross=usd("12.00")))
    text = "Line 1: 1 came to 10.00 USD, but only 8.00 USD is left."
    with refused(text):
        credit(invoice, CreditLine(line.pk, quantity=Decimal(1)))
    assert credit(invoice).note.total == usd(8)
    assert_invariants()


def cases(line, other):
    return [
        (CreditLine(line.pk, gross=usd("119.01")), "Only 119.00 USD of line 1 is left; 119.01 USD was to be credited."),
        (CreditLine(line.pk, gross=usd(0)), "Line 1: give an amount above zero; 0.00 USD was given."),
        (CreditLine(line.pk, gross=usd(-1)), "Line 1: give an amount above zero; −1.00 USD was given."),
        (CreditLine(line.pk, gross=Money(1, "EUR")), "Line 1 is in USD; 1.00 EUR cannot be credited of it."),
        (CreditLine(line.pk, quantity=Decimal("1.5")), "Line 1: only 1 of 1 are left; 1.5 were to be credited."),
        (
            CreditLine(line.pk, quantity=Decimal("NaN")),
            "Line 1: a quantity is above zero and has up to 8 digits and 4 decimal places; NaN was given.",
        ),
        (
            CreditLine(line.pk, quantity=Decimal("0.00")),
            "Line 1: a quantity is above zero and has up to 8 digits and 4 decimal places; 0.00 was given.",
        ),
        (CreditLine(other.pk), "A line that is not on INV-000001 was chosen; nothing was credited."),
    ]  # fmt: skip


@pytest.mark.parametrize("number", range(8))
def test_more_than_a_line_has_is_refused_with_the_figures(number):
    invoice, other = billed(("100.00", "1", "19")), billed(("1.00", "1", "0"))
    chosen, text = cases(lines_of(invoice)[0], lines_of(other)[0])[number]
    with refused(text):
        credit(invoice, chosen)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0.001", "USD has 2 decimal places; 0.001 has more."),
        ("NaN", "NaN is not an amount."),
        ("Infinity", "Infinity is not an amount."),
        ("1e400", "The amount has more than 15 digits before the decimal point."),
    ],
)
def test_what_is_no_amount_is_refused(amount, text):
    invoice = billed(("100.00", "1", "19"))
    (line,) = lines_of(invoice)
    with refused(text, "amount"):
        credit(invoice, CreditLine(line.pk, gross=usd(amount)))


def test_a_line_named_twice_is_refused():
    invoice = billed(("100.00", "1", "0"))
    (line,) = lines_of(invoice)
    with refused("Each line is named once on a credit note."):
        credit(invoice, CreditLine(line.pk, gross=usd(1)), CreditLine(line.pk, gross=usd(1)))


# ── Other refusals ──


def test_which_invoices_take_no_credit_note():
    acme = make_client()
    draft = draft_invoice(client=acme, lines=[NewLine("A", usd(1))], by=None)
    with refused("This is a draft; use Edit or Delete Draft instead."):
        credit(draft)
    cancelled = billed(("1.00", "1", "0"), to=acme)
    cancel_invoice(invoice=cancelled, by=None)
    with refused("INV-000001 is Cancelled: nothing of it is due, and nothing is left to credit."):
        credit(cancelled)
    whole = billed(("1.00", "1", "0"), to=acme)
    credit(whole)
    with refused("Nothing is left to credit on INV-000002: its total is all taken back."):
        credit(whole)
    nothing = billed(("0.00", "1", "0"), to=acme)
    with refused("Nothing is left to credit on INV-000003: its total is all taken back."):
        credit(nothing)
    with refused("INV-000002 is Paid; a payment of 1.00 USD was not recorded.", "invoices"):
        card = SimpleNamespace(pk=0)
        receive_payment(invoices=[whole], amount=usd(1), payment_method=card, by=None)


def test_one_credited_in_part_is_not_cancelled():
    invoice = billed(("10.00", "1", "0"))
    credit(invoice, CreditLine(lines_of(invoice)[0].pk, gross=usd(4)))
    text = "Credit notes have taken back 4.00 USD of INV-000001. Use Credit Note for the rest instead."
    with refused(text):
        cancel_invoice(invoice=invoice, by=None)


def test_a_credit_note_says_why():
    invoice = billed(("10.00", "1", "0"))
    with refused("Say why it is credited; the credit note says it to the client.", "reason"):
        credit(invoice, reason="  ")


def test_the_same_form_twice_issues_one():
    invoice = billed(("10.00", "1", "0"), ("20.00", "1", "0"))
    first_line, second_line = lines_of(invoice)
    chosen = CreditLine(first_line.pk, gross=usd(4))
    first = credit(invoice, chosen, key=FormKey(key="form-1"))
    key = FormKey(key="form-1")
    assert (credit(invoice, chosen, key=key).note, key.repeated) == (first.note, True)
    text = reused("CN-000001 of 4.00 USD issued for INV-000001")
    for other in (CreditLine(first_line.pk, gross=usd(5)), CreditLine(second_line.pk, gross=usd(4))):
        with refused(text):
            credit(invoice, other, key=FormKey(key="form-1"))
    with refused(text):
        credit(invoice, chosen, reason="Other", key=FormKey(key="form-1"))
    assert_invariants()
