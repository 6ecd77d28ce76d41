"""A dump is loaded into a database of its own, which is gone afterwards, and nothing of it reaches any other."""

import gzip
import io
import os
import subprocess
import threading
from pathlib import Path

import pytest

from billing_admin.errors import BusinessError
from billing_admin.importing import dump
from billing_admin.importing.address import Address, read_address
from billing_admin.importing.dump_statements import statements
from billing_admin.importing.from_database import read_system
from billing_admin.importing.whmcs.reader import WhmcsReader
from billing_admin.models import STAGED, StagedClient, StagedInvoice, SystemImport
from tests.whmcs.server import MariaDb

pytestmark = pytest.mark.django_db
SECRET = 'of the "loader" \\ 7'


@pytest.fixture
def scratch(server: MariaDb) -> Address:
    """A user that may make databases of the name of an import, and nothing else."""
    password = SECRET.replace("\\", "\\\\")
    with server.connect() as session, session.cursor() as cursor:
        cursor.execute(f"CREATE OR REPLACE USER loader@localhost IDENTIFIED BY '{password}'")
        cursor.execute("GRANT ALL ON `billing\\_admin\\_import\\_%`.* TO loader@localhost")
    where = read_address(f"mysql://loader@localhost?socket={server.socket}", needs_database=False)
    return where.with_password(SECRET)


@pytest.fixture
def dumped(server: MariaDb, made, tmp_path: Path) -> Path:
    path = tmp_path / "whmcs.sql"
    server.dump(made(traps=1), path)
    return path


def databases(server: MariaDb) -> set[str]:
    with server.connect() as session, session.cursor() as cursor:
        cursor.execute("SHOW DATABASES")
        return {name for (name,) in cursor.fetchall()}


def read(scratch: Address, path: Path, progress=lambda doing, done, total: None) -> SystemImport:
    return read_system(WhmcsReader, source="WHMCS", by=None, address=scratch, dump=path, progress=progress)


def test_a_dump_is_read_as_its_database_is_and_dropped(server, made, scratch, dumped):
    before = databases(server)
    told: list[tuple[str, int, int]] = []
    run = read(scratch, dumped, lambda *each: told.append(each))
    assert run.state == "read"
    assert databases(server) == before
    assert told[0][0] == "Loading the dump"
    assert max(done for doing, done, _ in told if doing == "Loading the dump") == dumped.stat().st_size
    rows = sorted(StagedClient.objects.values_list("source_id", "first_name", "last_name", "balance", "created_on"))
    packed = dumped.with_suffix(".sql.gz")
    packed.write_bytes(gzip.compress(dumped.read_bytes()))
    read(scratch, packed)
    again = sorted(StagedClient.objects.values_list("source_id", "first_name", "last_name", "balance", "created_on"))
    assert rows == again
    address = read_address(server.url(made(traps=1))).with_password("of the importer")
    direct = read_system(
        WhmcsReader, source="Direct", by=None, address=address, progress=lambda doing, done, total: None
    )
    assert direct.sums == run.sums
    invoices = StagedInvoice.objects.values_list("source_id", "label", "status", "total", "issued_on", "paid_at")
    assert sorted(map(str, invoices.filter(of=direct))) == sorted(map(str, invoices.exclude(of=direct)))


@pytest.mark.parametrize("cut", ["within a row", "after a statement", "packed"])
def test_a_dump_that_is_cut_off_is_noticed(server, scratch, dumped, cut):
    before, whole = databases(server), dumped.read_bytes()
    where = whole.index(b"INSERT INTO `tblinvoices`")
    if cut == "packed":
        dumped.write_bytes(gzip.compress(whole)[:-2_000])
    else:
        dumped.write_bytes(whole[: where + 300] if cut == "within a row" else whole[:where])
    with pytest.raises(BusinessError, match="The dump is cut off"):
        read(scratch, dumped)
    assert databases(server) == before
    assert not SystemImport.objects.exists()


def test_a_dump_that_names_a_database_is_refused(server, scratch, dumped):
    before = databases(server)
    with server.connect() as session, session.cursor() as cursor:
        cursor.execute("CREATE DATABASE IF NOT EXISTS precious")
        cursor.execute("CREATE OR REPLACE TABLE precious.kept (id int)")
    for first in (b"USE `precious`;\n", b"/*!40000 DROP DATABASE IF EXISTS `precious`*/;\n"):
        dumped.write_bytes(first + dumped.read_bytes())
        with pytest.raises(BusinessError, match="made with --databases"):
            read(scratch, dumped)
    assert databases(server) == before | {"precious"}


@pytest.mark.parametrize(
    "statement",
    [
        b"DROP TABLE tblclients, `precious` . `kept`;", b"INSERT INTO precious.kept VALUES (1);",
        b"INSERT INTO tblclients SELECT * FROM precious.kept;", b"INSERT INTO a VALUES (LOAD_FILE('/etc/passwd'));",
        b"SET GLOBAL general_log = 1;", b"SET STATEMENT max_statement_time = 1 FOR DROP TABLE precious.kept;",
        b"BEGIN NOT ATOMIC DROP TABLE kept;", b"\\! touch /tmp/x\n;", b"source /etc/passwd;", b"GRANT ALL ON *.* TO a;",
        b"CREATE TABLE a (b int) /*!50100 DATA DIRECTORY = '/tmp' */;", b"CREATE TABLE a (b int) ENGINE=FEDERATED;",
        b"/*!50003 SET a = 1; DROP TABLE precious.kept */;", b"CREATE TRIGGER a AFTER INSERT ON b FOR EACH ROW COMMIT;",
        b"LOAD DATA INFILE '/etc/passwd' INTO TABLE a;", b"ALTER TABLE a RENAME TO precious.b;", b"delimiter ;;\n;",
        b"CREATE TABLE a AS SELECT * FROM precious.kept;", b"LOCK TABLES a WRITE, precious.kept WRITE;",
    ],
)  # fmt: skip
def test_a_statement_that_may_reach_beyond_is_not_run(statement):
    with pytest.raises(BusinessError, match="The dump has a statement that is not run"):
        list(statements(io.BytesIO(statement), frozenset({"tblclients", "a"})))


@pytest.mark.parametrize(
    "statement",
    [
        b"INSERT INTO `tblclients` VALUES (1,'it''s; \\'-- /* #',NULL,-1.5e3,0xAB,_binary 'x'),\n(2);",
        b"INSERT INTO tblclients (`id`, `a`) VALUES (1, 'USE precious;\n\\! touch');",
        b"CREATE TABLE `a` (`password` text, `select` decimal(16,2) DEFAULT 0.00, KEY (`a`)) ENGINE=InnoDB;",
        b"/*!40101 SET @saved = @@character_set_client */;", b"LOCK TABLES `tblclients` WRITE;", b"UNLOCK TABLES;",
        b"/*!40000 ALTER TABLE `tblclients` DISABLE KEYS */;", b"COMMIT;", b"SET NAMES utf8mb4;",
        b"DROP TABLE IF EXISTS `tblclients`;", b"SET TIME_ZONE='+00:00';",
    ],
)  # fmt: skip
@pytest.mark.parametrize("before", [b"", b"-- a; 'comment\n# it's\n/* one; more */\n"])
def test_what_a_dump_of_tables_has_is_run_whatever_is_in_it(statement, before):
    assert list(statements(io.BytesIO(before + statement), frozenset({"tblclients"}))) == [statement + b"\n"]


def test_rows_of_tables_that_nobody_reads_are_left_out():
    text = b"INSERT INTO tbltickets VALUES (1,'x');\nSET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ '';\nCOMMIT;"
    assert list(statements(io.BytesIO(text), frozenset({"tblclients"}))) == [b"COMMIT;\n"]


def test_statements_longer_than_what_is_read_at_once_stay_whole():
    rows = b",".join(b"(%d,'some; text')" % number for number in range(200_000))
    text = b"INSERT INTO a VALUES " + rows + b";\n"
    assert list(statements(io.BytesIO(text * 3), frozenset({"a"}))) == [text] * 3


def test_a_database_that_exists_is_never_touched(server, scratch, dumped, monkeypatch):
    with server.connect() as session, session.cursor() as cursor:
        cursor.execute("CREATE DATABASE IF NOT EXISTS billing_admin_import_there")
    monkeypatch.setattr("billing_admin.importing.dump.secrets.token_hex", lambda _: "there")
    with pytest.raises(BusinessError, match="1007"):
        read(scratch, dumped)
    assert "billing_admin_import_there" in databases(server)


def test_an_error_while_it_is_read_drops_it_too(server, scratch, dumped):
    before = databases(server)

    def stop(doing: str, done: int, total: int) -> None:
        if doing == "Reading invoices":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read(scratch, dumped, stop)
    assert databases(server) == before
    assert sum(model._default_manager.count() for model in STAGED) == 0


def test_a_statement_that_the_server_refuses_is_told_without_its_text(server, scratch, dumped):
    dumped.write_bytes(b"INSERT INTO tblclients VALUES ('somebody');\n" + dumped.read_bytes())
    with pytest.raises(BusinessError, match=r"refuses one of its statements \(1146\)") as refused:
        read(scratch, dumped)
    assert "somebody" not in str(refused.value)


def test_the_password_is_not_on_a_command_line(server, scratch, dumped, monkeypatch):
    lines: list[str] = []
    started = subprocess.Popen

    def start(*args, **options):
        process = started(*args, **options)
        lines.append(Path(f"/proc/{process.pid}/cmdline").read_text().replace("\0", " "))
        lines.append(Path(f"/proc/{process.pid}/environ").read_text())
        return process

    monkeypatch.setattr("billing_admin.importing.dump.subprocess.Popen", start)
    assert read(scratch, dumped).state == "read"
    assert len(lines) == 2
    assert SECRET not in "".join(lines)
    assert threading.active_count() >= 1
    assert not [name for name in os.listdir(dumped.parent) if name != dumped.name]


def test_without_a_client_or_a_file_it_says_so(scratch, dumped, tmp_path, monkeypatch):
    with pytest.raises(BusinessError, match=r"missing\.sql cannot be read: No such file"):
        read(scratch, tmp_path / "missing.sql")
    dumped.write_bytes(b"PK\x03\x04")
    with pytest.raises(BusinessError, match="is a ZIP"):
        read(scratch, dumped)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BusinessError, match="install mariadb-client"):
        read(scratch, dumped)


def test_a_user_that_may_make_no_database_is_told(server, dumped):
    where = read_address(f"mysql://importer@localhost?socket={server.socket}", needs_database=False)
    with pytest.raises(BusinessError, match="does not let importer"):
        read(where.with_password("of the importer"), dumped)
