"""Trying a backup out: restored beside everything else on the embedded server, and looked at as any database is."""

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from psycopg.sql import SQL, Identifier, Literal

from billing_admin.embedded_database import ensure_running, stop
from billing_admin.embedded_database.places import place_for
from billing_admin.embedded_database.readiness import Answer, ask
from billing_admin.errors import BusinessError

from .figures import figures_of
from .manifest import Manifest, read_manifest, require_whole
from .programs import address, programs_for, session_on
from .replay import replay
from .restore import migrations_here

_MIB = 1024 * 1024
_PREFIX = "verify_"
# What restoring takes beside the database itself: the server's log of it, and files that are sorted.
_MORE = 512 * _MIB
# These would lead the commands to another database than the one that is tried out, or tell others of it.
_ELSEWHERE = ("DATABASE_OWNER_URL", "DATABASE_DIRECT_URL", "BILLING_AUDIT_FILE", "BILLING_AUDIT_MAIL")


def verify_backup(backup: Path) -> tuple[Manifest, list[str]]:
    """Restore a backup into a database of its own, compare it with its manifest, and prove its books and activity.

    Nothing of it is sent or done there, and the database is dropped whatever happens. Returns the manifest and what
    was found wrong, in sentences.

    Raises BusinessError where it is not whole, or cannot be restored here.
    """
    manifest = read_manifest(backup)
    require_whole(backup, manifest)
    here, there = migrations_here(), set(manifest.figures.migrations)
    if there - here:
        raise BusinessError(
            f"This backup was made by a newer state of the program ({manifest.version}), whose migrations are not here "
            f"({len(there - here)}). Try it out with that one."
        )
    with _server() as url, _scratch(url, manifest) as scratch:
        of = address(scratch)
        with session_on(of, "be restored") as session:
            replay(backup, of, programs_for(session, "pg_restore", into=True))
            found = manifest.figures.differences(figures_of(session))
        if here - there and (said := _manage(scratch, "migrate", "--verbosity", "0")):
            return manifest, [*found, *said]
        for command in ("check_ledger", "verify_activity"):
            found += _manage(scratch, command)
    if not manifest.is_ours:
        found.append(
            "It was made under a secret key that is not known here, or its manifest was made by somebody else: put the "
            "key into DJANGO_SECRET_KEY_FALLBACKS."
        )
    return manifest, found


@contextmanager
def _server() -> Iterator[str]:
    """The embedded server; gives the address of a database of it. Stopped afterwards unless somebody else uses it."""
    ran = ask(place_for(settings.DATA_DIR).socket) is Answer.READY
    url = urlsplit(ensure_running(settings.DATA_DIR))._replace(path="/postgres").geturl()
    try:
        yield url
    finally:
        if not ran and not _is_used(url):
            stop(settings.DATA_DIR)


def _is_used(url: str) -> bool:
    with psycopg.connect(url) as session:
        (others,) = session.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        ).fetchone() or (0,)
    return bool(others)


@contextmanager
def _scratch(url: str, manifest: Manifest) -> Iterator[str]:
    """A database that is gone afterwards; one that a killed process left goes first. One at a time."""
    free = shutil.disk_usage(place_for(settings.DATA_DIR).folder).free
    if free < manifest.database_bytes + _MORE:
        raise BusinessError(
            f"Restored it takes {(manifest.database_bytes + _MORE) // _MIB:,} MB, and the disk of {settings.DATA_DIR} "
            f"has only {free // _MIB:,} MB left: free some, or set BILLING_DATA_DIR to a folder on another disk."
        )
    name = f"{_PREFIX}{secrets.token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as server:
        (alone,) = server.execute("SELECT pg_try_advisory_lock(hashtextextended('verify_backup', 0))").fetchone() or (
            0,
        )
        if not alone:
            raise BusinessError("Another backup is being tried out at this moment. Nothing was done.")
        left = SQL("SELECT datname FROM pg_database WHERE starts_with(datname, {})").format(Literal(_PREFIX))
        for (old,) in server.execute(left).fetchall():
            _drop(server, old)
        server.execute(SQL("CREATE DATABASE {} TEMPLATE template0").format(Identifier(name)))
        try:
            yield urlsplit(url)._replace(path=f"/{name}").geturl()
        finally:
            _drop(server, name)


def _drop(server: psycopg.Connection, name: str) -> None:
    server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


def _manage(url: str, *command: str) -> list[str]:
    """Run a command on this database; what it says where it does not end well."""
    ran = subprocess.run(
        [sys.executable, settings.BASE_DIR / "manage.py", *command], cwd=settings.BASE_DIR, capture_output=True,
        text=True, env={name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
        | {"DATABASE_URL": url},
    )  # fmt: skip
    if ran.returncode == 0:
        return []
    return [f"{command[0]}: {line}" for line in (ran.stdout + ran.stderr).splitlines() if line.strip()][-20:]
