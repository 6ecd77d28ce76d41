"""Who sells, who buys, and where to pay: as a snapshot says it."""

import re
from typing import Any

from billing_admin.countries import CODES
from invoices.models import Invoice, SellerVersion

# Greece has a code of its own there, and so has Northern Ireland; XK is no country.
_VAT_PREFIXES = {*CODES, "EL", "XI"} - {"XK"}


def vat_number(tax_id: str) -> str:
    """A tax ID as an e-invoice takes it, if it begins with a country: `FR12345678901`; which one is never guessed."""
    plain = re.sub(r"[\s.-]", "", tax_id).upper()
    return plain if plain[:2] in _VAT_PREFIXES and re.fullmatch(r"[A-Z]{2}[A-Z0-9+*]{2,}", plain) else ""


def seller_of(seller: SellerVersion | None) -> dict[str, Any]:
    """The company as it was on the day; without an id where it had not been filled in."""
    seller_id = seller.pk if seller else None
    logo = seller.logo if seller else None
    seller = seller or SellerVersion()
    return {
        "id": seller_id,
        "name": seller.legal_name,
        "vat_id": seller.vat_id,
        "tax_number": seller.tax_number,
        "registration": {"id": seller.registration, "scheme": seller.registration_scheme},
        "electronic": {"scheme": seller.electronic_scheme, "id": seller.electronic_address},
        "address": {
            "line_1": seller.address_1,
            "line_2": seller.address_2,
            "postcode": seller.postcode,
            "city": seller.city,
            "region": seller.region,
            "country": seller.country,
        },
        "contact": {"name": seller.contact_name, "phone": seller.contact_phone, "email": seller.contact_email},
        "footer": seller.footer,
        "paper": seller.paper,
        "accent": seller.accent,
        "logo_sha256": logo.sha256 if logo else None,
    }


def buyer_of(invoice: Invoice) -> dict[str, Any]:
    """The client as they were on the day. `address_text` is the address of an invoice that is older than its fields."""
    return {
        "name": invoice.bill_to_name,
        "person": invoice.bill_to_person,
        "email": invoice.bill_to_email,
        "vat_id": invoice.bill_to_tax_id,
        "registration": {"id": invoice.bill_to_registration, "scheme": ""},
        "electronic": {"scheme": invoice.bill_to_e_scheme, "id": invoice.bill_to_e_address},
        "address": {
            "line_1": invoice.bill_to_line_1,
            "line_2": invoice.bill_to_line_2,
            "postcode": invoice.bill_to_postcode,
            "city": invoice.bill_to_city,
            "region": invoice.bill_to_region,
            "country": invoice.bill_to_country,
        },
        "address_text": invoice.bill_to_address,
    }


def payment_of(seller: SellerVersion | None, currency: str) -> dict[str, str] | None:
    """The company's bank account for that currency: by SEPA where there is an IBAN for euros; None without one."""
    account = seller.bank_account(currency) if seller else None
    if account is None:
        return None
    means = "58" if account.iban and currency == "EUR" else "30"
    return {"means": means, **account._asdict()}
