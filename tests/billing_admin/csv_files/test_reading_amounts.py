"""Amounts of other systems' files."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_admin.csv_files.amounts import decimal_sign_of, leaves_decimal_sign_open, read_amount
from billing_admin.errors import BusinessError

POINT = {
    "+12.50": "12.50", "1'240.00": "1240", "1’240.00": "1240", "1,240.00": "1240", "$12.50": "12.50", "0.00": "0",
    "(12.50)": "-12.50", "($12.50)": "-12.50", "12.50-": "-12.50", "−12.50": "-12.50", "-$12.50": "-12.50",
    "12.50 CR": "12.50", "12.50 DR": "-12.50", ".50": "0.50", "1,23,456.00": "123456", "CHF 1'240.00": "1240",
    "Rs.12.50": "12.50", " 12.50 usd ": "12.50", "1,234": "1234",
}  # fmt: skip
COMMA = {
    "1 240,00": "1240", "1\xa0240,00": "1240", "1\u202f240,00": "1240", "1.240,00": "1240", "12,5": "12.5",
    "€ 12,50": "12.50", "12,50 EUR": "12.50", "R$ 12,50": "12.50", "1,234": "1.234",
}  # fmt: skip
NO_AMOUNT = ["1.2.3", "12,50.00", "words", "--1", "-1-", "-(1)", "1²", "NaN", "9" * 4400, "9" * 1_000_000, "1e5", "12.", "١٢", "EUR", "1 2", "12.50 XXQ", "$€1"]  # fmt: skip # noqa: E501


@pytest.mark.parametrize(("sign", "text", "value"), [(".", *each) for each in POINT.items()] + [(",", *each) for each in COMMA.items()])  # fmt: skip # noqa: E501
def test_amounts_are_read_as_they_are_spelled(sign, text, value):
    assert read_amount(text, decimal_sign=sign).value == Decimal(value)


@pytest.mark.parametrize("text", NO_AMOUNT)
@pytest.mark.parametrize("sign", [".", ","])
def test_what_is_no_amount_is_refused_as_it_stands(text, sign):
    with pytest.raises(BusinessError, match="is not an amount") as refused:
        read_amount(text, decimal_sign=sign)
    assert f"“{text[:40]}" in str(refused.value)


def test_a_comma_that_groups_wrongly_is_refused():
    with pytest.raises(BusinessError, match="“1,23” is not an amount with a decimal point"):
        read_amount("1,23", decimal_sign=".")


def test_an_empty_amount_is_refused():
    with pytest.raises(BusinessError, match="is empty"):
        read_amount(" ", decimal_sign=".")


def test_a_sign_of_several_currencies_may_only_contradict():
    dollars = read_amount("$12.50", decimal_sign=".")
    assert (dollars.currency, dollars.may_be_in("USD"), dollars.may_be_in("CAD")) == ("$", True, True)
    assert not dollars.may_be_in("EUR")
    assert read_amount("€ 1", decimal_sign=".").currency == "EUR"


def test_the_column_tells_the_decimal_sign():
    assert decimal_sign_of(["1,234", "12.50"]) == "."
    assert decimal_sign_of(["1,234", "1.234,50"]) == ","
    assert decimal_sign_of(["1,234"]) is None
    assert decimal_sign_of(["12.50", "12,50"]) is None
    assert decimal_sign_of(["12", "words"]) == "."
    assert leaves_decimal_sign_open("1.234")
    assert not leaves_decimal_sign_open("0.125")


@given(
    st.decimals(min_value=-(10**9), max_value=10**9, places=2),
    st.sampled_from([(".", ","), (".", "'"), (".", " "), (".", ""), (",", "."), (",", "\u202f"), (",", "")]),
    st.sampled_from(["{}", "-{}", "({})", "{}-", "EUR {}", "{} €"]),
)
def test_an_amount_written_in_any_dialect_is_read_back(value, signs, shape):
    decimal_sign, group = signs
    written = f"{abs(value):,.2f}".replace(".", "!").replace(",", group).replace("!", decimal_sign)
    negative = shape in ("-{}", "({})", "{}-")
    text = shape.format(written)
    assert decimal_sign_of([text]) == decimal_sign
    assert read_amount(text, decimal_sign=decimal_sign).value == (-abs(value) if negative else abs(value))
