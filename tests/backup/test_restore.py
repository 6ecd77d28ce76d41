"""manage.py restore: everything is there again, and nothing that waited is done once more."""

import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from billing_admin.backup.figures import figures_of
from billing_admin.backup.manifest import path_of, read_manifest, sha256_of
from billing_admin.backup.programs import address, programs_for, session_on
from billing_admin.backup.replay import replay
from billing_admin.backup.restore import restore
from billing_admin.backup.verify import verify_backup
from billing_admin.db.roles import make_roles
from billing_admin.errors import BusinessError

from .databases import KEY, run, start, value

pytestmark = pytest.mark.slow

# What a restore changes beside the tables that it is about: the row that says so, and what holds that row.
SAYS_SO = {"clients_activity", "billing_admin_writtenrows", "clients_unsealed"}
ENDED = {"procrastinate_jobs", "procrastinate_events", "billing_admin_staffsession", "clients_mailwave"}


def figures(url):
    with psycopg.connect(url) as session:
        return figures_of(session)


def test_a_restored_database_has_all_and_does_nothing_twice(filled, kept, empty, tmp_path):
    owner = urlsplit(empty).username
    serving = f"serving_{urlsplit(empty).path.strip('/')}"
    with psycopg.connect(empty) as session:
        make_roles(session, owner=owner, serving=serving)
    try:
        ran = run(empty, "restore", kept, BILLING_AUDIT_FILE="signed-off")
        assert (ran.returncode, ran.stderr) == (0, "")
        last = value(filled, "SELECT label FROM invoices_invoice WHERE number > 0 ORDER BY number DESC LIMIT 1")
        assert f"The last invoice in it is {last}:" in ran.stdout
        assert "3 messages now “perhaps sent”, 2 jobs interrupted, 1 session ended." in ran.stdout
        assert "make_database_roles" not in ran.stdout
        assert "signed-off may have sign-offs that are newer than this: keep it" in ran.stdout

        before, after = figures(filled), figures(empty)
        assert (before.totals, before.migrations) == (after.totals, after.migrations)
        differing = {table for table, count in before.rows.items() if after.rows[table] != count}
        # The wave is taken apart: its message is one more.
        assert differing - ENDED - {"clients_mailmessage"} == SAYS_SO
        restored = "SELECT actor_name || ': ' || summary || ' ' || (source ->> 'command') FROM clients_activity"
        said = value(empty, f"{restored} WHERE verb = 'database.restored'")
        assert said.startswith("System: Restored the database from a backup of ")
        assert said.endswith(" UTC restore")
        others = (
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relowner <> '{}'::regrole"
        )
        assert value(empty, others.format(owner)) == 0
        with psycopg.connect(empty) as session:
            session.execute(SQL("SET ROLE {}").format(Identifier(serving)))
            session.execute("UPDATE clients_client SET city = city WHERE id < 0")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.execute("ALTER TABLE clients_client DISABLE TRIGGER ALL")
        for table in ("clients_mailwave", "billing_admin_staffsession"):
            assert value(empty, f"SELECT count(*) FROM {table}") == 0
        sends_nothing(empty)
        as_serving = urlsplit(empty)._replace(netloc=urlsplit(empty).netloc.replace(owner, serving, 1)).geturl()
        assert run(as_serving, "backup", tmp_path / "served.dump").returncode == 0
        for command in ("check_ledger", "verify_activity", "migrate"):
            proved = run(empty, command)
            assert proved.returncode == 0, proved.stdout + proved.stderr
    finally:
        with psycopg.connect(empty) as session:
            session.execute(SQL("DROP OWNED BY {0}; DROP ROLE {0}").format(Identifier(serving)))


def sends_nothing(url):
    """A real worker, which has all that it needs to send, finds nothing to send or do."""
    states = "SELECT array_agg(DISTINCT state) FROM clients_mailmessage WHERE state IN ('waiting', 'sending')"
    jobs = "SELECT count(*) FROM billing_admin_job WHERE state IN ('waiting', 'running')"
    letters, sent = (
        "SELECT count(*) FROM clients_mailboxmail",
        "SELECT count(*) FROM clients_mailmessage WHERE state = 'sent'",
    )
    before = value(url, letters), value(url, sent)
    worker = start(url, "work")
    deadline = time.monotonic() + 60
    beat = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '5 seconds'"
    while not value(url, beat):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    time.sleep(6)  # it looks at the outbox and at what was left every other second
    worker.terminate()
    worker.communicate(timeout=60)
    assert (value(url, letters), value(url, sent)) == before
    assert value(url, states) is None
    assert value(url, jobs) == 0
    why = "state = 'perhaps_sent' AND why LIKE 'Restored from a backup of %'"
    assert value(url, f"SELECT count(*) FROM clients_mailmessage WHERE {why}") == 3


def test_any_name_is_one(backup, empty, monkeypatch):
    """It goes to other programs, to which some say something else."""
    named = backup.rename(backup.with_name("--list “a'b\nc”.dump"))
    monkeypatch.chdir(named.parent)
    of = address(empty)
    with session_on(of, "be restored") as session:
        replay(Path(named.name), of, programs_for(session, "pg_restore", into=True))
    assert value(empty, "SELECT count(*) FROM clients_client") > 0


def test_what_another_version_made_is_refused(backup, settings):
    """Before any database is looked at; a newer one's cannot be tried out here either."""
    settings.SECRET_KEY = KEY
    made = read_manifest(backup)
    for migrations in ([*made.figures.migrations, "clients.9999_newer"], made.figures.migrations[1:]):
        other = replace(made, figures=replace(made.figures, migrations=migrations))
        path_of(backup).write_text(other.text())
        with pytest.raises(BusinessError, match=r"by another state of the program .* Nothing was changed\."):
            restore(backup)
        if "clients.9999_newer" in migrations:
            with pytest.raises(BusinessError, match="by a newer state of the program"):
                verify_backup(backup)


def test_a_database_that_is_not_empty_stays_as_it_is(filled, kept):
    before = figures(filled)
    ran = run(filled, "restore", kept)
    assert ran.returncode == 1
    assert "is not empty; a backup is restored into an empty one alone. Nothing was changed." in ran.stderr
    assert figures(filled) == before


def test_what_is_damaged_on_the_way_restores_nothing(backup, empty, settings):
    """A file whose manifest was made to fit: half of it is read before the damage is met."""
    settings.SECRET_KEY = KEY
    content = backup.read_bytes()
    most = len(content) * 19 // 20  # the list of what is in it comes first, and is most of so small a one
    backup.write_bytes(content[:most] + bytes(len(content) - most))
    ran = run(empty, "restore", backup)
    assert "its SHA-256 is not its manifest’s. Nothing was done." in ran.stderr
    fitting = replace(read_manifest(backup), sha256=sha256_of(backup))
    path_of(backup).write_text(fitting.text())
    ran = run(empty, "restore", backup)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith("CommandError: p")  # of psql or pg_restore, whichever meets it first
    assert ran.stderr.endswith(" Nothing was changed.\n")
    assert value(empty, "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") == 0
