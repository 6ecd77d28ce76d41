"""Every page and popup in both themes: axe finds nothing that keeps somebody out."""

import datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from djmoney.money import Money
from playwright.sync_api import Page, expect

from clients.models import Client, Contact
from clients.services.merging import merge_clients
from credits.services.adjusting import adjust_balance
from invoices.services.issuing import NewLine, draft_invoice
from tests.factories import give_credit, make_client, make_invoice, usd

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("signed_in")]


@pytest.fixture(params=["light", "dark"])
def themed(request, context, live_server):
    """The theme chosen in the menu, which a cookie keeps."""
    context.add_cookies([{"name": "theme", "value": request.param, "url": live_server.url}])


@pytest.fixture
def acme(transactional_db):
    """A client with something of everything: several currencies, expiry, an adjustment, invoices in each state."""
    acme = make_client("Acme Ltd", first_name="Maria", last_name="Keller")
    give_credit(acme, usd("25.00"), "Downtime", expires_on=datetime.date(2099, 12, 31))
    give_credit(acme, Money("1.500", "KWD"), "رصيد ترويجي")
    adjust_balance(client=acme, seen=usd(25), balance=usd(30), by=None)
    make_invoice(acme, usd("20.00"))
    make_invoice(acme, usd("50.00"), tax_rate="20")
    draft_invoice(client=acme, lines=[NewLine("Hosting", usd("5.00"))], by=None)
    merge_clients(kept=acme, discarded=make_client("Acme Branch"), by=None)
    twin = make_client("Acme Ltd", phone="555 1234")
    for each in (acme, twin):
        Contact.objects.create(client=each, first_name=f"Ann {each.number}", email="ann@example.com")
    return acme


def other_than(acme):
    return Client.objects.exclude(pk=acme.pk).get()


def assert_nothing_found(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}: {found.generate_report()}"


PAGES = {
    "home": lambda acme: reverse("home"),
    "clients": lambda acme: reverse("clients:list"),
    "clients without a match": lambda acme: reverse("clients:list") + "?q=nobody",
    "add client": lambda acme: reverse("clients:add"),
    "summary": lambda acme: reverse("clients:summary", args=[acme.number]),
    "profile": lambda acme: reverse("clients:profile", args=[acme.number]),
    "find the other client": lambda acme: reverse("clients:merge", args=[acme.number]) + "?q=globex",
    "merge": lambda acme: f"{reverse('clients:merge', args=[acme.number])}?other={other_than(acme).number}",
    "proof": lambda acme: reverse("clients:merge_proof", args=[acme.number, acme.merges.get().pk]),
    "delete client": lambda acme: reverse("clients:delete", args=[acme.number]),
    "close": lambda acme: reverse("clients:close", args=[acme.number]),
    "duplicates": lambda acme: reverse("clients:duplicates"),
    "activity": lambda acme: reverse("clients:activity", args=[acme.number]),
    "credits list": lambda acme: reverse("credits:of_client", args=[acme.number]) + "?adjustments=1",
    "ledger": lambda acme: reverse("credits:of_client", args=[acme.number]) + "?show=ledger",
    "manage credits": lambda acme: reverse("credits:manage", args=[acme.number]),
    "credit balance": lambda acme: reverse("credits:adjust", args=[acme.number]),
    "invoices": lambda acme: reverse("invoices:list"),
    "invoices of a client": lambda acme: reverse("invoices:of_client", args=[acme.number]),
    "create invoice": lambda acme: reverse("invoices:create", args=[acme.number]),
    "paid invoice": lambda acme: reverse("invoices:detail", args=[acme.invoices.get(status="paid").pk]),
    "unpaid invoice": lambda acme: reverse("invoices:detail", args=[acme.invoices.get(status="unpaid").pk]),
    "draft": lambda acme: reverse("invoices:detail", args=[acme.invoices.get(status="draft").pk]),
    "issue": lambda acme: reverse("invoices:issue", args=[acme.invoices.get(status="draft").pk]),
    "record payment": lambda acme: reverse("transactions:record", args=[acme.invoices.get(status="unpaid").pk]),
}


def test_the_pages_keep_nobody_out(visit, themed, acme):
    for address in PAGES.values():
        assert_nothing_found(visit(address(acme)))


def test_the_sign_in_page_keeps_nobody_out(visit, themed, context):
    context.clear_cookies(name="sessionid")
    page = visit("/")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".field-error").first).to_be_visible()
    assert_nothing_found(page)


def test_the_popup_keeps_nobody_out_in_any_state(visit, themed, acme):
    page = visit(reverse("clients:summary", args=[acme.number]))
    page.locator("#quick-links").get_by_role("link", name="Manage Credits").click()
    popup = page.get_by_role("dialog")
    expect(popup.get_by_label("Amount")).to_be_focused()
    popup.locator("summary").click()
    assert_nothing_found(page)

    popup.get_by_label("Amount").fill("1,5")
    popup.get_by_role("button", name="Save Changes").click()
    expect(popup.get_by_role("alert")).to_be_focused()
    assert_nothing_found(page)

    page.keyboard.press("Escape")
    expect(page.get_by_role("alertdialog")).to_be_visible()
    assert_nothing_found(page)

    page.keyboard.press("Escape")
    popup.get_by_label("Amount").fill("1.50")
    popup.get_by_label("Description").fill("Downtime")
    popup.get_by_role("button", name="Save Changes").click()
    expect(page.locator(".toast")).to_be_visible()
    expect(page.locator(".figure-changed")).to_have_count(0)
    assert_nothing_found(page)


def test_a_client_without_anything_keeps_nobody_out(visit, themed, transactional_db):
    empty = make_client("مؤسسة الاختبار للتجارة والخدمات")
    for name in ("summary", "credits list", "invoices of a client", "manage credits"):
        assert_nothing_found(visit(PAGES[name](empty)))
