"""Restoring a backup, so that nothing that was to be done then is done once more.

A backup is of a moment after which the former database went on: what waited there to be sent was sent since, what was
asked for was done. So none of it is taken up again; it is said to have perhaps been done.
"""

import json
from pathlib import Path
from typing import Any

import psycopg
from django.db.migrations.loader import MigrationLoader

from billing_admin.db.source import say_source
from billing_admin.errors import BusinessError
from billing_admin.mail.words import REMINDER_LEVELS
from clients.models.activity import SYSTEM
from clients.models.mail.kinds import SOURCES
from clients.models.mail.queue_sql import MAIL_OFF, NO_ADDRESS, queue_sql

from .manifest import Manifest, read_manifest, require_whole
from .programs import address, programs_for, session_on
from .replay import replay, require_empty

# Whom a mail goes to is looked up late: what an invoice run put aside is taken apart here, so that it can be listed.
_OF_WAVES = """
    (SELECT array_agg(DISTINCT subject) FROM clients_mailwave, unnest(subject_ids) subject
     WHERE clients_mailwave.kind = %(kind)s AND clients_mailwave.level = %(level)s)::bigint[]
"""
_END = """
    WITH mail AS (
        UPDATE clients_mailmessage
        SET state = 'perhaps_sent', why = %(why)s, sender = NULL, data = CASE WHEN is_secret THEN '{}' ELSE data END
        WHERE state IN ('waiting', 'sending') RETURNING id
    ), jobs AS (
        UPDATE billing_admin_job SET state = 'failed', level = 'danger', outcome = %(outcome)s, finished_at = now()
        WHERE state IN ('waiting', 'running') RETURNING id
    ), queued AS (
        DELETE FROM procrastinate_jobs WHERE status IN ('todo', 'doing') RETURNING id
    ), sessions AS (
        DELETE FROM billing_admin_staffsession RETURNING id
    )
    INSERT INTO clients_activity (client_id, actor_id, actor_name, verb, summary, note, data, at)
    SELECT NULL, NULL, %(actor)s, %(verb)s, %(summary)s, '', %(data)s::jsonb || jsonb_build_object(
        'messages', (SELECT count(*) FROM mail), 'jobs', (SELECT count(*) FROM jobs),
        'queued', (SELECT count(*) FROM queued), 'sessions', (SELECT count(*) FROM sessions)), now()
"""
_RESTORED = "SELECT data FROM clients_activity WHERE verb = 'database.restored' ORDER BY id DESC LIMIT 1"
_ANOTHER_ROLE = """
    SELECT EXISTS (SELECT FROM pg_class, aclexplode(relacl)
                   WHERE relname = 'clients_client' AND grantee <> relowner AND privilege_type = 'INSERT')
"""


def restore(backup: Path) -> tuple[Manifest, dict[str, int], bool]:
    """Restore a backup into the database of this process, which is empty.

    Returns its manifest, how much of which kind was ended, and whether a second role may use the tables.

    Raises BusinessError; nothing was changed then.
    """
    manifest = read_manifest(backup)
    require_whole(backup, manifest)
    _require_this_version(manifest)
    of = address()
    with session_on(of, "be restored") as session:
        require_empty(session)
        programs, ending = programs_for(session, "pg_restore", into=True), _ending(session, manifest)
    replay(backup, of, programs, ending)
    with session_on(of, "be restored") as session:
        (ended,) = session.execute(_RESTORED).fetchone() or ({},)
        (served,) = session.execute(_ANOTHER_ROLE).fetchone() or (False,)
    return manifest, {name: ended[name] for name in ("messages", "jobs", "sessions")}, served


def migrations_here() -> set[str]:
    """All migrations of this version, as a database lists them."""
    return {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations or ()}


def _require_this_version(manifest: Manifest) -> None:
    """Refuse what another version made: what is to be ended stands in tables that only this one knows."""
    there, here = set(manifest.figures.migrations), migrations_here()
    if here - there or there - here:
        raise BusinessError(
            f"This backup was made by another state of the program ({manifest.version}; {len(here - there)} migrations "
            f"of this one are not in it, {len(there - here)} of its are not here). Restore it with the one that made "
            "it, and upgrade then. Nothing was changed."
        )


def _ending(session: psycopg.Connection, manifest: Manifest) -> list[str]:
    """The statements that end what waited when the backup was made, and write down that it was restored."""
    cursor = psycopg.ClientCursor(session)
    said: dict[str, Any] = {
        "why": f"Restored from a backup of {manifest.when}: perhaps it was sent after that, perhaps it was not.",
        "outcome": f"It was interrupted: the database was restored from a backup of {manifest.when}. Perhaps it was "
        "done after that; look before you ask for it again.",
        "actor": SYSTEM,
        "verb": "database.restored",
        "summary": f"Restored the database from a backup of {manifest.when}",
        "data": json.dumps({"made_at": manifest.made_at, "version": manifest.version, "sha256": manifest.sha256}),
    }
    return [
        "SET LOCAL search_path = public",
        *say_source(),
        *(
            cursor.mogrify(
                queue_sql(kind).replace("%(ids)s", _OF_WAVES),
                {"kind": str(kind), "level": level, "part": "", "typed": "", "data": "{}", "by": None,
                 "by_name": SYSTEM, "at": manifest.moment, "by_hand": False,
                 "mail_off": MAIL_OFF, "no_address": NO_ADDRESS},
            )
            for kind in SOURCES
            for level in range(REMINDER_LEVELS + 1)
        ),
        "DELETE FROM clients_mailwave",
        cursor.mogrify(_END, said),
        "ANALYZE",
    ]  # fmt: skip
