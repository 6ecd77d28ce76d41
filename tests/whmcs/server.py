"""A MariaDB of the tests' own, on a socket in a folder of its own and on a port, with databases that are made up."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pymysql
import pytest
from pymysql.constants import CLIENT

from tests.setup.test_serving import free_port
from tests.waiting import wait_for

MISSING = "There is no MariaDB on this machine. Install one: apt-get install mariadb-server-core mariadb-client-core."
PASSWORD = "of the importer"
# It sends nothing to disk before it has to: what is in it is made again by the next test.
_OPTIONS = (
    "--bind-address=127.0.0.1", "--skip-name-resolve", "--sql-mode=",
    "--innodb-flush-log-at-trx-commit=2", "--innodb-buffer-pool-size=256M",
    "--character-set-server=utf8mb3", "--collation-server=utf8mb3_unicode_ci", "--local-infile=1",
    "--max-allowed-packet=64M", "--skip-log-bin",
)  # fmt: skip


def _program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if found is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(MISSING)
    return str(found)


@dataclass
class MariaDb:
    """One that runs. `process` may be killed; `start` starts it again on the same data."""

    folder: Path
    account: str
    port: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def socket(self) -> str:
        """Where it listens."""
        return str(self.folder / "socket")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [_program("mariadbd"), "--no-defaults", f"--user={self.account}", f"--datadir={self.folder / 'data'}",
                 f"--socket={self.socket}", f"--port={self.port}", f"--pid-file={self.folder / 'pid'}", *_OPTIONS],
                stdout=subprocess.DEVNULL, stderr=log,
            )  # fmt: skip
        wait_for(self._answers)

    def _answers(self) -> bool:
        if not Path(self.socket).exists():
            return False  # PyMySQL leaves its own socket open where it finds nobody
        self.connect().close()
        return True

    def stop(self) -> None:
        """Stop it, if it runs."""
        if self.process:
            self.process.terminate()
            self.process.wait(30)

    def connect(self, database: str | None = None) -> "pymysql.Connection[Any]":
        """A connection that may do everything."""
        return pymysql.connect(
            unix_socket=self.socket, user="root", database=database, local_infile=True, autocommit=True,
            client_flag=CLIENT.MULTI_STATEMENTS, charset="utf8mb4",
        )  # fmt: skip

    def url(self, database: str) -> str:
        """The address of a database as the importer is given it: for a user that only reads."""
        return f"mysql://importer@localhost/{database}?socket={self.socket}"

    def dump(self, database: str, to: Path) -> None:
        """Dump a database as WHMCS's own backup does."""
        with to.open("wb") as file:
            subprocess.run(
                [_program("mariadb-dump"), "--no-defaults", f"--socket={self.socket}", "--user=root", database],
                check=True, stdout=file,
            )  # fmt: skip


@contextmanager
def mariadb() -> Iterator[MariaDb]:
    """Start one. Fails in CI where there is none, is skipped elsewhere."""
    install = _program("mariadb-install-db")
    folder = Path(tempfile.mkdtemp(prefix="mariadb-", dir="/tmp"))  # short: the path of a socket may have 107 bytes
    account = pwd.getpwuid(os.geteuid()).pw_name
    if os.geteuid() == 0:
        account = "nobody"
        shutil.chown(folder, account)
    subprocess.run(
        [install, "--no-defaults", f"--user={account}", f"--datadir={folder / 'data'}", "--skip-test-db",
         "--auth-root-authentication-method=normal"],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    server = MariaDb(folder, account, free_port())
    try:
        server.start()
        with server.connect() as session, session.cursor() as cursor:
            for host in ("localhost", "127.0.0.1"):
                cursor.execute(f"CREATE USER importer@'{host}' IDENTIFIED BY '{PASSWORD}'")
                cursor.execute(f"GRANT SELECT ON *.* TO importer@'{host}'")
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
