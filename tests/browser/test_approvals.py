"""Asking for approval in a popup, and approving it as somebody else."""

import pytest
from django.contrib.auth.models import User
from django.test import Client as PlainBrowser
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from billing_admin.staff.groups import MANAGER
from clients.models import ApprovalRequest
from credits.models import CreditEntry
from tests.factories import make_client, make_staff
from tests.invariants import assert_invariants
from tests.limits import limit, switch_on

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("signed_in")]


def test_asked_for_in_the_popup_and_approved_by_another(
    visit, context: BrowserContext, live_server, maria: User
) -> None:  # fmt: skip
    limit(maria, {"given entry USD": 100})
    switch_on()
    acme = make_client("Acme Ltd")
    page: Page = visit(reverse("clients:summary", args=[acme.number]))
    page.get_by_role("link", name="Manage Credits").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Amount").fill("250")
    dialog.get_by_label("Description").fill("Goodwill")
    dialog.get_by_role("button", name="Save Changes").click()
    expect(dialog.get_by_role("alert").first).to_contain_text("250.00 USD is more than the 100.00 USD")
    dialog.get_by_label("Ask for approval").check()
    dialog.get_by_label("Why it should be approved").fill("A good client")
    dialog.get_by_role("button", name="Save Changes").click()
    expect(page.get_by_text("250.00 USD waits for approval; nothing is booked yet.")).to_be_visible()
    assert not CreditEntry.objects.exists()

    robin = PlainBrowser()
    robin.force_login(make_staff(MANAGER, username="robin"))
    context.clear_cookies()
    context.add_cookies([{"name": "sessionid", "value": robin.cookies["sessionid"].value, "url": live_server.url}])
    page = visit(reverse("home"))
    page.get_by_role("link", name="1 request waits for approval").click()
    page.get_by_role("link", name="Add credit").click()
    expect(page.locator("#asked")).to_contain_text("A good client")
    page.get_by_label("Reason").fill("Fine")
    page.get_by_role("button", name="Approve 250.00 USD").click()
    expect(page.locator(".page-facts .badge")).to_have_text("Approved")
    assert CreditEntry.objects.get().actor_name == "maria, approved by robin"
    assert ApprovalRequest.objects.get().decision == "Fine"
    assert_invariants()
