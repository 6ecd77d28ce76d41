"""A PostgreSQL of the project's own, so that a newcomer installs no server. DATABASE_URL replaces it.

`database_url` only names the address; `ensure_running` starts the server. Nothing here imports Django, because the
settings import it.
"""

from pathlib import Path

from billing_admin.embedded_database.errors import LocalDatabaseError
from billing_admin.embedded_database.places import place_for
from billing_admin.embedded_database.secret_key import local_secret_key
from billing_admin.embedded_database.server import ensure_running, revive, stop
from billing_admin.environment import database, text

__all__ = ["LocalDatabaseError", "database_url", "ensure_running", "local_secret_key", "revive", "stop"]


def database_url(data_dir: Path, *, owner: bool = False) -> str:
    """The address of the database: DATABASE_URL if set, else that of the embedded server, which is not started.

    For the role that owns it, DATABASE_OWNER_URL where that is set too.
    """
    if text("DATABASE_URL"):
        given = database("DATABASE_URL", "")
        return database("DATABASE_OWNER_URL", given) if owner else given
    place = place_for(data_dir)
    return place.url if owner else place.serving_url
