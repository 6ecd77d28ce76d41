"""An invoice may be written with its credit, by who booked that before, in the same transaction; nothing else may."""

from types import SimpleNamespace

import pytest

from credits.models import CreditAccount
from tests.factories import give_credit, make_client, usd
from tests.invariants import assert_invariants
from tests.raw_sql import execute
from tests.unchanged import refused_by_database
from transactions.models import PaymentMethod

pytestmark = pytest.mark.django_db

FOLLOWS = "What settles an invoice follows the ledger, the transactions, credit notes and write-offs; write those."
PROVED = "What an invoice says was applied is what its credit entries come to."
KEY = "credit_entry_of_its_invoice"
ENTRY = """
    INSERT INTO credits_creditentry
        (grant_id, account_id, client_id, kind, currency, amount, invoice_id, description, actor_name, at)
    VALUES ({grant}, {account}, {acme}, 'apply', 'USD', -5, 900, '', '', now())
"""


def invoice(*, credit: int, client: str = "acme", currency: str = "USD", status: str = "unpaid") -> str:
    number = "NULL" if status == "draft" else "1"
    return f"""
        INSERT INTO invoices_invoice (id, client_id, number_prefix, number, status, issued_on, due_on, bill_to_name,
            bill_to_address, bill_to_email, bill_to_tax_id, currency, subtotal, tax, total, credit_applied, amount_paid,
            amount_credited, credit_use, notes, created_at)
        VALUES (900, {{{client}}}, 'T-', {number}, '{status}', now(), now(), '', '', '', '', '{currency}', 20, 0,
            20, {credit}, 0, 0, '', '', now())
    """


@pytest.fixture
def rows() -> SimpleNamespace:
    acme = make_client()
    grant = give_credit(acme, usd(50))
    return SimpleNamespace(
        acme=acme, globex=make_client("Globex"), grant=grant, account=grant.account,
        card=PaymentMethod.objects.get(name="Card"),
    )  # fmt: skip


def test_an_invoice_comes_with_what_was_booked_for_it(rows):
    line = """
        INSERT INTO invoices_invoiceline (invoice_id, client_id, position, description, quantity, currency, unit_price,
            tax_rate, amount, tax)
        VALUES (900, {acme}, 1, '', 1, 'USD', 20, 0, 20, 0)
    """
    execute(f"{ENTRY}; {invoice(credit=5)}; {line}", rows)
    assert CreditAccount.objects.get().balance == usd(45)
    assert_invariants()


@pytest.mark.parametrize(
    ("sql", "by"),
    [
        (invoice(credit=5), FOLLOWS),
        (f"{ENTRY}; {invoice(credit=6)}", FOLLOWS),
        (f"{ENTRY}; {invoice(credit=0)}", FOLLOWS),
        (f"{ENTRY}; {invoice(credit=5, client='globex')}", KEY),
        (f"{ENTRY}; {invoice(credit=5, currency='EUR')}", KEY),
        (f"{ENTRY}; {invoice(credit=5, status='draft')}", "invoice_unsettled_unless_issued"),
        (ENTRY, KEY),
        # Both at once: of the triggers one sees what the other is about to add.
        (f"WITH entry AS ({ENTRY}) {invoice(credit=5)}", PROVED),
        (f"WITH invoice AS ({invoice(credit=5)}) {ENTRY}", PROVED),
    ],
    ids=[
        "without entries", "with more than was booked", "with less", "of another client", "in another currency",
        "a draft", "no invoice", "entry within", "invoice within",
    ],
)  # fmt: skip
def test_no_other_invoice_comes_settled(rows, sql, by):
    with refused_by_database(by):
        execute(sql, rows)
    assert_invariants()


def test_no_payment_and_no_credit_note_comes_before_its_invoice(rows):
    payment = """
        INSERT INTO transactions_transaction (client_id, client_number, client_name, invoice_id, invoice_label, date,
            payment_method_id, reference, part, description, currency, amount_in, fees, amount_out, created_by_name,
            created_at)
        VALUES ({acme}, 1, '', 900, '', now(), {card}, '', 1, '', 'USD', 20, 0, 0, '', now())
    """
    with refused_by_database("A transaction settles only an invoice of its own client and currency."):
        execute(f"{payment}; {invoice(credit=0)}", rows)
    note = """
        INSERT INTO invoices_creditnote (client_id, invoice_id, number_prefix, number, issued_on, reason, bill_to_name,
            bill_to_address, bill_to_email, bill_to_tax_id, currency, subtotal, tax, total, created_at)
        VALUES ({acme}, 900, 'C-', 1, now(), 'x', '', '', '', '', 'USD', 20, 0, 20, now())
    """
    with refused_by_database("A credit note is of an issued invoice, and of its client and currency."):
        execute(f"{note}; {invoice(credit=0)}", rows)
