"""What the database refuses of a credit note, and that any sequence of them adds up."""

import contextlib
import re
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import transaction as db_transaction
from djmoney.money import Money
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing_admin.db.triggers import maintenance
from billing_admin.errors import BusinessError
from invoices.models import CreditNote, Invoice
from invoices.services.credit_notes import CreditLine
from invoices.services.issue import NewLine, bill_client, draft_invoice
from tests.factories import make_client, usd
from tests.invariants import assert_invariants
from tests.invoices.credited import billed, credit, lines_of
from tests.raw_sql import execute
from tests.thoroughness import examples
from tests.unchanged import refused_by_database

pytestmark = pytest.mark.django_db


# ── The database ──


@pytest.fixture
def books():
    invoice = billed(("100.00", "1", "19"), ("5.00", "1", "0"))
    note = credit(invoice, CreditLine(lines_of(invoice)[0].pk, gross=usd("11.90"))).note
    yield SimpleNamespace(
        acme=invoice.client, invoice=invoice, line=lines_of(invoice)[0], note=note, note_line=note.lines.get(),
        globex=make_client("Globex"), draft=draft_invoice(client=invoice.client, lines=[NewLine("A", usd(1))], by=None),
        other=billed(("7.00", "1", "0"), to=invoice.client),
    )  # fmt: skip
    assert_invariants()


UNCHANGED = "A credit note never changes; issue another document."
NOTE = """INSERT INTO invoices_creditnote (
        client_id, invoice_id, number_prefix, number, issued_on, reason, bill_to_name, bill_to_address, bill_to_email,
        bill_to_tax_id, currency, subtotal, tax, total, created_at)
    VALUES ({client}, {invoice}, 'CN-', 2, current_date, 'Why', '', '', '', '', {currency}, {amount}, 0, {amount},
        now())"""
LINE = """INSERT INTO invoices_creditnoteline (
        credit_note_id, client_id, invoice_line_id, position, description, currency, tax_rate, amount, tax)
    VALUES ({{note}}, {{acme}}, {line}, 2, 'X', 'USD', {rate}, {amount}, 0)"""


def note_sql(client="{acme}", invoice="{invoice}", currency="'USD'", amount="1"):
    return NOTE.format(client=client, invoice=invoice, currency=currency, amount=amount)


OF_ITS_INVOICE = "A credit note is of an issued invoice, and of its client and currency."
DATABASE_REFUSES = {
    "total": ("UPDATE invoices_creditnote SET total = 1, subtotal = 1, tax = 0", UNCHANGED),
    "number": ("UPDATE invoices_creditnote SET number = 9", UNCHANGED),
    "reason": ("UPDATE invoices_creditnote SET reason = 'Other'", UNCHANGED),
    "invoice": ("UPDATE invoices_creditnote SET invoice_id = {other}", UNCHANGED),
    "line amount": ("UPDATE invoices_creditnoteline SET amount = 1", UNCHANGED),
    "deleted": ("DELETE FROM invoices_creditnote", "A credit note is never deleted."),
    "line deleted": ("DELETE FROM invoices_creditnoteline", "The lines of a credit note stay."),
    "typed over": (
        "UPDATE invoices_invoice SET amount_credited = 0 WHERE id = {invoice}", "What settles an invoice follows the",
    ),
    "of a draft": (note_sql(invoice="{draft}"), OF_ITS_INVOICE),
    "of another client": (note_sql(client="{globex}"), OF_ITS_INVOICE),
    "in another currency": (note_sql(currency="'EUR'"), OF_ITS_INVOICE),
    "of nothing": (note_sql(amount="0"), "credit_note_amounts"),
    "of more than is left": (note_sql(amount="112.11"), "invoice_"),
    "one number twice": (note_sql().replace(", 2, current", ", 1, current"), "credit_note_number_once"),
    "a line more": (LINE.format(line="{line}", rate="19", amount="1"), "credit_note_line_once_per_line"),
    "another invoice's line": (
        LINE.format(line="(SELECT id FROM invoices_invoiceline WHERE invoice_id = {other})", rate="0", amount="1"),
        "A credit note has lines of its own invoice, all at once, and its totals are their sums.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("sql", "by"), DATABASE_REFUSES.values(), ids=DATABASE_REFUSES.keys())
def test_the_database_refuses(books, sql, by):
    with refused_by_database(by):
        execute(sql, books)


def test_the_database_refuses_more_of_a_line_than_it_billed(books):
    """With a credit note of the right total, so that only the line is wrong: it billed 5.00."""
    with refused_by_database("No more of a line is credited than it billed."):
        execute(note_sql(amount="5.01"), books)
        note = SimpleNamespace(pk=CreditNote.objects.latest("id").pk)
        line = "(SELECT id FROM invoices_invoiceline WHERE invoice_id = {invoice} AND position = 2)"
        sql = LINE.format(line=line, rate="0", amount="5.01")
        execute(sql, SimpleNamespace(**vars(books) | {"note": note}))


def test_a_merge_moves_credit_notes_and_a_deletion_removes_them(books):
    with maintenance("merge"):
        moves = (
            f"UPDATE invoices_{name} SET client_id = {{globex}} WHERE client_id = {{acme}}"
            for name in ("invoice", "invoiceline", "creditnote", "creditnoteline")
        )
        execute("; ".join(moves), books)
    assert CreditNote.objects.get().client == books.globex
    with maintenance("delete"):
        execute("DELETE FROM invoices_creditnoteline", books)
        execute("DELETE FROM invoices_creditnote", books)
    assert Invoice.objects.get(pk=books.invoice.pk).due == usd(124)


# ── Any sequence of them ──


@settings(
    max_examples=examples(20), deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
@given(
    currency=st.sampled_from(["USD", "JPY", "KWD"]),
    lines=st.lists(
        st.tuples(
            st.integers(0, 999), st.integers(1, 5), st.sampled_from(["0", "7", "8.25", "19", "100"]), st.booleans()
        ),
        min_size=1,
        max_size=3,
    ),
    parts=st.lists(st.tuples(st.integers(0, 2), st.integers(1, 3), st.integers(1, 700), st.booleans()), max_size=6),
)
def test_parts_and_the_rest_add_up_to_the_invoice_to_the_last_minor_unit(currency, lines, parts):
    places = {"USD": 2, "JPY": 0, "KWD": 3}[currency]

    def money(units):
        return Money(Decimal(units).scaleb(-places), currency)

    with db_transaction.atomic():
        invoice = bill_client(
            client=make_client(currency=currency),
            lines=[NewLine("A", money(u), Decimal(q), Decimal(rate), included) for u, q, rate, included in lines],
            by=None,
        )
        billed_lines = lines_of(invoice)
        for place, quantity, units, by_amount in parts:
            line = billed_lines[place % len(billed_lines)]
            part = CreditLine(line.pk, gross=money(units)) if by_amount else CreditLine(line.pk, Decimal(quantity))
            try:
                note = credit(invoice, part).note
            except BusinessError as error:
                if not re.search("left|nothing to credit", str(error)):
                    raise
                continue
            if by_amount:
                assert note.total == money(units)
        if invoice.total.amount:
            with contextlib.suppress(BusinessError):
                credit(invoice)
            invoice.refresh_from_db()
            assert (invoice.amount_credited, invoice.due, invoice.status) == (invoice.total, money(0), "paid")
        assert_invariants()
        db_transaction.set_rollback(True)
