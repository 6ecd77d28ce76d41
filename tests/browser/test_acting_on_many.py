"""All that match are ticked, looked at, left to a worker, and the result says what was left out and why."""

import pytest
from playwright.sync_api import expect

from billing_admin.listing import acting
from clients.models import Client
from clients.services.close import close_client
from tests.factories import make_client
from tests.jobs import queue_worker

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("signed_in")]


def test_all_that_match_are_closed_by_a_worker_and_one_is_left_out(visit, transactional_db, monkeypatch):
    monkeypatch.setattr(acting, "MOST_AT_ONCE", 2)
    clients = [make_client(f"Client {number}") for number in range(4)]
    close_client(client=clients[0], by=None)
    page = visit("/clients/")
    page.locator("[data-tick-every]").check()
    page.locator("#choice").get_by_role("button", name="Close Clients").click()
    popup = page.get_by_role("dialog")
    expect(popup).to_contain_text("3 clients.")
    expect(popup.locator("#left-out")).to_contain_text("It is Closed already.")
    popup.get_by_role("button", name="Close Clients").click()
    expect(page.get_by_role("status").filter(has_text="Waiting for its turn")).to_be_visible()
    with queue_worker():
        expect(page.locator("#left-out")).to_contain_text("It is Closed already.", timeout=20_000)
    expect(page.locator("dl.facts")).to_contain_text("3")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as CSV").click()
    assert saved.value.path().read_text("utf-8-sig").count("Done") == 3
    assert Client.objects.filter(status="closed").count() == 4
