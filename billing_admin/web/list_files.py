"""A list as a file that staff save: which rows it has, what it is called, and its columns. See `lists.py`."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Model, QuerySet
from django.http import QueryDict

from billing_admin.db.pagination import Sorts, in_portions
from billing_admin.web.chips import in_words
from billing_admin.web.columns import Column
from billing_admin.web.filters import Filters
from billing_admin.web.row_actions import ticked


class ListInFile[Row: Model]:
    """The part of a `Listing` that makes its file."""

    label: str
    file_name: str
    parameters: QueryDict
    client: Any
    filters: Filters
    found: QuerySet[Row]
    sorts: Sorts
    default_sort: str
    figures: Mapping[str, Any]
    every_row: Callable[[], QuerySet[Row]]
    columns: Callable[[Sequence[Any]], Iterable[Column]]
    with_what_is_shown: Callable[[QuerySet[Row]], QuerySet[Row]]
    drawn_rows: Callable[[list[Row]], Iterable[Any]]
    sub_rows: Callable[[Sequence[Any]], Mapping[int, Iterable[Any]]]

    @property
    def of_ticked(self) -> bool:
        """Whether the file is of the rows that were ticked alone."""
        return "row" in self.parameters and not self.parameters.get("all")

    @property
    def in_file(self) -> QuerySet[Row]:
        """The rows of the file: those that were ticked, or all that are listed."""
        return self.every_row().filter(pk__in=ticked(self.parameters)) if self.of_ticked else self.found

    @property
    def file_label(self) -> str:
        """What the file holds, in words, for who looks later which files were saved."""
        if self.of_ticked:
            return f"{self.label} that were ticked"
        return f"{self.label} that match filters" if self.filters.narrowed else self.label

    @property
    def file_title(self) -> str:
        """What the file is called, without what says of which kind it is."""
        return f"{self.file_name}-of-client-{self.client.number}" if self.client else self.file_name

    @property
    def filters_in_words(self) -> str:
        """What narrows down the rows of the file."""
        return "" if self.of_ticked or not self.filters.narrowed else in_words(self.filters, self.parameters)

    def write_down(self, what: str, *, file: str, rows: int | None = None) -> None:
        """Record who saved the file, what it is called and how many rows it has, where that is known.

        A list that has one says how.
        """
        raise NotImplementedError

    def file_columns(self, rows: Sequence[Any]) -> list[Column]:
        """The columns of the file."""
        return [column for column in self.columns(rows) if column.file is not None]

    def file_rows(self) -> Iterator[list[Any]]:
        """All pages of it in the order asked for, portion by portion: the values of each row and sub-row."""
        for rows in in_portions(
            self.in_file,
            self.parameters,
            sorts=self.sorts,
            default=self.default_sort,
            figures=self.figures,
            shown=self.with_what_is_shown,
        ):
            columns, below = self.file_columns(rows), self.sub_rows(rows)
            for row, drawn in zip(rows, self.drawn_rows(rows), strict=True):
                yield [column.file(drawn) for column in columns if column.file is not None]
                for other in below.get(row.pk, ()):
                    yield [column.sub_file(other) for column in columns]
