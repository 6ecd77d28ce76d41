"""Sums and counts over a slice of a list, in SQL: Django's `aggregate` takes ten times as long to say the same."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet


def over_rows(
    rows: QuerySet[Any, Any], columns: str, rest: str = "", given: Sequence[Any] = ()
) -> list[tuple[Any, ...]]:
    """What `SELECT columns FROM (the rows) listed rest` answers; nothing where there can be no rows.

    `rows` has named columns (`values_list`), which the SQL speaks of; `given` are the parameters of `columns`.
    """
    try:
        listed, parameters = rows.query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM ({listed}) listed {rest}", [*given, *parameters])
        return cursor.fetchall()


def currencies_of(rows: QuerySet[Any], among: int) -> list[str]:
    """The currencies of the first so many rows."""
    return [code for (code,) in over_rows(rows.values_list("currency")[:among], "DISTINCT currency", "ORDER BY 1")]


def every_currency(model: type[Model]) -> list[str]:
    """The currencies of all rows, from one to the next by an index that begins with it: as many steps as there are."""
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"""
            WITH RECURSIVE used (currency) AS (
                (SELECT currency FROM {table} ORDER BY currency LIMIT 1)
                UNION ALL
                SELECT (SELECT currency FROM {table} WHERE currency > used.currency ORDER BY currency LIMIT 1)
                FROM used WHERE used.currency IS NOT NULL
            )
            SELECT currency FROM used WHERE currency IS NOT NULL
        """)
        return [currency for (currency,) in cursor.fetchall()]
