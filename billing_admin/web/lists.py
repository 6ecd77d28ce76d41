"""A list is declared once, by a class in an app's `lists.py`; its page, its file and what it says when empty follow.

A new column is one line in `columns`. The page is drawn by templates/components/list.html and by `show_list`; its rows
are put together here, because fifty rows of eight cells are too many for a template. Pages lead on by key.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from itertools import batched
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.safestring import SafeString

from billing_admin.db import pagination
from billing_admin.db.pagination import Page, all_rows, paginate
from billing_admin.money.amounts import plain_amount
from billing_admin.templatetags.format_tags import figure, money
from billing_admin.templatetags.ui import cut
from billing_admin.web.addresses import address_maker
from billing_admin.web.csv_export import csv_response
from billing_admin.web.filters import Filters
from billing_admin.web.http import vary_by_htmx
from billing_admin.web.markup import escaped
from billing_admin.web.row_actions import ACTIONS, RowAction, action_links, tick_all, tick_box, ticked

DASH = "–"


@dataclass(frozen=True)
class Column:
    """One column. `cell` draws it on the page, `file` is its value in the CSV file; without one it is not there.

    `css` are the classes of the heading and the cells (`num`, `extra` for what is left out on a phone), `td` those of
    the cells alone. `sort` is its key in the list's sorts. A row that is `zero` is quiet in it. `sub_cell` and
    `sub_file` are the same as `cell` and `file` for a sub-row.
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


@dataclass(frozen=True)
class Empty:
    """What a list without rows says, and the button that leads on."""

    sentence: str
    icon: str = "inbox"
    label: str = ""
    url: str = ""
    dialog: bool = False


class Listing[Row: Model]:
    """One list as somebody asked for it, of everybody's rows or of one client's.

    A subclass says what it is called, which rows there are, its columns, and what it says while there is nothing.
    With `panel_id` the panel is drawn anew when a popup announces one of the `events`. With a `file_name` a POST to
    the address of the list gives all of it as a CSV file, and the page has a button for that.
    """

    label = ""
    noun = ""
    nouns = ""
    filters_class: type[Filters] = Filters
    # What `?sort=` may say → a column that is never NULL and that an index serves; and the order where nothing is said.
    sorts: Mapping[str, str] = {"id": "id"}
    default_sort = "-id"
    counted_up_to: int | None = None
    sums_template = ""
    panel_id = ""
    events = ""
    file_name = ""

    def __init__(self, request: HttpRequest, client: Any = None) -> None:
        self.request, self.client = request, client
        self.filters = self.filters_class(request.GET, self.every_row(), client)
        self.found: QuerySet[Row] = self.filters.found
        self.sorts, self.default_sort = self.orders()

    def every_row(self) -> QuerySet[Row]:
        """The rows that it is about, with all that a row shows."""
        raise NotImplementedError

    def columns(self) -> Iterable[Column]:
        """From left to right, on the page and in the file."""
        raise NotImplementedError

    def nothing_yet(self) -> Empty:
        """What it says while there is no row at all."""
        raise NotImplementedError

    def orders(self) -> tuple[Mapping[str, str], str]:
        """`sorts` and `default_sort` for this request: some filters leave fewer sorts that an index serves."""
        return self.sorts, self.default_sort

    def with_what_is_shown(self, rows: QuerySet[Row]) -> QuerySet[Row]:
        """The rows of a page, with columns of other tables: joins that neither filters nor counts need."""
        return rows

    def drawn_rows(self, rows: list[Row]) -> Iterable[Any]:
        """The rows of a page as the columns take them: where a list needs more than its model has."""
        return rows

    def sub_rows(self, rows: Sequence[Any]) -> Mapping[int, Iterable[Any]]:
        """Row id → its sub-rows: what is drawn below it and belongs to it, as the credit notes of an invoice."""
        return {}

    def nothing_found(self) -> str:
        """What it says where the filters leave nothing."""
        return f"No {self.noun} matches these filters."

    def actions(self) -> Iterable[RowAction]:
        """What the person may do with its rows. Where there is anything, each row has a box to tick."""
        return ()

    def name_of(self, row: Row) -> str:
        """What a row is called by who does not see the others."""
        return str(row)

    # ── For the declarations ──

    def may(self, permission: str) -> bool:
        """Whether the person has the permission."""
        return self.request.user.has_perm(permission)

    def link(
        self, name: str, *marks: object, permission: str = "", css: str = "", dialog: bool = False
    ) -> Callable[..., str]:
        """A function `(text, *ids)` that draws a link to the page `name`: faster than `{% url %}` in every row.

        It draws only the text where the person lacks the permission.
        """
        if permission and not self.may(permission):
            return lambda text, *args: text
        address = address_maker(name, *marks)
        opened = f'<a{f' class="{css}"' if css else ""}{" data-dialog" if dialog else ""} href="'
        return lambda text, *args: SafeString(f'{opened}{escaped(address(*args))}">{escaped(text)}</a>')

    def row_link(self, name: str, *marks: object, permission: str = "", dialog: bool = False) -> Callable[..., str]:
        """The link that makes the whole row a target."""
        return self.link(name, *marks, permission=permission, css="row-link", dialog=dialog)

    # ── For what is done with its rows ──

    @cached_property
    def row_actions(self) -> list[RowAction]:
        """What the person may do with its rows."""
        return list(self.actions())

    @property
    def carried(self) -> list[tuple[str, str]]:
        """The filters as the address has them, for a form that chooses all that are listed."""
        return [(name, value) for name in self.filters.filters if (value := self.request.GET.get(name))]

    def chosen(self) -> list[int]:
        """The ids of the rows that the address names: `row` for each one that was ticked, or `all` that are listed.

        Raises BadRequest for what is no row's id.
        """
        rows = self.found if self.request.GET.get("all") else self.every_row().filter(pk__in=ticked(self.request))
        return list(rows.order_by("pk").values_list("pk", flat=True))

    # ── For the page ──

    @cached_property
    def page(self) -> Page[Row]:
        """The rows that the address asks for."""
        return paginate(
            self.found,
            self.request.GET,
            sorts=self.sorts,
            default=self.default_sort,
            noun=self.noun,
            nouns=self.nouns,
            counted_up_to=self.counted_up_to,
            shown=self.with_what_is_shown,
        )

    @cached_property
    def heads(self) -> list[Column]:
        """The columns of the page."""
        columns = [column for column in self.columns() if column.cell is not None]
        if not self.row_actions:
            return columns
        box, links = tick_box(self.name_of), action_links(self.row_actions, self.name_of)
        return [
            Column(tick_all(self.nouns), box, "ticks", sub_cell=lambda row: ""),
            *columns,
            Column(ACTIONS, links, "ticks extra", sub_cell=lambda row: ""),
        ]

    @property
    def body(self) -> SafeString:
        """The rows of the table."""
        lines, below = [], self.sub_rows(self.page.rows)
        for row, drawn in zip(self.page.rows, self.drawn_rows(self.page.rows), strict=True):
            lines += ["<tr>", *(column.draw(drawn) for column in self.heads), "</tr>"]
            for other in below.get(row.pk, ()):
                lines += ['<tr class="sub-row">', *(column.draw_sub_cell(other) for column in self.heads), "</tr>"]
        return SafeString("".join(lines))

    @property
    def empty(self) -> Empty:
        """Why there is no row."""
        form = self.filters.form
        if not form.errors and not self.filters.narrowed:
            return self.nothing_yet()
        said = self.nothing_found()
        if form.errors:
            said = " ".join(form.non_field_errors()) or "Nothing is listed while a filter cannot be read."
        return Empty(said, "search-x", f"Show all {self.nouns}", self.request.path)

    # ── For the file ──

    def file(self) -> HttpResponseBase:
        """All pages of it as a CSV file, in the order asked for; refused where a filter cannot be read."""
        if self.filters.problem:
            plain_text = "text/plain; charset=utf-8"
            return HttpResponse(self.filters.problem, plain_text, HTTPStatus.UNPROCESSABLE_CONTENT)
        self.write_down(f"{self.label} that match filters" if self.filters.narrowed else self.label)
        columns = [column for column in self.columns() if column.file is not None]
        of_client = f"-of-client-{self.client.number}" if self.client else ""
        return csv_response(
            f"{self.file_name}{of_client}.csv", [column.heading for column in columns], self._lines(columns)
        )

    def write_down(self, what: str) -> None:
        """Record who saved the file. A list that has one says how."""
        raise NotImplementedError

    def _lines(self, columns: list[Column]) -> Iterator[list[Any]]:
        every = all_rows(self.found, self.request.GET, sorts=self.sorts, default=self.default_sort)
        for rows in batched(every, pagination.PORTION):
            below = self.sub_rows(rows)
            for row in rows:
                yield [column.file(row) for column in columns if column.file is not None]
                for other in below.get(row.pk, ()):
                    yield [column.sub_file(other) for column in columns]


def show_list(request: HttpRequest, template: str, listing: Listing[Any], **context: Any) -> HttpResponseBase:
    """The page of a list, or its panel alone, when a popup has changed what it shows; POST: its CSV file."""
    if request.method == "POST":
        return listing.file()
    again = bool(listing.panel_id) and request.headers.get("HX-Target") == listing.panel_id
    context |= {"listing": listing, "client": listing.client}
    return vary_by_htmx(render(request, "components/list.html#panel" if again else template, context))


def amount(heading: str, attribute: str, *, css: str = "num", with_code: bool = True, quiet: bool = True) -> Column:
    """A column of amounts; `with_code` where currencies mix, `quiet` where zeros are."""

    def of(row: Any) -> Any:
        return getattr(row, attribute)

    draw = money if with_code else figure
    return Column(
        heading,
        lambda row: draw(of(row)),
        css,
        zero=(lambda row: not of(row).amount) if quiet else None,
        file=lambda row: plain_amount(of(row).amount, of(row).currency.code),
    )


def text(heading: str, value: Callable[[Any], Any], css: str = "", td: str = "", **more: Any) -> Column:
    """A column of words that are cut where they are too long."""
    return Column(heading, lambda row: cut(value(row)), css, td, file=value, **more)
