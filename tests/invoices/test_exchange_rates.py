"""Rates that staff set: the newest counts, for a month; the same again is refused."""

import datetime
from decimal import Decimal

import pytest

from clients.models import Activity
from invoices.models import ExchangeRate
from invoices.selectors.exchange_rates import rate_for, rates_for
from invoices.services.company import save_company
from invoices.services.exchange_rates import set_rate
from tests.unchanged import refused

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 3, 1)


@pytest.fixture
def company():
    return save_company(legal_name="Hoster GmbH", country="DE", accounting_currency="EUR", by=None)


def usd(rate: str, day: datetime.date = DAY) -> ExchangeRate:
    return set_rate(currency="USD", day=day, rate=Decimal(rate), by=None)


@pytest.mark.usefixtures("company")
def test_the_newest_rate_of_a_month_counts():
    usd("0.9")
    usd("0.95", DAY + datetime.timedelta(days=9))
    set_rate(currency="GBP", day=DAY, rate=Decimal("1.15"), by=None)
    days = {0: "0.9", 8: "0.9", 9: "0.95", 40: "0.95"}
    assert {after: rate_for("USD", DAY + datetime.timedelta(days=after)) for after in days} == {
        after: Decimal(rate) for after, rate in days.items()
    }
    assert rates_for(DAY) == {"USD": Decimal("0.9"), "GBP": Decimal("1.15")}
    assert rate_for("USD", DAY - datetime.timedelta(days=1)) is None
    assert rate_for("USD", DAY + datetime.timedelta(days=41)) is None


@pytest.mark.usefixtures("company")
def test_rates_lead_to_the_currency_of_the_books():
    usd("0.9")
    save_company(accounting_currency="CHF", by=None)
    assert rates_for(DAY) == {}


@pytest.mark.usefixtures("company")
def test_a_rate_is_corrected_on_its_day():
    usd("0.9")
    assert str(usd("0.925")) == "1 USD = 0.925 EUR"
    assert ExchangeRate.objects.get().rate == Decimal("0.925")
    assert Activity.objects.latest("pk").summary == "Exchange rate: 1 USD = 0.925 EUR from 1 Mar 2026 on, 0.9 before"
    with refused("1 USD = 0.925 EUR on 1 Mar 2026 already; nothing was changed."):
        usd("0.9250")


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize(
    ("said", "text", "field"),
    [
        ({"currency": "XXX"}, "“XXX” is no currency.", "currency"),
        ({"currency": "EUR"}, "The books are kept in EUR: it needs no rate.", "currency"),
        ({"rate": Decimal(0)}, "A rate is above 0 and has up to 9 decimal places; 0 was given.", "rate"),
        (
            {"rate": Decimal("1e-10")},
            "A rate is above 0 and has up to 9 decimal places; 0.0000000001 was given.",
            "rate",
        ),
        ({"day": datetime.date(2999, 1, 1)}, "That day has not come yet: nobody knows its rate.", "day"),
    ],
)
def test_what_is_no_rate_is_refused(said, text, field):
    with refused(text, field):
        set_rate(**{"currency": "USD", "day": DAY, "rate": Decimal(1), "by": None} | said)


def test_without_a_company_there_is_no_rate():
    assert rates_for(DAY) == {}
    with refused("Fill in the company first: a rate leads to the currency that its books are kept in."):
        usd("0.9")
