"""What is wrong with the machine is said in one sentence, not in a traceback."""

import os
import shutil
import socket
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from billing_admin.embedded_database import LocalDatabaseError, ensure_running, local_secret_key
from billing_admin.embedded_database.clusters import reason
from billing_admin.embedded_database.places import make_folders, place_for

PROJECT = Path(__file__).resolve().parent.parent.parent


def run(*command: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program as a person does at the terminal, without what the tests have set."""
    ours = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    return subprocess.run(
        [str(part) for part in command],
        cwd=PROJECT,
        env={name: value for name, value in os.environ.items() if name not in ours} | environment,
        capture_output=True,
        text=True,
    )


def make_cluster_of_version(data_dir: Path, version: int) -> Path:
    place = place_for(data_dir)
    make_folders(place)
    place.cluster.mkdir()
    (place.cluster / "PG_VERSION").write_text(f"{version}\n")
    return place.cluster


def test_a_command_on_a_database_of_a_newer_version_says_so(data_dir):
    cluster = make_cluster_of_version(data_dir, 99)
    outcome = run(sys.executable, "manage.py", "migrate", BILLING_DATA_DIR=str(data_dir))

    assert (outcome.returncode, outcome.stdout) == (1, "")
    assert outcome.stderr.startswith(f"The database in {cluster} was made by PostgreSQL 99, newer than the ")
    assert len(outcome.stderr.splitlines()) == 1
    assert (cluster / "PG_VERSION").read_text() == "99\n"


def test_a_command_that_ends_by_an_error_shows_where_and_names_nobody():
    outcome = run(sys.executable, "manage.py", "shell", "-c", "int('Jane Roe')", DATABASE_URL="postgres://nowhere/x")
    assert (outcome.returncode, "Jane Roe" in outcome.stderr) == (1, False)
    assert (
        "CRITICAL billing_admin.commands: The command ended by an error; --traceback says all of it.\nTraceback"
        in outcome.stderr
    )
    assert 'File "<string>", line 1' in outcome.stderr


def test_a_database_of_an_older_version_is_left_alone(data_dir):
    make_cluster_of_version(data_dir, 9)
    with pytest.raises(LocalDatabaseError, match=r"was made by PostgreSQL 9, which is not installed here \(only \d+"):
        ensure_running(data_dir)


def test_a_disk_without_room_is_named_before_the_work(data_dir, monkeypatch):
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=5 * 1024 * 1024))
    with pytest.raises(LocalDatabaseError, match=r"needs 300 MB, but the disk of .* has only 5 MB left"):
        ensure_running(data_dir)
    assert not place_for(data_dir).cluster.exists()


def test_a_disk_that_fills_up_is_named(data_dir):
    log = 'FATAL:  could not write lock file "postmaster.pid": No space left on device'
    assert reason(place_for(data_dir), log).endswith("is full. Free some space and run the command again.")


def test_a_start_that_fails_tells_the_last_lines_of_the_log(data_dir):
    ensure_running(data_dir, throw_away=True)
    place = place_for(data_dir, throw_away=True)
    call = [sys.executable, "-m", "billing_admin.embedded_database", "--throw-away", "--data-dir", data_dir]
    assert run(*call, "stop").stdout == "The database server is stopped.\n"
    (place.cluster / "postgresql.auto.conf").write_text("shared_buffers = 'a lot'\n")

    outcome = run(*call, "start")
    assert outcome.returncode == 1
    assert outcome.stderr.startswith(f"The database server in {place.folder} did not start: ")
    assert 'invalid value for parameter "shared_buffers": "a lot"' in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_a_taken_port_is_named_with_another_to_choose():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        outcome = run(sys.executable, "scripts/check_port.py", "127.0.0.1", port)
    assert outcome.returncode == 1
    assert outcome.stderr == (
        f"Port {port} on 127.0.0.1 is taken: stop what listens there, or choose another, `make demo PORT={port + 1}`.\n"
    )
    assert run(sys.executable, "scripts/check_port.py", "127.0.0.1", port).returncode == 0
    assert "is not a port number" in run(sys.executable, "scripts/check_port.py", "127.0.0.1", "web").stderr


def test_the_secret_key_is_made_once_and_kept_private(data_dir):
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: local_secret_key(data_dir), range(32)))
    assert len(keys) == 1
    assert len(keys.pop()) >= 50
    assert [path.name for path in data_dir.iterdir()] == ["secret-key"]
    assert stat.S_IMODE((data_dir / "secret-key").stat().st_mode) == 0o600


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration():
    said = StringIO()
    try:
        call_command("makemigrations", check_changes=True, dry_run=True, no_color=True, stdout=said)
    except SystemExit:
        pytest.fail(f"manage.py makemigrations has something to write:\n{said.getvalue()}")
