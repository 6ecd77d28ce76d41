"""What cannot be read is said in a sentence, and leaves nothing behind but that sentence."""

import datetime
import logging
import os
import signal
import time
from pathlib import Path

import pytest
from django.db import connection

from billing_admin.db.locks import hold_key
from billing_admin.errors import BusinessError
from billing_admin.importing.address import read_address
from billing_admin.importing.mysql import reading
from billing_admin.importing.opening import import_to_go_on_with, open_import
from billing_admin.importing.staging import key_of
from billing_admin.importing.whmcs.reader import WhmcsReader
from billing_admin.models import STAGED, StagedClient, StagedInvoice, SystemImport
from tests.whmcs.server import PASSWORD, MariaDb, mariadb

from .conftest import fill
from .reading import address, read

pytestmark = pytest.mark.django_db


def staged() -> int:
    return sum(model._default_manager.count() for model in STAGED)


def change(server: MariaDb, database: str, sql: str) -> None:
    with server.connect(database) as session, session.cursor() as cursor:
        cursor.execute(sql)
        while cursor.nextset():
            pass


@pytest.fixture
def own(server: MariaDb) -> str:
    """A database that a test may change."""
    name = f"own_{time.monotonic_ns()}"
    fill(server, name, clients=3)
    return name


_NINE = (
    "CREATE TABLE tblledger_entries (id int); CREATE TABLE tblcreditnotes (id int); CREATE TABLE mod_ledger (id int);"
)


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("DROP TABLE tblconfiguration", "is not of WHMCS: it has no table tblconfiguration, but"),
        ("DROP TABLE tblcredit", "is WHMCS 8.13.1-release.1 without the table tblcredit"),
        ("ALTER TABLE tblclients DROP credit", "its table tblclients has no credit"),
        ("UPDATE tblconfiguration SET value = '6.3.2' WHERE setting = 'Version'", "is WHMCS 6.3.2; 7 and 8 can be"),
        ("DELETE FROM tblconfiguration", "does not say which version"),
        (
            "UPDATE tblconfiguration SET value = '9.0.1' WHERE setting = 'Version'; " + _NINE,
            "who owes what in tables that we do not know: tblcreditnotes, tblledger_entries. Nothing was read.",
        ),
    ],
)
def test_what_is_not_a_whmcs_that_is_known_is_named(server, own, sql, said):
    change(server, own, sql)
    with pytest.raises(BusinessError) as refused:
        read(server, own)
    assert said in str(refused.value)
    assert (SystemImport.objects.count(), staged()) == (0, 0)


def test_an_older_schema_is_read_with_what_it_has(server, own):
    change(
        server, own, "ALTER TABLE tblhosting DROP qty, DROP termination_date; ALTER TABLE tblclients DROP tax_id; "
        "DROP TABLE tblnotes; DROP TABLE tblbillableitems; ALTER TABLE tblinvoices DROP tax2, DROP date_cancelled",
    )  # fmt: skip
    assert read(server, own).state == "read"
    assert set(StagedClient.objects.values_list("tax_id", flat=True)) == {""}


@pytest.mark.parametrize(
    ("url", "password", "said"),
    [
        (
            "mysql://importer@localhost/whmcs?socket={socket}",
            "mistyped",
            "does not let importer in: the user or the password",
        ),
        ("mysql://importer@localhost/nothing?socket={socket}", PASSWORD, "has no database nothing"),
        ("mysql://importer@127.0.0.1:1/whmcs", PASSWORD, "at 127.0.0.1:1 does not answer"),
        ("mysql://importer@localhost/whmcs?socket=/nowhere", PASSWORD, "does not answer"),
    ],
)
def test_a_server_that_refuses_is_told_in_a_sentence(server, url, password, said):
    where = read_address(url.format(socket=server.socket)).with_password(password)
    with pytest.raises(BusinessError, match=said) as refused, reading(where):
        pass
    assert password not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.slow
def test_a_server_killed_while_it_is_read_leaves_nothing_staged(made):
    with mariadb() as other:
        fill(other, "whmcs", clients=300)
        assert other.process is not None

        def kill(doing: str, done: int, total: int) -> None:
            if doing == "Reading invoice lines":
                os.kill(other.process.pid, signal.SIGKILL)
                other.process.wait()
                Path(other.socket).unlink()  # it would be taken for one that answers

        with pytest.raises(BusinessError, match=r"went away\. Nothing was kept"):
            read(other, "whmcs", kill)
        run = SystemImport.objects.get()
        assert (run.state, staged()) == ("discarded", 0)
        assert "went away" in run.error
        other.start()
        assert read(other, "whmcs").state == "read"


def test_a_connection_killed_there_leaves_nothing_staged(server, made):
    name = made(clients=300)

    def kill(doing: str, done: int, total: int) -> None:
        if doing == "Reading invoice lines" and not done:
            change(server, "mysql", "SELECT concat('KILL ', id) INTO @sql FROM information_schema.processlist WHERE "
                   "user = 'importer'; PREPARE kill_it FROM @sql; EXECUTE kill_it")  # fmt: skip

    with pytest.raises(BusinessError, match="went away"):
        read(server, name, kill)
    assert (SystemImport.objects.get().state, staged()) == ("discarded", 0)


def test_a_full_disk_here_leaves_nothing_staged(server, made):
    with connection.cursor() as cursor:
        cursor.execute("CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                       "RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$")  # fmt: skip
        cursor.execute("CREATE TRIGGER full_disk BEFORE INSERT ON billing_admin_stagedmoney "
                       "FOR EACH ROW EXECUTE FUNCTION full_disk()")  # fmt: skip
    with pytest.raises(Exception, match="could not extend file"):
        read(server, made())
    run = SystemImport.objects.get()
    assert (run.state, staged()) == ("discarded", 0)
    assert run.error == "Our database refused it: could not extend file. Nothing was kept."


def test_ctrl_c_leaves_nothing_staged(server, made):
    def stop(doing: str, done: int, total: int) -> None:
        if doing == "Reading transactions":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read(server, made(), stop)
    run = SystemImport.objects.get()
    assert (run.state, run.error, staged()) == ("discarded", "The reading was stopped. Nothing was kept.", 0)


def test_a_row_that_is_written_meanwhile_does_not_come(server, own):
    def write(doing: str, done: int, total: int) -> None:
        if doing == "Counting":
            change(server, own, "INSERT INTO tblinvoices (userid, total, status) VALUES (1, 999, 'Paid')")

    before = StagedInvoice.objects.count()
    run = read(server, own, write)
    assert not StagedInvoice.objects.filter(total=999).exists()
    assert before == 0 < StagedInvoice.objects.count() == int(run.sums["tables"]["tblinvoices"])
    read(server, own)
    assert StagedInvoice.objects.filter(total=999).exists()


def test_the_source_cannot_be_written_to(server, made):
    where = address(server, made())
    root = read_address(f"mysql://root@localhost/{where.database}?socket={server.socket}")
    with reading(root) as source, pytest.raises(BusinessError, match="READ ONLY transaction"):
        source.rows("DELETE FROM tblclients")


def test_no_query_names_a_password_a_card_or_the_text_of_a_mail(server, made, monkeypatch):
    name = made(traps=1)
    change(server, "mysql", "SET GLOBAL log_output = 'TABLE'; TRUNCATE mysql.general_log; SET GLOBAL general_log = 1")
    read(server, name)
    change(server, "mysql", "SET GLOBAL general_log = 0")
    with server.connect("mysql") as session, session.cursor() as cursor:
        cursor.execute("SELECT lower(argument) FROM general_log WHERE user_host LIKE '%importer%'")
        queries = " ".join(str(row[0]) for row in cursor.fetchall())
    assert "tblclients" in queries
    for word in ("card", "bank", "security", "auth", "message", "*", "second_factor", "secret", PASSWORD):
        shown = queries.replace("count(*)", "").replace("auth_user_id", "")
        assert word not in shown, word
    assert queries.count("password") == queries.count("fieldtype <> 'password'") == 1
    for model in STAGED:
        assert "never read" not in str(list(model._default_manager.values_list()))


def test_the_password_is_in_no_text(server, made, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    with_it = read_address("mysql://importer:s%2Fecret@127.0.0.1:1/whmcs")
    assert with_it.password == "s/ecret"
    assert "ecret" not in f"{with_it} {with_it!r} {with_it.of_database('x')!r}"
    with pytest.raises(BusinessError), reading(with_it):
        pass
    run = read(server, made())
    assert PASSWORD not in caplog.text
    row = SystemImport.objects.filter(pk=run.pk).values().get()
    assert PASSWORD not in str(row)
    assert server.socket not in str(row)


def test_memory_does_not_grow_with_the_rows(server, made):
    import tracemalloc

    small, big = made(clients=100), made(clients=600)
    peaks = []
    read(server, small)  # what is imported and compiled once
    for name in (small, big):
        tracemalloc.start()
        with reading(address(server, name)) as source:
            for table in WhmcsReader(source).tables[1:]:
                for _ in table.lines(source, 1, datetime.date(2026, 12, 1)):
                    pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5


def test_progress_is_told_of_each_table_to_its_end(server, made):
    told: dict[str, tuple[int, int]] = {}
    read(server, made(), lambda doing, done, total: told.__setitem__(doing, (done, total)))
    assert list(told)[:4] == ["Counting", "Adding up", "Reading clients", "Reading contacts"]
    assert all(done == total for done, total in told.values())
    assert told["Reading clients"][1] == StagedClient.objects.count()


def test_what_was_only_read_makes_room_for_another_reading(server, made):
    first = read(server, made())
    second = read(server, made())
    first.refresh_from_db()
    assert (first.state, second.state) == ("discarded", "read")
    assert {model._default_manager.exclude(of=second).count() for model in STAGED} == {0}
    assert import_to_go_on_with("WHMCS") == second


def test_what_is_at_work_or_half_booked_is_not_read_again(server, made):
    run = read(server, made())
    with hold_key(key_of(run)), pytest.raises(BusinessError, match="at work in another process"):
        read(server, made())
    SystemImport.objects.update(state="committing")
    count = staged()
    with pytest.raises(BusinessError, match="half booked: go on with it"):
        read(server, made())
    assert staged() == count > 0
    assert import_to_go_on_with("WHMCS") == run


def test_a_name_stands_for_one_installation(server, made):
    SystemImport.objects.create(
        system="whmcs", source="WHMCS", state="done", identity="https://other.example", created_by_name="Tests",
        committed_at=datetime.datetime.now(datetime.UTC),
    )  # fmt: skip
    with pytest.raises(BusinessError, match="and this is https://billing"):
        read(server, made())
    assert read(server, made(), source="Second").source == "Second"
    with pytest.raises(BusinessError, match="Give the source a name"):
        open_import(system="whmcs", source=" ", by=None)
