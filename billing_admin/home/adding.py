"""Sums of rows per currency, where there are not too many of them."""

import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from billing_admin.db.pagination import SUMMED_UP_TO as SUMMED_UP_TO


def added_up(
    rows: QuerySet[Any, Any], sums: str, *parameters: datetime.date, by: str = "currency", bounded: bool = True
) -> list[tuple[Any, ...]] | None:
    """What stands in `by`, the count and `sums` of rows with these columns; None where they are too many.

    They are counted first, from the index alone: what is not shown is not read. Unless it is `bounded`, that is left
    out. `parameters` are those of `sums`.
    """
    up_to = SUMMED_UP_TO if bounded else 1
    listed, given = rows.query.sql_with_params()
    counted, counted_given = rows.values_list("pk")[: up_to + bounded].query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT found.number, listed.*
            FROM (SELECT count(*) AS number FROM ({counted}) counted) found
            LEFT JOIN LATERAL (
                SELECT {by}, count(*), {sums} FROM ({listed}) listed
                WHERE found.number <= %s GROUP BY {by}
            ) listed ON true
            ORDER BY currency
            """,
            [*counted_given, *parameters, *given, up_to],
        )
        found = cursor.fetchall()
    if found[0][0] > up_to:
        return None
    return [row[1:] for row in found if row[1] is not None]
