"""The product as `make demo` serves it: a run started on the page is done by the worker that the server keeps."""

import datetime
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from invoices.models import Invoice, InvoiceRun
from tests.factories import make_client, make_item, usd
from tests.invariants import assert_invariants
from tests.jobs import environment, workers_there
from tests.setup.test_serving import PROJECT, free_port
from tests.waiting import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def served(maria) -> Iterator[str]:
    """The address at which `manage.py serve` serves the test database."""
    port = free_port()
    command = [sys.executable, "manage.py", "serve", "--port", str(port), "--workers", "1"]
    server = subprocess.Popen(
        command, cwd=PROJECT, env=environment(), stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        assert "is at http:" in server.stdout.readline()
        wait_for(lambda: workers_there() > 0)
        yield f"http://127.0.0.1:{port}"
        os.killpg(server.pid, signal.SIGINT)
        assert server.wait(20) == 0
        assert workers_there() == 0
    finally:
        server.kill()
        server.stdout.close()


def test_a_run_started_on_the_page_is_seen_to_finish(served, page):
    for _ in range(3):
        make_item(make_client(), usd("10.00"), due=datetime.date(2026, 3, 1))
    page.goto(f"{served}/invoices/runs/")
    page.get_by_label("User name or e-mail").fill("maria")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name="Run Invoices").first.click()
    popup = page.get_by_role("dialog")
    popup.locator("#id_as_of").fill("2026-03-31")
    popup.locator("#id_dry_run").uncheck()
    popup.get_by_role("button", name="Run Invoices").click()
    expect(page.locator("#run dl.facts .badge")).to_have_text("Finished")
    expect(page.locator("#totals tbody tr")).to_contain_text(["USD"])
    assert page.locator("#run[hx-get]").count() == 0
    run = InvoiceRun.objects.get()
    assert (run.state, run.invoice_count, run.started_by.username) == ("finished", 3, "maria")
    assert Invoice.objects.filter(created_by__username="maria").count() == 3
    assert_invariants()
