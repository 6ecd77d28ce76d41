"""One table of a database there, and the staged rows that its rows become: as lines for COPY."""

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from billing_admin.models import Staged

from .mysql import Mysql, Row
from .texts import ODD, for_copy, mend

NULL = "\\N"
_TAB = b"\t"
_END = b"\t\n"
# A day that is none, or may be none: looked at closely.
_ODD_DAY = re.compile(rb"0000-|-00|-02-(?:29|3)|-(?:02|04|06|09|11)-31").search

Values = dict[str, str]
Finish = Callable[[Values, list[str]], None]


@dataclass(frozen=True)
class Text:
    """A column of text. `said` is what it is called where it was changed."""

    name: str
    sql: str
    said: str = ""
    one_line: bool = False


@dataclass(frozen=True)
class Plain:
    """A column whose text is the server's: a number, an id, a yes or no.

    `may_be_none`: NULL is staged as such. `is_day`: so too, and a day or moment, which is named by `said` where it is
    none; `not_later`: also where it is after today.
    """

    name: str
    sql: str
    said: str = ""
    may_be_none: bool = False
    is_day: bool = False
    not_later: bool = False


def _nothing_more(values: Values, changes: list[str]) -> None:
    """No table needs it by itself."""


@dataclass(frozen=True)
class Table:
    """What becomes staged rows of `model`: the columns of `source` (FROM and joins), ordered by `key`.

    Rows for which `odd` (SQL) is true go through `finish`, and so does each that is not plain in itself. `counted`:
    from what its rows are counted, where that is less than `source`.
    """

    model: type[Staged]
    doing: str
    source: str
    key: str
    texts: tuple[Text, ...]
    plains: tuple[Plain, ...]
    where: str = "TRUE"
    odd: str = "0"
    counted: str = ""
    finish: Finish = _nothing_more

    @property
    def columns(self) -> list[str]:
        """Those of the staged table, in the order of a line."""
        return ["of_id", *(each.name for each in self.texts), *(each.name for each in self.plains), "changes"]

    @cached_property
    def nullable(self) -> frozenset[str]:
        """Columns that may have no value."""
        return frozenset(each.name for each in self.plains if each.is_day or each.may_be_none)

    def count(self, source: Mysql) -> int:
        """How many rows there are to read."""
        return int(source.value(f"SELECT count(*) FROM {self.counted or self.source} WHERE {self.where}"))

    def query(self, today: datetime.date) -> str:
        """All rows; the last column is 0 for those that are plain."""
        later = [f"{each.sql} > '{today} 23:59:59'" for each in self.plains if each.not_later]
        selected = [each.sql for each in self.texts]
        selected += [
            f"COALESCE({each.sql}, '\\\\N')" if each.name in self.nullable else each.sql for each in self.plains
        ]
        odd = " OR ".join([self.odd, *later])
        return (
            f"SELECT {', '.join(selected)}, COALESCE({odd}, 0) FROM {self.source} WHERE {self.where} "
            f"ORDER BY {self.key}"
        )

    def rows(self, source: Mysql, today: datetime.date) -> Iterator[Row]:
        """All rows as the server has them."""
        return source.stream(self.query(today))

    def lines(self, source: Mysql, run: int, today: datetime.date) -> Iterator[bytes]:
        """All rows as COPY reads them."""
        start, places, tabs = f"{run}\t".encode(), len(self.texts), len(self.texts) - 1
        for row in self.rows(source, today):
            text, rest = _TAB.join(row[:places]), _TAB.join(row[places:-1])
            if row[-1] == b"0" and not ODD(text) and text.count(_TAB) == tabs and not _ODD_DAY(rest):
                yield start + text + _TAB + rest + _END
            else:
                yield start + self._mended(row, today)

    def _mended(self, row: Row, today: datetime.date) -> bytes:
        changes: list[str] = []
        values: Values = {}
        place = 0
        for text in self.texts:
            values[text.name] = mend(row[place], text.said or text.name, changes, one_line=text.one_line)
            place += 1
        for plain in self.plains:
            value = row[place].decode()
            values[plain.name] = _day(value, plain, today, changes) if plain.is_day else value
            place += 1
        self.finish(values, changes)
        nullable = self.nullable
        parts = [
            NULL.encode() if value == NULL and name in nullable else for_copy(value) for name, value in values.items()
        ]
        return _TAB.join(parts) + _TAB + for_copy("\n".join(changes)) + b"\n"


def _day(value: str, column: Plain, today: datetime.date, changes: list[str]) -> str:
    if value == NULL:
        return value
    try:
        day = datetime.date.fromisoformat(value[:10])
    except ValueError:
        changes.append(f"{column.said or column.name}: {value[:10]} is no date and was left empty")
        return NULL
    if column.not_later and day > today:
        changes.append(f"{column.said or column.name}: the date {day} is in the future")
    return value
