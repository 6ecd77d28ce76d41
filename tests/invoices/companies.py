"""A company, and clients who are billed by it in a way that a machine can read."""

from typing import Any

from clients.models import Client
from invoices.models import SellerVersion
from tests.factories import make_client

ACCOUNT = {"currency": "EUR", "iban": "DE02120300000000202051", "account": "", "bic": "BYLADEM1001", "name": "Hoster"}


def make_company(**fields: Any) -> SellerVersion:
    """A company in Germany with all that an XRechnung asks for."""
    whole: dict[str, Any] = {
        "legal_name": "Hoster GmbH",
        "address_1": "Hauptstraße 1",
        "postcode": "10115",
        "city": "Berlin",
        "country": "DE",
        "vat_id": "DE123456789",
        "registration": "HRB 12345",
        "contact_name": "Accounts",
        "contact_phone": "+49 30 1234",
        "contact_email": "billing@hoster.example",
        "electronic_scheme": "0088",
        "electronic_address": "4012345000009",
        "accounting_currency": "EUR",
        "language": "de",
        "bank_accounts": [ACCOUNT],
        "terms": {"de": "Zahlbar in 14 Tagen"},
    }
    return SellerVersion.objects.create(**whole | fields)


def make_buyer(**profile: Any) -> Client:
    """A client in France whose invoices can be e-invoices of any kind."""
    whole: dict[str, Any] = {
        "first_name": "Ada",
        "last_name": "Martin",
        "address_1": "1 rue de Rivoli",
        "postcode": "75001",
        "city": "Paris",
        "country": "FR",
        "tax_id": "FR12345678901",
        "electronic_scheme": "9957",
        "electronic_address": "FR12345678901",
        "buyer_reference": "04011000-12345-34",
        "currency": "EUR",
    }
    return make_client("Acme SA", **whole | profile)
