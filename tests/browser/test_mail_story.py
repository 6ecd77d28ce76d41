"""Stories of mail: an invoice is issued, sent, and found in the mailbox; statements are downloaded without mail."""

import re
import zipfile
from email import message_from_bytes
from email.policy import default

import pytest
from django.test import override_settings
from django.urls import reverse
from playwright.sync_api import expect

from billing_admin.mail.mailer_url import read_mailer_url
from clients.models import MailboxMail
from invoices.services.issue import NewLine, draft_invoice
from tests.factories import make_client, usd
from tests.jobs import queue_worker
from tests.mail import send_all, switch_on

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("signed_in")]


def test_an_invoice_is_issued_sent_and_found_in_the_mailbox(visit):
    switch_on()
    globex = make_client("Globex", email="globex@example.com")
    draft = draft_invoice(client=globex, lines=[NewLine("Hosting", usd("12.00"))], by=None)
    page = visit(reverse("invoices:detail", args=[draft.pk]))
    page.get_by_role("link", name="Issue", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Issue").click()
    page.get_by_role("link", name="Send", exact=True).click()
    popup = page.get_by_role("dialog")
    expect(popup).to_contain_text("billing@hosting.example")
    expect(popup).to_contain_text("globex@example.com")
    popup.get_by_role("button", name="Send").click()
    expect(page.locator(".toast")).to_contain_text("is on its way to 1 address.")

    with override_settings(MAILERS=read_mailer_url("").mailers):
        assert send_all() == 1
    visit(reverse("clients:mail", args=[globex.number]))
    page.get_by_role("link", name=re.compile("Invoice issued")).click()
    expect(page.locator("#says")).to_contain_text("12.00 USD")
    expect(page.locator(".badge").first).to_have_text("Sent")

    visit(reverse("mail:mailbox"))
    page.get_by_role("link", name=re.compile("^Invoice INV-")).click()
    expect(page.locator("#head")).to_contain_text("globex@example.com")
    with page.expect_download() as saved:
        page.locator("#files").get_by_role("link").click()
    assert saved.value.path().read_bytes().startswith(b"%PDF-")
    raw = message_from_bytes(bytes(MailboxMail.objects.get().raw), policy=default)
    assert [part.get_filename() for part in raw.iter_attachments()] == [saved.value.suggested_filename]


def test_statements_of_ticked_clients_are_downloaded_while_mail_is_off(visit, tmp_path):
    ticked = [make_client(name) for name in ("Acme", "Globex")]
    make_client("Other")
    page = visit(reverse("clients:list"))
    for each in ticked:
        page.locator(f"tbody [name=row][value='{each.pk}']").check()
    page.get_by_role("button", name="Send Statements").click()
    popup = page.get_by_role("dialog")
    expect(popup.locator("#effects")).to_contain_text("they can be downloaded")
    popup.get_by_label("From").fill("2026-01-01")
    popup.get_by_label("To", exact=True).fill("2026-03-31")
    with queue_worker():
        popup.get_by_role("button", name="Download as ZIP").click()
        expect(page.locator(".alert-good")).to_contain_text("2 statements are ready to be saved.")
    with page.expect_download() as download:
        page.get_by_role("link", name="Save the file").click()
    assert download.value.suggested_filename == "statements-2026-01-01-2026-03-31.zip"
    download.value.save_as(tmp_path / "all.zip")
    assert zipfile.ZipFile(tmp_path / "all.zip").namelist() == [
        f"statement-{each.number}-2026-01-01-2026-03-31.pdf" for each in ticked
    ]
