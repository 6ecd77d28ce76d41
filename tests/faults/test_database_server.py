"""The database server or what is before it killed, full or without a connection left, under load."""

import os
import signal
import subprocess
import threading
import time
from pathlib import Path

import psycopg
import pytest

from billing_admin.embedded_database import ensure_running, stop
from billing_admin.embedded_database.places import place_for
from tests.concurrency.pgbouncer import Pooler
from tests.setup.conftest import data_dirs
from tests.setup.test_embedded_database import postmaster
from tests.setup.test_killed_in_mid_run import kill_all

from .installation import embedded
from .under_load import under_load

pytestmark = [pytest.mark.django_db, pytest.mark.long]


def data_dir_of(house) -> Path:
    return Path(house.environment["BILLING_DATA_DIR"])


def test_the_postmaster_is_killed(house):
    with house.at_work() as (port, *_), under_load("SIGKILL of the postmaster", house, port) as load:
        load.strike(lambda: os.kill(postmaster(data_dir_of(house)), signal.SIGKILL))


def test_the_whole_database_server_is_killed(house):
    with house.at_work() as (port, *_), under_load("SIGKILL of all of the database server", house, port) as load:
        assert house.value("SHOW fsync") == "on"
        load.strike(lambda: kill_all(data_dir_of(house)))


def test_pgbouncer_is_killed_and_started_again(house):
    ensure_running(data_dir_of(house))
    place = place_for(data_dir_of(house))
    with Pooler.before(place.serving_url, connections=20) as pooler:
        address = pooler.address_of("billing")
        with (
            house.at_work(DATABASE_URL=address) as (port, *_),
            under_load("SIGKILL of pgbouncer", house, port) as load,
        ):
            load.strike(pooler.kill)
            time.sleep(2)
            load.mend(pooler.start)


def test_all_connections_are_taken(house):
    data_dir = data_dir_of(house)
    ensure_running(data_dir)
    with psycopg.connect(house.url, autocommit=True) as session:
        session.execute("ALTER SYSTEM SET max_connections = 40")
    stop(data_dir)
    ensure_running(data_dir)
    try:
        with house.at_work() as (port, *_), under_load("All connections taken", house, port) as load:
            released = threading.Event()
            taking = threading.Thread(target=take_connections, args=(place_for(data_dir).serving_url, released))
            load.strike(taking.start)
            end_sessions_of_others(house)
            time.sleep(10)
            load.mend(released.set)
            taking.join()
    finally:
        ensure_running(data_dir)
        with psycopg.connect(house.url, autocommit=True) as session:
            session.execute("ALTER SYSTEM RESET max_connections")
        stop(data_dir)
        ensure_running(data_dir)


def take_connections(url: str, released: threading.Event) -> None:
    """Take every connection that there is, and each that is given back, until they are released."""
    taken = []
    while not released.wait(0.01):
        try:
            taken.append(psycopg.connect(url, application_name="sleeper"))
        except psycopg.OperationalError:
            continue
    for session in taken:
        session.close()


def end_sessions_of_others(house) -> None:
    """As where the server was started anew, and somebody else was there first."""
    time.sleep(1)
    house.value(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE backend_type = 'client backend' AND application_name <> 'sleeper' AND pid <> pg_backend_pid()"
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts a small disk; raised, it is in test_outages.py")
def test_the_disk_is_full(django_db_setup, tmp_path):
    with data_dirs() as make:
        data_dir = make()
        data_dir.mkdir()
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=500m,mode=755", "tmpfs", data_dir], capture_output=True, text=True
        )
        if mounted.returncode:
            pytest.skip(f"No small disk can be mounted here: {mounted.stderr.strip()}")
        try:
            house = embedded(data_dir, tmp_path)
            with house.at_work() as (port, *_), under_load("Disk full", house, port) as load:
                load.strike(lambda: fill_up(data_dir / "filler"))
                time.sleep(15)
                assert load.failures()
                load.mend((data_dir / "filler").unlink)
        finally:
            stop(data_dir)
            subprocess.run(["umount", data_dir], check=True)


def fill_up(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(1 << 16))
        except OSError:
            return
