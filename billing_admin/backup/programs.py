"""The programs of PostgreSQL that write and read backups, and the database that they and we speak to.

What leads to a database reaches a program by its environment alone: arguments are seen by everybody on the machine.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dj_database_url
import psycopg
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper
from psycopg.pq import Conninfo

from billing_admin.embedded_database.binaries import Binaries, installed
from billing_admin.errors import BusinessError

# From this version on programs set a limit that servers before it do not know, so that they cannot restore into those.
_KNOWS_TRANSACTION_TIMEOUT = 17


def address(url: str = "") -> dict[str, str]:
    """What leads to the database at this URL, else to that of this process, by libpq's names."""
    told: dict[str, Any] = connection.settings_dict
    if url:
        told = {**told, "OPTIONS": {}, **dj_database_url.parse(url)}
    known = {option.keyword.decode() for option in Conninfo.get_defaults()}
    found = DatabaseWrapper(told).get_connection_params()
    return {name: str(value) for name, value in found.items() if name in known and value not in (None, "")}


def environment(of: dict[str, str]) -> dict[str, str]:
    """The environment of a program that is to speak to this database."""
    named = {option.keyword.decode(): option.envvar.decode() for option in Conninfo.get_defaults() if option.envvar}
    return {**os.environ, "LC_ALL": "C"} | {named[name]: value for name, value in of.items() if name in named}


@contextmanager
def session_on(of: dict[str, str], doing: str) -> Iterator[psycopg.Connection]:
    """A session of its own, for what it is doing in words: “be restored”.

    Raises BusinessError where a pooler or a server that only follows another answers, or nobody.
    """
    try:
        # One that is idle beside a long dump is not to be forgotten by what stands between.
        session = psycopg.connect(**{"keepalives_idle": "60", **of})  # type: ignore[arg-type] # all of it is text
    except psycopg.Error as error:
        raise BusinessError(f"The database does not answer: {str(error).strip()}") from error
    with session:
        row = session.execute("SELECT pg_backend_pid(), pg_is_in_recovery()").fetchone() or (0, False)
        session.rollback()
        if row[0] != session.info.backend_pid:
            raise BusinessError(
                f"A pooler answers at this address, through which no database can {doing}: give the address of the "
                "server itself, for backups in DATABASE_DIRECT_URL. Nothing was done."
            )
        if row[1]:
            raise BusinessError(
                f"This server follows another one, and its database cannot {doing}: give the address of the one "
                "that it follows. Nothing was done."
            )
        yield session


def major_of(session: psycopg.Connection) -> int:
    """The version of the session's server, as 18."""
    return session.info.server_version // 10_000


def programs_for(session: psycopg.Connection, name: str, *, into: bool = False) -> Binaries:
    """Where the program of this name is that fits the session's server: of the same version first, else a newer one.

    Raises BusinessError where there is none.
    """
    server, uses_tls = major_of(session), bool(session.pgconn.ssl_in_use)
    found = [each for each in installed(name) if each.has_tls or not uses_tls]
    newer_serves = not into or server >= _KNOWS_TRANSACTION_TIMEOUT
    fitting = [each for each in found if each.major == server or (newer_serves and each.major > server)]
    if fitting:
        return min(fitting, key=lambda each: each.major)
    there = ", ".join(str(each.major) for each in found) or "none"
    tls = " that can encrypt its connection" if uses_tls else ""
    raise BusinessError(
        f"The server is PostgreSQL {server}, and there is no {name} of that version{tls} here (found: {there}): "
        f"install it, on Debian as postgresql-client-{server}. Nothing was done."
    )


def said_by(program: str, written: str) -> str:
    """The sentence for what a program wrote before it ended: a full disk by its name, else its last words."""
    if "No space left on device" in written or "Disk quota exceeded" in written:
        return f"The disk is full, which {program} met: free some space."
    lines = [line for line in written.strip().splitlines() if line.strip()]
    return f"{program} ended: {lines[-1] if lines else 'it said nothing'}"


def end(process: "subprocess.Popen[bytes]") -> None:
    """End a program that is not needed any more, at once."""
    if process.poll() is None:
        process.kill()
        process.wait()
