"""Which databases this version can upgrade."""

from collections.abc import Iterable
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections
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
