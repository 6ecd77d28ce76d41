"""docs/backup.md, To a point in time: the log that was kept leads to a moment before a mistake, and to the end."""

import os
import shutil
import time
from urllib.parse import urlsplit

import psycopg
import pytest

from billing_admin.embedded_database import ensure_running, stop
from billing_admin.embedded_database.binaries import find_binaries
from billing_admin.embedded_database.clusters import as_account
from billing_admin.embedded_database.places import make_folders, place_for

from .databases import fill, run, value

pytestmark = pytest.mark.long

FILL = """
from django.utils import timezone
from tests.benchmarks.synthetic.database import make_data
make_data(clients=30, due=timezone.localdate(), past=True)
"""
COUNT = "SELECT count(*) FROM clients_client"
PROMOTED = "SELECT NOT pg_is_in_recovery()"
MISTAKE = "UPDATE clients_client SET email = 'overwritten@house.example'"


def command(place, name, *arguments):
    done = as_account(place, [find_binaries(place).program(name), *map(str, arguments)])
    assert done.returncode == 0, done.stderr


def restored(make_data_dir, name, copy, archive, target):
    """A new server of that copy and the kept log, up to the target."""
    data_dir = make_data_dir(name)
    place = place_for(data_dir)
    make_folders(place)
    shutil.copytree(copy, place.cluster)
    (place.cluster / "recovery.signal").touch()
    with (place.cluster / "postgresql.auto.conf").open("a") as file:
        file.write(f"archive_mode = off\nrestore_command = 'cp {archive}/%f %p'\n{target}")
    for folder, _, files in os.walk(place.cluster):
        for each in (folder, *(os.path.join(folder, file) for file in files)):
            os.chown(each, place.account.uid, place.account.gid)
    place.cluster.chmod(0o700)
    return ensure_running(data_dir)


def wait_until(url, sql):
    deadline = time.monotonic() + 60
    while not value(url, sql):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_the_recipe_of_the_document_leads_to_a_moment_and_to_the_end(kept, make_data_dir, tmp_path):
    data_dir = make_data_dir("first")
    url, place = ensure_running(data_dir), place_for(data_dir)
    archive, copy = place.folder / "archive", place.folder / "copy"
    archive.mkdir()
    os.chown(archive, place.account.uid, place.account.gid)
    with psycopg.connect(url, autocommit=True) as session:
        session.execute("ALTER SYSTEM SET archive_mode = on")
        session.execute(f"ALTER SYSTEM SET archive_command = 'test ! -f {archive}/%f && cp %p {archive}/%f'")
    assert stop(data_dir)
    ensure_running(data_dir)
    assert run(url, "restore", kept).returncode == 0
    command(place, "pg_basebackup", "-h", place.socket_folder, "-U", urlsplit(url).username, "--pgdata", copy,
            "--checkpoint", "fast", "--wal-method", "stream")  # fmt: skip
    fill(url, FILL)  # after the copy: it comes from the log alone
    clients = value(url, COUNT)
    before = value(url, "SELECT clock_timestamp()")
    time.sleep(1)
    with psycopg.connect(url, autocommit=True) as session:
        session.execute(MISTAKE)
        session.execute("SELECT pg_switch_wal()")
    stop(data_dir)

    target = f"recovery_target_time = '{before.isoformat()}'\nrecovery_target_action = 'pause'\n"
    then = restored(make_data_dir, "then", copy, archive, target)
    wait_until(then, "SELECT pg_get_wal_replay_pause_state() = 'paused'")
    refused = run(then, "backup", tmp_path / "a.dump")
    assert (refused.returncode, list(tmp_path.iterdir())) == (1, [])
    assert "This server follows another one, and its database cannot be backed up" in refused.stderr
    value(then, "SELECT pg_wal_replay_resume()")  # what "promote" does by itself
    wait_until(then, PROMOTED)
    overwritten = "SELECT count(*) FROM clients_client WHERE email = 'overwritten@house.example'"
    assert (value(then, COUNT), value(then, overwritten)) == (clients, 0)
    assert clients > 30
    for proof in ("check_ledger", "verify_activity"):
        assert run(then, proof).returncode == 0
    end = restored(make_data_dir, "end", copy, archive, "")
    wait_until(end, PROMOTED)
    assert (value(end, COUNT), value(end, overwritten)) == (clients, clients)
