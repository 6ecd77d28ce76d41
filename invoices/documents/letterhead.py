"""What is on every document that has no snapshot: who sends it, as the company is, and to whom it goes."""

from typing import Any

from billing_admin.documents import families, language_for, words
from clients.models import Client
from invoices.models import SellerVersion

from .paper_parties import address_text, seller_block
from .parties import seller_of


def language_of(client: Client, company: SellerVersion | None) -> str:
    """The client's, else the company's."""
    return language_for(client.language, company.language if company else "en")


def letterhead(company: SellerVersion | None, language: str) -> dict[str, Any]:
    """The sheet's look, and the sender, who is empty where the company is not filled in."""
    seller = seller_of(company)
    return {
        "lang": language,
        "region": seller["address"]["country"],
        "paper": seller["paper"],
        "accent": seller["accent"],
        "seller": seller_block(seller, language, words(language)),
    }


def logo_of(company: SellerVersion | None) -> bytes | None:
    """Its logo, as it was redrawn."""
    return bytes(company.logo.png) if company and company.logo else None


def addressed_to(client: Client, language: str, name: str = "") -> dict[str, Any]:
    """The client with the address, and the fonts that its country reads.

    Where the client was called by another `name` then, that alone: the address may be of another, too.
    """
    address = {
        "line_1": client.address_1,
        "line_2": client.address_2,
        "postcode": client.postcode,
        "city": client.city,
        "region": client.region,
        "country": client.country,
    }
    person = client.person if client.company_name else ""
    text = address_text(address, language, first=person) if name in ("", client.name) else ""
    return {"buyer": {"name": name or client.name, "address": text}, "fonts": families(client.country)}
