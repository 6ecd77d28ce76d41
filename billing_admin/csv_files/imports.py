"""What every import of a CSV file has in common: the bad rows that it finds, and what it says at the end."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from billing_admin.errors import BusinessError
from billing_admin.text import pluralize

from .rows import BadRow, CsvFile, Row

# Called with what is being done, how much of it is done, and how much there may be (0: nobody knows).
Progress = Callable[[str, int, int], None]

# What is wrong with a row beyond its single values, which it gets without those that could not be read.
Judge = Callable[[dict[str, Any]], list[str]]

# A file that is wrong throughout would fill memory and screen with the same sentence.
MOST_NAMED = 1_000
_ROWS_BETWEEN_LOOKS = 1_000


@dataclass(frozen=True)
class Column:
    """A column of a file, and how its text is read; an empty value is None where `empty_is_none`."""

    name: str
    read: Callable[[str], Any]
    empty_is_none: bool = False


class BadRows:
    """The rows that cannot be imported, by line. All are counted; the first thousand found keep their reason."""

    def __init__(self) -> None:
        self.count = 0
        self._named: list[BadRow] = []

    def add(self, row: BadRow) -> None:
        """Count one more; each row once."""
        self.count += 1
        if len(self._named) < MOST_NAMED:
            self._named.append(row)

    def __iter__(self) -> Iterator[BadRow]:
        return iter(sorted(self._named, key=lambda row: row.line))

    @property
    def unnamed(self) -> int:
        """How many there are beyond those that keep their reason."""
        return self.count - len(self._named)


class ImportRefused(BusinessError):
    """Rows are bad and none may be left out, so nothing was imported."""

    def __init__(self, bad: BadRows, rows: int) -> None:
        are = "is" if bad.count == 1 else "are"
        super().__init__(f"{bad.count:,} of {pluralize(rows, 'row')} {are} bad. Nothing was imported.")
        self.bad = bad


@dataclass
class Import:
    """One import of one file, as it goes on and as it ended."""

    file: str
    rows: int = 0
    imported: int = 0
    already_there: int = 0
    bad: BadRows = field(default_factory=BadRows)
    notices: list[str] = field(default_factory=list)

    def refuse_bad_rows(self, *, skip_bad: bool) -> None:
        """Stop here where rows are bad, unless they may be left out and others are good.

        Raises ImportRefused.
        """
        if self.bad.count and (not skip_bad or self.bad.count == self.rows):
            raise ImportRefused(self.bad, self.rows)


def read_rows(
    table: CsvFile, columns: Sequence[Column], judge: Judge, run: Import, progress: Progress
) -> Iterator[tuple[int, dict[str, Any]]]:
    """The line and values of each row that is good in itself; the others are added to the import's bad rows."""
    present = [column for column in columns if column.name in table.columns]
    for row in table:
        run.rows += 1
        if run.rows % _ROWS_BETWEEN_LOOKS == 0:
            position = table.position
            progress(f"Reading {table.name}", run.rows, run.rows * table.size // position if position else 0)
        if isinstance(row, BadRow):
            run.bad.add(row)
            continue
        values, faults = _read(row, present)
        faults += judge(values)
        if faults:
            run.bad.add(BadRow(row.line, " ".join(faults)))
        else:
            yield row.line, values
    progress(f"Reading {table.name}", run.rows, run.rows)


def _read(row: Row, columns: Sequence[Column]) -> tuple[dict[str, Any], list[str]]:
    values: dict[str, Any] = {}
    faults = []
    for column in columns:
        text = row.values[column.name]
        try:
            values[column.name] = None if column.empty_is_none and not text else column.read(text)
        except BusinessError as error:
            faults.append(f"{column.name} {error}")
    return values, faults


def differences(pairs: Mapping[str, tuple[str, str]]) -> str:
    """`Country is “US” here and “DE” in the file` for each column: what is stored, and what the file says."""
    return "; ".join(
        f"{column} is {_or_empty(stored)} here and {_or_empty(given)} in the file"
        for column, (stored, given) in pairs.items()
    )


def _or_empty(value: str) -> str:
    return f"“{value}”" if value else "empty"
