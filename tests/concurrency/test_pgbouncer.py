"""Behind a pooler that hands out connections by transaction: nothing relies on what a session keeps."""

import datetime
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from billing_admin.jobs.enqueue import enqueue_job
from credits.models import CreditGrant
from credits.tasks import BOOK_BATCH, CHECK_LEDGER
from invoices.models import InvoiceRun
from invoices.services.runs.start import start_run
from tests.benchmarks.pages.addresses import pages
from tests.benchmarks.synthetic.database import make_data
from tests.concurrency.due import TODAY, assert_each_period_once, make_due, process, wait_for_run
from tests.concurrency.pgbouncer import CONNECTIONS, connected, pgbouncer
from tests.concurrency.racing import race
from tests.concurrency.test_killed import assert_ledger_in_order
from tests.factories import make_client, make_invoice, make_item, make_staff, usd
from tests.jobs import credit_preview, ended, environment, jobs_in_queue, queue_worker
from tests.pages import fill, get_page
from tests.waiting import LIMIT, wait_for
from transactions.models import PaymentMethod

pytestmark = pytest.mark.slow


@pytest.fixture
def pooler(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Its address; processes that a test starts are connected through it."""
    with pgbouncer() as url:
        monkeypatch.setenv("DATABASE_URL", url)
        yield url


def through(pooler: str, *actions):
    """Do these at once, each through the pooler."""

    def connect(action):
        def act():
            with connected(pooler):
                return action()

        return act

    return race(*map(connect, actions), limit=300)


def test_every_page_is_answered_and_so_is_every_form(pooler):
    make_data(clients=60, due=timezone.localdate(), past=True)
    staff = make_staff()
    addresses = list(pages(timezone.localdate()))

    def walk(part):
        browser = Browser(raise_request_exception=False)
        browser.force_login(staff)
        return [(name, browser.get(address).status_code) for name, address in part]

    parts = [addresses[start :: CONNECTIONS + 2] for start in range(CONNECTIONS + 2)]
    answers = through(pooler, *[lambda part=part: walk(part) for part in parts])
    assert [len(part) for part in answers] == [len(part) for part in parts]
    expected = {name: 422 if name.endswith("merge, search") else 200 for name, _ in addresses}  # nobody is called so
    assert [answer for part in answers for answer in part if answer[1] != expected[answer[0]]] == []


def test_a_form_with_choices_from_the_database_is_always_answered(pooler):
    """Each read them by a cursor of the server’s, which was gone when it was read."""
    staff = make_staff()
    invoices = [make_invoice(make_client(), usd(10)) for _ in range(CONNECTIONS + 2)]

    def record(invoice):
        browser = Browser(raise_request_exception=False)
        browser.force_login(staff)
        url = reverse("transactions:record", args=[invoice.pk])
        statuses = [browser.get(url).status_code for _ in range(20)]
        chosen = {"payment_method": PaymentMethod.objects.get(name="Cash").pk}
        return [*statuses, fill(browser, get_page(browser, url), f"form[action='{url}']", chosen).status_code]

    answers = through(pooler, *[lambda invoice=invoice: record(invoice) for invoice in invoices])
    assert answers == [[200] * 20 + [302]] * len(invoices)
    assert_ledger_in_order()


def test_a_run_by_two_workers_and_the_queue(pooler):
    make_due(60)
    with queue_worker():
        host = process("--chunk-size", 2, "--workers", 2)
        assert host.wait(LIMIT) == 0
        batch, staff = credit_preview(5, 7), make_staff()
        for kind, subject in ((BOOK_BATCH, batch.pk), (BOOK_BATCH, batch.pk), (CHECK_LEDGER, "")):
            assert ended(enqueue_job(kind=kind, subject=subject, by=staff)).state == "done"
        wait_for(lambda: jobs_in_queue() == [])
    run = InvoiceRun.objects.get()
    assert (run.state, run.clients_done) == ("finished", 60)
    assert CreditGrant.objects.filter(entries__batch=batch.pk).count() == 2
    assert_each_period_once(60)
    assert_ledger_in_order()


def test_a_run_asked_for_on_the_page_goes_on_when_its_worker_is_killed(pooler):
    make_due(40)
    with queue_worker() as killed, connected(pooler):
        start_run(as_of=TODAY, dry_run=False, today=TODAY, by=None)
        wait_for_run(state="running")
        killed.kill()
        killed.wait(LIMIT)
    with queue_worker():
        wait_for_run(state="finished")
    assert_each_period_once(40)
    assert_ledger_in_order()


def test_daily(pooler):
    make_item(make_client(), usd(10), due=timezone.localdate() - datetime.timedelta(days=1))
    ran = subprocess.run(
        [sys.executable, "-m", "django", "daily"], env=environment(), capture_output=True, text=True, timeout=LIMIT
    )
    assert ran.returncode == 0
    (signed,) = ran.stderr.splitlines()
    assert "billing_admin.audit: Activity signed off: 1" in signed
    assert ran.stdout.splitlines()[1] == "generate_invoices: 1 invoice, 10.00 USD; finished."
    assert_ledger_in_order()
