"""Sheets of paper as the apps fill them, and the XML of an invoice by the names of EN 16931."""

import datetime
from typing import Any

import pikepdf
import pypdfium2

from billing_admin.documents import Sheet, words

ON = datetime.date(2026, 11, 29)


def paper(**said: Any) -> dict[str, Any]:
    """What every document has."""
    return {
        "title": "Invoice INV-000123",
        "heading": "Invoice INV-000123",
        "lang": "en",
        "region": "GB",
        "paper": "a4",
        "accent": "#1f4e79",
        "date": [2026, 11, 29],
        "seller": {"name": "Hoster GmbH", "address": "Hauptstraße 1\n10115 Berlin", "footer": "HRB 12345"},
        "buyer": {"name": "Acme Ltd", "address": "1 High St\nLondon"},
        "facts": [["Due date", "13 Dec 2026"]],
        "notes": [],
        **said,
    }


def invoice_paper(lines: int = 2, **said: Any) -> dict[str, Any]:
    """An invoice over so many lines of 10.00."""
    return paper(
        columns=[words("en")[key] for key in ("description", "quantity", "price", "tax", "amount")],
        lines=[line(f"Server {n}", running=f"{n}0.00") for n in range(1, lines + 1)],
        totals=[{"label": "Total", "amount": f"{lines}0.00 EUR", "weight": "bold"}],
        **said,
    )


def line(text: str, running: str = "10.00") -> dict[str, str]:
    """A line of an invoice that says `text`."""
    return {
        "text": text,
        "more": "",
        "quantity": "1",
        "price": "10.00",
        "tax": "20%",
        "amount": "10.00",
        "running": running,
    }


def invoice_sheet(lines: int = 2, *, picture: bool = False, **said: Any) -> Sheet:
    """A sheet for the press without XML."""
    return Sheet("invoice.typ", invoice_paper(lines, **said), ON, picture=picture)


def invoice_data() -> dict[str, Any]:
    """60.00 EUR, 40.00 of it paid by credit; the generator changes what it is given, so each call gets its own."""
    seller = {"name": "Hoster GmbH", "country_code": "DE", "city": "Berlin", "vat_identifier": "DE123456789"}
    tax = {"BT-116": "50.00", "BT-117": "10.00", "BT-118": "S", "BT-119": "20"}
    row = {
        "BT-126": "1", "BT-129": "1", "BT-130": "C62", "BT-131": "50.00", "BT-146": "50.00", "BT-151": "S",
        "BT-152": "20", "BT-153": "Server",
    }  # fmt: skip
    return {
        "BT-1": "INV-000123", "BT-2": "2026-11-29", "BT-3": "380", "BT-5": "EUR", "BT-9": "2026-12-13",
        "BT-24": "urn:cen.eu:en16931:2017", "BT-72": "2026-11-29", "BG-4": seller,
        "BG-7": {"name": "Acme Ltd", "country_code": "FR", "city": "Paris"}, "BG-23": [tax], "BG-25": [row],
        "BT-106": "50.00", "BT-109": "50.00", "BT-110": "10.00", "BT-112": "60.00", "BT-113": "40.00",
        "BT-115": "20.00",
    }  # fmt: skip


def texts_of(pdf: bytes) -> list[str]:
    """What a reader finds on each page, blanks and ends of lines as one blank."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    document.close()
    return pages


def tags_of(document: pikepdf.Pdf) -> list[str]:
    """The kinds of parts that the document's structure has, in reading order."""
    tags: list[str] = []

    def walk(part: Any) -> None:
        if isinstance(part, pikepdf.Array):
            for each in part:
                walk(each)
        elif isinstance(part, pikepdf.Dictionary):
            if "/S" in part:
                tags.append(str(part["/S"]))
            if "/K" in part:
                walk(part["/K"])

    walk(document.Root.StructTreeRoot)
    return tags
