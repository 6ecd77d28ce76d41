"""Sums and counts over a slice of a list, in SQL: Django's `aggregate` takes ten times as long to say the same."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


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
