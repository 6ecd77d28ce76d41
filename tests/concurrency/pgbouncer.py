"""The test database behind a pgbouncer of the test's own, which hands out connections by transaction."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.db import connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper

from billing_admin.embedded_database import database_url
from tests.waiting import wait_for

MISSING = "There is no pgbouncer on this machine. Install one: apt-get install pgbouncer."
PORT = 6432  # names the socket only
# Fewer than those who work at once, so that a connection goes from one to the other.
CONNECTIONS = 6
_CONFIGURATION = """
[databases]
* = host={host} port={port} user={user}
[pgbouncer]
listen_addr =
listen_port = {listen}
unix_socket_dir = {folder}
unix_socket_mode = 0777
auth_type = any
pool_mode = transaction
default_pool_size = {connections}
max_client_conn = 200
logfile = {folder}/log
pidfile = {folder}/pid
"""


@contextmanager
def pgbouncer() -> Iterator[str]:
    """Start one; gives the address of the test database behind it."""
    with Pooler.before(database_url(Path())) as pooler:
        yield pooler.address_of(connection.settings_dict["NAME"])


@dataclass
class Pooler:
    """A pgbouncer before a server, which can be killed and started again."""

    program: str
    user: str
    folder: Path
    account: dict[str, Any]
    process: "subprocess.Popen[bytes]" = field(init=False)

    @classmethod
    @contextmanager
    def before(cls, address: str, connections: int = CONNECTIONS) -> "Iterator[Self]":
        """One before the server of this address, as its user. Fails in CI where there is none, is skipped elsewhere."""
        program = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
        if program is None:
            (pytest.fail if os.environ.get("CI") else pytest.skip)(MISSING)
        url = urlsplit(address)
        host = parse_qs(url.query).get("host", [url.hostname])[0]
        folder = Path(tempfile.mkdtemp(prefix="pgbouncer-", dir="/tmp"))
        (folder / "pgbouncer.ini").write_text(
            _CONFIGURATION.format(
                host=host, port=url.port or 5432, user=url.username, listen=PORT, folder=folder, connections=connections
            )
        )
        # It refuses to run as root, and only the account of the server reaches the server's socket.
        account: dict[str, Any] = {}
        if os.geteuid() == 0:
            owner = Path(str(host)).stat()
            account = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
            os.chown(folder, owner.st_uid, owner.st_gid)
        folder.chmod(0o755)
        pooler = cls(program, str(url.username), folder, account)
        pooler.start()
        try:
            yield pooler
        finally:
            pooler.process.terminate()
            pooler.process.wait(10)
            shutil.rmtree(folder, ignore_errors=True)

    def start(self) -> None:
        self.process = subprocess.Popen([self.program, "-q", str(self.folder / "pgbouncer.ini")], **self.account)
        wait_for(lambda: (self.folder / f".s.PGSQL.{PORT}").exists())

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)

    def address_of(self, database: str) -> str:
        return f"postgresql://{self.user}@:{PORT}/{quote(database)}?host={self.folder}"


@contextmanager
def connected(url: str) -> Iterator[None]:
    """In the block this thread's connection goes through it, from a pool as in production."""
    settings = deepcopy(connection.settings_dict)
    parts = urlsplit(url)
    settings |= {"HOST": parse_qs(parts.query)["host"][0], "PORT": parts.port, "USER": parts.username}
    settings["OPTIONS"] = {"pool": {"min_size": 1, "max_size": 2}}
    before = connections["default"]
    connections["default"] = own = DatabaseWrapper(settings)
    vars(own)["_connection_pools"] = {}  # and beside the pool of the tests
    try:
        yield
    finally:
        own.close()
        own.close_pool()
        connections["default"] = before
