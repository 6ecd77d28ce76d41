"""An installation of the tests' own: a durable database of some hundred clients, its processes kept as by systemd.

house = embedded(data_dir)                      # the embedded server, which `serve` starts again when it dies
house = furnished(owner_url, DATABASE_URL=…)    # any other, migrated and empty
with house.serve(port) as serve, house.work() as worker: …
"""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from billing_admin.embedded_database import ensure_running
from tests.setup.test_killed_in_mid_run import copy_test_database
from tests.setup.test_serving import answers, free_port

PROJECT = Path(__file__).resolve().parents[2]
KEY = "the secret key of an installation that meets faults"
CLIENTS = 200
PEOPLE = 4
LIMIT = 90  # seconds

# Each client has an item of 10.00 a month, and each person a session. Prints numbers of clients, then cookies.
_FURNISH = f"""
import django; django.setup()
from django.test import Client as Browser
from django.utils import timezone
from tests.concurrency.due import make_clients
from tests.factories import make_staff
from invoices.models import BillableItem
owners = make_clients({CLIENTS}, due=timezone.localdate(), cycle=BillableItem.Cycle.MONTHLY)
print(*[owner.number for owner in owners])
for _ in range({PEOPLE}):
    browser = Browser()
    browser.force_login(make_staff())
    print(browser.cookies["sessionid"].value)
"""


def environment(**more: str) -> dict[str, str]:
    """What processes of an installation are started with. Without a DATABASE_URL they work on BILLING_DATA_DIR."""
    here = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
    return (
        here | {"DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "billing_admin.settings", "DJANGO_SECRET_KEY": KEY} | more
    )


@dataclass
class Installation:
    """`url`: the address of its owner, past any pooler. `numbers` of its clients; `cookies` of people signed in."""

    url: str
    environment: dict[str, str]
    folder: Path  # of logs
    numbers: list[int] = field(default_factory=list)
    cookies: list[str] = field(default_factory=list)
    months: int = 0  # how many runs there were: each bills another month

    def value(self, sql: str) -> Any:
        """The first value of the first row."""
        with psycopg.connect(self.url) as session:
            row = session.execute(sql).fetchone()
        return row and row[0]

    def run(self, *command: object) -> tuple[int, str]:
        """Do a command of manage.py; how it ended, and what it said."""
        done = subprocess.run(
            [sys.executable, "manage.py", *map(str, command)], cwd=PROJECT, env=self.environment,
            capture_output=True, text=True, timeout=LIMIT,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    @contextmanager
    def at_work(self, **more: str) -> "Iterator[tuple[int, Unit, Unit]]":
        """Its web server, which answers, and a queue worker: the port, and both."""
        port = free_port()
        with self.serve(port, **more) as serve, self.work(**more) as work:
            wait_for(lambda: answers(port))
            yield port, serve, work

    def serve(self, port: int, **more: Any) -> "AbstractContextManager[Unit]":
        """A web server of two web workers."""
        return self.unit("billing-admin@.service", "serve", "--port", port, "--queue-workers", 0, **more)

    def work(self, **more: Any) -> "AbstractContextManager[Unit]":
        """A queue worker."""
        return self.unit("billing-admin-worker@.service", "work", **more)

    @contextmanager
    def unit(self, service: str, *command: object, cwd: Path = PROJECT, **more: str) -> "Iterator[Unit]":
        """Keep a command of manage.py running as this file of deploy/ says; its log is a file of the folder."""
        log = self.folder / f"{'-'.join(str(part) for part in command if str(part).isalnum())}.log"
        unit = Unit(service, [sys.executable, "manage.py", *map(str, command)], cwd, self.environment | more, log)
        try:
            yield unit
        finally:
            unit.stop()


class Unit:
    """One process that is started again when it ends, as systemd does: after RestartSec of its unit."""

    def __init__(self, service: str, command: list[str], cwd: Path, environ: dict[str, str], log: Path) -> None:
        self.command, self.cwd, self.environ, self.log = command, cwd, environ, log
        said = (PROJECT / "deploy" / service).read_text()
        self.pause = float(re.search(r"^RestartSec=(\d+)$", said, re.MULTILINE)[1])
        self.stopped = threading.Event()
        self.starts = 0
        self.process = self._start()
        self.watcher = threading.Thread(target=self._watch, daemon=True)
        self.watcher.start()

    def _start(self) -> "subprocess.Popen[bytes]":
        self.starts += 1
        with self.log.open("a") as file:
            return subprocess.Popen(
                self.command, cwd=self.cwd, env=self.environ, stdin=subprocess.DEVNULL, stdout=file, stderr=file,
                start_new_session=True,
            )  # fmt: skip

    def _watch(self) -> None:
        while not self.stopped.is_set():
            if self.process.poll() is not None and not self.stopped.wait(self.pause):
                self.process = self._start()
            self.stopped.wait(0.05)

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def children(self, of: bytes) -> list[int]:
        """Process numbers of its children with this in their command."""
        pids = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(pid) for pid in pids if of in Path(f"/proc/{pid}/cmdline").read_bytes()]

    def stop(self) -> None:
        """Stop it for good: in good order, as `systemctl stop` does."""
        self.stopped.set()
        self.watcher.join()
        self.process.send_signal(signal.SIGCONT)
        self.process.terminate()
        try:
            self.process.wait(40)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def embedded(data_dir: Path, folder: Path) -> Installation:
    """With the embedded server, durable as for a newcomer."""
    url = ensure_running(data_dir)
    copy_test_database(data_dir, url)
    return furnished(url, folder, BILLING_DATA_DIR=str(data_dir))


def furnished(url: str, folder: Path, **more: str) -> Installation:
    """Of a migrated and empty database; `more` says where its processes find it, and what else they are told."""
    told = environment(**more)
    filled = subprocess.run(
        [sys.executable, "-c", _FURNISH], cwd=PROJECT, env=told, capture_output=True, text=True, timeout=LIMIT
    )
    assert filled.returncode == 0, filled.stderr
    numbers, *cookies = filled.stdout.splitlines()
    return Installation(url, told, folder, [int(number) for number in numbers.split()], cookies)


def wait_for(come: Any, limit: float = LIMIT) -> None:
    deadline = time.monotonic() + limit
    while not come():
        assert time.monotonic() < deadline, come
        time.sleep(0.02)
