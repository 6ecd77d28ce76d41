"""manage.py backup: a file and its manifest of one moment, or nothing that looks like it."""

import json
import os
import shutil
import signal
import stat
import subprocess
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from billing_admin.backup.dump import make_backup
from billing_admin.backup.manifest import path_of, read_manifest
from billing_admin.backup.programs import programs_for
from billing_admin.embedded_database import binaries
from billing_admin.errors import BusinessError
from tests.clients.test_leaving_no_trace import PERSONAL
from tests.concurrency.pgbouncer import pgbouncer

from .databases import database, fill, run, start, value

pytestmark = pytest.mark.slow


@pytest.fixture
def of_filled(filled: str, settings) -> str:
    """Backups of this process are of that database."""
    settings.DATABASE_DIRECT_URL = filled
    return filled


def test_the_manifest_says_what_is_in_the_file(filled, kept):
    assert {stat.S_IMODE(path.stat().st_mode) for path in (kept, path_of(kept))} == {0o600}
    assert sorted(path.name for path in kept.parent.iterdir()) == ["kept.dump", "kept.dump.json"]
    said = json.loads(path_of(kept).read_text())
    balances = "SELECT json_object_agg(currency, sum::text) FROM (SELECT currency, sum({}) FROM {} GROUP BY 1) sums"
    for kind, column, table in (
        ("balances", "balance", "credits_creditaccount"), ("entries", "amount", "credits_creditentry"),
        ("remaining", "remaining", "credits_creditgrant"), ("received", "amount_in", "transactions_transaction"),
    ):  # fmt: skip
        found = {currency: totals[kind] for currency, totals in said["figures"]["totals"].items() if kind in totals}
        assert found == value(filled, balances.format(column, table)) != {}
    assert said["figures"]["rows"]["clients_activity"] == value(filled, "SELECT count(*) FROM clients_activity")
    assert said["figures"]["rows"]["clients_activity"] > 100
    seal = value(filled, "SELECT json_build_array(number::text, encode(link, 'hex')) FROM clients_activityseal")
    assert said["figures"]["last_seal"] == seal
    assert said["bytes"] == kept.stat().st_size


def test_what_is_there_is_never_written_over(of_filled, tmp_path):
    for taken in ("a.dump", "b.dump.json"):
        (tmp_path / taken).write_text("another")
        with pytest.raises(BusinessError, match=r"is there already\. Nothing was written\."):
            make_backup(tmp_path / taken.removesuffix(".json"))
        assert (tmp_path / taken).read_text() == "another"
    with pytest.raises(BusinessError, match=r"No such file or directory\. There is no backup\."):
        make_backup(tmp_path / "nowhere" / "a.dump")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.dump", "b.dump.json"]


def test_nothing_is_written_through_a_link(of_filled, tmp_path):
    (tmp_path / "mine").write_text("of somebody")
    (tmp_path / "a.dump.part").symlink_to("mine")
    with pytest.raises(BusinessError, match=r"There is no backup\."):
        make_backup(tmp_path / "a.dump")
    assert (tmp_path / "mine").read_text() == "of somebody"


def test_a_disk_that_is_too_small_is_said_before(of_filled, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10, 9, 1))
    with pytest.raises(BusinessError, match=r"The backup may take \d+ MB, and the disk of .* has only 0 MB left"):
        make_backup(tmp_path / "a.dump")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db
def test_programs_older_than_the_server_are_refused(monkeypatch, tmp_path):
    """Without those of the package, only one that says it is of a version before the server's."""
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 14.9'\n")
    old.chmod(0o755)
    connection.ensure_connection()
    assert programs_for(connection.connection, "pg_dump").major >= connection.connection.info.server_version // 10_000
    monkeypatch.setattr(binaries, "PACKAGE", "no_such_package")
    monkeypatch.setattr(Path, "glob", lambda *pattern: iter(()))
    for path, found in ((str(tmp_path), "14"), ("/nowhere", "none")):
        monkeypatch.setenv("PATH", path)
        with pytest.raises(BusinessError, match=rf"there is no pg_dump of that version here \(found: {found}\)"):
            programs_for(connection.connection, "pg_dump")


@pytest.mark.django_db
def test_a_pooler_is_refused(settings, tmp_path):
    with pgbouncer() as settings.DATABASE_DIRECT_URL, pytest.raises(BusinessError, match="A pooler answers"):
        make_backup(tmp_path / "a.dump")
    assert list(tmp_path.iterdir()) == []


def test_a_killed_backup_leaves_nothing_that_looks_whole(filled, tmp_path):
    path, part = tmp_path / "a.dump", tmp_path / "a.dump.part"
    with psycopg.connect(filled) as session:
        session.execute("LOCK TABLE clients_client")
        with start(filled, "backup", path) as killed:
            waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
            wait_for(lambda: value(filled, waiting) == 2)  # pg_dump, and what adds up
            killed.send_signal(signal.SIGKILL)
        assert [each.name for each in tmp_path.iterdir()] == [part.name]
        assert stat.S_IMODE(part.stat().st_mode) == 0o600
        # What pg_dump is still at is not written over.
        again = run(filled, "backup", path)
        assert (again.returncode, again.stderr.strip()) == (
            1, f"CommandError: {part} is being written at this moment. Nothing was done.",
        )  # fmt: skip
    looked_at = run(filled, "restore", path)
    assert (looked_at.returncode, "without its manifest a backup is not known to be whole" in looked_at.stderr) == (
        1,
        True,
    )
    wait_for(lambda: run(filled, "backup", path).returncode == 0)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.dump", "a.dump.json"]
    assert read_manifest_under_key(path).figures.rows["clients_client"] > 5


def test_a_deleted_client_leaves_no_word_in_later_backups(tmp_path, django_db_setup, django_db_blocker):
    words = [*PERSONAL.values(), "Acme", "Called acme", "Ann acme", "acme ordered less"]
    with django_db_blocker.unblock(), database("leaving") as url:
        make = "from tests.clients.holders import make_holder\n"
        fill(url, f"{make}make_holder('Acme Ltd', **{PERSONAL})")
        before, after = tmp_path / "before.dump", tmp_path / "after.dump"
        assert run(url, "backup", before).returncode == 0
        assert all(lines_with(word, before) for word in words)
        number = value(url, "SELECT number FROM clients_client")
        delete = "from clients.services.delete.delete_client import delete_client\nfrom clients.models import Client\n"
        fill(url, f"{delete}delete_client(client=Client.objects.get(number={number}), by=None)")
        assert run(url, "backup", after).returncode == 0
    left = {word: lines_with(word, after) for word in words}
    # Only the label of transactions, number and name, and a gateway's reference.
    labelled = left.pop("Acme")
    assert {word: lines for word, lines in left.items() if lines} == {}
    assert {(line.split("\t").count("Acme Ltd") == 1) for line in labelled if "Acme Ltd" in line} == {True}


def lines_with(word, path):
    """Lines of the backup as SQL in which the word stands, in any case."""
    sql = subprocess.run(
        [*programs("pg_restore"), "--file=-", path], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    return [line for line in sql if word.casefold() in line.casefold()]


def programs(name):
    return [next(binaries.installed(name)).program(name)]


def read_manifest_under_key(path):
    found = read_manifest(path)
    assert found.is_ours is False  # this process has another secret key
    return found


def wait_for(come):
    deadline = time.monotonic() + 60
    while not come():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@contextmanager
def writing(url):
    """Rows of a table of its own are committed one after the other, more than one in each moment."""
    done = threading.Event()

    def write():
        with psycopg.connect(url, autocommit=True) as session:
            session.execute("CREATE TABLE written (id bigserial)")
            while not done.is_set():
                session.execute("INSERT INTO written DEFAULT VALUES")

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def test_a_backup_in_mid_run_is_of_one_moment(tmp_path, tried_on, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), database("running") as url:
        fill(url, "from tests.benchmarks.synthetic.database import make_data\nfrom django.utils import timezone\n"
             "make_data(clients=400, due=timezone.localdate(), past=False)")  # fmt: skip
        running = start(url, "generate_invoices", "--chunk-size", 4)
        billed = "SELECT coalesce(max(invoice_count), 0) FROM invoices_invoicerun"
        wait_for(lambda: value(url, billed) >= 20)
        with writing(url):
            made = run(url, "backup", tmp_path / "a.dump")
        seen = value(url, billed)
        assert running.poll() is None  # the run went on, and has more to do
        _, failed = running.communicate(timeout=120)
        assert (running.returncode, made.returncode) == (0, 0), failed + made.stderr
        rows = read_manifest(tmp_path / "a.dump").figures.rows
        assert 20 <= rows["invoices_invoice"] <= seen < value(url, "SELECT count(*) FROM invoices_invoice")
        assert rows["invoices_invoice"] == rows["invoices_invoiceline"]
        assert 0 < rows["written"] < value(url, "SELECT count(*) FROM written")
    tried = run(url, "verify_backup", tmp_path / "a.dump", BILLING_DATA_DIR=os.fspath(tried_on))
    assert (tried.returncode, tried.stderr) == (0, "")
