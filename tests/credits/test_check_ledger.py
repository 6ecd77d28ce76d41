"""check_ledger finds what a forgotten path, a restore or a hand in the database may have broken."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from credits.models import LedgerFinding
from credits.services.check import check_ledger
from invoices.services.credit_notes import CreditLine, issue_credit_note
from invoices.services.write_off import reverse_write_off, write_off_invoice
from tests.factories import give_credit, make_client, make_invoice, make_payment_method, usd
from tests.raw_sql import triggers_off
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db


@pytest.fixture
def books() -> None:
    """Acme with 40.00 given, a paid invoice, one written off, and one of 100.00, most of it settled or credited."""
    acme = make_client()
    give_credit(acme, usd(30))
    invoice = make_invoice(acme, usd(100))
    receive_payment(invoices=[invoice], amount=usd(20), payment_method=make_payment_method(), by=None)
    (line,) = invoice.lines.all()
    issue_credit_note(invoice=invoice, reason="Downtime", by=None, lines=[CreditLine(line.pk, gross=usd(15))])
    give_credit(acme, usd(40))
    make_invoice(acme, usd(10))
    lost = make_invoice(acme, usd(7), credit_use="never")
    write_off_invoice(invoice=lost, reason="Insolvent", amount=usd(1), by=None)
    reverse_write_off(invoice=lost, reason="Mistake", by=None)
    write_off_invoice(invoice=lost, reason="Dissolved", by=None)


CORRUPTIONS = {
    "a balance typed over": ("I1", "UPDATE credits_creditaccount SET balance = balance + 1"),
    "a grant with more left": (
        "I2",
        "UPDATE credits_creditgrant SET remaining = remaining + 1 WHERE remaining < amount AND remaining > 0",
    ),
    "an entry of another amount": ("I1", "UPDATE credits_creditentry SET amount = amount - 1 WHERE kind = 'apply'"),
    "an entry gone": (
        "I2",
        "DELETE FROM credits_creditentry WHERE id = (SELECT max(id) FROM credits_creditentry WHERE kind = 'apply')",
    ),
    "an entry twice": (
        "I3",
        """INSERT INTO credits_creditentry
           (grant_id, account_id, client_id, kind, currency, amount, invoice_id, description, actor_name, at)
           SELECT grant_id, account_id, client_id, kind, currency, amount, invoice_id, description, actor_name, at
           FROM credits_creditentry WHERE kind = 'apply' ORDER BY id LIMIT 1""",
    ),
    "credit on an invoice typed over": (
        "I3",
        "UPDATE invoices_invoice SET credit_applied = credit_applied + 1 WHERE status = 'unpaid'",
    ),
    "a payment on an invoice typed over": (
        "I4",
        "UPDATE invoices_invoice SET amount_paid = amount_paid + 1 WHERE status = 'unpaid'",
    ),
    "a transaction gone": ("I4", "DELETE FROM transactions_transaction"),
    "a credited amount typed over": (
        "I5",
        "UPDATE invoices_invoice SET amount_credited = amount_credited + 1 WHERE status = 'unpaid'",
    ),
    "a credit note of another total": (
        "I6",
        "UPDATE invoices_creditnote SET subtotal = subtotal + 1, total = total + 1",
    ),
    "more credited of a line than it billed": ("I6", "UPDATE invoices_creditnoteline SET amount = amount + 100"),
    "written off without a row": (
        "I5",
        "UPDATE invoices_invoice SET amount_written_off = amount_written_off + 1 WHERE status = 'unpaid'",
    ),
    "more taken back than written off": (
        "I5",
        "UPDATE invoices_writeoff SET amount = -2 WHERE reverses_id IS NOT NULL",
    ),
    "a write-off of another amount": ("I10", "UPDATE invoices_writeoff SET amount = amount + 1 WHERE amount > 1"),
    "a line of another amount": ("I6", "UPDATE invoices_invoiceline SET amount = amount + 1"),
    "lines gone": (
        "I6",
        "DELETE FROM invoices_invoiceline WHERE id NOT IN (SELECT invoice_line_id FROM invoices_creditnoteline)",
    ),
    "an entry on somebody else's account": (
        "I2",
        """WITH other AS (INSERT INTO credits_creditaccount (client_id, currency, balance)
                          SELECT client_id, 'EUR', 0 FROM credits_creditaccount RETURNING id)
           UPDATE credits_creditentry SET account_id = other.id FROM other WHERE kind = 'apply'""",
    ),
}


@pytest.mark.usefixtures("books")
def test_books_in_order_give_no_finding(capsys):
    assert check_ledger().finding_count == 0
    call_command("check_ledger")
    assert "The ledger is in order" in capsys.readouterr().out


@pytest.mark.usefixtures("books")
@pytest.mark.parametrize("corruption", CORRUPTIONS)
def test_each_corruption_is_found_with_its_figures(corruption):
    invariant, sql = CORRUPTIONS[corruption]
    with triggers_off(), connection.cursor() as cursor:
        cursor.execute(sql)
        assert cursor.rowcount > 0
    check = check_ledger()
    assert check.finding_count == LedgerFinding.objects.count() > 0
    assert invariant in set(LedgerFinding.objects.values_list("invariant", flat=True))


@pytest.mark.usefixtures("books")
def test_a_finding_names_both_figures_and_the_command_fails():
    with triggers_off(), connection.cursor() as cursor:
        cursor.execute("UPDATE credits_creditaccount SET balance = balance + 1")
    with pytest.raises(CommandError, match=r"2 discrepancies found\."):
        call_command("check_ledger")
    texts = LedgerFinding.objects.order_by("id").values_list("text", flat=True)
    assert [text.split(" ", 4)[4] for text in texts] == [
        "balance 31.000, but its entries come to 30.000",
        "balance 31.000, but its credits have 30.000 left",
    ]


@pytest.mark.usefixtures("books")
def test_a_quantity_credited_twice_is_found_with_both_figures():
    with triggers_off(), connection.cursor() as cursor:
        cursor.execute("UPDATE invoices_creditnoteline SET quantity = 1.5")
    check_ledger()
    finding = LedgerFinding.objects.get()
    assert finding.text == (
        f"I6: invoice line {finding.subject_id} billed a quantity of 1.0000, but 1.5000 of it is credited"
    )


@pytest.mark.usefixtures("books")
@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE invoices_writeoff SET amount = -2 WHERE reverses_id IS NOT NULL", "of 1.000, but 2.000 of it is"),
        (
            "UPDATE invoices_writeoff SET invoice_id = (SELECT min(id) FROM invoices_invoice) WHERE amount < 0",
            "but what takes it back is of invoice",
        ),
        ("UPDATE invoices_invoice SET status = 'paid' WHERE status = 'writtenoff'", "is paid with 0.000 due"),
        ("UPDATE invoices_writeoff SET amount = amount + 1 WHERE amount > 1", "7.000 written off, but its write-offs"),
    ],
)
def test_each_rule_of_write_offs_is_said_by_itself(sql, said):
    with triggers_off(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE invoices_invoice DROP CONSTRAINT invoice_paid_exactly_when_nothing_due")
        cursor.execute(sql)
    check_ledger()
    assert any(said in text for text in LedgerFinding.objects.values_list("text", flat=True))
