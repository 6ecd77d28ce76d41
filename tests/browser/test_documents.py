"""From the company to a document: fill it in, issue an invoice, see its document, and save it in each form."""

import re
import zipfile
from pathlib import Path

import pikepdf
import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from invoices.models import Invoice
from tests.factories import make_client, make_invoice, usd
from tests.invoices.companies import make_buyer
from tests.jobs import queue_worker

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("signed_in")]


def saved(page: Page, link: str, folder: Path) -> Path:
    """What the menu of the page saves."""
    page.locator("summary", has_text="Save").click()
    with page.expect_download() as download:
        page.get_by_role("link", name=link).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    page.keyboard.press("Escape")
    return path


def test_an_invoice_is_issued_and_its_document_seen_and_saved(visit, tmp_path):
    page = visit(reverse("invoices:company"))
    form = page.locator("#company")
    for name in ("legal_name", "vat_id", "registration", "address_1", "postcode", "city"):
        form.locator(f"[name={name}]").fill({"vat_id": "DE123456789"}.get(name, f"{name} of ours"))
    form.locator("[name=country]").fill("Germany")
    currency = form.get_by_role("combobox", name="Accounting currency")
    currency.fill("EUR")
    currency.press("Enter")
    form.get_by_role("button", name="Save").click()
    expect(page.locator("#toasts")).to_contain_text("Company saved.")

    page = visit(reverse("invoices:create", args=[make_buyer().number]))
    page.locator("[name=line-0-description]").fill("Hosting")
    page.locator("[name=line-0-unit_price]").fill("50.00")
    page.locator("[name=line-0-tax_rate]").fill("20")
    page.get_by_role("button", name="Issue", exact=True).click()
    expect(page.get_by_role("heading", name="Invoice INV-000001")).to_be_visible()
    expect(page.locator("#e-invoice")).to_contain_text("It can be saved as one")

    address = page.get_by_role("link", name="Document", exact=True).get_attribute("href")
    shown = page.request.get(f"{page.url.partition('/invoices')[0]}{address}")
    assert (shown.status, shown.headers["content-type"]) == (200, "application/pdf")
    pdf = saved(page, "Save PDF", tmp_path)
    assert (pdf.name, pdf.read_bytes()) == ("INV-000001.pdf", shown.body())
    with pikepdf.open(pdf) as document:
        assert list(document.attachments) == ["factur-x.xml"]
    assert re.search(rb"<\w*:?Invoice", saved(page, "Save e-invoice (UBL)", tmp_path).read_bytes())
    assert b"CrossIndustryInvoice" in saved(page, "Save e-invoice (CII)", tmp_path).read_bytes()


def test_documents_of_ticked_invoices_are_saved_in_a_zip(visit, tmp_path):
    acme = make_client()
    for amount in ("10", "20", "30"):
        make_invoice(acme, usd(amount))
    page = visit("/invoices/")
    for invoice in Invoice.objects.order_by("pk")[:2]:
        page.locator(f"tbody [name=row][value='{invoice.pk}']").check()
    page.get_by_role("button", name="Save Documents").click()
    with queue_worker():
        page.get_by_role("dialog").get_by_role("button", name="Save as ZIP").click()
        expect(page.locator(".alert-good")).to_contain_text("2 documents are ready to be saved.")
    with page.expect_download() as download:
        page.get_by_role("link", name="Save the file").click()
    download.value.save_as(tmp_path / "all.zip")
    assert zipfile.ZipFile(tmp_path / "all.zip").namelist() == ["INV-000001.pdf", "INV-000002.pdf"]
