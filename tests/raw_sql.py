"""SQL past the services and the ORM, as the shell or a forgotten code path would run it."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

from django.db import connection

LOOK_NOW = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"


def execute(sql: str, rows: SimpleNamespace) -> int:
    """Run SQL in which `{first}` stands for the id of `rows.first`; return how many rows it touched.

    What is looked at when a transaction ends is looked at.
    """
    with connection.cursor() as cursor:
        cursor.execute(sql.format(**{name: row.pk for name, row in vars(rows).items()}))
        count = cursor.rowcount
        cursor.execute(LOOK_NOW)
        return count


@contextmanager
def triggers_off() -> Iterator[None]:
    """As a restore does it: no trigger runs; the checks on single rows still hold."""
    with connection.cursor() as cursor:
        cursor.execute(LOOK_NOW)
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = origin")
