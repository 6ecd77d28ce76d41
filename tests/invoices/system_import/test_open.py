"""Open invoices of another system: they come as ours, with lines that add up, or wait and say with which figures."""

from decimal import Decimal

import pytest

from credits.services.check import check_ledger
from invoices.models import ImportedInvoice, Invoice, InvoiceLine, ReminderHold
from tests.factories import make_client, usd
from tests.invariants import assert_invariants
from tests.staged import make_import

from .rows import ON, bring, stage_client, stage_credit, stage_invoice, stage_money

pytestmark = pytest.mark.django_db


def lines_of(invoice: Invoice) -> list[tuple[str, str, str, str]]:
    return [
        (str(line.amount.amount), str(line.tax.amount), str(line.tax_rate), line.tax_category)
        for line in invoice.lines.order_by("position")
    ]


def assert_sound() -> None:
    assert_invariants()
    assert [(each.invariant, each.subject) for each in check_ledger().findings.all()] == []


@pytest.mark.parametrize("status", ["Unpaid", "Payment Pending", "Collections", "Overdue"])
def test_an_open_one_comes_with_lines_of_ours_and_a_hold(status):
    run, client = make_import(), make_client("Acme")
    stage_client(run)
    staged = stage_invoice(run, 41, ("100.00", True), ("50.00", False), status=status, tax="19.00", tax_rate="19")
    brought = bring(run, client)
    staged.refresh_from_db()
    invoice = Invoice.objects.get()
    assert (staged.outcome, staged.why) == ("", "")
    assert brought == {"41": (invoice.pk, "open", "41")}
    assert (invoice.status, invoice.total, invoice.due, invoice.number) == ("unpaid", usd(169), usd(169), None)
    assert (invoice.bill_to_name, invoice.issued_on) == (client.name, ON)
    assert lines_of(invoice) == [("100.000", "19.000", "19.000", "S"), ("50.000", "0.000", "0.000", "")]
    assert ImportedInvoice.objects.get().status == status
    hold = ReminderHold.objects.get()
    assert (hold.kind, hold.created_by_name, hold.invoice_id) == ("imported", run.actor_name, invoice.pk)
    assert_sound()


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        # Two taxes of one line: their rates together.
        ({"tax": "5.00", "tax2": "9.98", "tax_rate": "5", "tax2_rate": "9.975"}, [("100.000", "14.980", "14.975")]),
        # The second tax on the first.
        ({"tax": "10.00", "tax2": "11.00", "tax_rate": "10", "tax2_rate": "10"}, [("100.000", "21.000", "21.000")]),
        # A rate that was changed since: what the tax comes to.
        ({"tax": "7.00", "tax_rate": "19"}, [("100.000", "7.000", "7.000")]),
        # An exempt client.
        ({"tax": "0", "tax_rate": "19"}, [("100.000", "0.000", "0.000")]),
        # Prices that include it: the subtotal is without.
        ({"subtotal": "84.03", "tax": "15.97", "tax_rate": "19"}, [("84.030", "15.970", "19.000")]),
    ],
)
def test_its_tax_is_that_of_its_lines(figures, expected):
    run = make_import()
    stage_client(run)
    stage_invoice(run, 41, ("100.00", True), **figures)
    bring(run, make_client())
    assert [line[:3] for line in lines_of(Invoice.objects.get())] == expected
    assert_sound()


def test_what_rounding_leaves_goes_to_the_largest_line():
    run = make_import()
    stage_client(run)
    stage_invoice(run, 41, ("0.33", True), ("1.33", True), ("0.33", True), tax="0.20", tax_rate="10")
    bring(run, make_client())
    assert [line[1] for line in lines_of(Invoice.objects.get())] == ["0.030", "0.140", "0.030"]
    assert_sound()


@pytest.mark.parametrize(
    ("lines", "figures", "word"),
    [
        ((("10.00", False),), {"subtotal": "12.00"}, "subtotal is 12.00 USD"),
        ((("10.00", False),), {"total": "12.00"}, "Its total is 12.00 USD"),
        ((("10.00", False),), {"credit": "15.00"}, "Credit of 15.00 USD"),
        ((("10.00", False),), {"credit": "4.00"}, "rows of credit come to 0.00 USD"),
        ((("10.00", False),), {"paid": "4.00"}, "comes to 0.00 USD"),
        ((("10.005", False),), {}, "decimals"),
        ((("10.00", False),), {"tax": "1.00", "tax_rate": "10"}, "No rate makes its tax of 1.00 USD"),
        ((("0.00", False),), {}, "nothing is due"),
        ((("10.00", True),), {"tax": "30.00", "tax_rate": "10"}, "No rate makes its tax of 30.00 USD"),
    ],
)
def test_what_no_rule_of_ours_fits_waits_and_says_the_figures(lines, figures, word):
    run = make_import()
    stage_client(run)
    staged = stage_invoice(run, 41, *lines, **figures)
    assert bring(run, make_client()) == {}
    staged.refresh_from_db()
    assert staged.outcome == "waits"
    assert word in staged.why
    assert not Invoice.objects.exists()
    assert not InvoiceLine.objects.exists()


def test_credit_and_money_settle_it_when_they_follow():
    run = make_import()
    stage_client(run)
    staged = stage_invoice(run, 41, ("10.00", False), credit="4.00", paid="2.00")
    stage_credit(run, 1, 41, "-5.00")
    stage_credit(run, 2, 41, "1.00")
    stage_money(run, 1, 41, "2.00")
    bring(run, make_client())
    staged.refresh_from_db()
    assert (staged.outcome, staged.why) == ("", "")
    invoice = Invoice.objects.get()
    assert (invoice.total, invoice.due) == (usd(10), usd(10))
    assert (invoice.imported.total, invoice.imported.credit, invoice.imported.paid) == (usd(6), usd(4), usd(2))


def test_credit_that_is_left_out_with_a_debt_lets_it_wait():
    run = make_import()
    stage_client(run, balance=Decimal(-3))
    staged = stage_invoice(run, 41, ("10.00", False), credit="4.00")
    stage_credit(run, 1, 41, "-4.00")
    bring(run, make_client())
    staged.refresh_from_db()
    assert staged.outcome == "waits"
    run.answers = {"negative balance": "bring"}
    run.save()
    bring(run, make_client())
    staged.refresh_from_db()
    assert staged.outcome == ""


def test_money_of_another_client_does_not_settle_it():
    run = make_import()
    stage_client(run)
    stage_client(run, 8)
    staged = stage_invoice(run, 41, paid="2.00")
    stage_money(run, 1, 41, "2.00", client=8)
    bring(run, make_client())
    staged.refresh_from_db()
    assert (staged.outcome, "comes to 0.00 USD" in staged.why) == ("waits", True)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((("10.00", False), ("-3.00", False), ("5.00", False)),
         [("7.000", "Line 0\nLine 1 (−3.00)"), ("5.000", "Line 2")]),
        ((("10.00", False), ("-3.00", False), ("-7.00", False), ("1.00", False)),
         [("0.000", "Line 0\nLine 1 (−3.00)\nLine 2 (−7.00)"), ("1.000", "Line 3")]),
        ((("2.00", False), ("-3.00", False), ("5.00", False)), None),
        ((("-3.00", False), ("5.00", False)), None),
    ],
)  # fmt: skip
def test_a_negative_line_goes_into_the_one_before_where_that_is_decided(lines, expected):
    run, client = make_import(), make_client()
    stage_client(run)
    staged = stage_invoice(run, 41, *lines)
    assert bring(run, client) == {}
    staged.refresh_from_db()
    assert (staged.outcome, "negative line" in staged.why) == ("asks", True)
    run.answers = {"negative lines": "join"}
    run.save()
    bring(run, client)
    staged.refresh_from_db()
    if expected is None:
        assert (staged.outcome, Invoice.objects.count()) == ("waits", 0)
        return
    lines_now = InvoiceLine.objects.order_by("position")
    assert [(str(line.amount.amount), line.description) for line in lines_now] == expected
    assert_sound()
