"""How many rows a list has, as far as that is counted, and which of them a page shows."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from billing_admin.db.over_rows import over_rows
from billing_admin.text import pluralize


@dataclass(frozen=True)
class Words:
    """What the rows are called, one and many."""

    noun: str
    nouns: str

    def of(self, count: int | None, up_to: int) -> str:
        """How many there are, if they were counted to the end."""
        return f"More than {up_to:,} {self.nouns}" if count is None else pluralize(count, self.noun, self.nouns)

    def position(self, before: int | None, shown: int, count: int | None, up_to: int) -> str:
        """Which of them are on the page, if that is known."""
        if before is None or shown == 0 or (before == 0 and shown == count):
            return self.of(count, up_to)
        of = f"more than {up_to:,}" if count is None else f"{count:,}"
        return f"{before + 1:,}–{before + shown:,} of {of} {self.nouns}"


def counted(rows: QuerySet[Any, Any], up_to: int) -> int | None:
    """How many there are, or None for more than so many."""
    ((count,),) = over_rows(rows.order_by()[: up_to + 1], "count(*)") or [(0,)]
    return count if count <= up_to else None


def counted_before(
    listed: QuerySet[Any],
    columns: tuple[str, ...],
    descending: bool,
    backwards: bool,
    cursor: Any,
    shown: int,
    up_to: int,
) -> tuple[int | None, int | None]:
    """How many there are, and how many of them come before the page; each None where that is not known.

    Counted in the order of the list: the index that gives the page its rows leads to these too.
    """
    named = ["pk"] if columns in (("id",), ("pk",)) else [*columns, "pk"]
    names, where, given = [f"column_{place}" for place in range(len(named))], "FALSE", []
    if cursor is not None:
        sign = (">" if descending else "<") + ("" if backwards else "=")
        where = f"({', '.join(names)}) {sign} ({', '.join(['%s'] * len(names))})"
        given = list(cursor)[-len(names) :]
    rows = listed.values_list(*named)[: up_to + 1]
    counts = f"count(*), count(*) FILTER (WHERE {where})"
    ((count, before),) = over_rows(rows, counts, f"({', '.join(names)})", given) or [(0, 0)]
    if backwards and cursor is None:
        before = count
    before -= shown if backwards else 0
    known = count <= up_to or before + shown <= up_to
    return (count if count <= up_to else None), (before if known else None)
