"""Pages of a long list by key, not by offset: page 20,000 costs what page 1 costs.

The address carries the sort and the row that the page starts after or ends before; the database compares rows
`(sort columns, id)`, which one index serves. The last page is the first one read backwards. By a figure that no index
has, only a list that is short enough is sorted: its pages are numbered.
"""

import datetime
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import batched
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest, ValidationError
from django.db.models import FETCH_RAISE, BigAutoField, F, Model, OrderBy, QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan
from django.http import QueryDict
from djmoney.money import Money

from billing_admin.db.positions import Words, counted, counted_before
from billing_admin.money.fields import MoneyField

PAGE_SIZE = 50

# Counting stops here: beyond it nobody wants the exact figure, and an exact count reads the whole table.
COUNTED_UP_TO = 10_000

# What is listed is added up to here: that costs more than counting.
ADDED_UP_TO = 1_000

# So many rows at most are sorted by what no index has in order.
SORTED_UP_TO = 10_000

# Sums that stand for themselves, without a list, stop here.
SUMMED_UP_TO = 5_000

# How many rows of a whole list are read at once.
PORTION = 2_000

# What an address says of the place in a list.
PLACE = ("before", "after", "last", "page")

type Sorts = Mapping[str, str | tuple[str, ...]]
"""What `?sort=` may say → the column that is sorted by, or several; none is ever NULL."""


@dataclass(frozen=True)
class Page[Row: Model]:
    """Rows of one page, and the query strings that lead on, back and to both ends ("" where there is no more).

    `listed` is the whole list in its order, which `sort` names; `is_counted` says whether there are few enough of it to
    be added up, `too_many_to_sort` whether there are too many for the order that was asked for.
    """

    listed: QuerySet[Row]
    rows: list[Row]
    sort: str
    count_text: str
    position: str
    is_counted: bool
    first_query: str
    previous_query: str = ""
    next_query: str = ""
    last_query: str = ""
    too_many_to_sort: bool = False


def paginate[Row: Model](
    queryset: QuerySet[Row],
    parameters: QueryDict,
    *,
    sorts: Sorts,
    default: str,
    noun: str,
    nouns: str,
    figures: Mapping[str, Any] | None = None,
    size: int = PAGE_SIZE,
    counted_up_to: int | None = None,
    shown: Callable[[QuerySet[Row]], QuerySet[Row]] = lambda rows: rows,
) -> Page[Row]:
    """The page of `queryset` that the address asks for; `shown` adds what only a page's rows need, not their count.

    `sorts` are those that an index serves; a leading minus means descending. `default` is the sort when the address
    names none or one unknown. The same work whatever the size of the table: one page of rows and a capped count.
    `figures` maps the same to any columns or an expression, by which SORTED_UP_TO rows at most are sorted. Raises
    BadRequest for a cursor that no link of ours has.
    """
    words = Words(noun, nouns)
    too_many = False
    if figure := _figure(parameters, sorts, figures):
        count = counted(queryset.values_list("pk"), SORTED_UP_TO)
        if count is not None:
            return _numbered_page(queryset, parameters, figure, count, words, size, shown)
        too_many = True
    sort, columns, descending = _order(parameters, sorts, default)
    backwards, cursor = _cursor(queryset, columns, parameters)
    listed = _ordered(queryset, columns, descending)
    rows = list(shown(_rows(queryset, columns, descending != backwards, cursor))[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    if backwards:
        rows.reverse()
    has_previous = more if backwards else cursor is not None
    has_next = cursor is not None if backwards else more
    up_to = counted_up_to or COUNTED_UP_TO
    count, before = counted_before(listed, columns, descending, backwards, cursor, len(rows), up_to)
    return Page(
        listed,
        rows,
        sort,
        words.of(count, up_to),
        words.position(before, len(rows), count, up_to),
        count is not None and count <= ADDED_UP_TO,
        _without_place(parameters).urlencode(),
        _query(parameters, "before", rows[0], columns) if rows and has_previous else "",
        _query(parameters, "after", rows[-1], columns) if rows and has_next else "",
        _place(parameters, "last", "1") if rows and has_next else "",
        too_many,
    )


def _numbered_page[Row: Model](
    queryset: QuerySet[Row],
    parameters: QueryDict,
    figure: "_Figure",
    count: int,
    words: Words,
    size: int,
    shown: Callable[[QuerySet[Row]], QuerySet[Row]],
) -> Page[Row]:
    """A page of a list that is sorted by what no index has."""
    last = max(1, -(-count // size))
    number = min(_page_number(parameters), last)
    before = (number - 1) * size
    listed = figure.order(queryset)
    rows = list(shown(listed)[before : before + size])
    return Page(
        listed,
        rows,
        figure.sort,
        words.of(count, SORTED_UP_TO),
        words.position(before, len(rows), count, SORTED_UP_TO),
        count <= ADDED_UP_TO,
        _without_place(parameters).urlencode(),
        _place(parameters, "page", str(number - 1)) if number > 1 else "",
        _place(parameters, "page", str(number + 1)) if number < last else "",
        _place(parameters, "page", str(last)) if number < last else "",
    )


def beginning_with(pk: int) -> str:
    """The query of a list with the newest on top that begins with this row."""
    return urlencode({"after": json.dumps([str(pk + 1), pk + 1])})


def in_portions[Row: Model](
    queryset: QuerySet[Row],
    parameters: QueryDict,
    *,
    sorts: Sorts,
    default: str,
    figures: Mapping[str, Any] | None = None,
    shown: Callable[[QuerySet[Row]], QuerySet[Row]] = lambda rows: rows,
) -> Iterator[list[Row]]:
    """Every row of the list in the order that the address asks for, on whatever page, some thousand at a time.

    Each portion is read by the key of the row before it: memory does not grow with the list, and no cursor of the
    database is held open, which a pooler by transaction would lose.
    """
    figure = _figure(parameters, sorts, figures)
    if figure and counted(queryset.values_list("pk"), SORTED_UP_TO) is not None:
        for ids in batched(list(figure.order(queryset).values_list("pk", flat=True)), PORTION):
            found = {row.pk: row for row in shown(queryset.fetch_mode(FETCH_RAISE).filter(pk__in=ids))}
            yield [found[pk] for pk in ids if pk in found]
        return
    _, columns, descending = _order(parameters, sorts, default)
    cursor = None
    while True:
        rows = list(shown(_rows(queryset, columns, descending, cursor))[:PORTION])
        if rows:
            yield rows
        if len(rows) < PORTION:
            return
        cursor = (*(_plain(getattr(rows[-1], column)) for column in columns), rows[-1].pk)


def _plain(value: Any) -> Any:
    return value.amount if isinstance(value, Money) else value


@dataclass(frozen=True)
class _Figure:
    """What a short list is sorted by: columns or an expression. Where there is nothing, the row comes last."""

    sort: str
    by: Any

    def order(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows in this order; those that are equal the newest first."""
        down = self.sort.startswith("-")
        each = self.by if isinstance(self.by, tuple) else (self.by,)
        by = [OrderBy(F(one) if isinstance(one, str) else one, down, nulls_last=True) for one in each]
        return queryset.fetch_mode(FETCH_RAISE).order_by(*by, "-pk")


def _figure(parameters: QueryDict, sorts: Sorts, figures: Mapping[str, Any] | None) -> _Figure | None:
    """The figure that the address asks to sort by, where no index has that order."""
    sort = parameters.get("sort", "")
    key = sort.removeprefix("-")
    return None if key in sorts or key not in (figures or {}) else _Figure(sort, (figures or {})[key])


def _page_number(parameters: QueryDict) -> int:
    asked = parameters.get("page", "1")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 9 and int(asked)):
        raise BadRequest("“page” is not the number of a page.")
    return int(asked)


def _order(parameters: QueryDict, sorts: Sorts, default: str) -> tuple[str, tuple[str, ...], bool]:
    """The sort, its columns, and whether the largest comes first."""
    asked = parameters.get("sort", default)
    sort = asked if asked.removeprefix("-") in sorts else default
    by = sorts[sort.removeprefix("-")]
    return sort, (by,) if isinstance(by, str) else by, sort.startswith("-")


def _cursor(
    queryset: QuerySet[Any], columns: tuple[str, ...], parameters: QueryDict
) -> tuple[bool, tuple[Any, ...] | None]:
    """Which way to read, and from which `(values, id)`; from the end of the list where there is none."""
    for name, backwards in (("before", True), ("after", False)):
        if text := parameters.get(name):
            try:
                return backwards, _read(queryset.model, columns, text)
            except (ValueError, TypeError, ArithmeticError, RecursionError, ValidationError) as error:
                raise BadRequest(f"“{name}” is not what a link of this list says.") from error
    return "last" in parameters, None


def _read(model: type[Model], columns: tuple[str, ...], text: str) -> tuple[Any, ...]:
    """What `_query` wrote: the values as text, and the id. Errors of many kinds say that something else is there."""
    *values, pk = json.loads(text)
    numbered = isinstance(model._meta.pk, BigAutoField)
    if type(pk) is not (int if numbered else str) or (numbered and int(pk) < 0):
        raise ValueError
    pk = model._meta.pk.to_python(pk)
    model._meta.pk.run_validators(pk)
    return *(_read_value(model, *each) for each in zip(columns, values, strict=True)), pk


def _read_value(model: type[Model], column: str, text: Any) -> Any:
    if type(text) is not str or "\0" in text:
        raise ValueError
    text.encode()  # half of a surrogate pair is no text
    field: Any = model._meta.get_field(column)
    value = field.to_python(text)
    field.run_validators(Money(value, "XXX") if isinstance(field, MoneyField) else value)
    if isinstance(value, datetime.datetime):
        if value.tzinfo is None:
            raise ValueError
        value = value.astimezone(datetime.UTC)  # at the edge of the calendar there is no such moment
    return value


def _ordered(queryset: QuerySet[Any], columns: tuple[str, ...], descending: bool) -> QuerySet[Any]:
    sign = "-" if descending else ""
    return queryset.fetch_mode(FETCH_RAISE).order_by(*dict.fromkeys(f"{sign}{column}" for column in (*columns, "pk")))


def _rows(
    queryset: QuerySet[Any], columns: tuple[str, ...], descending: bool, cursor: tuple[Any, ...] | None
) -> QuerySet[Any]:
    ordered = _ordered(queryset, columns, descending)
    if cursor is None:
        return ordered
    beyond = TupleLessThan if descending else TupleGreaterThan
    return ordered.filter(beyond(tuple(F(column) for column in (*columns, "pk")), cursor))


def _query(parameters: QueryDict, direction: str, row: Model, columns: tuple[str, ...]) -> str:
    # An amount is not text yet.
    values = [str(row._meta.get_field(column).value_to_string(row)) for column in columns]  # type: ignore[union-attr]
    return _place(parameters, direction, json.dumps([*values, row.pk if isinstance(row.pk, int) else str(row.pk)]))


def _place(parameters: QueryDict, name: str, value: str) -> str:
    """The same list at another place, as a query string."""
    query = _without_place(parameters)
    query[name] = value
    return query.urlencode()


def _without_place(parameters: QueryDict) -> QueryDict:
    query = parameters.copy()
    for name in PLACE:
        query.pop(name, None)
    return query
