"""A migrated database that the test databases are copied from: a copy takes a moment, migrating takes seconds.

It is named for a hash of everything that migrations are made of, so that a change of any of it makes a new one, and a
change of a view or a service does not.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import grimp
import psycopg
from django.db import connection
from psycopg.sql import SQL, Identifier

from billing_admin.embedded_database.places import DATABASE, USER, Place

PROJECT = Path(__file__).resolve().parent.parent
TEMPLATE = "BILLING_TEST_TEMPLATE"  # xdist's workers find the name in the environment
PACKAGES = ("billing_admin", "clients", "invoices", "transactions", "credits")
MADE_OF = ("migrations", "models", "apps")


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
    """Of the migrations, the models, the apps and every module of ours that they import, and of the packages."""
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    modules = {module for module in graph.modules if not set(MADE_OF).isdisjoint(module.split("."))}
    modules.update(*map(graph.find_upstream_modules, tuple(modules)))
    total = hashlib.sha256((PROJECT / "requirements.lock").read_bytes())
    for module in sorted(modules):
        path = PROJECT.joinpath(*module.split("."))
        source = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        total.update(module.encode() + b"\0" + source.read_bytes())
    return total.hexdigest()[:16]


def _migrate(url: str) -> bool:
    migrated = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0", "--skip-checks"],
        cwd=PROJECT,
        env=os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "billing_admin.settings"},
        capture_output=True,
    )
    return migrated.returncode == 0
