"""Tax: which rate, added or included, and that everything adds up to the last minor unit."""

import datetime
from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from django.db import transaction as db_transaction
from djmoney.money import Money
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing_admin.money.currencies import CURRENCIES
from clients.models import Activity
from clients.services.profile import edit_client
from invoices.models import Invoice, TaxSettings
from invoices.selectors.detail import tax_by_rate
from invoices.selectors.tax import tax_of
from invoices.services.issue import NewLine, bill_client, draft_invoice
from invoices.services.runs.generate import generate_invoices
from invoices.services.tax_settings import (
    add_tax_rate,
    change_tax_rate,
    remove_tax_rate,
    set_prices_include_tax,
)
from tests.factories import make_client, make_item, make_staff, usd
from tests.invariants import assert_invariants
from tests.thoroughness import examples
from tests.unchanged import refused

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 1, 1)


def rate_of(acme):
    usual = tax_of(acme)
    return (usual.plain, usual.why)


# ── Which rate ──


def test_the_rate_is_the_clients_else_the_countrys():
    acme = make_client(country="DE")
    assert rate_of(acme) == ("0", "no rate is set for this client’s country")
    add_tax_rate(country="", name="Tax", rate=Decimal("5.50"), by=None)
    assert rate_of(acme) == ("5.5", "Tax, the rate of every other country")
    add_tax_rate(country="de", name="MwSt", rate=Decimal(19), by=None)
    assert rate_of(acme) == ("19", "MwSt, the rate of DE")
    acme = edit_client(client=acme, by=None, tax_rate=Decimal("20.000"))
    assert rate_of(acme) == ("20", "set for this client")
    acme = edit_client(client=acme, by=None, tax_rate=Decimal(0))
    assert rate_of(acme) == ("0", "set for this client")
    acme = edit_client(client=acme, by=None, tax_rate=Decimal(7), tax_exempt=True)
    assert rate_of(acme) == ("0", "this client is tax exempt")


def test_a_line_takes_the_usual_rate_unless_it_names_one():
    add_tax_rate(country="DE", name="MwSt", rate=Decimal(19), by=None)
    acme = make_client(country="DE")
    by_hand = bill_client(
        client=acme, lines=[NewLine("A", usd(100)), NewLine("B", usd(100), tax_rate=Decimal(7))], by=None
    )
    make_item(acme, usd(100), due=DAY)
    make_item(acme, usd(100), due=DAY, tax_rate=Decimal(7))
    make_item(make_client(country="FR"), usd(100), due=DAY)
    generate_invoices(as_of=DAY, by=None)
    by_run, french = Invoice.objects.exclude(pk=by_hand.pk).order_by("client")
    for invoice in (by_hand, by_run):
        assert list(invoice.lines.order_by("position").values_list("tax_rate", "tax")) == [(19, 19), (7, 7)]
        assert invoice.total == usd(226)
    assert french.total == usd(100)
    assert_invariants()


def test_prices_that_include_tax_keep_the_gross_that_was_typed():
    acme = make_client()
    lines = [
        NewLine("A", usd("9.99"), tax_rate=Decimal(19), tax_included=True),
        NewLine("B", usd("0.01"), tax_rate=Decimal(100), tax_included=True),
        NewLine("C", usd("9.99"), tax_rate=Decimal(19), tax_included=False),
    ]
    invoice = bill_client(client=acme, lines=lines, by=None)
    assert list(invoice.lines.order_by("position").values_list("amount", "tax", "tax_included")) == [
        (Decimal("8.39"), Decimal("1.60"), True),
        (Decimal("0"), Decimal("0.01"), True),
        (Decimal("9.99"), Decimal("1.90"), False),
    ]
    assert_invariants()


def test_the_systems_switch_counts_where_neither_line_nor_item_says():
    acme = make_client()
    make_item(acme, usd(119), due=DAY, tax_rate=Decimal(19))
    make_item(acme, usd(100), due=DAY, tax_rate=Decimal(19), tax_included=False)
    set_prices_include_tax(included=True, by=None)
    generate_invoices(as_of=DAY, by=None)
    invoice = Invoice.objects.get()
    assert (invoice.subtotal, invoice.tax, invoice.total) == (usd(200), usd(38), usd(238))
    by_hand = draft_invoice(client=acme, lines=[NewLine("A", usd(119), tax_rate=Decimal(19))], by=None)
    assert (by_hand.subtotal, by_hand.total) == (usd(100), usd(119))
    assert_invariants()


def test_an_exempt_client_pays_the_price_that_was_typed_without_tax():
    acme = make_client(tax_exempt=True, tax_rate=Decimal(19))
    line = NewLine("A", usd(119), tax_rate=Decimal(19), tax_included=True)
    invoice = bill_client(client=acme, lines=[line], by=None)
    assert (invoice.subtotal, invoice.tax) == (usd(119), usd(0))


# ── Setting it ──


def test_rates_are_added_changed_and_removed_with_a_trace():
    ann = make_staff(username="ann")
    rate = add_tax_rate(country=" de ", name="MwSt", rate=Decimal(19), by=ann)
    changed = change_tax_rate(tax_rate=rate, name="MwSt", rate=Decimal("16.5"), by=ann)
    assert (changed.country, changed.rate) == ("DE", Decimal("16.5"))
    remove_tax_rate(tax_rate=rate, by=ann)
    assert list(Activity.objects.order_by("id").values_list("summary", flat=True)) == [
        "Tax: DE is taxed at MwSt 19%",
        "Tax: DE is taxed at MwSt 16.5%, MwSt 19% before",
        "Tax: DE is not taxed at MwSt 16.5% any more",
    ]
    with refused("MwSt 19% was removed meanwhile; nothing was done."):
        remove_tax_rate(tax_rate=rate, by=ann)


@pytest.mark.parametrize("country", ["D", "D1"])
def test_what_is_no_country_is_refused(country):
    text = f"“{country}” is not the code or name of a country. Give one, as in US or Austria."
    with refused(text, "country"):
        add_tax_rate(country=country, name="A", rate=Decimal(1), by=None)


def test_a_tax_without_a_name_is_refused():
    with refused("Give the tax a name, as in VAT.", "name"):
        add_tax_rate(country="DE", name=" ", rate=Decimal(1), by=None)


@pytest.mark.parametrize("rate", ["-1", "100.1", "NaN", "1.0001", "1E+400", "Infinity"])
def test_what_is_no_rate_is_refused(rate):
    with refused(f"A tax rate is from 0 to 100 percent, with up to 3 decimal places; {rate} was given.", "rate"):
        add_tax_rate(country="DE", name="A", rate=Decimal(rate), by=None)


def test_a_country_has_one_rate_and_nothing_to_change_is_said():
    rate = add_tax_rate(country="", name="Tax", rate=Decimal(5), by=None)
    with refused("Every other country has Tax 5% already; change that one.", "country"):
        add_tax_rate(country="", name="Other", rate=Decimal(6), by=None)
    with refused("Every other country is taxed at Tax 5% already; nothing was changed."):
        change_tax_rate(tax_rate=rate, name="Tax", rate=Decimal(5), by=None)
    with refused("Tax is added to prices already; nothing was changed."):
        set_prices_include_tax(included=False, by=None)
    set_prices_include_tax(included=True, by=None)
    assert TaxSettings.objects.get().prices_include_tax


# ── Everything adds up ──

rates = st.decimals(0, 100, places=3) | st.sampled_from(
    [Decimal(text) for text in ("0", "7", "8.25", "19", "20", "100")]
)
quantities = st.decimals(Decimal("0.0001"), 1000, places=4) | st.sampled_from([Decimal(1), Decimal(3), Decimal("0.5")])
# Whole minor units, small ones often: that is where rounding shows. Large ones where a quotient would be cut off.
prices = st.integers(0, 50) | st.integers(0, 10**7) | st.integers(10**12, 10**13)
lines = st.lists(st.tuples(prices, quantities, rates, st.booleans()), min_size=1, max_size=6)


def half_up(value):
    return floor(value + Fraction(1, 2))


def expected(units, quantity, rate, included):
    """Amount and tax in whole minor units, in exact fractions."""
    product = half_up(units * Fraction(quantity))
    rate = Fraction(rate)
    tax = half_up(product * rate / (100 + rate)) if included else half_up(product * rate / 100)
    return (product - tax, tax) if included else (product, tax)


@settings(
    max_examples=examples(40), deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
@given(currency=st.sampled_from(["USD", "JPY", "KWD"]), typed=lines)
def test_line_sums_tax_by_rate_and_totals_agree_to_the_last_minor_unit(currency, typed):
    places = CURRENCIES[currency]
    wanted = [expected(*line) for line in typed]
    with db_transaction.atomic():
        acme = make_client(currency=currency)
        new = [
            NewLine("Line", Money(Decimal(units).scaleb(-places), currency), quantity, rate, included)
            for units, quantity, rate, included in typed
        ]
        by_hand = bill_client(client=acme, lines=new, by=None)
        for line in new:
            make_item(
                acme, line.unit_price, due=DAY, quantity=line.quantity, tax_rate=line.tax_rate,
                tax_included=line.tax_included,
            )  # fmt: skip
        generate_invoices(as_of=DAY, by=None)
        by_run = Invoice.objects.latest("id")
        for invoice in (by_hand, by_run):
            made = list(invoice.lines.order_by("position"))
            units = [(int(line.amount.amount.scaleb(places)), int(line.tax.amount.scaleb(places))) for line in made]
            assert units == wanted
            assert [line.gross for line in made if line.tax_included] == [
                Money(Decimal(half_up(price * Fraction(quantity))).scaleb(-places), currency)
                for price, quantity, _, included in typed
                if included
            ]
            assert invoice.subtotal.amount.scaleb(places) == sum(amount for amount, _ in wanted)
            assert invoice.tax.amount.scaleb(places) == sum(tax for _, tax in wanted)
            assert invoice.tax == sum((tax for _, tax in tax_by_rate(made)), Money(0, currency))
            assert invoice.total == invoice.subtotal + invoice.tax
        assert_invariants()
        db_transaction.set_rollback(True)
