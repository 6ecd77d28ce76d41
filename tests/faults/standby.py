"""A standby of an embedded server: a copy on a place of its own that follows it, and can take over.

The copy is made by `pg_basebackup` and follows over the first one's socket. Where it is synchronous, what the first one
confirms is on both.
"""

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

from billing_admin.embedded_database import ensure_running, stop
from billing_admin.embedded_database.binaries import find_binaries
from billing_admin.embedded_database.clusters import as_account
from billing_admin.embedded_database.places import DATABASE, PORT, USER, make_folders, place_for
from tests.setup.conftest import remove
from tests.setup.test_killed_in_mid_run import copy_test_database

SECONDS = 20


@contextmanager
def pair_of_servers() -> Iterator[tuple[Path, Path]]:
    """A server with our tables and its synchronous standby, in data folders of their own; needs the test database."""
    top = Path(tempfile.mkdtemp(prefix="billing-admin-pair-"))
    top.chmod(0o755)
    first, second = top / "first", top / "second"
    try:
        copy_test_database(first, ensure_running(first))
        make_standby(first, second)
        wait_for_standby(first, second.name)
        yield first, second
    finally:
        for each in (first, second):
            go_on(each)
            stop(each)
            remove(place_for(each))
        shutil.rmtree(top)


def make_standby(first: Path, data_dir: Path) -> str:
    """Make one of the server in the first data folder, and start it; gives its address once it follows."""
    of, place = place_for(first), place_for(data_dir)
    make_folders(place)
    copy = [
        find_binaries(place).program("pg_basebackup"),
        *("--dbname", f"host={of.socket_folder} user={USER} application_name={data_dir.name}"),
        *("--pgdata", str(place.cluster), "--checkpoint", "fast", "--wal-method", "stream", "--write-recovery-conf"),
    ]
    done = as_account(place, copy)
    assert done.returncode == 0, done.stderr
    url = ensure_running(data_dir)
    follows = f"SELECT count(*) FROM pg_stat_replication WHERE application_name = '{data_dir.name}'"
    wait_until(lambda: value(of.url, follows))
    return url


def wait_for_standby(first: Path, names: str) -> None:
    """From now on the first server confirms only what these standbys have (`synchronous_standby_names`); "" is none."""
    with psycopg.connect(place_for(first).url, autocommit=True) as session:
        session.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{names}'")
        session.execute("SELECT pg_reload_conf()")
    if names:
        in_step = "SELECT count(*) FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')"
        wait_until(lambda: value(place_for(first).url, in_step))


def promote(data_dir: Path) -> None:
    """Let the standby take over; returns once it takes what is written."""
    assert value(place_for(data_dir).url, f"SELECT pg_promote(true, {SECONDS})")


def pause(data_dir: Path) -> None:
    """Stop every process of the server, as a machine that hangs; `go_on` lets them go on."""
    _signal(data_dir, signal.SIGSTOP)


def go_on(data_dir: Path) -> None:
    """Let them go on; does nothing to one that does."""
    _signal(data_dir, signal.SIGCONT)


def either(first: Path, second: Path, user: str) -> str:
    """The address of both servers of which a program takes the one that can be written: docs/deploy.md, Failover."""
    folders = [str(place_for(each).socket_folder) for each in (first, second)]
    return (
        f"postgresql://{user}@/{DATABASE}?host={','.join(folders)}&port={PORT},{PORT}"
        "&target_session_attrs=read-write&connect_timeout=3"
    )


def value(url: str, sql: str) -> Any:
    """The first value of the first row."""
    with psycopg.connect(url) as session:
        row = session.execute(sql).fetchone()
    return row and row[0]


def wait_until(happened: Callable[[], Any]) -> None:
    deadline = time.monotonic() + SECONDS
    while not happened():
        assert time.monotonic() < deadline, "It did not happen in time."
        time.sleep(0.05)


def _signal(data_dir: Path, number: int) -> None:
    """To all of its processes; one that does not run gets none."""
    if not (place_for(data_dir).cluster / "postmaster.pid").exists():
        return
    postmaster = int((place_for(data_dir).cluster / "postmaster.pid").read_text().splitlines()[0])
    with suppress(OSError):
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        for pid in (postmaster, *map(int, children)):
            os.kill(pid, number)
