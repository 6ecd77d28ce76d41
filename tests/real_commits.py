"""Tests that commit for real, and leave the database as they found it."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db import transaction as db_transaction


@pytest.fixture
def transactional_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """pytest-django's fixture of this name, except for what it does afterwards: what was there is there again.

    The original flushes every table, the groups and payment methods of the data migration with them, for all tests that
    come later in the random order. Here a table that was empty before is emptied, and any other has the rows again that
    it had. A folder imports this into its conftest.
    """
    with django_db_blocker.unblock():
        # pytest-django makes the test database only where it sees a test that needs one.
        assert connection.settings_dict["NAME"].startswith("test_")
        before = snapshot()
        yield
        restore_once_quiet(before)
        connection.close()


def snapshot() -> dict[str, dict[Any, str]]:
    """Each table that has rows: its rows as JSON, by primary key."""
    return {table: _rows(table) for table in _filled(_tables())}


def _tables() -> list[str]:
    """All tables but Django's own list of migrations."""
    return [table for table in connection.introspection.table_names() if table != "django_migrations"]


def _filled(tables: list[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in tables))
        return [name for (name,) in cursor.fetchall()]


def _key(table: str) -> str:
    with connection.cursor() as cursor:
        key = connection.introspection.get_primary_key_column(cursor, table)
    assert key, table
    return key


def _rows(table: str) -> dict[Any, str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_key(table)}, to_jsonb(its_row)::text FROM {table} its_row")
        return dict(cursor.fetchall())


def restore_once_quiet(before: dict[str, dict[Any, str]]) -> None:
    """The same, once what the test left under way has ended: a page that is being loaded may lock the other way."""
    for _ in range(20):
        try:
            return restore(before)
        except OperationalError:
            time.sleep(0.25)
    return restore(before)


@db_transaction.atomic
def restore(before: dict[str, dict[Any, str]]) -> None:
    """Empty the tables that were empty at the snapshot, and give the others the rows that they had."""
    emptied = [table for table in _tables() if table not in before]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '5s'")  # a connection that the test left hanging fails this, no more
        # CASCADE: a late request of the test before may have written a session by the time of the snapshot; such a
        # table is emptied too, and gets back what it had.
        cursor.execute(f"TRUNCATE {', '.join(emptied)} CASCADE")
        for table, rows in before.items():
            now, key = _rows(table), _key(table)
            changed = [row_key for row_key in rows if now.get(row_key) != rows[row_key]]
            cursor.execute(f"DELETE FROM {table} WHERE NOT {key} = ANY(%s)", [list(rows)])
            if changed and not table.startswith("procrastinate_"):  # a worker of several tests writes there
                _put_back(table, key, {row_key: rows[row_key] for row_key in changed})


def _put_back(table: str, key: str, rows: dict[Any, str]) -> None:
    """The rows as they were, whether they were changed or removed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns"
            " WHERE table_name = %s AND table_schema = current_schema() AND is_generated = 'NEVER'",
            [table],
        )
        ((columns,),) = cursor.fetchall()
        for row_key, row in rows.items():
            its_row = f"SELECT {columns} FROM jsonb_populate_record(NULL::{table}, %s)"
            cursor.execute(f"UPDATE {table} SET ({columns}) = ({its_row}) WHERE {key} = %s", [row, row_key])
            if not cursor.rowcount:
                cursor.execute(f"INSERT INTO {table} ({columns}) {its_row}", [row])
