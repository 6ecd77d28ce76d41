"""Which currencies are in use, and that everything that knows their places agrees."""

from decimal import Decimal

import moneyed
import pytest
from django.conf import settings
from django.db import connection
from djmoney.money import Money

from billing_admin.money import currencies
from billing_admin.money.amounts import money_text
from billing_admin.money.currencies import CURRENCIES


def test_places_are_those_of_py_moneyed():
    places = {code: {1: 0, 100: 2, 1000: 3}.get(moneyed.get_currency(code).sub_unit) for code in CURRENCIES}
    assert places == CURRENCIES


def test_no_code_stands_in_the_list_twice():
    listed = (currencies._NO_PLACES + currencies._TWO_PLACES + currencies._THREE_PLACES).split()
    assert len(listed) == len(set(listed)) == len(CURRENCIES)


@pytest.mark.parametrize("code", ["DEM", "FRF", "ITL", "HRK", "ZWL", "XXX", "XTS", "XAU", "XDR", "BTC"])
def test_dead_currencies_metals_and_test_codes_are_not_in_use(code):
    assert code not in CURRENCIES


def test_forms_offer_the_currencies_in_use():
    assert tuple(settings.CURRENCIES) == tuple(CURRENCIES)


@pytest.mark.django_db
def test_the_database_has_the_same_places():
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, minor_units(code) FROM unnest(%s::text[]) code", [list(CURRENCIES)])
        assert dict(cursor.fetchall()) == CURRENCIES


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["DEM", "XXX", "usd", "", "US "])
def test_the_database_knows_no_places_of_a_currency_that_is_not_in_use(code):
    with connection.cursor() as cursor:
        cursor.execute("SELECT minor_units(%s)", [code])
        assert cursor.fetchone() == (None,)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("1234.5", "USD", "1,234.50 USD"),
        ("0", "USD", "0.00 USD"),
        ("1234567", "JPY", "1,234,567 JPY"),
        ("0.001", "KWD", "0.001 KWD"),
        ("999999999999999.99", "USD", "999,999,999,999,999.99 USD"),
    ],
)
def test_the_database_writes_amounts_as_the_screens_do(amount, currency, text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT money_text(%s, %s)", [Decimal(amount), currency])
        assert cursor.fetchone() == (text,)
    assert money_text(Money(Decimal(amount), currency)) == text
