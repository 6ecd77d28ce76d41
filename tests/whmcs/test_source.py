"""The made-up WHMCS is believable: its ordinary rows agree with each other, and each trap is what it is said to be."""

from decimal import Decimal
from pathlib import Path

import pytest

from .ordinary import make_source
from .schema import TABLES, tables_of
from .server import MariaDb
from .traps_of_money import TRAPS


def rows(server: MariaDb, database: str, sql: str) -> list[tuple[object, ...]]:
    with server.connect(database) as session, session.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


@pytest.fixture(scope="module")
def ordinary(server: MariaDb) -> str:
    source = make_source(clients=60)
    with server.connect() as session:
        source.load(session, "ordinary")
    return "ordinary"


def test_without_traps_all_agrees(server, ordinary):
    assert rows(server, ordinary, "SELECT count(*) FROM tblclients WHERE id > 60") != [(0,)]  # ids have gaps
    off = {
        "credit": "SELECT id FROM tblclients client WHERE credit <> (SELECT coalesce(sum(amount), 0) FROM tblcredit "
        "WHERE clientid = client.id)",
        "total": "SELECT id FROM tblinvoices WHERE total <> subtotal + tax + tax2 - credit",
        "items": "SELECT id FROM tblinvoices invoice WHERE subtotal <> (SELECT sum(amount) FROM tblinvoiceitems "
        "WHERE invoiceid = invoice.id)",
        "paid": "SELECT id FROM tblinvoices invoice WHERE status = 'Paid' AND total <> (SELECT coalesce(sum(amountin "
        "- amountout), 0) FROM tblaccounts WHERE invoiceid = invoice.id)",
        "orphans": "SELECT id FROM tblinvoices WHERE userid NOT IN (SELECT id FROM tblclients)",
    }
    assert {what: rows(server, ordinary, sql) for what, sql in off.items()} == {what: [] for what in off}
    statuses = {status for (status,) in rows(server, ordinary, "SELECT DISTINCT status FROM tblinvoices")}
    assert {"Paid", "Unpaid", "Cancelled", "Refunded", "Draft"} <= statuses
    assert rows(server, ordinary, "SELECT city, hex(city) FROM tblclients WHERE country = 'DE' LIMIT 1") == [
        ("Köln", "4BF66C6E")  # a column in latin1, as old installations have it
    ]


@pytest.mark.parametrize("version", [7, 8])
def test_each_trap_makes_what_it_is_called_by(server, version):
    database = f"traps_{version}"
    plain, source = make_source(clients=1, version=version), make_source(clients=1, version=version, traps=2)
    plain.discard()
    with server.connect() as session:
        source.load(session, database)
    more = {table: source.counts[table] - plain.counts[table] for table in source.counts}
    told = {table: count for table, count in more.items() if count}
    assert {"tblclients", "tblinvoices", "tblaccounts", "tblcredit", "tblhosting", "tblbillableitems"} <= set(told)
    assert ("tblusers" in tables_of(version)) == (version == 8)
    found = {
        "zero dates": "SELECT count(*) FROM tblclients WHERE datecreated = '0000-00-00'",
        "of nobody": "SELECT count(*) FROM tblcredit WHERE clientid NOT IN (SELECT id FROM tblclients)",
        "numbers twice": "SELECT count(*) - count(DISTINCT invoicenum) - 2 FROM tblinvoices WHERE invoicenum "
        "LIKE '2024-%'",
        "below zero": "SELECT count(*) FROM tblclients WHERE credit < 0",
        "in and out": "SELECT count(*) FROM tblaccounts WHERE amountin > 0 AND amountout > 0",
        "negative lines": "SELECT count(*) / 2 FROM tblinvoiceitems WHERE amount < 0",
        "beyond": "SELECT count(*) / 2 FROM tblinvoices WHERE total < 0",
        "balance": "SELECT count(*) / 2 - 1 FROM tblclients client WHERE credit <> (SELECT coalesce(sum(amount), 0) "
        "FROM tblcredit WHERE clientid = client.id)",
    }
    counted = {what: Decimal(str(rows(server, database, sql)[0][0])) for what, sql in found.items()}
    assert {what: count for what, count in counted.items() if count < 1} == {}
    assert len({each.name for each in TRAPS}) == len(TRAPS) > 30
    assert all(each.becomes for each in TRAPS)


def test_the_same_seed_makes_the_same_rows_and_a_dump_has_them_all(server, ordinary, tmp_path: Path):
    again = make_source(clients=60)
    with server.connect() as session:
        again.load(session, "again")
    tables = ", ".join(f"`{table}`" for table in TABLES)
    first, second = (
        [row[1] for row in rows(server, database, f"CHECKSUM TABLE {tables}")] for database in (ordinary, "again")
    )
    assert first == second
    server.dump("again", tmp_path / "dump.sql")
    text = (tmp_path / "dump.sql").read_text()
    assert text.count("CREATE TABLE") == len(TABLES)
    assert "-- Dump completed on " in text.splitlines()[-1]
