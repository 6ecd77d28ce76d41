"""A WHMCS, from its database to the switch: on the page, with the real server, reader and queue worker."""

import json
import os
import signal
import subprocess

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import Page, expect

from billing_admin.models import STAGED, SystemImport
from clients.models import Client, MailMessage
from invoices.models import BillableItem, Invoice
from tests.importing.conftest import made
from tests.jobs import environment, queue_worker
from tests.whmcs.conftest import server
from tests.whmcs.server import PASSWORD, MariaDb

__all__ = ["made", "server"]

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("signed_in"), pytest.mark.slow]


@pytest.fixture(autouse=True)
def on_the_test_database(monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> None:
    """The process that reads works where the page does."""
    monkeypatch.setenv("DATABASE_URL", environment()["DATABASE_URL"])


def connect(page: Page, server: MariaDb, database: str, password: str = PASSWORD) -> None:
    values = {"host": "127.0.0.1", "port": str(server.port), "database": database, "user": "importer"}
    for name, value in values.items():
        page.locator(f"#id_{name}").fill(value)
    page.locator("#id_password").fill(password)
    page.get_by_role("button", name="Read It").click()


def test_a_whmcs_is_read_decided_about_booked_and_switched(visit, server, made):
    database = made(clients=10, traps=1)
    page = visit(reverse("system_imports"))
    connect(page, server, database, "wrong")
    expect(page.locator("#reading")).to_have_text(
        f"The database server at 127.0.0.1:{server.port} does not let importer in: the user or the password is wrong. "
        "Nothing was kept. Connect again"
    )
    expect(page.locator(".badge", has_text="Discarded")).to_be_visible()
    page.get_by_role("link", name="Connect again").click()
    connect(page, server, database)
    expect(page.locator("#tables tbody tr").first).to_contain_text("Clients 49")
    assert not Client.objects.exists()

    page.locator("#reasons tbody tr", has_text="Pending Review").get_by_role("link").click()
    expect(page.get_by_role("heading", name="Invoices: Waits for an answer")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="All of them").click()
    expect(page.locator("tbody tr")).to_have_count(3)
    page.get_by_role("navigation", name="Breadcrumb").get_by_role("link", name="WHMCS of").click()
    page.get_by_label("What are invoices with the status “Pending Review”?").select_option("Cancelled")
    page.get_by_role("button", name="Save and Look Again").click()
    with queue_worker():
        expect(page.locator("#toasts")).to_contain_text("goes by the decisions as they are now")
        expect(page.locator("#decisions")).to_contain_text("Every question was answered.")
        expect(page.locator("#reasons")).not_to_contain_text("Pending Review")

        page.get_by_role("link", name="Book Import").click()
        expect(page.get_by_role("dialog")).to_contain_text("Rows that come")
        page.get_by_role("dialog").get_by_role("button", name="Book Import").click()
        expect(page.locator("#toasts")).to_contain_text("WHMCS is booked; the comparison is below.")
    expect(page.locator(".alert-good")).to_contain_text("made up of the rows that are listed below it")
    expect(page.locator("#compared-clients .badge")).to_have_text("Explained")
    _the_receipt_is_printed_and_saved(page)
    _nothing_is_billed_or_mailed()

    page.get_by_role("link", name="Switch Over").click()
    expect(page.get_by_role("dialog")).to_contain_text("Items in USD")
    page.get_by_label("Billed here from").fill("2027-01-01")
    page.get_by_role("button", name="Look Again").click()
    expect(page.get_by_role("dialog")).to_contain_text("As of 1 Jan 2027")
    assert not BillableItem.objects.filter(waits_for_switch=False).exists()
    page.get_by_role("dialog").get_by_role("button", name="Switch Over").click()
    expect(page.locator("#toasts")).to_contain_text("Switched over")
    assert not BillableItem.objects.filter(waits_for_switch=True).exists()


def _the_receipt_is_printed_and_saved(page: Page) -> None:
    page.get_by_role("link", name="Receipt").click()
    expect(page.get_by_role("heading", name="Receipt of the import of WHMCS")).to_be_visible()
    page.emulate_media(media="print")
    for hidden in (".bar", ".crumbs", ".actions"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator("#compared-income tbody tr").last).to_be_visible()
    page.emulate_media(media="screen")
    with page.expect_download() as download:
        page.get_by_role("link", name="JSON").click()
    text = download.value.path().read_text()
    told = json.loads(text)
    assert told["comparison"]["is_explained"]
    assert told["receipt"]["came"]["client"] == Client.objects.count()
    typed = {
        word for row in Client.objects.values_list("email", "company_name", "address_1", "last_name") for word in row
    }
    assert not [word for word in typed if len(word) > 4 and word in text]
    page.go_back()


def _nothing_is_billed_or_mailed() -> None:
    assert not any(model._default_manager.exists() for model in STAGED)
    invoices = Invoice.objects.count()
    call_command("daily", verbosity=0)
    assert Invoice.objects.count() == invoices
    assert not MailMessage.objects.exists()
    assert mail.outbox == []


def test_a_reading_that_was_killed_is_told_and_discarded(visit, server, made, monkeypatch):
    seen = []
    popen = subprocess.Popen

    def killed(*args, **kwargs):
        process = popen(*args, **kwargs)
        seen.append(process)
        os.kill(process.pid, signal.SIGSTOP)
        return process

    monkeypatch.setattr("billing_admin.importing.background.subprocess.Popen", killed)
    monkeypatch.setattr("clients.views.system_import._SECONDS_TO_BEGIN", 3)
    page = visit(reverse("system_imports"))
    connect(page, server, made(clients=10, traps=1))
    expect(page.locator("#reading")).to_contain_text("Connecting …")
    seen[0].kill()
    seen[0].wait()
    expect(page.locator("#reading")).to_contain_text("The reading was interrupted. Nothing was booked")
    page.get_by_role("link", name="Discard").click()
    page.get_by_role("button", name="Discard Import").click()
    expect(page.locator("#toasts")).to_contain_text("discarded; nothing of it was booked.")
    assert SystemImport.objects.get().state == "discarded"
