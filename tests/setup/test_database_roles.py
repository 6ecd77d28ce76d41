"""The application serves as a role that cannot get past the triggers, and everything works as that role."""

import os
import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from psycopg.sql import SQL, Identifier

from billing_admin.db.roles import make_roles
from billing_admin.embedded_database import ensure_running
from billing_admin.embedded_database.places import place_for
from billing_admin.models import Job
from credits.services.check import check_ledger
from invoices.services.runs.generate import generate_invoices
from tests.benchmarks.pages.addresses import pages
from tests.benchmarks.synthetic.database import make_data
from tests.factories import make_staff
from tests.jobs import ended, queue_worker
from tests.real_commits import transactional_db  # noqa: F401
from tests.upgrades.one_of_everything import make
from tests.upgrades.test_upgrade import DUMPS, manage, session_on, url_of

pytestmark = pytest.mark.slow

REFUSED = (
    "ALTER TABLE credits_creditentry DISABLE TRIGGER USER",
    "ALTER TABLE clients_activity DISABLE TRIGGER ALL",
    "SET session_replication_role = replica",
    "DROP TRIGGER pgtrigger_never_deleted_df4bd ON credits_creditentry",
    "DROP TABLE clients_activity",
    "DROP FUNCTION minor_units",
    "TRUNCATE clients_activity",
    "ALTER TABLE clients_activity ADD COLUMN more text",
    "ALTER TABLE clients_activity OWNER TO CURRENT_USER",
    "CREATE TABLE more (id bigint)",
    "CREATE FUNCTION more() RETURNS integer LANGUAGE sql RETURN 1",
    "CREATE OR REPLACE FUNCTION minor_units(currency varchar) RETURNS integer LANGUAGE sql RETURN 2",
    "CREATE FUNCTION pg_temp.more() RETURNS integer LANGUAGE sql RETURN 1",
    "DO $$ BEGIN PERFORM 1; END $$",
    "CREATE TRIGGER more BEFORE INSERT ON clients_activity EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "CREATE SCHEMA more",
    "CREATE EXTENSION hstore",
    "CREATE ROLE more",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "ALTER DATABASE {database} SET session_replication_role = replica",
)


def refused(session: psycopg.Connection, database: str) -> list[str]:
    """Which of these the session's role may not do."""
    found = []
    for statement in REFUSED:
        try:
            with session.transaction(force_rollback=True):
                session.execute(statement.format(database=f'"{database}"'))
        except psycopg.errors.InsufficientPrivilege:
            found.append(statement)
    return found


def become(role: str) -> None:
    """Open this process's connections as another role from now on."""
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    connection.settings_dict["USER"] = role


@pytest.fixture
def serving(transactional_db: None) -> Iterator[None]:  # noqa: F811
    """The connections of this process are those of a serving role of the test database."""
    owner, database = connection.settings_dict["USER"], connection.settings_dict["NAME"]
    role = f"serving_{database}"
    password = connection.settings_dict["PASSWORD"]
    connection.ensure_connection()
    said = make_roles(connection.connection, owner=owner, serving=role, passwords={role: password} if password else {})
    assert said[0] == f"The role {role} was made."
    become(role)
    yield
    become(owner)
    with connection.cursor() as cursor:
        cursor.execute(f'DROP OWNED BY "{role}"; DROP ROLE "{role}"')


def test_the_serving_role_cannot_get_past_the_triggers(serving):
    connection.ensure_connection()
    assert refused(connection.connection, connection.settings_dict["NAME"]) == list(REFUSED)


def test_the_whole_application_works_as_the_serving_role(serving, client):
    make()
    make_data(clients=30, due=timezone.localdate(), past=True)
    assert generate_invoices(as_of=timezone.localdate(), by=None, workers=2).invoice_count > 20
    client.force_login(make_staff())
    for _, address in pages(timezone.localdate()):
        answer = client.get(address)
        assert (address, answer.status_code, bool(b"".join(answer))) == (address, 200, True)
    with queue_worker():
        client.post("/credits/checks/")
        job = ended(Job.objects.latest("pk"))
    assert (job.state, job.outcome.split(":")[0]) == (Job.State.DONE, "The ledger is in order")
    assert check_ledger().finding_count == 0


@pytest.fixture
def restored(django_db_setup: None) -> Iterator[tuple[str, str, str]]:
    """A database of the first release that one superuser owns, and names for two roles."""
    name = f"{connection.settings_dict['NAME']}_roles"
    owner, serving = f"owner_{name}", f"serving_{name}"
    with session_on("postgres") as server:
        server.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        try:
            with session_on(name) as session:
                session.execute(DUMPS[0].read_text())
            yield name, owner, serving
        finally:
            server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))
            for role in (owner, serving):
                server.execute(SQL("DROP ROLE IF EXISTS {}").format(Identifier(role)))


def url_as(role: str, database: str) -> str:
    user = psycopg.conninfo.conninfo_to_dict(os.environ["DATABASE_URL"])["user"]
    return url_of(database).replace(f"{user}@", f"{role}@", 1).replace(f"{user}:", f"{role}:", 1)


@pytest.mark.django_db
def test_the_command_makes_both_roles_for_a_database_that_is_there(restored, monkeypatch):
    database, owner, serving = restored
    monkeypatch.setenv("BILLING_OWNER_PASSWORD", "open sesame")
    monkeypatch.setenv("BILLING_SERVING_PASSWORD", "open barley")
    made = manage(url_of(database), "make_database_roles", "--owner", owner, "--serving", serving)
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout.splitlines() == [
        f"The role {owner} was made.",
        f"The role {serving} was made.",
        f"{owner} has the password that was given.",
        f"{serving} has the password that was given.",
        f"{owner} owns the database and all that is in it.",
        f"{serving} may read and write the rows of all tables, of those to come too, and no more.",
        f"DATABASE_URL={url_as(serving, database)}",
        f"DATABASE_OWNER_URL={url_as(owner, database)}",
        "Add the passwords to the addresses, or keep them in a password file (PGPASSFILE).",
    ]
    for variable in ("BILLING_OWNER_PASSWORD", "BILLING_SERVING_PASSWORD"):
        monkeypatch.delenv(variable)
    again = manage(url_of(database), "make_database_roles", "--owner", owner, "--serving", serving)
    assert again.stdout.splitlines()[0] == "Both roles are there already."

    monkeypatch.setenv("DATABASE_OWNER_URL", url_as(owner, database))
    for command in ("migrate", "check_ledger"):
        ran = manage(url_as(serving, database), command)
        assert (ran.returncode, ran.stderr) == (0, "")
    with psycopg.connect(url_as(serving, database), autocommit=True) as session:
        assert refused(session, database) == list(REFUSED)
        assert session.execute("SELECT count(*) FROM billing_admin_writtenrows").fetchone() != (0,)


def test_who_may_make_no_roles_is_told_whose_address_is_needed(serving):
    role, database = connection.settings_dict["USER"], connection.settings_dict["NAME"]
    ran = manage(url_as(role, database), "make_database_roles", "--owner", "o1", "--serving", "s1")
    assert ran.returncode == 1
    assert ran.stderr == (
        "CommandError: PostgreSQL refused it: permission denied to create role. Nothing was changed. Put the address "
        "of an administrator of the server into DATABASE_URL for this command.\n"
    )


def test_the_demo_is_loaded_by_the_owner_and_served_by_the_other(data_dir, monkeypatch):
    monkeypatch.setenv("BILLING_DATA_DIR", str(data_dir))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "billing_admin.settings")
    monkeypatch.delenv("DATABASE_URL")
    for command in (["load_demo", "--clients", "3"], ["check_ledger"], ["expire_credit"]):
        ran = subprocess.run(
            [sys.executable, "manage.py", *command], capture_output=True, text=True, cwd=settings.BASE_DIR
        )
        assert (ran.returncode, ran.stderr) == (0, "")
    with psycopg.connect(place_for(data_dir).url) as session:
        owners = session.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert owners == [("billing",)]


def test_the_embedded_server_makes_its_serving_role_where_there_was_none(data_dir):
    owner_url = ensure_running(data_dir)
    place = place_for(data_dir)
    with psycopg.connect(owner_url, autocommit=True) as session:
        # As an earlier version left it, with the server still running.
        session.execute("DROP OWNED BY billing_serving; DROP ROLE billing_serving; CREATE TABLE kept (amount numeric)")
        place.roles.unlink()
        ensure_running(data_dir)
        session.execute("CREATE TABLE later (amount numeric)")
    with psycopg.connect(place.serving_url, autocommit=True) as session:
        for table in ("kept", "later"):
            session.execute(f"INSERT INTO {table} VALUES (12.34)")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
