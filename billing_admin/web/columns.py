"""The columns of a list, on the page and in the file, and what a list says that has no rows."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils import timezone

from billing_admin.money.amounts import plain_amount
from billing_admin.templatetags.format_tags import day, figure, money
from billing_admin.templatetags.ui import cut
from billing_admin.web.markup import escaped

DASH = "–"


@dataclass(frozen=True)
class Column:
    """One column. `cell` draws it on the page, `file` is its value in the CSV file; without one it is not there.

    `css` are the classes of the heading and the cells (`num`, `extra` for what is left out on a phone), `td` those of
    the cells alone. `sort` is its key in the list's sorts. A row that is `zero` is quiet in it. `sub_cell` and
    `sub_file` are the same as `cell` and `file` for a sub-row. What `is_amount` is a number in a spreadsheet. One that
    `waits` is on the page of those who chose it alone. `key` is what it is chosen by where its heading may change.
    """

    heading: str
    cell: Callable[[Any], Any] | None = None
    css: str = ""
    td: str = ""
    sort: str = ""
    zero: Callable[[Any], bool] | None = None
    sub_cell: Callable[[Any], Any] = lambda row: DASH
    file: Callable[[Any], Any] | None = None
    sub_file: Callable[[Any], Any] = lambda row: ""
    is_amount: bool = False
    waits: bool = False
    key: str = ""

    @property
    def chosen_by(self) -> str:
        """By what a person's choice names it."""
        return self.key or self.heading

    def draw(self, row: Any) -> str:
        """The cell of a row."""
        assert self.cell is not None
        opened = self._quiet if self.zero is not None and self.zero(row) else self._opened
        return f"{opened}{escaped(self.cell(row))}</td>"

    def draw_sub_cell(self, row: Any) -> str:
        """The cell of a sub-row."""
        return f"{self._opened}{escaped(self.sub_cell(row))}</td>"

    @cached_property
    def _opened(self) -> str:
        classes = f"{self.css} {self.td}".strip()
        return f'<td class="{classes}">' if classes else "<td>"

    @cached_property
    def _quiet(self) -> str:
        return f'<td class="{f"{self.css} {self.td}".strip()} zero">'


def usual(columns: Iterable[Column]) -> list[str]:
    """What those are named by that are there where nobody chose."""
    return [column.chosen_by for column in columns if not column.waits]


@dataclass(frozen=True)
class Empty:
    """What a list without rows says, and the button that leads on."""

    sentence: str
    icon: str = "inbox"
    label: str = ""
    url: str = ""
    dialog: bool = False


def amount(heading: str, attribute: str, *, css: str = "num", with_code: bool = True, sort: str = "") -> Column:
    """A column of amounts, zeros in the quiet colour; `with_code` where currencies mix."""

    def of(row: Any) -> Any:
        return getattr(row, attribute)

    draw = money if with_code else figure
    return Column(
        heading,
        lambda row: draw(of(row)),
        css,
        sort=sort,
        zero=lambda row: not of(row).amount,
        file=lambda row: plain_amount(of(row).amount, of(row).currency.code),
        is_amount=True,
    )


def date(heading: str, value: Callable[[Any], Any], css: str = "", td: str = "", **more: Any) -> Column:
    """A column of days, in the file as a spreadsheet reads them."""
    return Column(heading, lambda row: day(value(row)), css, td, file=lambda row: _day(value(row)), **more)


def _day(value: Any) -> Any:
    return timezone.localtime(value).date() if isinstance(value, datetime.datetime) else value


def text(heading: str, value: Callable[[Any], Any], css: str = "", td: str = "", **more: Any) -> Column:
    """A column of words that are cut where they are too long."""
    return Column(heading, lambda row: cut(value(row)), css, td, file=value, **more)
