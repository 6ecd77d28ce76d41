"""SQL past the services and the ORM, as the shell or a forgotten code path would run it."""

from types import SimpleNamespace

from django.db import connection


def execute(sql: str, rows: SimpleNamespace) -> int:
    """Run SQL in which `{first}` stands for the id of `rows.first`; return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql.format(**{name: row.pk for name, row in vars(rows).items()}))
        return cursor.rowcount
