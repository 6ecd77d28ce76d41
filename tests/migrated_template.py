"""A migrated database that the test databases are copied from: a copy takes a moment, migrating takes seconds.

It is named for a hash of everything that migrations are made of, so that a change of any of it makes a new one.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import psycopg
from django.db import connection
from psycopg.sql import SQL, Identifier

from billing_admin.embedded_database.places import DATABASE, USER, Place

PROJECT = Path(__file__).resolve().parent.parent
TEMPLATE = "BILLING_TEST_TEMPLATE"  # xdist's workers find the name in the environment
SOURCES = (
    "requirements.lock",
    "*/migrations/**/*.py",
    "*/models.py",
    "*/models/**/*.py",
    "*/apps.py",
    "billing_admin/**/*.py",
)
NOT_SOURCES = {"embedded_database", "management", "templatetags", "demo"}


def make(place: Place) -> None:
    """Migrate a template unless there is one already. Call it under a lock."""
    name = f"template_{_digest()}"
    with psycopg.connect(host=str(place.socket_folder), user=USER, dbname="postgres", autocommit=True) as session:
        names = {
            row[0] for row in session.execute("SELECT datname FROM pg_database WHERE datname LIKE 'template\\__%'")
        }
        if name not in names:
            draft = f"draft_of_{name}"
            for old in names | {draft}:
                if old not in ("template0", "template1"):
                    session.execute(SQL("DROP DATABASE IF EXISTS {}").format(Identifier(old)))
            session.execute(SQL("CREATE DATABASE {}").format(Identifier(draft)))
            if not _migrate(place.url.replace(f"/{DATABASE}?", f"/{draft}?")):
                return  # the test databases are migrated one by one then, and the tests show what is wrong
            session.execute(SQL("ALTER DATABASE {} RENAME TO {}").format(Identifier(draft), Identifier(name)))
    os.environ[TEMPLATE] = name


def use() -> None:
    """Have this process's test database copied from the template, if there is one."""
    name = os.environ.get(TEMPLATE)
    if name:
        connection.settings_dict["TEST"]["TEMPLATE"] = name


def _digest() -> str:
    total = hashlib.sha256()
    for pattern in SOURCES:
        for path in sorted(PROJECT.glob(pattern)):
            if NOT_SOURCES.isdisjoint(path.relative_to(PROJECT).parts):
                total.update(str(path.relative_to(PROJECT)).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:16]


def _migrate(url: str) -> bool:
    migrated = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0", "--skip-checks"],
        cwd=PROJECT,
        env=os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "billing_admin.settings"},
        capture_output=True,
    )
    return migrated.returncode == 0
