"""A WHMCS of so many clients, imported, against COPY of the rows that it left, into the same tables; and the memory."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection

from billing_admin.db.triggers import maintenance
from tests.benchmarks.command import run_alone
from tests.benchmarks.copied import columns_of
from tests.benchmarks.measuring import Measured, empty_database, seconds, stage
from tests.whmcs.many import copy_rows
from tests.whmcs.ordinary import make_source
from tests.whmcs.server import PASSWORD, MariaDb, mariadb

# The generator makes so many, the server copies the rest.
_MADE_UP = 10_000
_ROWS_AT_ONCE = 50_000

# In the order of their keys. What triggers keep begins at zero, as the import's own rows did.
_TABLES = {
    "clients_clientgroup": {},
    "clients_customfield": {},
    "clients_client": {},
    "clients_contact": {},
    "clients_clientnote": {},
    "clients_importedevent": {},
    "billing_admin_systemimport": {},
    "clients_externalreference": {},
    "invoices_invoice": {
        "amount_paid": "CASE WHEN origin = 'history' THEN amount_paid ELSE 0 END", "credit_applied": "0",
        "status": "CASE WHEN origin = 'open' THEN 'unpaid' ELSE status END",
        "paid_at": "CASE WHEN origin = 'open' THEN NULL ELSE paid_at END",
    },
    "invoices_invoiceline": {},
    "invoices_importedinvoice": {},
    "invoices_importedline": {},
    "invoices_reminderhold": {},
    "invoices_billableitem": {},
    "transactions_paymentmethod": {},
    "transactions_transaction": {},
    "credits_creditaccount": {"balance": "0"},
    "credits_creditgrant": {"remaining": "0"},
    "credits_creditentry": {},
    "clients_activity": {},
}  # fmt: skip


def run(count: int) -> list[Measured]:
    """Import `count` clients with twelve invoices each."""
    empty_database()
    with mariadb() as server:
        with stage(f"Making up a WHMCS of {count:,} clients"):
            _make(server, count)
        before = {table: _last(table) for table in _TABLES}
        address = server.url("many").replace("importer@", f"importer:{PASSWORD.replace(' ', '%20')}@")
        took, most = run_alone("import_whmcs", "--database", address)
    print(f"The import of {count:,} clients took {took:.0f} s and had {most:.0f} MB at the most.")
    with TemporaryDirectory() as folder:
        invoices = _count("invoices_invoice")
        with stage("Copying out"):
            _copy_out(Path(folder), before)
        empty_database()
        floor = seconds(lambda: _copy_in(Path(folder)))
    return [Measured("import of WHMCS, invoices", invoices, took, floor, "COPY of the same rows, triggers, indexes on")]


def _make(server: MariaDb, count: int) -> None:
    made_up = min(count, _MADE_UP)
    source = make_source(clients=made_up, traps=max(1, made_up // 2_000))
    with server.connect() as session:
        source.load(session, "many")
        copy_rows(session, "many", times=count // made_up - 1)


def _last(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")
        return int(cursor.fetchone()[0])


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def _copy_out(folder: Path, before: dict[str, int]) -> None:
    for table, otherwise in _TABLES.items():
        values = ", ".join(otherwise.get(column, f'"{column}"') for column in columns_of(table))
        with connection.cursor() as cursor, (folder / table).open("wb") as file:
            wanted = f"SELECT {values} FROM {table} WHERE id > {before[table]} ORDER BY id"
            with cursor.copy(f"COPY ({wanted}) TO STDOUT") as copy:
                for data in copy:
                    file.write(data)


def _copy_in(folder: Path) -> None:
    """A table after the other, some rows a transaction, with all that keeps them right."""
    for table in _TABLES:
        names = ", ".join(f'"{column}"' for column in columns_of(table))
        for part in _parts(folder / table):
            with maintenance("import"), connection.cursor() as cursor:
                with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as to:
                    to.write(part)
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as an import proves what it wrote


def _parts(file: Path) -> Iterator[bytes]:
    part: list[bytes] = []
    with file.open("rb") as lines:
        for line in lines:
            part.append(line)
            if len(part) == _ROWS_AT_ONCE:
                yield b"".join(part)
                part = []
    if part:
        yield b"".join(part)
