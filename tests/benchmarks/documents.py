"""Documents with their XML, drawn and kept, against bare Typst and factur-x; and opening one that is kept."""

import json
import logging
import time
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone
from djmoney.money import Money

from billing_admin.documents import Press, Sheet, families, words
from billing_admin.documents.fonts import folders
from billing_admin.documents.press import TEMPLATES
from clients.models import IssuedDocument
from invoices.documents.e_invoice import invoice_data
from invoices.documents.paper import paper_of
from invoices.documents.snapshot import Snapshot, snapshot_of
from invoices.models import Invoice
from invoices.selectors.documents import documents_of
from invoices.services.documents import document_of
from invoices.services.issue import NewLine, bill_client
from tests.benchmarks.measuring import Measured, best_of, memory, seconds, stage
from tests.invoices.companies import make_buyer, make_company

_ONE = "SELECT content FROM clients_issueddocument WHERE kind = 'invoice' AND subject_id = %s"


def run(count: int) -> list[Measured]:
    """A tenth of `count` invoices of three lines: nobody waits for ten thousand."""
    number = max(count // 10, 100)
    with stage(f"Making {number:,} invoices"):
        ids = _invoices(number)
    with stage("Drawing and keeping them"), Press() as press:
        document_of(Invoice.objects.get(pk=ids[0]), press)  # which starts it
        took = seconds(lambda: [document_of(each, press) for each in documents_of(Invoice, ids[1:])])
    assert IssuedDocument.objects.filter(is_e_invoice=True).count() == number
    with stage("Bare Typst and factur-x"):
        snapshots = [snapshot for each in documents_of(Invoice, ids) if (snapshot := snapshot_of(each))]
        floor = _bare(snapshots)
    print(f"{60 * (number - 1) / took:,.0f} documents a minute; this process had {memory():.0f} MB at the most.")
    browser = Browser()
    browser.force_login(User.objects.create_superuser("bench", password="bench"))
    return [
        Measured("documents with XML", number - 1, took, floor, "Typst and factur-x of the same, nothing kept"),
        Measured("opening a kept one", 1, *_opening(browser, ids[0]), "the row alone"),
    ]


def _invoices(number: int) -> list[int]:
    make_company()
    acme, rate = make_buyer(), Decimal(20)
    lines = [NewLine(f"Hosting {line}", Money(10 + line, "EUR"), tax_rate=rate) for line in range(3)]
    today = timezone.localdate()
    return [bill_client(client=acme, lines=lines, by=None, on=today).pk for _ in range(number)]


def _bare(snapshots: list[Snapshot]) -> float:
    """All but the first, one after the other in this process, each with its XML put in by factur-x."""
    import typst
    from facturx import generate_from_binary, generate_xml

    logging.disable(logging.WARNING)
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders())
    files = {name: (TEMPLATES / name).read_bytes() for name in ("base.typ", "invoice.typ")}
    source: Any = {"base.typ": files["base.typ"], "main.typ": files["invoice.typ"]}

    def draw(sheet: Sheet, invoice: dict[str, Any]) -> None:
        data = {"words": words(sheet.data["lang"]), "fonts": families(), **sheet.data}
        pdf = typst.compile(
            {**source, "data.json": json.dumps(data).encode()}, font_paths=fonts, ignore_system_fonts=True,
            format="pdf", pdf_standards=["a-3b", "ua-1"],
        )  # fmt: skip
        xml = generate_xml(invoice, flavor="factur-x", level="en16931", check_xsd=False, check_schematron=None)
        generate_from_binary(pdf, xml, flavor="factur-x", level="en16931", check_xsd=False)

    ready = [(paper_of(snapshot), invoice_data(snapshot)) for snapshot in snapshots]
    try:
        draw(*ready[0])
        begun = time.perf_counter()
        for sheet, invoice in ready[1:]:
            draw(sheet, invoice)
        return time.perf_counter() - begun
    finally:
        logging.disable(logging.NOTSET)


def _opening(browser: Browser, pk: int) -> tuple[float, float]:
    def opened() -> None:
        answer: Any = browser.get(f"/invoices/{pk}/document/")
        assert b"".join(answer.streaming_content).startswith(b"%PDF")

    def read() -> None:
        with connection.cursor() as cursor:
            cursor.execute(_ONE, [pk])
            cursor.fetchone()

    return best_of(20, opened), best_of(20, read)
