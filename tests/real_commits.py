"""Tests that commit for real, and leave the database as they found it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db import transaction as db_transaction


@pytest.fixture
def transactional_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """pytest-django's fixture of this name, except for what it does afterwards: only what the test added is removed.

    The original flushes every table, the groups and payment methods of the data migration with them, for all tests that
    come later in the random order. Here a table that was empty before is emptied, and from any other go the rows that
    the test added. A folder imports this into its conftest.
    """
    with django_db_blocker.unblock():
        # pytest-django makes the test database only where it sees a test that needs one.
        assert connection.settings_dict["NAME"].startswith("test_")
        before = snapshot()
        yield
        restore(before)
        connection.close()


def snapshot() -> dict[str, list[Any]]:
    """The primary keys in each table that has rows."""
    return {table: _keys(table) for table in _filled(_tables())}


def _tables() -> list[str]:
    """All tables but Django's own list of migrations."""
    return [table for table in connection.introspection.table_names() if table != "django_migrations"]


def _filled(tables: list[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in tables))
        return [name for (name,) in cursor.fetchall()]


def _keys(table: str) -> list[Any]:
    with connection.cursor() as cursor:
        key = connection.introspection.get_primary_key_column(cursor, table)
        cursor.execute(f"SELECT {key} FROM {table}")
        return [value for (value,) in cursor.fetchall()]


@db_transaction.atomic
def restore(before: dict[str, list[Any]]) -> None:
    """Empty the tables that were empty at the snapshot, and remove the rows that others have got since."""
    emptied = [table for table in _tables() if table not in before]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '5s'")  # a connection that the test left hanging fails this, no more
        cursor.execute(f"TRUNCATE {', '.join(emptied)}")
        for table, keys in before.items():
            key = connection.introspection.get_primary_key_column(cursor, table)
            cursor.execute(f"DELETE FROM {table} WHERE NOT {key} = ANY(%s)", [keys])
