"""What the database holds of the company: each version stays, and the newest counts."""

import datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest

from invoices.models import ExchangeRate, SellerLogo, SellerVersion
from tests.factories import make_staff
from tests.raw_sql import execute
from tests.unchanged import refused_by_database

pytestmark = pytest.mark.django_db

STAYS = "What the company was stays, for the documents that name it; save it anew."


def make_version(**fields) -> SellerVersion:
    fields = {"legal_name": "Hoster GmbH", "country": "DE", "accounting_currency": "EUR"} | fields
    return SellerVersion.objects.create(**fields)


@pytest.mark.parametrize(
    ("sql", "by"),
    [
        ("UPDATE invoices_sellerversion SET legal_name = 'X'", STAYS),
        ("UPDATE invoices_sellerversion SET bank_accounts = '[1]'", STAYS),
        ("UPDATE invoices_sellerversion SET logo_id = NULL", STAYS),
        ("DELETE FROM invoices_sellerversion", STAYS),
        ("UPDATE invoices_sellerlogo SET png = 'x'", STAYS),
        ("DELETE FROM invoices_sellerlogo", STAYS),
        ("UPDATE invoices_exchangerate SET rate = 0", "exchange_rate_positive"),
        ("UPDATE invoices_exchangerate SET currency = 'EUR'", "exchange_rate_of_another"),
        ("UPDATE invoices_exchangerate SET currency = 'XXX'", "exchange_rate_currencies"),
    ],
)
def test_the_database_refuses(sql, by):
    logo = SellerLogo.objects.create(sha256="a" * 64, png=b"png", width=1, height=1)
    make_version(logo=logo)
    ExchangeRate.objects.create(
        currency="USD", day=datetime.date(2026, 11, 1), rate=Decimal("0.925"), accounting_currency="EUR"
    )
    with refused_by_database(by):
        execute(sql, SimpleNamespace())


@pytest.mark.parametrize(
    ("fields", "by"),
    [
        ({"legal_name": ""}, "seller_named"),
        ({"country": ""}, "seller_country"),
        ({"accounting_currency": "XXX"}, "seller_currency"),
        ({"paper": "a5"}, "seller_paper"),
        ({"accent": "red"}, "seller_accent"),
        ({"electronic_scheme": "EM"}, "seller_electronic_address"),
    ],
)
def test_a_version_is_complete(fields, by):
    with refused_by_database(by):
        make_version(**fields)


def test_the_newest_version_counts():
    assert SellerVersion.objects.current() is None
    make_version()
    make_version(legal_name="Hoster AG", terms={"de": "Sofort", "en": "At once"}, language="de")
    company = SellerVersion.objects.current()
    assert (company.legal_name, company.terms_in("en"), company.terms_in("fr")) == ("Hoster AG", "At once", "Sofort")


def test_a_bank_account_is_found_by_its_currency():
    accounts = [{"currency": "EUR", "iban": "DE02120300000000202051", "account": "", "bic": "BYLADEM1001", "name": "H"}]
    company = make_version(bank_accounts=accounts)
    assert company.bank_account("EUR").bic == "BYLADEM1001"
    assert company.bank_account("USD") is None


def test_whoever_saved_a_version_can_be_removed():
    ann = make_staff(username="ann")
    version = make_version(saved_by=ann)
    ann.delete()
    version.refresh_from_db()
    assert version.saved_by is None
