"""Databases of the tests' own on the test server, and commands that are run on them as from a shell."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier

from tests.migrated_template import TEMPLATE
from tests.upgrades.test_upgrade import session_on, url_of

PROJECT = Path(__file__).resolve().parents[2]
KEY = "the secret key of these tests"
DATABASE_URLS = ("DATABASE_OWNER_URL", "DATABASE_DIRECT_URL")


@contextmanager
def database(name: str, *, migrated: bool = True) -> Iterator[str]:
    """A database of this process's, on the test server; gives its address, and drops it."""
    name = f"backup_{os.getpid()}_{name}"
    template = os.environ.get(TEMPLATE, "") if migrated else ""
    with session_on("postgres") as server:
        server.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))
        server.execute(
            SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(template or "template1"))
        )
    try:
        if migrated and not template:
            assert run(url_of(name), "migrate", "--verbosity", "0").returncode == 0
        yield url_of(name)
    finally:
        with session_on("postgres") as server:
            server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


def environment(url: str, **more: str) -> dict[str, str]:
    """The environment of a process that works on this database, under the key of these tests."""
    here = {name: value for name, value in os.environ.items() if name not in DATABASE_URLS}
    here |= {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "billing_admin.settings", "DJANGO_SECRET_KEY": KEY}
    return here | more


def start(url: str, *command: object, **more: str) -> "subprocess.Popen[str]":
    """Start a command of manage.py on this database."""
    return subprocess.Popen(
        [sys.executable, "manage.py", *map(str, command)], cwd=PROJECT, env=environment(url, **more), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def run(url: str, *command: object, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command of manage.py on this database."""
    return python(url, "manage.py", *command, **more)


def python(url: str, *arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
    """Run Python on this database."""
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=PROJECT,
        env=environment(url, **more),
        capture_output=True,
        text=True,
        timeout=300,
    )


def fill(url: str, source: str) -> None:
    """Do this Python in a process that works on this database."""
    done = python(url, "-c", f"import django\ndjango.setup()\n{source}")
    assert done.returncode == 0, done.stderr


def value(url: str, sql: str) -> Any:
    """The first value of the first row."""
    with psycopg.connect(url) as session:
        row = session.execute(sql).fetchone()
    return row and row[0]
