"""The rows that a product left behind, to be written once more by bare COPY: the floor of an import."""

from collections.abc import Iterable, Mapping
from io import BytesIO

from django.db import connection
from django.db import transaction as db_transaction


def last_ids(*tables: str) -> dict[str, int]:
    """The highest id in each table, to tell what is written afterwards."""
    ids = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")
            (ids[table],) = cursor.fetchone()
    return ids


def copied_out(after: Mapping[str, int]) -> dict[str, bytes]:
    """The rows of each table above that id, as COPY writes them."""
    return {table: _copied_out(table, last) for table, last in after.items()}


def _copied_out(table: str, last: int) -> bytes:
    rows = BytesIO()
    with connection.cursor() as cursor:
        wanted = f"SELECT {', '.join(columns_of(table))} FROM {table} WHERE id > {last} ORDER BY id"
        with cursor.copy(f"COPY ({wanted}) TO STDOUT") as copy:
            for data in copy:
                rows.write(data)
    return rows.getvalue()


@db_transaction.atomic
def copy_in(tables: Mapping[str, bytes]) -> None:
    """Write them, with all triggers and indexes."""
    for table, content in tables.items():
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY {table} ({', '.join(columns_of(table))}) FROM STDIN") as to,
        ):
            to.write(content)


def columns_of(table: str) -> Iterable[str]:
    """Those that are not generated."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s"
            " AND is_generated = 'NEVER' ORDER BY ordinal_position",
            [table],
        )
        return [name for (name,) in cursor.fetchall()]
