"""What is on every document that is not an invoice: who sends it, as the company is, and to whom it goes."""

from typing import Any

from billing_admin.documents import country_in, families, language_for
from clients.models import Client
from invoices.models import SellerVersion
from invoices.models.seller import ACCENT, Paper


def language_of(client: Client, company: SellerVersion | None) -> str:
    """The client's, else the company's."""
    return language_for(client.language, company.language if company else "en")


def letterhead(company: SellerVersion | None, language: str) -> dict[str, Any]:
    """The sheet's look, and the sender where the company is filled in."""
    if company is None:
        return {"region": "", "paper": Paper.A4.value, "accent": ACCENT, "lang": language}
    return {
        "region": company.country,
        "paper": company.paper,
        "accent": company.accent,
        "lang": language,
        "seller": {
            "name": company.legal_name,
            "address": "\n".join([*company.street_lines, country_in(company.country, language)]),
            "footer": company.footer,
        },
    }


def logo_of(company: SellerVersion | None) -> bytes | None:
    """Its logo, as it was redrawn."""
    return bytes(company.logo.png) if company and company.logo else None


def addressed_to(client: Client, language: str, name: str = "") -> dict[str, Any]:
    """The client with the address, and the fonts that its country reads.

    Where the client was called by another `name` then, that alone: the address may be of another, too.
    """
    lines = client.street_lines
    if client.country:
        lines = [*lines, country_in(client.country, language)]
    if name not in ("", client.name):
        lines = []
    return {
        "buyer": {"name": name or client.name, "address": "\n".join(lines)},
        "fonts": families(client.country),
    }
