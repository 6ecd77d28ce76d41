"""Seller and buyer as an e-invoice says them, by the names that factur-x has for the parts of a party."""

from collections.abc import Mapping
from typing import Any

from .e_texts import NOTHING, plain
from .parties import vat_number


def seller_party(seller: Mapping[str, Any], *, with_vat: bool) -> dict[str, Any]:
    """BG-4. `with_vat`: not where something is outside the scope of tax (BR-O-02)."""
    contact = {name: plain(text) for name, text in seller["contact"].items()}
    return _party(
        seller,
        vat_identifier=vat_number(seller["vat_id"]) if with_vat else "",
        tax_identifier=plain(seller["tax_number"]),
        contact=contact,
    )


def buyer_party(buyer: Mapping[str, Any], *, with_vat: bool) -> dict[str, Any]:
    """BG-7. A tax ID that begins with no country is left out: an e-invoice takes none (BR-CO-09)."""
    contact = {"name": plain(buyer["person"]), "email": plain(buyer["email"])}
    return _party(buyer, vat_identifier=vat_number(buyer["vat_id"]) if with_vat else "", contact=contact)


def _party(party: Mapping[str, Any], *, contact: Mapping[str, str], **identifiers: str) -> dict[str, Any]:
    address, registration, electronic = party["address"], party["registration"], party["electronic"]
    contact = {name: text for name, text in contact.items() if text}
    said: dict[str, Any] = {
        "name": plain(party["name"]) or NOTHING,
        "country_code": address["country"],
        "city": plain(address["city"]),
        "postcode": plain(address["postcode"]),
        "addr_l1": plain(address["line_1"]),
        "addr_l2": plain(address["line_2"]),
        "country_subdivision": plain(address["region"]),
        **identifiers,
        "legal_identifier": plain(registration["id"]),
        "legal_identifier_schemeid": registration["scheme"],
        "einvoicing_addr": plain(electronic["id"]),
        "einvoicing_addr_schemeid": electronic["scheme"],
        "contacts": [contact] if contact else [],
    }
    return {name: value for name, value in said.items() if value}
