"""`manage.py doctor` says each thing that is wrong with an installation, and nothing where there is none."""

import datetime
import re

import pytest
import time_machine
from django.core.checks import WARNING, Tags, run_checks
from django.core.checks.registry import registry
from django.db import connection
from django.utils import timezone

from billing_admin import checks
from billing_admin.backup.figures import Figures
from billing_admin.backup.manifest import Manifest, path_of
from billing_admin.checks import running
from billing_admin.jobs.daily import LABELS
from billing_admin.mail.mailer_url import read_mailer_url
from billing_admin.models import Job
from clients.models import MailSettings
from credits.models import LedgerCheck
from tests.commands import run_command
from tests.concurrency.test_outages import another_connection
from tests.mail_servers import mail_server
from tests.replica import replica_on

pytestmark = pytest.mark.django_db

# As a server of production says of itself: the tests' own trades durability for speed.
_SOUND = {
    "fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "autovacuum": "on", "track_counts": "on",
    "max_connections": "100", "server_encoding": "UTF8", "server_version": "18.1", "server_version_num": "180001",
}  # fmt: skip


def execute(sql: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)


@pytest.fixture(autouse=True)
def _sound(settings, monkeypatch, tmp_path):
    """An installation that nothing is wrong with: what the server says is read through a table in front of its own."""
    settings.ALLOWED_HOSTS = ["billing.example.com"]
    settings.HTTPS = settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31_536_000, True
    settings.TRUSTED_PROXIES, settings.SECRET_KEY = ["127.0.0.1/32"], "0123456789" * 6
    settings.DATA_DIR, settings.MAILERS = tmp_path, read_mailer_url("").mailers
    (tmp_path / "secret-key").touch(0o600)
    monkeypatch.setenv("DJANGO_SECRET_KEY", settings.SECRET_KEY)
    monkeypatch.setattr(running, "LEAST_FREE", 1)
    execute("CREATE TEMPORARY TABLE pg_settings ON COMMIT DROP AS SELECT name, setting FROM pg_catalog.pg_settings")
    for name, value in _SOUND.items():
        execute("UPDATE pg_settings SET setting = %s WHERE name = %s", value, name)
    execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    for name in LABELS:
        Job.objects.create(kind=f"daily.{name}", state="done", finished_at=timezone.now())
    execute("CREATE ROLE serves")
    execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO serves")
    execute("GRANT ALL ON pg_settings TO serves")
    execute("SET LOCAL ROLE serves")


def said() -> list[str]:
    """What is printed, a fault each, without how to mend it."""
    return [line for line in run_command("doctor").printed if not line.startswith(" ")]


def server_says(name: str, value: str):
    return lambda: execute("UPDATE pg_settings SET setting = %s WHERE name = %s", value, name)


def as_owner(sql: str):
    def act() -> None:
        execute("RESET ROLE")
        execute(sql)
        execute("SET LOCAL ROLE serves")

    return act


FAULTS = {
    "an old server": (server_says("server_version_num", "140012"), "PostgreSQL 18.1; 15 or newer is needed."),
    "an encoding": (server_says("server_encoding", "LATIN1"), "is encoded as LATIN1"),
    "durability": (server_says("fsync", "off"), "may lose what it has confirmed when the machine stops: fsync = off."),
    "vacuum": (server_says("autovacuum", "off"), "Nothing tidies up the tables"),
    "connections": (server_says("max_connections", "20"), "The database takes 20 connections; "),
    "an extension": (as_owner("DROP EXTENSION unaccent CASCADE"), "The database lacks unaccent,"),
    "a migration": (  # without it other checks would read what is not there
        as_owner(
            "DELETE FROM django_migrations WHERE app = 'credits' AND name LIKE '0001%';"
            " DROP TABLE credits_ledgercheck CASCADE"
        ),
        "1 migration of this version did not run yet: credits.0001",
    ),
    "an owner": (lambda: execute("RESET ROLE"), "which is a superuser: it can switch off the triggers"),
    "no worker": (lambda: execute("DELETE FROM procrastinate_workers"), "No queue worker is at work (none was ever"),
    "a dead worker": (
        lambda: execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'"),
        "No queue worker is at work (the last sign of life is 3,6",
    ),
    "no daily run": (
        lambda: Job.objects.update(asked_at=timezone.now() - datetime.timedelta(hours=27)),
        "The daily tasks were last begun on ",
    ),
    "a failed task": (
        lambda: Job.objects.filter(kind="daily.generate_invoices").update(state="failed"),
        "Daily tasks did not go well when they were last done: Bill what is due.",
    ),
    "a finding": (
        lambda: LedgerCheck.objects.create(finished_at=timezone.now(), finding_count=2),
        "The last check of the ledger found 2 discrepancies.",
    ),
    "stopped mail": (
        lambda: MailSettings.objects.create(stopped_why="It takes no password."),
        "Sending mail is stopped for a while: It takes no password.",
    ),
}


def test_of_an_installation_in_order_it_says_that_nothing_is_wrong():
    ran = run_command("doctor")
    assert (ran.printed, ran.exit_code) == (["Nothing is wrong with this installation."], 0)


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_alone_is_one_sentence(fault):
    make, sentence = FAULTS[fault]
    make()
    ran = run_command("doctor")
    assert (len(ran.printed), ran.error, ran.exit_code) == (2, "1 fault found.", 1)
    assert sentence in ran.printed[0]
    assert ran.printed[1].startswith("    ")  # how to mend it


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("ALLOWED_HOSTS", ["*"], "DJANGO_ALLOWED_HOSTS has “*”"),
        ("ALLOWED_HOSTS", ["localhost", "127.0.0.1"], "DJANGO_ALLOWED_HOSTS names this machine alone"),
        ("HTTPS", False, "over plain HTTP"),
        ("TRUSTED_PROXIES", [], "BILLING_TRUSTED_PROXIES names none"),
        ("METRICS_TOKEN", "guess me", "BILLING_METRICS_TOKEN has 8 characters"),
        ("DEBUG", True, "DEBUG set to True"),
    ],
)
def test_each_setting_that_does_not_go_together_is_one_sentence(settings, name, value, sentence):
    setattr(settings, name, value)
    (found,) = said()
    assert sentence in found


def test_a_key_of_the_folder_beside_a_shared_database_is_told(monkeypatch):
    monkeypatch.delenv("DJANGO_SECRET_KEY")
    (found,) = said()
    assert "the secret key is one of this folder" in found


@pytest.mark.parametrize("mode", [0o604, 0o640])
def test_a_key_that_others_may_read_is_told(tmp_path, mode):
    (tmp_path / "secret-key").chmod(mode)
    (found,) = said()
    assert found.startswith("Others than the account of the service may read")
    assert f"(mode {mode:o})" in found


def test_clocks_that_are_apart_are_told():
    with time_machine.travel(timezone.now() + datetime.timedelta(seconds=60)):
        (found,) = said()
    # The time that the look itself takes comes off.
    assert re.fullmatch(r"The clocks of this machine and of the database are (5\d|60) seconds apart\.", found)


def test_a_disk_that_is_nearly_full_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(running, "LEAST_FREE", 10**18)
    (found,) = said()
    assert found.endswith(f"GB are free where {tmp_path} is; when nothing is left, nothing can be saved.")


def test_a_mail_server_that_does_not_answer_is_told(settings):
    settings.MAIL_PROVIDER, settings.PUBLIC_URL = "smtp", "https://billing.example.com"
    with mail_server() as server:
        settings.MAILERS = read_mailer_url(server.url).mailers
        assert said() == ["Nothing is wrong with this installation."]
    settings.MAILERS = read_mailer_url("smtp://127.0.0.1:1?tls=0").mailers
    (found,) = said()
    assert found == "The mail server of EMAIL_URL cannot be used: Connection refused."
    settings.PUBLIC_URL = ""
    assert len(said()) == 2  # nor does mail lead back


def test_without_the_database_it_says_so_and_what_can_be_seen_without(settings):
    settings.ALLOWED_HOSTS = ["*"]
    with another_connection(HOST="/no/such/folder"):
        away, hosts = said()
    assert away.startswith("The database does not answer: ")
    assert "No such file or directory" in away
    assert "DJANGO_ALLOWED_HOSTS" in hosts


def test_nothing_that_is_mended_by_migrating_keeps_from_that():
    """`migrate` makes all checks of databases but those of a deployment."""
    execute("DELETE FROM django_migrations WHERE app = 'credits'")
    execute("DELETE FROM procrastinate_workers")
    assert [each for each in run_checks(databases=["default"]) if each.level >= WARNING] == []


def test_each_check_is_one_of_a_deployment_alone():
    ours = [*checks.environment.CHECKS, *checks.database.CHECKS, *checks.running.CHECKS]
    assert registry.deployment_checks >= set(ours)
    assert not registry.registered_checks & set(ours)
    of_databases = {check for check in ours if Tags.database in getattr(check, "tags", ())}
    assert of_databases == {*checks.database.CHECKS, *checks.running.CHECKS}


def test_a_backup_that_is_missing_or_too_old_is_told(settings, tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir()
    settings.BACKUP_DIR = str(folder)
    assert said() == [f"There is no backup of today in {folder}: there is none."]
    made = datetime.datetime(2026, 3, 1, 2, 10, tzinfo=datetime.UTC)
    path = folder / "billing-20260301T021000Z.dump"
    figures = Figures(migrations=[], rows={}, totals={}, last_invoice="", last_seal=[])
    written = Manifest(made.isoformat(), "0.1.0", 18, 0, "", 0, figures)
    path.touch()
    path_of(path).write_text(written.text())
    with time_machine.travel(made + datetime.timedelta(hours=27), tick=True):
        found = [each for each in said() if "backup" in each]
    assert found == [f"There is no backup of today in {folder}: the newest is of 1 Mar 2026 at 02:10."]
    with time_machine.travel(made - datetime.timedelta(hours=2), tick=True):  # it was made while the clock was ahead
        assert f"There is no backup of today in {folder}: there is none." in said()


def test_a_replica_that_follows_nobody_or_is_away_is_told(monkeypatch):
    with replica_on(monkeypatch):
        assert said() == ["The replica of DATABASE_REPLICA_URL follows no other server."]
    with replica_on(monkeypatch, HOST="/no/such/folder"):
        (found,) = said()
    assert found.startswith("The replica of DATABASE_REPLICA_URL does not answer: ")
