"""The database: its version, its settings, its roles, and what this version needs there."""

import time
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.db import connection

from billing_admin.db.versions import missing_migrations
from billing_admin.embedded_database.binaries import OLDEST_MAJOR
from billing_admin.text import pluralize

EXTENSIONS = {"pg_trgm", "unaccent"}
SECONDS_APART = 2

# What `serve` and its worker as delivered may hold at once, and a few commands beside them: two web processes with
# their pools, and the worker's pool, its locks and its queue.
_WORKERS_CONNECTIONS = 20


def check_server(**_check: Any) -> Iterator[CheckMessage]:
    """Version and encoding."""
    found = _settings("server_version", "server_version_num", "server_encoding")
    if int(found["server_version_num"]) < OLDEST_MAJOR * 10_000:
        yield Error(
            f"The database is PostgreSQL {found['server_version']}; {OLDEST_MAJOR} or newer is needed.",
            hint="Upgrade the server with pg_upgrade, or dump the database and restore it into a newer one.",
            id="billing_admin.E003",
        )
    if found["server_encoding"] != "UTF8":
        yield Error(
            f"The database is encoded as {found['server_encoding']}, which has no place for most names.",
            hint="Make a new one, CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0, and restore a dump into it.",
            id="billing_admin.E004",
        )


def check_durability(**_check: Any) -> Iterator[CheckMessage]:
    """What was answered is on the disk."""
    found = _settings("fsync", "full_page_writes", "synchronous_commit")
    off = [f"{name} = {value}" for name, value in sorted(found.items()) if value == "off"]
    if off:
        yield Error(
            f"The database may lose what it has confirmed when the machine stops: {', '.join(off)}.",
            hint=" ".join(f"ALTER SYSTEM RESET {each.partition(' ')[0]};" for each in off)
            + " SELECT pg_reload_conf(); and look at postgresql.conf.",
            id="billing_admin.E005",
        )


def check_vacuum(**_check: Any) -> Iterator[CheckMessage]:
    """Tables are kept small, and plans right."""
    found = _settings("autovacuum", "track_counts")
    if "off" in found.values():
        yield Warning(
            "Nothing tidies up the tables (autovacuum or track_counts is off): they grow without end and every page "
            "gets slower.",
            hint="ALTER SYSTEM RESET autovacuum; ALTER SYSTEM RESET track_counts; SELECT pg_reload_conf();",
            id="billing_admin.W007",
        )


def check_connections(**_check: Any) -> Iterator[CheckMessage]:
    """There is room for what is started as delivered."""
    most = int(_settings("max_connections")["max_connections"])
    needed = 2 * settings.DATABASES["default"]["OPTIONS"]["pool"]["max_size"] + _WORKERS_CONNECTIONS
    if most < needed:
        yield Warning(
            f"The database takes {most:,} connections; two web workers, a queue worker and commands may need {needed}.",
            hint=f"ALTER SYSTEM SET max_connections = {max(100, needed)}; and restart it, or put pgbouncer in front.",
            id="billing_admin.W008",
        )


def check_extensions(**_check: Any) -> Iterator[CheckMessage]:
    """Names are found as they sound and are written."""
    there = {name for (name,) in _rows("SELECT extname FROM pg_extension")}
    if missing := sorted(EXTENSIONS - there):
        yield Error(
            f"The database lacks {' and '.join(missing)}, without which nothing is found by a part of its name.",
            hint=" ".join(f"CREATE EXTENSION {each};" for each in missing)
            + " Where PostgreSQL knows none of that name, install its package “contrib”.",
            id="billing_admin.E006",
        )


def check_migrations(**_check: Any) -> Iterator[CheckMessage]:
    """The tables are as this version needs them."""
    if missing := missing_migrations(connection):
        named = ", ".join(".".join(each) for each in missing[:3]) + (" …" if len(missing) > 3 else "")
        yield Error(
            f"{pluralize(len(missing), 'migration')} of this version did not run yet: {named}.",
            hint="manage.py migrate, as the role that owns the tables (DATABASE_OWNER_URL).",
            id="billing_admin.E007",
        )


def check_role(**_check: Any) -> Iterator[CheckMessage]:
    """Whoever serves cannot get past the triggers."""
    ((name, is_super, owns),) = _rows(
        "SELECT rolname, rolsuper, EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind = 'r' AND pg_has_role(current_user, relowner, 'MEMBER'))"
        " FROM pg_roles WHERE rolname = current_user"
    )
    if is_super or owns:
        yield Warning(
            f"Pages are served as the role {name}, which {'is a superuser' if is_super else 'owns the tables'}: it can "
            "switch off the triggers that keep the ledger.",
            hint="manage.py make_database_roles, and DATABASE_URL with the role that serves (docs/database-roles.md).",
            id="billing_admin.W009",
        )


def check_clock(**_check: Any) -> Iterator[CheckMessage]:
    """Sessions end, credit expires and codes are right by the same time."""
    before = time.time()
    ((theirs,),) = _rows("SELECT extract(epoch FROM clock_timestamp())::float8")
    apart = max(before - theirs, theirs - time.time(), 0)
    if apart > SECONDS_APART:
        yield Warning(
            f"The clocks of this machine and of the database are {apart:.0f} seconds apart.",
            hint="Let both follow a time server: timedatectl set-ntp true.",
            id="billing_admin.W010",
        )


def _settings(*names: str) -> dict[str, str]:
    rows = _rows("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", list(names))
    return dict(rows)


def _rows(sql: str, *parameters: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)
        return list(cursor.fetchall())


CHECKS = (
    check_server, check_durability, check_vacuum, check_connections, check_extensions, check_migrations, check_role,
    check_clock,
)  # fmt: skip
