"""A story of reminders: previewed, one unticked, the others sent, and found in the mailbox and on the invoice."""

import re

import pytest
from django.test import override_settings
from django.urls import reverse
from playwright.sync_api import expect

from billing_admin.mail.mailer_url import read_mailer_url
from invoices.models import ReminderHold
from tests.factories import make_client
from tests.mail import send_all, switch_on
from tests.reminders import costs, due, overdue

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("signed_in")]


def test_reminders_are_previewed_one_unticked_and_the_others_sent(visit):
    switch_on("reminder")
    costs(USD="5.00")
    sent = overdue(9, make_client("Globex", email="globex@example.com"))
    waits = overdue(12, make_client("Initech", email="initech@example.com"))
    page = visit(reverse("invoices:list") + "?status=overdue")
    page.get_by_role("link", name="Reminders Due").click()
    every = page.get_by_label("Tick all reminders of this page")
    expect(every).to_be_checked()
    page.get_by_label(f"{waits.label} of Initech").uncheck()
    expect(every).not_to_be_checked()
    page.get_by_role("button", name="Send Reminders").click()
    popup = page.get_by_role("dialog")
    expect(popup.locator("tbody tr")).to_have_count(1)
    expect(popup).to_contain_text("Fees of 5.00 USD are billed")
    popup.get_by_role("button", name="Send Reminders").click()
    expect(page.locator(".toast")).to_contain_text("1 reminder put in to be sent.")
    expect(page.locator("#reminders-due tbody tr")).to_have_count(1)
    assert due() == [(waits.label, 1)]

    with override_settings(MAILERS=read_mailer_url("").mailers):
        assert send_all() == 1
    visit(reverse("mail:mailbox"))
    page.get_by_role("link", name=re.compile(sent.label)).click()
    expect(page.locator("#head")).to_contain_text("globex@example.com")
    expect(page.locator("#says")).to_contain_text("5.00 USD")
    expect(page.locator("#files").get_by_role("link")).to_have_count(1)
    visit(reverse("invoices:detail", args=[sent.pk]))
    expect(page.locator("#reminders")).to_contain_text("Fee 5.00 USD")
    page.locator("#reminders").get_by_role("link", name="Reminder 1").click()
    expect(page.locator(".badge").first).to_have_text("Sent")


def test_a_payment_is_announced_and_that_is_lifted(visit):
    switch_on("reminder")
    invoice = overdue(9, make_client("Globex"))
    page = visit(reverse("invoices:detail", args=[invoice.pk]))
    page.get_by_role("link", name="Payment Announced").click()
    popup = page.get_by_role("dialog")
    expect(popup.get_by_label("Reason")).to_be_focused()
    page.keyboard.type("By transfer, says Ann")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("No reminder of it goes out.")
    panel = page.locator("#reminders")
    expect(panel).to_contain_text("By transfer, says Ann")
    assert (ReminderHold.objects.get().created_by_name, due()) == ("maria", [])
    panel.get_by_role("link", name="Lift").click()
    popup.get_by_role("button", name="Lift").click()
    expect(panel).to_contain_text("lifted by maria")
    assert due() == [(invoice.label, 1)]


def test_the_reminders_of_a_client_are_paused_by_keyboard(visit):
    globex = make_client("Globex")
    page = visit(reverse("clients:summary", args=[globex.number]))
    page.get_by_role("link", name="Pause Reminders").click()
    popup = page.get_by_role("dialog")
    expect(popup.get_by_label("Last day without reminders")).to_be_focused()
    popup.get_by_label("Last day without reminders").fill("2099-12-31")
    page.keyboard.press("Enter")
    expect(page.locator("#information")).to_contain_text("Paused until 31 Dec 2099")
    page.locator("#information").get_by_role("link", name="Change").click()
    popup.get_by_role("button", name="Let Them Go Out Again").click()
    expect(page.locator("#information")).not_to_contain_text("Paused until")
