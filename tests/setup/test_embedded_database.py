"""The embedded server starts from whatever state the last run left it in."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from billing_admin.embedded_database import accounts, database_url, ensure_running, places, revive, server, stop
from billing_admin.embedded_database.places import place_for
from billing_admin.embedded_database.readiness import Answer, ask

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives its privileges away")


def postmaster(data_dir: Path, *, throw_away: bool = False) -> int:
    pid_file = place_for(data_dir, throw_away=throw_away).cluster / "postmaster.pid"
    return int(pid_file.read_text().splitlines()[0])


def kill(data_dir: Path) -> None:
    place = place_for(data_dir)
    os.kill(postmaster(data_dir), signal.SIGKILL)
    while ask(place.socket) is not Answer.SILENT:
        time.sleep(0.01)


def test_the_first_start_makes_a_durable_database_on_its_socket_alone(data_dir):
    url = ensure_running(data_dir)

    with psycopg.connect(url) as session:
        shown = {
            name: session.execute(f"SHOW {name}").fetchone()[0]
            for name in ("fsync", "synchronous_commit", "full_page_writes", "listen_addresses", "server_encoding")
        }
        words = session.execute("SELECT current_database(), upper('élodie'), upper('ЖУК') = 'ЖУК'").fetchone()
    assert shown == {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "listen_addresses": "",
        "server_encoding": "UTF8",
    }
    assert words == ("billing", "ÉLODIE", True)
    assert place_for(data_dir).folder.stat().st_mode & 0o777 == 0o700


def test_its_log_names_nobody_of_whom_a_statement_failed(data_dir):
    url, mail = ensure_running(data_dir), "zaphod@heart-of-gold.example"
    with psycopg.connect(url, autocommit=True) as session:
        session.execute("CREATE TEMPORARY TABLE people (mail text UNIQUE, name text CHECK (name <> ''))")
        session.execute("INSERT INTO people VALUES (%s, 'Z')", [mail])
        for statement in ("INSERT INTO people VALUES (%s, 'Z')", "INSERT INTO people VALUES ('x' || %s, '')"):
            with pytest.raises(psycopg.IntegrityError, match=mail):
                session.execute(statement, [mail])
            with pytest.raises(psycopg.IntegrityError, match=mail):
                psycopg.ClientCursor(session).execute(statement, [mail])
    log = place_for(data_dir).log.read_text()
    assert log.count("violates") == 4
    assert mail not in log


def test_a_server_that_runs_is_found_at_once_and_stops_when_told(data_dir):
    url = ensure_running(data_dir, throw_away=True)
    first = postmaster(data_dir, throw_away=True)
    begun = time.monotonic()
    assert ensure_running(data_dir, throw_away=True) == url
    assert time.monotonic() - begun < 0.2
    assert postmaster(data_dir, throw_away=True) == first

    assert stop(data_dir, throw_away=True) is True
    assert ask(place_for(data_dir, throw_away=True).socket) is Answer.SILENT
    assert stop(data_dir, throw_away=True) is False


def test_a_killed_server_is_revived_with_every_committed_row(data_dir):
    url = ensure_running(data_dir)
    assert revive(data_dir) is False
    with psycopg.connect(url) as session:
        session.execute("CREATE TABLE kept (amount numeric)")
        session.execute("INSERT INTO kept VALUES (12.34)")
    # A session keeps the memory of the killed server in use for a moment.
    with closing(psycopg.connect(url)):
        kill(data_dir)
        assert revive(data_dir) is True
    with psycopg.connect(url) as session:
        assert session.execute("SELECT amount::text FROM kept").fetchall() == [("12.34",)]

    stop(data_dir)
    assert revive(data_dir) is False


def test_two_starts_at_once_give_one_server(data_dir):
    command = [sys.executable, "-m", "billing_admin.embedded_database", "start", "--throw-away", "--data-dir", data_dir]
    starts = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    outcomes = [(*start.communicate(), start.returncode) for start in starts]

    assert outcomes == [(f"{place_for(data_dir, throw_away=True).url}\n", "", 0)] * 2
    log = place_for(data_dir, throw_away=True).log.read_text()
    assert log.count("starting PostgreSQL") == 1


def test_a_half_made_database_and_a_foreign_process_number_are_no_obstacle(data_dir):
    place = place_for(data_dir, throw_away=True)
    places.make_folders(place)
    half_made = place.folder / "cluster.new"
    half_made.mkdir()
    (half_made / "PG_VERSION").write_text("18\n")
    ensure_running(data_dir, throw_away=True)
    stop(data_dir, throw_away=True)
    # As after a reboot: the number that the dead server had belongs to some other program.
    (place.cluster / "postmaster.pid").write_text(f"{os.getpid()}\n{place.cluster}\n")

    ensure_running(data_dir, throw_away=True)
    assert not half_made.exists()


def test_a_server_whose_socket_is_gone_is_started_again(data_dir, monkeypatch):
    monkeypatch.setattr(server, "PATIENCE_WITHOUT_SOCKET", 0.1)
    ensure_running(data_dir, throw_away=True)
    first = postmaster(data_dir, throw_away=True)
    place_for(data_dir, throw_away=True).socket.unlink()

    ensure_running(data_dir, throw_away=True)
    assert postmaster(data_dir, throw_away=True) != first


def test_a_path_too_long_for_a_socket_gets_a_short_private_one(make_data_dir):
    data_dir = make_data_dir("a clone with Capitals, spaces & 'quotes'", "deep " * 20)
    url = ensure_running(data_dir, throw_away=True)
    socket = place_for(data_dir, throw_away=True).socket

    assert len(os.fsencode(data_dir)) > 107 >= len(os.fsencode(socket))
    assert socket.parent.stat().st_mode & 0o777 == 0o700
    with psycopg.connect(url) as session:
        assert session.execute("SHOW fsync").fetchone() == ("off",)


@as_root
def test_root_in_a_closed_folder_gets_a_server_of_another_account(make_data_dir, monkeypatch):
    data_dir = make_data_dir("closed", "clone", ".data")
    data_dir.parent.mkdir(parents=True)
    data_dir.parent.parent.chmod(0o700)
    # The programs are as unreachable as the data when the whole clone lies in a closed folder.
    monkeypatch.setattr("billing_admin.embedded_database.binaries.can_read", lambda account, file: False)

    with psycopg.connect(ensure_running(data_dir, throw_away=True)) as session:
        assert session.execute("SELECT 1").fetchone() == (1,)
    place = place_for(data_dir, throw_away=True)
    assert not place.folder.is_relative_to(data_dir.parent)
    assert Path(f"/proc/{postmaster(data_dir, throw_away=True)}").stat().st_uid == place.account.uid != 0
    assert list(place.folder.glob("binaries/*/*/pginstall/bin/postgres"))


@as_root
def test_root_uses_the_account_that_owns_the_project(make_data_dir):
    data_dir = make_data_dir("owned", ".data")
    data_dir.parent.mkdir()
    nobody = next(account for account in accounts.candidates(0) if account.name == "nobody")
    os.chown(data_dir.parent, nobody.uid, nobody.gid)
    assert place_for(data_dir).account == nobody


def test_the_address_is_known_without_a_server(data_dir, monkeypatch):
    monkeypatch.delenv("DATABASE_URL")
    socket_folder = str(data_dir / "postgres" / "socket")
    assert database_url(data_dir) == f"postgresql://billing_serving@:5432/billing?host={socket_folder}"
    assert database_url(data_dir, owner=True) == f"postgresql://billing@:5432/billing?host={socket_folder}"
    assert not data_dir.exists()

    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/billing")
    assert database_url(data_dir) == database_url(data_dir, owner=True) == "postgresql://elsewhere/billing"
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://owner@elsewhere/billing")
    assert database_url(data_dir) == "postgresql://elsewhere/billing"
    assert database_url(data_dir, owner=True) == "postgresql://owner@elsewhere/billing"


def test_each_data_folder_has_a_server_of_its_own(make_data_dir: Callable[..., Path]):
    addresses = {place_for(make_data_dir(name), throw_away=kind).url for name in "ab" for kind in (False, True)}
    assert len(addresses) == 4
