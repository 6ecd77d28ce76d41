"""Drafting an invoice and issuing it by hand."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from djmoney.money import Money

from clients.models import Activity, CreditUse, FormKey
from credits.models import CreditEntry
from invoices.models import Invoice, InvoiceLine, NumberSeries
from invoices.services.issue import (
    NewLine,
    bill_client,
    draft_invoice,
    issue_invoice,
)
from invoices.signals import invoices_generated
from tests.factories import give_credit, make_client, make_invoice, make_staff, usd
from tests.invariants import assert_invariants
from tests.unchanged import nothing_changes, refused, reused

pytestmark = pytest.mark.django_db

DAY = datetime.date(2030, 5, 17)


def line(price: str = "10.00", **details: Any) -> NewLine:
    return NewLine(details.pop("description", "Hosting"), usd(price), **details)


# ── A draft ──


def test_a_draft_has_lines_and_totals_but_no_number_and_takes_no_credit():
    acme, ann = make_client(), make_staff(username="ann")
    give_credit(acme, usd(100))
    draft = draft_invoice(
        client=acme, lines=[line("10.00", quantity=Decimal(3)), line("5.50", tax_rate=Decimal(20))], by=ann
    )
    draft.refresh_from_db()
    assert (draft.status, draft.number, draft.label, draft.issued_on, draft.due_on) == (
        "draft",
        None,
        "Draft",
        None,
        None,
    )
    assert (draft.subtotal, draft.tax, draft.total) == (usd("35.50"), usd("1.10"), usd("36.60"))
    assert (draft.credit_applied, draft.due, draft.created_by) == (usd(0), usd("36.60"), ann)
    lines = [
        (made.position, made.quantity, made.unit_price, made.amount, made.tax_rate, made.tax, made.client)
        for made in draft.lines.order_by("position")
    ]
    assert lines == [
        (1, Decimal(3), usd(10), usd(30), Decimal(0), usd(0), acme),
        (2, Decimal(1), usd("5.50"), usd("5.50"), Decimal(20), usd("1.10"), acme),
    ]
    activity = Activity.objects.latest("id")
    assert (activity.verb, activity.summary) == ("invoice.drafted", "Draft invoice of 36.60 USD made")
    assert_invariants()


@pytest.mark.parametrize(
    ("price", "quantity", "tax_rate", "amount", "tax"),
    [
        (usd("0.01"), "0.5", "0", usd("0.01"), usd(0)),
        (usd("0.01"), "0.4999", "0", usd(0), usd(0)),
        (usd("0.99"), "0.3333", "0", usd("0.33"), usd(0)),
        (usd("0.99"), "0.3333", "50", usd("0.33"), usd("0.17")),
        (usd("10.10"), "1", "8.25", usd("10.10"), usd("0.83")),
        (usd("10.00"), "1", "8.25", usd("10.00"), usd("0.83")),
        (usd("0.10"), "1", "4.9", usd("0.10"), usd(0)),
        (usd("0.10"), "1", "5", usd("0.10"), usd("0.01")),
        (Money(333, "JPY"), "1.5", "10", Money(500, "JPY"), Money(50, "JPY")),
        (Money(5, "JPY"), "1", "10", Money(5, "JPY"), Money(1, "JPY")),
        (Money("1.001", "KWD"), "0.5", "5", Money("0.501", "KWD"), Money("0.025", "KWD")),
        (usd("999999999999999.99"), "1", "0", usd("999999999999999.99"), usd(0)),
    ],
)
def test_amount_and_tax_are_each_rounded_half_up_once_per_line(price, quantity, tax_rate, amount, tax):
    lines = [NewLine("Traffic", price, quantity=Decimal(quantity), tax_rate=Decimal(tax_rate))]
    invoice = bill_client(client=make_client(), lines=lines, by=None)
    assert (invoice.subtotal, invoice.tax, invoice.total) == (amount, tax, amount + tax)
    assert_invariants()


def test_tax_is_rounded_per_line_and_not_on_the_total():
    """Three lines of 0.10 with 5 percent: 3 × 0.01 of tax, where 5 percent of 0.30 would be 0.02."""
    invoice = bill_client(client=make_client(), lines=[line("0.10", tax_rate=Decimal(5))] * 3, by=None)
    assert (invoice.subtotal, invoice.tax, invoice.total) == (usd("0.30"), usd("0.03"), usd("0.33"))
    assert_invariants()


def test_a_tax_exempt_client_pays_no_tax():
    invoice = make_invoice(make_client(tax_exempt=True), usd(100), tax_rate="20")
    assert (invoice.tax, invoice.total, InvoiceLine.objects.get().tax_rate) == (usd(0), usd(100), Decimal(0))
    assert_invariants()


# ── Refusals ──


def test_an_invoice_without_lines_is_refused():
    acme = make_client()
    with refused("An invoice needs at least one line; this one has none."):
        draft_invoice(client=acme, lines=[], by=None)


def test_lines_in_two_currencies_are_refused():
    acme = make_client()
    with refused("An invoice is in one currency; line 1 is in USD and line 2 in EUR."):
        draft_invoice(client=acme, lines=[line(), NewLine("Support", Money(5, "EUR"))], by=None)


@pytest.mark.parametrize(
    "quantity", ["0", "-1", "0.00001", "0.33333", "1e9", "1e400", "100000000", "NaN", "Infinity", "-Infinity"]
)
def test_a_quantity_that_would_be_rounded_or_is_none_is_refused(quantity):
    acme = make_client()
    text = (
        f"Line 2: a quantity is above zero and has up to 8 digits and 4 decimal places; {Decimal(quantity)} was given."
    )
    with refused(text):
        draft_invoice(client=acme, lines=[line(), line(quantity=Decimal(quantity))], by=None)


@pytest.mark.parametrize("rate", ["-0.001", "100.001", "8.3333", "1e400", "NaN", "Infinity"])
def test_a_tax_rate_that_would_be_rounded_or_is_none_is_refused(rate):
    acme = make_client()
    text = f"Line 1: a tax rate is from 0 to 100 percent, with up to 3 decimal places; {Decimal(rate)} was given."
    with refused(text):
        draft_invoice(client=acme, lines=[line(tax_rate=Decimal(rate))], by=None)


@pytest.mark.parametrize(
    ("lines", "field"),
    [
        ([line("999999999999999.99"), line("999999999999999.99")], "amount"),
        ([line("999999999999999.99", tax_rate=Decimal(1))], "amount"),
        ([line("999999999999999.99", quantity=Decimal("99999999.9999"))], None),
    ],
    ids=["sum", "tax", "product"],
)
def test_a_total_that_no_column_holds_is_refused(lines, field):
    acme = make_client()
    with refused("The amount has more than 15 digits before the decimal point.", field):
        draft_invoice(client=acme, lines=lines, by=None)


def test_a_description_that_would_have_to_be_cut_is_refused():
    acme = make_client()
    with refused("The description of line 1 has 501 characters; 500 are kept at most.", "description of line 1"):
        draft_invoice(client=acme, lines=[line(description="x" * 501)], by=None)


# ── Issuing ──


def test_issuing_gives_a_number_dates_and_the_name_and_address_of_the_day():
    acme = make_client(
        "Acme Ltd", first_name="Ann", last_name="Muñoz", email="ann@acme.example", tax_id="CHE-1",
        address_1="Gasse 1", postcode="3000", city="Bern", country="CH",
    )  # fmt: skip
    ann = make_staff(username="ann")
    draft = draft_invoice(client=acme, lines=[line()], by=ann)
    invoice = issue_invoice(invoice=draft, by=ann, on=DAY)
    assert (invoice.label, invoice.number, invoice.status) == ("INV-000001", 1, "unpaid")
    assert (invoice.issued_on, invoice.due_on) == (DAY, DAY + datetime.timedelta(days=14))
    assert (invoice.bill_to_name, invoice.address_lines) == (
        "Acme Ltd",
        ["Ann Muñoz", "Gasse 1", "3000 Bern", "Switzerland"],
    )
    assert (invoice.bill_to_email, invoice.bill_to_tax_id) == ("ann@acme.example", "CHE-1")
    activity = Activity.objects.latest("id")
    assert (activity.client, activity.actor, activity.verb) == (acme, ann, "invoice.issued")
    assert activity.summary == "INV-000001 of 10.00 USD issued"
    assert_invariants()


def test_a_person_is_billed_by_name_without_an_empty_line():
    draft = draft_invoice(
        client=make_client("", first_name="Bo", last_name="Berg", city="Bern"), lines=[line()], by=None
    )
    invoice = issue_invoice(invoice=draft, by=None)
    assert (invoice.bill_to_name, invoice.address_lines) == ("Bo Berg", ["Bern"])
    company = issue_invoice(invoice=draft_invoice(client=make_client(), lines=[line()], by=None), by=None)
    assert (company.bill_to_name, company.address_lines) == ("Acme Ltd", [])


def test_today_and_fourteen_days_are_taken_where_nobody_says_otherwise():
    invoice = make_invoice(make_client(), usd(10))
    today = timezone.localdate()
    assert (invoice.issued_on, invoice.due_on) == (today, today + datetime.timedelta(days=14))


def test_a_due_date_that_was_chosen_stays():
    assert make_invoice(make_client(), usd(10), on=DAY, due_on=DAY).due_on == DAY


def test_numbers_are_given_in_issue_order_across_clients():
    acme, globex = make_client(), make_client("Globex")
    first, second = (draft_invoice(client=owner, lines=[line()], by=None) for owner in (acme, globex))
    assert [issue_invoice(invoice=draft, by=None).number for draft in (second, first)] == [1, 2]
    assert make_invoice(acme, usd(1)).label == "INV-000003"
    assert NumberSeries.objects.get().next_number == 4
    assert_invariants()


def test_a_number_above_a_million_is_printed_whole():
    NumberSeries.objects.create(document=NumberSeries.INVOICE, prefix="INV-", next_number=1234567)
    assert make_invoice(make_client(), usd(1)).label == "INV-1234567"


def test_an_invoice_of_nothing_is_paid_at_once():
    invoice = make_invoice(make_client(), usd(0))
    assert (invoice.status, invoice.due, invoice.paid_at is None) == ("paid", usd(0), False)
    assert_invariants()


def test_an_issued_invoice_is_not_issued_again():
    acme = make_client()
    give_credit(acme, usd(100))
    draft = draft_invoice(client=acme, lines=[line()], by=None)
    issue_invoice(invoice=draft, by=None)
    with refused("INV-000001 is Paid already; only a draft can be issued."):
        issue_invoice(invoice=draft, by=None)
    unpaid = make_invoice(acme, usd(10), credit_use=CreditUse.NEVER)
    with refused("INV-000002 is Unpaid already; only a draft can be issued."):
        issue_invoice(invoice=unpaid, by=None)
    assert_invariants()


def test_issuing_announces_the_invoice_before_it_returns_it():
    heard = []

    def listen(**announced: Any) -> None:
        heard.append((announced["sender"], announced["invoice_ids"], announced["on"], announced["by"]))

    invoices_generated.connect(listen)
    ann = make_staff()
    invoice = bill_client(client=make_client(), lines=[line()], by=ann, on=DAY)
    invoices_generated.disconnect(listen)
    assert heard == [(Invoice, [invoice.pk], DAY, ann)]


def test_an_error_in_what_listens_undoes_the_invoice_and_its_number():
    def fail(**announced: Any) -> None:
        raise ZeroDivisionError

    acme = make_client()
    invoices_generated.connect(fail)
    with nothing_changes(), pytest.raises(ZeroDivisionError):
        make_invoice(acme, usd(10))
    invoices_generated.disconnect(fail)
    assert make_invoice(acme, usd(10)).number == 1
    assert_invariants()


# ── One form, posted again ──


def test_the_same_form_again_shows_the_invoice_that_it_made_first():
    acme = make_client()
    give_credit(acme, usd(15))
    first = make_invoice(acme, usd(10), usd("2.50"), key=FormKey(key="form-1"), tax_rate="20")
    with nothing_changes():
        again = make_invoice(acme, usd(10), usd("2.50"), key=FormKey(key="form-1"), tax_rate="20")
    assert (again, again.status, CreditEntry.objects.filter(kind="apply").count()) == (first, "paid", 1)
    assert_invariants()


@pytest.mark.parametrize(
    "other",
    [
        {"amounts": [usd(10), usd("2.51")]},
        {"amounts": [usd(10)]},
        {"amounts": [Money(10, "EUR"), Money("2.50", "EUR")]},
        {"tax_rate": "19"},
        {"due_on": DAY},
        {"to": "Globex"},
    ],
    ids=str,
)
def test_the_same_form_with_other_figures_is_refused(other):
    acme, globex = make_client("Acme Ltd"), make_client("Globex")
    make_invoice(acme, usd(10), usd("2.50"), key=FormKey(key="form-1"), tax_rate="20")
    text = reused("Invoice of 15.00 USD made for Acme Ltd")
    asked = {"amounts": [usd(10), usd("2.50")], "tax_rate": "20", "to": "Acme"} | other
    to = globex if asked.pop("to") == "Globex" else acme
    with refused(text):
        make_invoice(to, *asked.pop("amounts"), key=FormKey(key="form-1"), **asked)
    assert_invariants()


def test_a_form_that_only_drafted_issues_its_draft_when_sent_again():
    acme = make_client()
    draft = draft_invoice(client=acme, lines=[line()], by=None, key=FormKey(key="form-1"))
    assert bill_client(client=acme, lines=[line()], by=None, key=FormKey(key="form-1")) == draft
    assert Invoice.objects.get().status == Invoice.Status.UNPAID
    assert_invariants()
