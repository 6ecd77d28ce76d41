"""The whole database as text, as a plain dump would have it: every row of every table, Django's own among them."""

from django.db import connection


def dump() -> list[str]:
    """`table: row` for each row of each table in the schema, as COPY writes it."""
    lines = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(relname) FROM pg_class WHERE relkind IN ('r', 'p', 'm')"
            " AND relnamespace = 'public'::regnamespace ORDER BY 1"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT whole::text FROM {table} whole")
            lines += [f"{table}: {row}" for (row,) in cursor.fetchall()]
    return lines


def lines_with(*words: str) -> list[str]:
    """The lines in which any of these words stands, in any case."""
    wanted = [word.casefold() for word in words]
    return [line for line in dump() if any(word in line.casefold() for word in wanted)]
