"""Writing off an invoice in the browser, and making it due again."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from invoices.models import Invoice
from tests.factories import make_client, make_invoice, usd
from tests.invariants import assert_invariants

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("signed_in")]


def test_written_off_on_its_page_and_reversed(visit) -> None:
    invoice = make_invoice(make_client("Acme Ltd"), usd(100))
    page: Page = visit(reverse("invoices:detail", args=[invoice.pk]))
    page.get_by_role("link", name="Write Off", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("Insolvent")
    dialog.get_by_role("button", name="Write Off").click()
    expect(page.locator(".page-facts .badge")).to_have_text("Written off")
    expect(page.locator("[data-figure=head-written-off]")).to_have_text("100.00 USD")
    assert Invoice.objects.get().status == "writtenoff"
    page.get_by_role("link", name="Reverse Write-Off").click()
    dialog.get_by_label("Reason").fill("Heir found")
    dialog.get_by_role("button", name="Reverse").click()
    expect(page.locator(".page-facts .badge")).to_have_text("Unpaid")
    expect(page.locator("[data-figure=head-due]")).to_have_text("100.00 USD")
    assert_invariants()
