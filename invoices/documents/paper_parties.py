"""Who sells, who buys and where to pay, on paper."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from billing_admin.documents import country_in

from .parties import vat_number
from .snapshot import Snapshot


def seller_block(seller: Mapping[str, Any], language: str, said: Mapping[str, str]) -> dict[str, str]:
    """The company with its numbers and where to ask; empty where it had not been filled in."""
    more = {
        "vat_id": seller["vat_id"],
        "tax_number": seller["tax_number"],
        "registration": seller["registration"]["id"],
        "phone": seller["contact"]["phone"],
        "email": seller["contact"]["email"],
    }
    return {
        "name": seller["name"],
        "address": address_text(seller["address"], language),
        "more": _labelled(more, said),
        "footer": seller["footer"],
    }


def buyer_block(snapshot: Snapshot, said: Mapping[str, str]) -> dict[str, str]:
    """The client as they were. A tax ID that begins with no country may be any, and is called so."""
    buyer = snapshot["buyer"]
    more = {
        "vat_id" if vat_number(buyer["vat_id"]) else "tax_id": buyer["vat_id"],
        "registration": buyer["registration"]["id"],
    }
    address = buyer["address_text"] or address_text(buyer["address"], snapshot["language"], first=buyer["person"])
    return {"name": buyer["name"], "address": address, "more": _labelled(more, said)}


def payment_rows(snapshot: Snapshot, said: Mapping[str, str]) -> list[list[str]]:
    """The bank account, where something is to be paid into it."""
    payment = snapshot["payment"]
    if payment is None or snapshot["kind"] != "invoice" or Decimal(snapshot["totals"]["due"]) <= 0:
        return []
    rows = {
        "account_holder": payment["name"] or snapshot["seller"]["name"],
        "iban": " ".join(re.findall(".{1,4}", payment["iban"])),
        "account": payment["account"],
        "bic": payment["bic"],
        "payment_reference": snapshot["number"],
    }
    return [[said[label], text] for label, text in rows.items() if text]


def address_text(address: Mapping[str, str], language: str, first: str = "") -> str:
    """A line each, without empty ones, `first` being whom it is for the attention of."""
    town = " ".join(part for part in (address["postcode"], address["city"]) if part)
    country = country_in(address["country"], language) if address["country"] else ""
    lines = (first, address["line_1"], address["line_2"], town, address["region"], country)
    return "\n".join(line for line in lines if line)


def _labelled(texts: Mapping[str, Any], said: Mapping[str, str]) -> str:
    return "\n".join(f"{said[label]} {text}" for label, text in texts.items() if text)
