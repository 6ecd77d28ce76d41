"""Every page and popup in both themes: axe finds nothing that keeps somebody out."""

import datetime
from decimal import Decimal

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from django.urls import reverse
from djmoney.money import Money
from playwright.sync_api import Page, expect

from clients.models import Contact
from clients.services.documents import add_document
from clients.services.merge.merge_clients import merge_clients
from clients.services.notes import add_note, edit_note
from credits.services.adjust import adjust_balance
from invoices.services.credit_notes import CreditLine, issue_credit_note
from invoices.services.issue import NewLine, draft_invoice
from invoices.services.tax_settings import add_tax_rate
from tests.browser.every_page import PAGES, make_runs
from tests.factories import give_credit, make_client, make_invoice, make_item, make_staff, usd
from transactions.models import PaymentFileMapping, PaymentMethod
from transactions.services.importing.upload import keep_upload
from transactions.services.receive import receive_payment
from transactions.services.refund import refund_payment

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("signed_in")]


@pytest.fixture
def acme(transactional_db):
    """A client with something of everything: several currencies, expiry, an adjustment, invoices in each state."""
    acme = make_client("Acme Ltd", first_name="Maria", last_name="Keller")
    give_credit(acme, usd("25.00"), "Downtime", expires_on=datetime.date(2099, 12, 31))
    give_credit(acme, Money("1.500", "KWD"), "رصيد ترويجي")
    adjust_balance(client=acme, seen=usd(25), balance=usd(30), by=None)
    make_invoice(acme, usd("20.00"))
    unpaid = make_invoice(acme, usd("50.00"), tax_rate="20")
    line = CreditLine(unpaid.lines.get().pk, gross=usd("6.00"))
    issue_credit_note(invoice=unpaid, reason="Downtime", by=None, lines=[line])
    make_item(acme, usd("5.00"), due=datetime.date(2026, 1, 1), cycle="monthly")
    add_tax_rate(country="DE", name="MwSt", rate=Decimal(19), by=None)
    draft_invoice(client=acme, lines=[NewLine("Hosting", usd("5.00"))], by=None)
    payment = receive_payment(
        invoices=[acme.invoices.get(status="unpaid")],
        amount=usd(2),
        payment_method=PaymentMethod.objects.get(name="Card"),
        by=None,
        reference="ch_1",
    ).transaction
    refund_payment(payment=payment, amount=usd(1), to="credit", by=None)
    receive_payment(client=None, amount=usd(7), payment_method=payment.payment_method, by=None, reference="T1")
    file = b"Date,Amount,Currency,Method,Name\n2026-03-01,5,USD,Card,Acme Ltd\n2026-03-01,x,USD,Card,\n"
    keep_upload(name="bank.csv", content=file, mapping=None, by=make_staff())
    PaymentFileMapping.objects.create(
        name="House bank", date_column="D", amount_column="A", currency="EUR", payment_method=payment.payment_method
    )
    make_runs(acme)
    merge_clients(kept=acme, discarded=make_client("Acme Branch"), by=None)
    twin = make_client("Acme Ltd", phone="555 1234")
    for each in (acme, twin):
        Contact.objects.create(client=each, first_name=f"Ann {each.number}", email="ann@example.com")
    edit_note(note=add_note(client=acme, text="Call first", by=None, pinned=True), text="Call before ten", by=None)
    add_note(client=acme, text="Pays late", by=None)
    add_document(client=acme, name="offer.pdf", content=b"%PDF", by=None)
    return acme


# What passed is not told in full: that takes twice as long as looking.
FOUND = {"resultTypes": ["violations"]}
# In the dark theme only the colours are others.
COLOURS = {**FOUND, "runOnly": ["color-contrast", "link-in-text-block"]}


# At once: colours half-way through their transition are nobody's to read.
CHANGE_THEME = """theme => {
    document.documentElement.dataset.theme = theme;
    for (const each of document.getAnimations()) if (each instanceof CSSTransition) each.finish();
}"""


def assert_nothing_found(page: Page, *themes: str) -> None:
    """Looks at the page in each theme as the menu would change it; loading page and axe takes longer than looking."""
    for theme in themes or ("light", "dark"):
        page.evaluate(CHANGE_THEME, theme)
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE_SCRIPT)
        options = COLOURS if theme == "dark" else FOUND
        found = AxeResults(page.evaluate("options => axe.run(document, options)", options))
        assert found.violations_count == 0, f"{page.url}, {theme}: {found.generate_report()}"


@pytest.mark.slow
def test_the_pages_keep_nobody_out(visit, acme):
    """Every other page in the light theme and the rest in the dark one; the next test has all of both."""
    for number, address in enumerate(PAGES.values()):
        assert_nothing_found(visit(address(acme)), ("light", "dark")[number % 2])


@pytest.mark.long
def test_all_pages_keep_nobody_out_in_both_themes(visit, acme):
    for address in PAGES.values():
        assert_nothing_found(visit(address(acme)))


def test_the_sign_in_page_keeps_nobody_out(visit, context):
    context.clear_cookies(name="sessionid")
    page = visit("/")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".field-error").first).to_be_visible()
    assert_nothing_found(page)


def test_the_popup_keeps_nobody_out_in_any_state(visit, acme):
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


def test_a_client_without_anything_keeps_nobody_out(visit, transactional_db):
    empty = make_client("مؤسسة الاختبار للتجارة والخدمات")
    for name in ("summary", "credits list", "invoices of a client", "manage credits"):
        assert_nothing_found(visit(PAGES[name](empty)))
