"""Amounts as they are typed, computed and written; and that no service takes one that cannot be booked."""

import re
from dataclasses import dataclass
from decimal import Decimal

import pytest
from djmoney.money import Money

from billing_admin.errors import BusinessError
from billing_admin.money.amounts import (
    amount_text,
    minor_units,
    money_text,
    parse_amount,
    require_places,
    round_half_up,
    smallest_unit,
    totals_text,
)
from clients.models import Client, CreditUse
from credits.services.adjust import adjust_balance
from credits.services.apply import apply_credit
from invoices.models import Invoice
from tests.factories import give_credit, make_client, make_invoice, make_payment_method, usd
from tests.invariants import assert_invariants
from tests.unchanged import nothing_changes
from transactions.models import PaymentMethod
from transactions.services.receive import receive_payment

# ── Reading what was typed ──


@pytest.mark.parametrize(
    ("typed", "currency", "amount"),
    [
        ("12", "USD", "12.00"),
        ("12.5", "USD", "12.50"),
        ("12.50", "USD", "12.50"),
        ("12.500", "USD", "12.50"),
        (" 12.50\n", "USD", "12.50"),
        ("007", "USD", "7.00"),
        ("0", "USD", "0.00"),
        ("0.01", "USD", "0.01"),
        ("5", "JPY", "5"),
        ("5.0", "JPY", "5"),
        ("0.001", "KWD", "0.001"),
        ("-3.10", "USD", "-3.10"),
        ("−3.10", "USD", "-3.10"),
        ("999999999999999.99", "USD", "999999999999999.99"),
        ("0000000000000000000001", "USD", "1.00"),
        ("1." + "0" * 60, "USD", "1.00"),
    ],
)
def test_digits_with_a_decimal_point_are_read_exactly(typed, currency, amount):
    assert str(parse_amount(typed, currency)) == amount


@pytest.mark.parametrize(
    ("printed", "currency"),
    [
        ("1,234.50", "USD"), ("−1,234,567.00", "EUR"), ("999,999,999,999,999.99", "USD"), ("1,234", "JPY"),
        ("12,345,678", "JPY"), ("1,234.500", "KWD"),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_it_is_printed(printed, currency):
    assert amount_text(parse_amount(printed, currency), currency) == printed


@pytest.mark.parametrize("typed", ["-0", "-0.00", "−0"])
def test_minus_zero_is_zero(typed):
    assert str(parse_amount(typed, "USD")) == "0.00"


NOT_AMOUNTS = {
    "grouped by space": "1 234.50",
    "grouped by apostrophe": "1'234.50",
    "grouped by underscore": "1_000",
    "plus": "+5",
    "plus and space": "+ 5",
    "minus and space": "- 5",
    "two signs": "--5",
    "sign behind": "5-",
    "in brackets": "(5)",
    "exponent": "1e3",
    "huge exponent": "1e400",
    "capital exponent": "1E3",
    "nan": "NaN",
    "infinity": "Infinity",
    "minus infinity": "-inf",
    "hexadecimal": "0x10",
    "with code": "5 USD",
    "with sign": "$5",
    "percent": "5%",
    "no whole part": ".5",
    "no places": "5.",
    "two points": "1.2.3",
    "words": "five",
    "only a sign": "-",
    "only a point": ".",
    "arabic-indic digits": "١٢",
    "devanagari digits": "१२",
    "full-width digits": "１２",
    "full-width point": "1．5",
    "superscript": "1²",
    "fraction": "½",
    "roman": "Ⅻ",
    "null character": "1\x002",
    "control character": "1\x072",
    "line in between": "1\n2",
    "zero-width space": "1\u200b2",
    "right-to-left mark": "\u200f12",
    "byte order mark": "\ufeff12",
}  # fmt: skip


@pytest.mark.parametrize("typed", NOT_AMOUNTS.values(), ids=NOT_AMOUNTS.keys())
def test_anything_else_is_refused_with_an_example(typed):
    with pytest.raises(BusinessError) as caught:
        parse_amount(typed, "USD")
    assert str(caught.value) == f"“{typed}” is not an amount. Use digits and a decimal point, as in 12.50."


# typed → what may be meant by it, in USD
READINGS = {
    "1,5": "15.00 or 1.50", "12,50": "1250.00 or 12.50", "1,234": "1234.00 or 1.234", "-1,5": "-15.00 or -1.50",
    "−1,5": "-15.00 or -1.50", "0,125": "125.00 or 0.125", "0,00": "0.00", "1,234,567": "1234567.00",
    "1.234.567": "1234567.00", "1,234.5": "1234.50", "1,234.500": "1234.500", "12,34.50": "1234.50",
    "1234,567.50": "1234567.50", "0,125.00": "125.00", "1.234,50": "1234.50", "1.234.567,8": "1234567.80",
}  # fmt: skip


@pytest.mark.parametrize(("typed", "meant"), READINGS.items())
def test_a_comma_is_refused_with_what_it_may_mean(typed, meant):
    with pytest.raises(BusinessError) as caught:
        parse_amount(typed, "USD")
    assert str(caught.value) == f"“{typed}” is not an amount: is {meant} meant? Type that."


@pytest.mark.parametrize("typed", ["1,2.3,4", "1,,2", "1,", ",5", "1,222222222222222", "1" * 15 + ",00"])
def test_what_can_mean_nothing_is_refused_with_an_example(typed):
    with pytest.raises(BusinessError, match=r"as in 12\.50"):
        parse_amount(typed, "USD")


def test_a_comma_after_a_zero_groups_nothing():
    with pytest.raises(BusinessError, match="“0,125” is not an amount"):
        parse_amount("0,125", "JPY")


@pytest.mark.parametrize(("currency", "example"), [("JPY", "13"), ("USD", "12.50"), ("KWD", "12.500")])
def test_the_example_fits_the_currency(currency, example):
    with pytest.raises(BusinessError, match=f"as in {example}\\.$"):
        parse_amount("x", currency)


def test_a_long_text_is_shown_shortened():
    with pytest.raises(BusinessError) as caught:
        parse_amount("x" * 5000, "USD")
    assert str(caught.value).startswith(f"“{'x' * 30}…” is not an amount.")


@pytest.mark.parametrize("typed", ["", " ", "\t\n", "\u00a0"])
def test_nothing_typed_is_asked_for(typed):
    with pytest.raises(BusinessError, match=r"^Enter an amount\.$"):
        parse_amount(typed, "USD")


@pytest.mark.parametrize(
    ("typed", "currency", "held"),
    [
        ("0.001", "USD", "2 decimal places"),
        ("12.505", "USD", "2 decimal places"),
        ("0.5", "JPY", "no decimal places"),
        ("1.0001", "KWD", "3 decimal places"),
    ],
)
def test_more_places_than_the_currency_has_are_refused_and_never_rounded(typed, currency, held):
    with pytest.raises(BusinessError) as caught:
        parse_amount(typed, currency)
    assert str(caught.value) == f"{currency} has {held}; {typed} has more."


@pytest.mark.parametrize("typed", ["1" * 16, "12345678901234567890", "-" + "9" * 20, "9" * 10_000])
def test_more_than_15_digits_are_refused(typed):
    with pytest.raises(BusinessError, match=r"^The amount has more than 15 digits before the decimal point\.$"):
        parse_amount(typed, "USD")


@pytest.mark.parametrize("currency", ["XXX", "DEM", "usd", "", "US", "BTC"])
def test_a_currency_that_is_not_in_use_is_refused(currency):
    with pytest.raises(BusinessError) as caught:
        parse_amount("5", currency)
    assert str(caught.value) == f"“{currency}” is not a currency in use. Give an ISO code such as USD."


@pytest.mark.parametrize(
    ("typed", "minimum", "refusal"),
    [
        ("-0.01", Decimal(0), "The amount must not be negative."),
        ("0", Decimal("0.01"), "The amount must be at least 0.01."),
        ("-5", Decimal("0.01"), "The amount must be at least 0.01."),
    ],
)
def test_less_than_the_minimum_is_refused(typed, minimum, refusal):
    with pytest.raises(BusinessError) as caught:
        parse_amount(typed, "USD", minimum=minimum)
    assert str(caught.value) == refusal


def test_the_minimum_itself_is_taken():
    assert parse_amount("0.01", "USD", minimum=Decimal("0.01")) == Decimal("0.01")


# ── Computing and writing ──


@pytest.mark.parametrize(
    ("computed", "currency", "rounded"),
    [
        ("0.005", "USD", "0.01"),
        ("0.0049999", "USD", "0.00"),
        ("2.675", "USD", "2.68"),
        ("-0.005", "USD", "-0.01"),
        ("0.5", "JPY", "1"),
        ("0.4999", "JPY", "0"),
        ("1.0005", "KWD", "1.001"),
    ],
)
def test_computed_amounts_are_rounded_half_away_from_zero(computed, currency, rounded):
    assert str(round_half_up(Decimal(computed), currency)) == rounded


@pytest.mark.parametrize(("currency", "places", "unit"), [("JPY", 0, "1"), ("USD", 2, "0.01"), ("KWD", 3, "0.001")])
def test_the_smallest_unit_has_the_places_of_the_currency(currency, places, unit):
    assert (minor_units(currency), str(smallest_unit(currency))) == (places, unit)


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("1234.5", "USD", "1,234.50 USD"),
        ("-1234.5", "USD", "−1,234.50 USD"),
        ("1234567", "JPY", "1,234,567 JPY"),
        ("0", "KWD", "0.000 KWD"),
    ],
)
def test_amounts_are_written_with_the_places_of_their_currency(amount, currency, text):
    assert money_text(Money(Decimal(amount), currency)) == text
    assert amount_text(Decimal(amount), currency) == text.removesuffix(f" {currency}")


def test_sums_of_several_currencies_are_listed_and_never_added():
    assert totals_text({"USD": Decimal(25), "EUR": Decimal(10)}) == "10.00 EUR, 25.00 USD"
    assert totals_text([("JPY", Decimal(7))]) == "7 JPY"
    assert totals_text({}) == "0"


# ── What no service books ──

UNBOOKABLE = {
    "a tenth of a cent": (Decimal("0.001"), "USD", "USD has 2 decimal places; 0.001 has more."),
    "half a yen": (Decimal("0.5"), "JPY", "JPY has no decimal places; 0.5 has more."),
    "a ten-thousandth of a dinar": (Decimal("0.0001"), "KWD", "KWD has 3 decimal places; 0.0001 has more."),
    "nan": (Decimal("NaN"), "USD", "NaN is not an amount."),
    "signalling nan": (Decimal("sNaN"), "USD", "sNaN is not an amount."),
    "infinity": (Decimal("Infinity"), "USD", "Infinity is not an amount."),
    "minus infinity": (Decimal("-Infinity"), "USD", "-Infinity is not an amount."),
    "16 digits": (Decimal("1" * 16), "USD", "The amount has more than 15 digits before the decimal point."),
    "20 digits": (Decimal("1" * 20), "USD", "The amount has more than 15 digits before the decimal point."),
    "400 digits": (Decimal("1e400"), "USD", "The amount has more than 15 digits before the decimal point."),
    "minus 400 digits": (Decimal("-1e400"), "USD", "The amount has more than 15 digits before the decimal point."),
    "no currency": (Decimal(5), "XXX", "“XXX” is not a currency in use. Give an ISO code such as USD."),
}


@pytest.mark.parametrize(("amount", "currency", "refusal"), UNBOOKABLE.values(), ids=UNBOOKABLE.keys())
def test_money_that_cannot_be_booked_is_refused(amount, currency, refusal):
    with pytest.raises(BusinessError) as caught:
        require_places(Money(amount, currency))
    assert str(caught.value) == refusal


@pytest.mark.parametrize("amount", ["0", "0.01", "-0.01", "12.500", "999999999999999.99", "-999999999999999.99"])
def test_money_that_can_be_booked_passes(amount):
    require_places(usd(amount))


@dataclass
class Books:
    """Something to give, adjust, apply, pay and bill: 20 of credit, and an invoice with 100 due."""

    acme: Client
    invoice: Invoice
    card: PaymentMethod

    @classmethod
    def make(cls, currency: str) -> "Books":
        acme = make_client(credit_use=CreditUse.NEVER)
        give_credit(acme, Money(20, currency))
        return cls(acme, make_invoice(acme, Money(100, currency)), make_payment_method())

    def add_credit(self, money: Money) -> None:
        give_credit(self.acme, money)

    def adjust_balance(self, money: Money) -> None:
        adjust_balance(client=self.acme, seen=Money(20, self.invoice.currency), balance=money, by=None)

    def apply_credit(self, money: Money) -> None:
        apply_credit(invoice=self.invoice, amount=money, by=None)

    def record_payment(self, money: Money) -> None:
        receive_payment(invoices=[self.invoice], amount=money, payment_method=self.card, by=None)

    def record_fees(self, money: Money) -> None:
        paid = Money(50, self.invoice.currency)
        receive_payment(invoices=[self.invoice], amount=paid, fees=money, payment_method=self.card, by=None)

    def bill(self, money: Money) -> None:
        make_invoice(self.acme, money)


ACTIONS = [
    Books.add_credit,
    Books.adjust_balance,
    Books.apply_credit,
    Books.record_payment,
    Books.record_fees,
    Books.bill,
]


@pytest.mark.django_db
@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize(("amount", "currency", "refusal"), UNBOOKABLE.values(), ids=UNBOOKABLE.keys())
def test_no_service_books_it(action, amount, currency, refusal):
    books = Books.make("USD" if currency == "XXX" else currency)
    with nothing_changes(), pytest.raises(BusinessError, match=f"^{re.escape(refusal)}$"):
        action(books, Money(amount, currency))
    assert_invariants()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("action", "amount", "refusal"),
    [
        (Books.add_credit, "0", "Credit must be above zero; 0.00 USD was given."),
        (Books.add_credit, "-5", "Credit must be above zero; −5.00 USD was given."),
        (
            Books.adjust_balance,
            "-0.01",
            "A credit balance cannot be below zero; −0.01 USD was entered.",
        ),
        (Books.apply_credit, "0", "Give an amount above zero; 0.00 USD was asked for."),
        (Books.apply_credit, "-5", "Give an amount above zero; −5.00 USD was asked for."),
        (Books.record_payment, "0", "A payment must be above zero; 0.00 USD was given."),
        (Books.record_payment, "-5", "A payment must be above zero; −5.00 USD was given."),
        (Books.record_fees, "-5", "Fees of −5.00 USD do not fit a payment of 50.00 USD."),
        (Books.bill, "-5", "Line 1: a price must not be negative; −5.00 USD was given."),
    ],
)
def test_no_service_books_zero_or_less(action, amount, refusal):
    books = Books.make("USD")
    with nothing_changes(), pytest.raises(BusinessError, match=f"^{re.escape(refusal)}$"):
        action(books, usd(amount))
    assert_invariants()
