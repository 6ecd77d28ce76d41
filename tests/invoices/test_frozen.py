"""An issued invoice, its lines and its transactions stay what they were: the database refuses whoever writes."""

import datetime
from collections.abc import Iterator
from copy import deepcopy
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError
from django.db import transaction as db_transaction
from djmoney.money import Money

from billing_admin.db.triggers import maintenance
from clients.models import CreditUse
from clients.services.profile import edit_client
from credits.services.apply import apply_credit
from invoices.models import Invoice, InvoiceLine
from invoices.models.as_issued import FROZEN_AT_ISSUE
from invoices.services.issue import NewLine, draft_invoice, issue_invoice
from tests.factories import give_credit, make_client, make_invoice, make_item, make_payment_method, usd
from tests.invariants import assert_invariants
from tests.raw_sql import execute
from tests.unchanged import nothing_changes, refused_by_database
from transactions.models import Transaction
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db  # tells pytest-django that the module needs a database


@pytest.fixture(scope="module")
def written(django_db_setup: None, django_db_blocker: Any) -> Iterator[SimpleNamespace]:
    """Acme's invoice of 100 USD + 8.25 tax has 20 of credit and 30 paid; another is unpaid, two are drafts.

    Written once for the attempts below, each of which is undone.
    """
    with django_db_blocker.unblock(), db_transaction.atomic():
        acme, globex = make_client(credit_use=CreditUse.NEVER), make_client("Globex")
        give_credit(acme, usd(20))
        invoice = make_invoice(acme, usd(60), usd(40), tax_rate="8.25")
        apply_credit(invoice=invoice, by=None)
        card = make_payment_method()
        payment = receive_payment(
            invoices=[invoice], amount=usd(30), fees=usd(1), payment_method=card, by=None, reference="ch_1"
        ).transaction
        draft, other_draft = (draft_invoice(client=acme, lines=[NewLine("Later", usd(10))], by=None) for _ in range(2))
        invoice.refresh_from_db()
        yield SimpleNamespace(
            acme=acme, globex=globex, invoice=invoice, line=invoice.lines.get(position=1), card=card, payment=payment,
            unpaid=make_invoice(acme, usd(50)), euro=make_invoice(acme, Money(50, "EUR")),
            globex_invoice=make_invoice(globex, usd(50)), draft=draft, draft_line=draft.lines.get(),
            other_draft=other_draft, item=make_item(acme, usd(5), due=datetime.date(2030, 1, 1)),
        )  # fmt: skip
        db_transaction.set_rollback(True)


@pytest.fixture
def books(written: SimpleNamespace, db: None) -> Iterator[SimpleNamespace]:
    yield deepcopy(written)
    assert_invariants()


def insert_line(**values: str) -> str:
    """SQL of a third line of 1 USD on the issued invoice, except for `values`."""
    row = {
        "invoice_id": "{invoice}", "client_id": "{acme}", "position": "3", "description": "'Extra'", "quantity": "1",
        "currency": "'USD'", "unit_price": "1", "tax_rate": "0", "amount": "1", "tax": "0",
    } | values  # fmt: skip
    return f"INSERT INTO invoices_invoiceline ({', '.join(row)}) VALUES ({', '.join(row.values())})"


def insert_payment(**values: str) -> str:
    """SQL of a payment of 1 USD of the issued invoice, except for `values`."""
    row = {
        "client_id": "{acme}", "client_number": "1", "client_name": "'Acme'", "invoice_id": "{invoice}",
        "invoice_label": "''", "date": "current_date", "payment_method_id": "{card}", "reference": "''", "part": "1",
        "description": "''", "currency": "'USD'", "amount_in": "1", "fees": "0", "amount_out": "0",
        "created_by_name": "''", "created_at": "now()",
    } | values  # fmt: skip
    return f"INSERT INTO transactions_transaction ({', '.join(row)}) VALUES ({', '.join(row.values())})"


def update(table: str, change: str, row: str) -> str:
    return f"UPDATE {table} SET {change} WHERE id = {{{row}}}"


INVOICE, LINE, PAYMENT = "invoices_invoice", "invoices_invoiceline", "transactions_transaction"
FROZEN = "An issued invoice never changes. Correct it with a new document."
STAYS_WITH_CLIENT = "An invoice moves to another client only by a merge."
SETTLEMENT = "What settles an invoice follows the ledger, the transactions, credit notes and write-offs; write those."
LINES_FROZEN = "The lines of an issued invoice never change."
NO_MORE_LINES = "Lines come with or after their invoice, and an issued one takes no more."
OF_ITS_INVOICE = "invoice_line_of_its_invoice"
MONEY_FROZEN = "A transaction's amounts, date and description never change; book a refund or a reversal."
LABEL_STAYS = "A transaction keeps the label, method and reference that it was booked with."
OWN_INVOICE = "A transaction settles only an invoice of its own client and currency."

_TOLD_ABOVE = ("bill_to_name", "bill_to_address", "bill_to_email", "bill_to_tax_id")

REFUSED = {
    # What an issued invoice says.
    "number": (update(INVOICE, "number = 99", "invoice"), FROZEN),
    "prefix": (update(INVOICE, "number_prefix = 'X-'", "invoice"), FROZEN),
    "subtotal": (update(INVOICE, "subtotal = subtotal + 1, total = total + 1", "invoice"), FROZEN),
    "tax": (update(INVOICE, "tax = 0, total = subtotal", "invoice"), FROZEN),
    "total": (update(INVOICE, "total = 1", "invoice"), FROZEN),
    "issue date": (update(INVOICE, "issued_on = issued_on - 1", "invoice"), FROZEN),
    "due date": (update(INVOICE, "due_on = due_on + 1", "invoice"), FROZEN),
    "name": (update(INVOICE, "bill_to_name = 'Somebody'", "invoice"), FROZEN),
    "address": (update(INVOICE, "bill_to_address = 'Elsewhere'", "invoice"), FROZEN),
    "e-mail": (update(INVOICE, "bill_to_email = 'x@example.com'", "invoice"), FROZEN),
    "tax ID": (update(INVOICE, "bill_to_tax_id = 'X'", "invoice"), FROZEN),
    "company": (update(INVOICE, "seller_id = 1", "invoice"), FROZEN),
    **{
        column: (update(INVOICE, f"{column} = 'X'", "invoice"), FROZEN)
        for column in FROZEN_AT_ISSUE
        if column not in ("seller_id", "accounting_rate") and column not in _TOLD_ABOVE
    },
    "rate": (update(INVOICE, "accounting_rate = 2", "invoice"), FROZEN),
    "prepaid": (update(INVOICE, "prepaid = 1", "invoice"), FROZEN),
    "prepaid forgotten": (update(INVOICE, "prepaid = NULL", "invoice"), FROZEN),
    "more prepaid than billed": (update(INVOICE, "prepaid = total + 1", "draft"), "invoice_prepaid"),
    "currency": (update(INVOICE, "currency = 'EUR'", "invoice"), "The currency of an invoice never changes."),
    "currency of a draft": (update(INVOICE, "currency = 'EUR'", "draft"), "The currency of an invoice never changes."),
    "client": (update(INVOICE, "client_id = {globex}", "unpaid"), STAYS_WITH_CLIENT),
    "draft's client": (update(INVOICE, "client_id = {globex}", "draft"), STAYS_WITH_CLIENT),
    "back to a draft": (
        update(INVOICE, "status = 'draft'", "unpaid"), "An issued invoice never becomes a draft again.",
    ),
    "deleted": ("DELETE FROM invoices_invoice WHERE id = {unpaid}", "An issued invoice is never deleted; cancel it."),
    # What settles it.
    "credit applied": (update(INVOICE, "credit_applied = 0", "invoice"), SETTLEMENT),
    "amount paid": (update(INVOICE, "amount_paid = 88.25, status = 'paid'", "invoice"), SETTLEMENT),
    "paid without money": (update(INVOICE, "status = 'paid'", "unpaid"), "invoice_paid_exactly_when_nothing_due"),
    "cancelled with money on it": (
        update(INVOICE, "status = 'cancelled'", "invoice"), "invoice_unsettled_unless_issued",
    ),
    "unknown status": (update(INVOICE, "status = 'lost'", "unpaid"), "invoice_"),
    "issued without a number": (update(INVOICE, "status = 'unpaid'", "draft"), "invoice_numbered_when_issued"),
    "numbered twice": (
        update(INVOICE, "status = 'unpaid', number = 1, number_prefix = 'INV-', issued_on = '2030-01-01', "
               "due_on = '2030-01-01'", "draft"),
        "invoice_number_once",
    ),
    "issued with other totals than its lines": (
        update(INVOICE, "status = 'unpaid', number = 99, issued_on = '2030-01-01', due_on = '2030-01-01', "
               "subtotal = 11, total = 11", "draft"),
        "The totals of an issued invoice are the sums of its lines.",
    ),
    "total that does not add up": (update(INVOICE, "total = 11", "draft"), "invoice_total_adds_up"),
    "a tenth of a cent": (update(INVOICE, "subtotal = 0.001, total = 0.001", "draft"), "invoice_places"),
    "less than nothing": (update(INVOICE, "subtotal = -1, total = -1", "draft"), "invoice_amounts_not_negative"),
    "unknown rule for credit": (update(INVOICE, "credit_use = 'maybe'", "unpaid"), "invoice_credit_use"),
    "settled from the start": (
        """INSERT INTO invoices_invoice
            (client_id, number_prefix, status, bill_to_name, bill_to_address, bill_to_email, bill_to_tax_id, currency,
             subtotal, tax, total, credit_applied, amount_paid, amount_credited, credit_use, notes, created_at)
        VALUES ({acme}, '', 'draft', '', '', '', '', 'USD', 9, 0, 9, 0, 9, 0, '', '', now())""",
        SETTLEMENT,
    ),
    # Its lines.
    "line amount": (update(LINE, "amount = 1", "line"), LINES_FROZEN),
    "line tax": (update(LINE, "tax = 0", "line"), LINES_FROZEN),
    "line price": (update(LINE, "unit_price = 1", "line"), LINES_FROZEN),
    "line quantity": (update(LINE, "quantity = 2", "line"), LINES_FROZEN),
    "line tax rate": (update(LINE, "tax_rate = 0", "line"), LINES_FROZEN),
    "line unit": (update(LINE, "unit = 'MON'", "line"), LINES_FROZEN),
    "line tax category": (update(LINE, "tax_category = ''", "line"), LINES_FROZEN),
    "line tax reason": (update(LINE, "tax_reason = 'X'", "line"), LINES_FROZEN),
    "line period": (update(LINE, "period_end = '2030-01-01'", "line"), LINES_FROZEN),
    "taxed and exempt": (update(LINE, "tax_category = 'E', tax_rate = 20", "draft_line"), "invoice_line_tax_category"),
    "standard without tax": (update(LINE, "tax_category = 'S', tax_rate = 0", "draft_line"),
        "invoice_line_tax_category"),
    "no unit": (update(LINE, "unit = ''", "draft_line"), "invoice_line_unit"),
    "line words": (update(LINE, "description = 'Other'", "line"), LINES_FROZEN),
    "line position": (update(LINE, "position = 9", "line"), LINES_FROZEN),
    "line item": (update(LINE, "billable_item_id = {item}, period = '2030-01-01'", "line"), LINES_FROZEN),
    "line moved away": (update(LINE, "invoice_id = {draft}, position = 9", "line"), LINES_FROZEN),
    "line moved in": (update(LINE, "invoice_id = {invoice}, position = 9", "draft_line"), LINES_FROZEN),
    "line deleted": ("DELETE FROM invoices_invoiceline WHERE id = {line}", LINES_FROZEN),
    "line client": (update(LINE, "client_id = {globex}", "line"), "A line moves to another client only by a merge."),
    "line currency": (update(LINE, "currency = 'EUR'", "line"), "The currency of an invoice line never changes."),
    "line added": (insert_line(), NO_MORE_LINES),
    "line of nothing added": (insert_line(unit_price="0", amount="0"), NO_MORE_LINES),
    "another client's line": (insert_line(invoice_id="{draft}", client_id="{globex}"), OF_ITS_INVOICE),
    "another currency's line": (insert_line(invoice_id="{draft}", currency="'EUR'"), OF_ITS_INVOICE),
    "line of a tenth of a cent": (insert_line(invoice_id="{draft}", amount="0.001"), "invoice_line_places"),
    "line of less than nothing": (insert_line(invoice_id="{draft}", amount="-1"), "invoice_line_not_negative"),
    "line of no quantity": (insert_line(invoice_id="{draft}", quantity="0"), "invoice_line_quantity"),
    "line taxed at 101 percent": (insert_line(invoice_id="{draft}", tax_rate="101"), "invoice_line_tax_rate"),
    "line in a place that is taken": (insert_line(invoice_id="{draft}", position="1"), "invoice_line_position_once"),
    "line of an item without a period": (
        insert_line(invoice_id="{draft}", billable_item_id="{item}"), "invoice_line_item_has_period",
    ),
    "one period billed twice": (
        insert_line(invoice_id="{draft}", billable_item_id="{item}", period="'2030-01-01'") +
        ", ({draft}, {acme}, 4, 'Again', 1, 'USD', 1, 0, 1, 0, {item}, '2030-01-01')",
        "billed_once_per_period",
    ),
    # Its transactions.
    "money in": (update(PAYMENT, "amount_in = 31", "payment"), MONEY_FROZEN),
    "money out": (update(PAYMENT, "amount_in = 0, amount_out = 30", "payment"), MONEY_FROZEN),
    "fees": (update(PAYMENT, "fees = 0", "payment"), MONEY_FROZEN),
    "payment currency": (update(PAYMENT, "currency = 'EUR'", "payment"), MONEY_FROZEN),
    "payment date": (update(PAYMENT, "date = date - 1", "payment"), MONEY_FROZEN),
    "payment refunded": (update(PAYMENT, "refund_of_id = {payment}", "payment"), MONEY_FROZEN),
    "payment client": (
        update(PAYMENT, "client_id = {globex}", "payment"), "A transaction moves to another client only by a merge.",
    ),
    "payment client number": (update(PAYMENT, "client_number = 99", "payment"), LABEL_STAYS),
    "payment client name": (update(PAYMENT, "client_name = 'Somebody'", "payment"), LABEL_STAYS),
    "payment reference": (update(PAYMENT, "reference = 'ch_2'", "payment"), LABEL_STAYS),
    "payment deleted": (
        "DELETE FROM transactions_transaction WHERE id = {payment}", "A transaction is never deleted; reverse it.",
    ),
    "payment moved to another currency's invoice": (update(PAYMENT, "invoice_id = {euro}", "payment"), OWN_INVOICE),
    "payment moved to another client's invoice": (
        update(PAYMENT, "invoice_id = {globex_invoice}", "payment"), OWN_INVOICE,
    ),
    "payment of another client's invoice": (insert_payment(invoice_id="{globex_invoice}"), OWN_INVOICE),
    "payment in another currency": (insert_payment(currency="'EUR'"), OWN_INVOICE),
    "payment by nobody": (insert_payment(client_id="NULL"), OWN_INVOICE),
    "payment beyond what is due": (insert_payment(amount_in="58.26"), "invoice_"),
    "payment of a draft": (insert_payment(invoice_id="{draft}"), "invoice_unsettled_unless_issued"),
    "payment of a tenth of a cent": (insert_payment(invoice_id="NULL", amount_in="0.001"), "transaction_places"),
    "payment of half a yen": (
        insert_payment(invoice_id="NULL", currency="'JPY'", amount_in="0.5"), "transaction_places",
    ),
    "payment in an unknown currency": (insert_payment(invoice_id="NULL", currency="'XXX'"), "transaction_places"),
    "payment of nothing": (insert_payment(amount_in="0"), "transaction_in_or_out"),
    "payment of less than nothing": (insert_payment(amount_in="-1"), "transaction_in_or_out"),
    "payment in and out": (insert_payment(amount_out="1"), "transaction_in_or_out"),
    "fees of less than nothing": (insert_payment(fees="-1"), "transaction_in_or_out"),
    "refund beyond what was paid": (insert_payment(amount_in="0", amount_out="30.01"), "invoice_settled_within_total"),
    "reference used": (insert_payment(reference="'ch_1'"), "payment_reference_once_per_method"),
    "key used": (
        insert_payment(invoice_id="NULL", file_key="'row-1'")
        + ", ({acme}, 1, 'Acme', NULL, '', current_date, {card}, '', 1, '', 'USD', 1, 0, 0, '', now(), 'row-1')",
        "transaction_file_key_once",
    ),
    "client without a label": (insert_payment(client_number="NULL"), "transaction_client_has_label"),
}  # fmt: skip


@pytest.mark.parametrize(("sql", "by"), REFUSED.values(), ids=REFUSED.keys())
def test_the_database_refuses(books, sql, by):
    with refused_by_database(by):
        execute(sql, books)


# ── Through the ORM ──


def test_an_issued_invoice_is_not_saved_with_another_total(books):
    books.invoice.total = usd(1)
    books.invoice.subtotal = usd(1)
    books.invoice.tax = usd(0)
    with refused_by_database(FROZEN):
        books.invoice.save()


def test_an_issued_invoice_is_not_bulk_updated(books):
    with refused_by_database(FROZEN):
        Invoice.objects.filter(status=Invoice.Status.UNPAID).update(bill_to_name="Somebody")


def test_lines_of_an_issued_invoice_are_not_deleted(books):
    with refused_by_database(LINES_FROZEN):
        books.invoice.lines.all().delete()
    with refused_by_database(LINES_FROZEN):
        InvoiceLine.objects.filter(pk=books.line.pk).update(description="Other")


def test_an_issued_invoice_is_not_deleted_with_its_lines(books):
    with nothing_changes(), pytest.raises(IntegrityError), db_transaction.atomic():
        books.unpaid.delete()


def test_a_transaction_is_not_saved_with_another_amount(books):
    books.payment.amount_in = usd(1)
    with refused_by_database(MONEY_FROZEN):
        books.payment.save()
    with refused_by_database("A transaction is never deleted; reverse it."):
        Transaction.objects.all().delete()


# ── What is not frozen ──


def test_a_draft_can_be_changed_and_deleted(books):
    books.draft_line.description, books.draft_line.amount = "Cheaper", usd(9)
    books.draft_line.save()
    Invoice.objects.filter(pk=books.draft.pk).update(subtotal=usd(9), total=usd(9))
    assert issue_invoice(invoice=books.draft, by=None).total == usd(9)
    books.other_draft.delete()
    assert not Invoice.objects.filter(pk=books.other_draft.pk).exists()


def test_notes_of_an_issued_invoice_can_be_changed(books):
    books.unpaid.notes = "Paid by instalments"
    books.unpaid.save(update_fields=["notes"])
    assert Invoice.objects.get(pk=books.unpaid.pk).notes == "Paid by instalments"


def test_an_issued_invoice_keeps_the_name_and_address_of_its_day(books):
    edit_client(
        client=books.acme, by=None, company_name="Acme Holding", address_1="New Street 1", email="n@example.com"
    )
    invoice = Invoice.objects.get(pk=books.unpaid.pk)
    assert (invoice.bill_to_name, invoice.bill_to_address) == ("Acme Ltd", "")
    assert make_invoice(books.acme, usd(1)).bill_to_name == "Acme Holding"


def test_an_unpaid_invoice_can_be_cancelled_and_stays_cancelled(books):
    Invoice.objects.filter(pk=books.unpaid.pk).update(status=Invoice.Status.CANCELLED)
    with refused_by_database("A cancelled invoice stays cancelled; make a new one."):
        Invoice.objects.filter(pk=books.unpaid.pk).update(status=Invoice.Status.UNPAID)


def test_a_payment_moved_to_another_invoice_settles_that_one(books):
    execute(update(PAYMENT, "invoice_id = {unpaid}", "payment"), books)
    assert Invoice.objects.get(pk=books.invoice.pk).amount_paid == usd(0)
    assert Invoice.objects.get(pk=books.unpaid.pk).amount_paid == usd(30)


def test_paying_the_rest_pays_the_invoice_and_a_refund_opens_it(books):
    execute(insert_payment(amount_in="58.25"), books)
    assert Invoice.objects.get(pk=books.invoice.pk).status == Invoice.Status.PAID
    execute(insert_payment(amount_in="0", amount_out="0.01"), books)
    invoice = Invoice.objects.get(pk=books.invoice.pk)
    assert (invoice.status, invoice.due, invoice.paid_at) == ("unpaid", usd("0.01"), None)


# ── maintenance("merge") and maintenance("delete") ──


def test_a_merge_moves_invoices_lines_and_transactions(books):
    with maintenance("merge"):
        moves = (
            f"UPDATE {name} SET client_id = {{acme}} WHERE client_id = {{globex}}" for name in (INVOICE, LINE, PAYMENT)
        )
        execute("; ".join(moves), books)
    assert Invoice.objects.get(pk=books.globex_invoice.pk).client == books.acme
    assert InvoiceLine.objects.get(invoice=books.globex_invoice).client == books.acme


@pytest.mark.parametrize("name", [name for name in REFUSED if "client" not in name and "payment moved" not in name])
def test_a_merge_changes_nothing_else(books, name):
    sql, by = REFUSED[name]
    with refused_by_database(by), maintenance("merge"):
        execute(sql, books)


def test_a_deletion_removes_issued_invoices_and_keeps_their_transactions(books):
    with maintenance("delete"):
        execute("UPDATE transactions_transaction SET client_id = NULL, invoice_id = NULL", books)
        execute("DELETE FROM credits_creditentry", books)
        execute("DELETE FROM invoices_invoiceline", books)
        execute("DELETE FROM invoices_invoice", books)
    payment = Transaction.objects.get(pk=books.payment.pk)
    assert (payment.client, payment.invoice, payment.invoice_label) == (None, None, "INV-000001")
    assert (payment.client_number, payment.client_name) == (books.acme.number, "Acme Ltd")
    assert payment.amount_in == usd(30)


def test_a_transaction_deleted_with_its_client_settles_nothing_any_more(books):
    with maintenance("delete"):
        execute("DELETE FROM transactions_transaction WHERE id = {payment}", books)
    assert Invoice.objects.get(pk=books.invoice.pk).amount_paid == usd(0)


@pytest.mark.parametrize("name", [name for name in REFUSED if not set(name.split()) & {"client", "deleted", "moved"}])
def test_a_deletion_changes_nothing(books, name):
    sql, by = REFUSED[name]
    with refused_by_database(by), maintenance("delete"):
        execute(sql, books)
