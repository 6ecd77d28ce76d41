"""Which databases this version can upgrade, and what it needs of one."""

from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

# The first migration of 0.1.0. Databases of development versions before it have others under the same app.
FIRST_MIGRATION = ("billing_admin", "0001_version_0_1_0")


def check_version(*, databases: Iterable[str] | None = None, **_check: Any) -> list[CheckMessage]:
    """Refuse a database older than 0.1.0, which no migration leads on from. `migrate` asks this first."""
    return [
        Error(
            "This database was made by a version before 0.1.0, and none leads on from there. Nothing was changed.",
            hint="Save what you need with the version that made it, and give this one an empty database: another "
            "DATABASE_URL, or another folder in BILLING_DATA_DIR.",
            id="billing_admin.E001",
        )
        for alias in databases or ()
        if _is_older(alias)
    ]


def _is_older(alias: str) -> bool:
    applied = MigrationRecorder(connections[alias]).applied_migrations()
    return FIRST_MIGRATION not in applied and any(app == FIRST_MIGRATION[0] for app, _ in applied)


def missing_migrations(connection: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    """App and name of what this version has to run on this database before it can serve.

    What a newer version ran there beside is no matter: the older one goes on until its turn comes.
    """
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(_migrations_of_this_version() - set(applied))


@cache
def _migrations_of_this_version() -> frozenset[tuple[str, str]]:
    """By the names of their files: that is asked every other moment, and to load them all takes memory."""
    folders = {app.label: MigrationLoader.migrations_module(app.label)[0] for app in apps.get_app_configs()}
    return frozenset(
        (label, module.name)
        for label, folder in folders.items()
        if folder and (found := find_spec(folder))
        for module in iter_modules(found.submodule_search_locations or [])
        if not module.ispkg and module.name[0] not in "_~"
    )
