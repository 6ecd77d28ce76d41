"""Pages of a long list by key, not by offset: page 20,000 costs what page 1 costs.

The address carries the sort and the row that the page starts after or ends before; the database compares rows
`(sort column, id)`, which one index serves.
"""

import datetime
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import BadRequest, ValidationError
from django.db.models import FETCH_RAISE, BigAutoField, F, Model, QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan
from django.http import QueryDict

from billing_admin.db.over_rows import over_rows

PAGE_SIZE = 50

# Counting stops here: beyond it nobody wants the exact figure, and an exact count reads the whole table. What is not
# counted is not added up either: that would cost more than the page itself.
COUNTED_UP_TO = 1_000

# Sums that stand for themselves, without a list, stop here.
SUMMED_UP_TO = 5_000

# How many rows of a whole list are read at once.
PORTION = 2_000


@dataclass(frozen=True)
class Page[Row: Model]:
    """Rows of one page, the query strings that lead on and back ("" where there is no more), and how many there are.

    `listed` is the whole list in its order; `is_counted` whether there are few enough of it to be added up.
    """

    listed: QuerySet[Row]
    rows: list[Row]
    previous_query: str
    next_query: str
    count_text: str
    is_counted: bool


def paginate[Row: Model](
    queryset: QuerySet[Row],
    parameters: QueryDict,
    *,
    sorts: Mapping[str, str],
    default: str,
    noun: str,
    nouns: str,
    size: int = PAGE_SIZE,
    counted_up_to: int | None = None,
    shown: Callable[[QuerySet[Row]], QuerySet[Row]] = lambda rows: rows,
) -> Page[Row]:
    """The page of `queryset` that the address asks for; `shown` adds what only a page's rows need, not their count.

    `sorts` maps what `?sort=` may say to a column that is never NULL; a leading minus means descending. `default` is
    the sort when the address names none or one unknown. The same work whatever the size of the table: one page of rows
    and a capped count. Raises BadRequest for a cursor that no link of ours has.
    """
    column, descending = _order(parameters, sorts, default)
    backwards, cursor = _cursor(queryset, column, parameters)
    listed = _ordered(queryset, column, descending)
    rows = list(shown(_rows(queryset, column, descending != backwards, cursor))[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    if backwards:
        rows.reverse()
    has_previous = more if backwards else cursor is not None
    has_next = True if backwards else more
    up_to = counted_up_to or COUNTED_UP_TO
    count = _count(listed, up_to)
    return Page(
        listed,
        rows,
        _query(parameters, "before", rows[0], column) if rows and has_previous else "",
        _query(parameters, "after", rows[-1], column) if rows and has_next else "",
        f"More than {up_to:,} {nouns}" if count is None else f"{count:,} {noun if count == 1 else nouns}",
        count is not None,
    )


def all_rows[Row: Model](
    queryset: QuerySet[Row], parameters: QueryDict, *, sorts: Mapping[str, str], default: str
) -> Iterator[Row]:
    """Every row of the list in the order that the address asks for, on whatever page.

    Read in portions, each by the key of the row before it: memory does not grow with the list, and no cursor of the
    database is held open, which a pooler by transaction would lose.
    """
    column, descending = _order(parameters, sorts, default)
    cursor = None
    while True:
        rows = list(_rows(queryset, column, descending, cursor)[:PORTION])
        yield from rows
        if len(rows) < PORTION:
            return
        cursor = getattr(rows[-1], column), rows[-1].pk


def _order(parameters: QueryDict, sorts: Mapping[str, str], default: str) -> tuple[str, bool]:
    """The column to sort by, and whether the largest comes first."""
    asked = parameters.get("sort", default)
    sort = asked if asked.removeprefix("-") in sorts else default
    return sorts[sort.removeprefix("-")], sort.startswith("-")


def _cursor(queryset: QuerySet[Any], column: str, parameters: QueryDict) -> tuple[bool, tuple[Any, int] | None]:
    """Which way to read, and from which `(value, id)`."""
    for name, backwards in (("before", True), ("after", False)):
        if text := parameters.get(name):
            try:
                return backwards, _read(queryset.model._meta.get_field(column), text)
            except (ValueError, TypeError, ArithmeticError, RecursionError, ValidationError) as error:
                raise BadRequest(f"“{name}” is not what a link of this list says.") from error
    return False, None


def _read(field: Any, text: str) -> tuple[Any, int]:
    """What `_query` wrote: the value as text, and the id. Errors of many kinds say that something else is there."""
    value, pk = json.loads(text)
    if type(value) is not str or type(pk) is not int or pk < 0 or "\0" in value:
        raise ValueError
    value.encode()  # half of a surrogate pair is no text
    BigAutoField().run_validators(pk)
    value = field.to_python(value)
    field.run_validators(value)
    if isinstance(value, datetime.datetime):
        if value.tzinfo is None:
            raise ValueError
        value = value.astimezone(datetime.UTC)  # at the edge of the calendar there is no such moment
    return value, pk


def _ordered(queryset: QuerySet[Any], column: str, descending: bool) -> QuerySet[Any]:
    sign = "-" if descending else ""
    return queryset.fetch_mode(FETCH_RAISE).order_by(*dict.fromkeys([f"{sign}{column}", f"{sign}pk"]))


def _rows(queryset: QuerySet[Any], column: str, descending: bool, cursor: tuple[Any, int] | None) -> QuerySet[Any]:
    ordered = _ordered(queryset, column, descending)
    if cursor is None:
        return ordered
    beyond = TupleLessThan if descending else TupleGreaterThan
    return ordered.filter(beyond((F(column), F("pk")), cursor))


def _query(parameters: QueryDict, direction: str, row: Model, column: str) -> str:
    query = parameters.copy()
    query.pop("before", None)
    query.pop("after", None)
    (field,) = (field for field in row._meta.fields if field.name == column)
    query[direction] = json.dumps([field.value_to_string(row), row.pk])
    return query.urlencode()


def _count(listed: QuerySet[Any], up_to: int) -> int | None:
    """Counted in the order of the list: the index that gives the page its rows leads to these too."""
    ((count,),) = over_rows(listed.values_list("pk")[: up_to + 1], "count(*)") or [(0,)]
    return count if count <= up_to else None
