"""The database server is killed while an invoice run is at work, and comes back."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection

from billing_admin.embedded_database import ensure_running, revive
from billing_admin.embedded_database.binaries import find_binaries
from billing_admin.embedded_database.places import place_for
from billing_admin.embedded_database.readiness import Answer, ask

LIMIT = 60  # seconds
DUE = """
    SELECT count(DISTINCT client.id)
    FROM clients_client client JOIN invoices_billableitem item ON item.client_id = client.id
    WHERE client.status = 'active' AND NOT item.paused AND item.next_due_on <= current_date
"""


def start(url: str, *command: object) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, *map(str, command)],
        env=os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "billing_admin.settings"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def do(url: str, *command: object) -> tuple[int, str]:
    process = start(url, *command)
    said, failed = process.communicate(timeout=LIMIT)
    return process.returncode, said + failed


def value(url: str, sql: str) -> Any:
    with psycopg.connect(url) as session:
        row = session.execute(sql).fetchone()
    return row and row[0]


def copy_test_database(data_dir: Path, url: str) -> None:
    """The migrated test database, which nothing is in yet: copying takes a moment, migrating many seconds."""
    binaries = find_binaries(place_for(data_dir))
    source = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    dump = subprocess.run([binaries.program("pg_dump"), source], stdout=subprocess.PIPE, check=True)
    restore = [binaries.program("psql"), "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", url]
    subprocess.run(restore, input=dump.stdout, stdout=subprocess.DEVNULL, check=True)


def kill_all(data_dir: Path) -> None:
    """The postmaster and every process of the server at once, as a power cut would."""
    postmaster = int((place_for(data_dir).cluster / "postmaster.pid").read_text().splitlines()[0])
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    for pid in (postmaster, *map(int, children)):
        os.kill(pid, signal.SIGKILL)
    while ask(place_for(data_dir).socket) is not Answer.SILENT:
        time.sleep(0.01)


@pytest.mark.django_db  # else there is no test database to copy where this test is run alone
@pytest.mark.slow
def test_the_database_killed_in_mid_run_loses_nothing_that_was_committed(django_db_setup, data_dir):
    url = ensure_running(data_dir)
    copy_test_database(data_dir, url)
    worker = start(url, "manage.py", "work", "--parent", os.getpid())
    assert do(url, "-m", "tests.benchmarks.synthetic", "--clients", 400, "--no-past")[0] == 0
    due = value(url, DUE)

    run = start(url, "manage.py", "generate_invoices", "--chunk-size", 4, "--workers", 2)
    deadline = time.monotonic() + LIMIT
    billed = "SELECT invoice_count FROM invoices_invoicerun WHERE worker_count = 2"
    while (seen := value(url, billed) or 0) < 40:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    kill_all(data_dir)
    _, failed = run.communicate(timeout=LIMIT)
    assert run.returncode == 1
    assert "The database does not answer: " in failed
    assert failed.splitlines()[-1].endswith(
        "The invoices issued so far are complete and stay; run it again with the same --as-of to bill the rest."
    )
    assert "Traceback" not in failed

    assert revive(data_dir) is True
    kept = value(url, "SELECT count(*) FROM invoices_invoice")
    assert seen <= kept < due
    assert value(url, "SELECT invoice_count FROM invoices_invoicerun") == kept
    assert do(url, "manage.py", "check_ledger")[0] == 0

    code, said = do(url, "manage.py", "generate_invoices")
    assert code == 0, said
    assert worker.poll() is None
    worker.terminate()
    worker.communicate(timeout=LIMIT)
    assert value(url, "SELECT array_agg(state ORDER BY id) FROM invoices_invoicerun") == ["interrupted", "finished"]
    assert value(url, "SELECT array_agg(number ORDER BY number) FROM invoices_invoice") == list(range(1, due + 1))
    assert value(url, "SELECT count(DISTINCT client_id) FROM invoices_invoice") == due
    assert value(url, "SELECT count(*) = count(DISTINCT (billable_item_id, period)) FROM invoices_invoiceline")
    assert do(url, "manage.py", "check_ledger")[0] == 0
