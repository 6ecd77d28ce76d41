"""A list is declared once, by a class in an app's `lists.py`; its page, its file and what it says when empty follow.

A new column is one line in `columns`. The page is drawn by templates/components/list.html and by `show_list`; its rows
are put together here, because fifty rows of eight cells are too many for a template. Pages lead on by key.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Self

from django.contrib.auth.models import User
from django.db.models import Model, QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString

from billing_admin.db.pagination import PLACE, Page, Sorts, paginate
from billing_admin.web.addresses import address_maker
from billing_admin.web.chips import Chip, chips
from billing_admin.web.columns import Column, Empty, usual
from billing_admin.web.filters import Filters
from billing_admin.web.http import staff
from billing_admin.web.list_files import ListInFile
from billing_admin.web.markup import escaped
from billing_admin.web.row_actions import ACTIONS, RowAction, action_links, tick_all, tick_box, ticked

# What is not something may be rare, and is then looked for among all the others.
OPPOSITES_COUNTED_UP_TO = 1_000

# What one needs to save a list as a file.
SAVE = "clients.save_lists"

# What an address says besides which rows are listed.
_BESIDE = {*PLACE, "sort", "row", "all", "job"}


class Listing[Row: Model](ListInFile[Row]):
    """One list as somebody asked for it, of everybody's rows or of one client's.

    A subclass says what it is called, which rows there are, its columns, and what it says while there is nothing.
    With `panel_id` the panel is drawn anew when a popup announces one of the `events`. With a `file_name` a POST to
    the address of the list gives all of it as a file, and the page has buttons for that. `path` is that address.
    """

    label = ""
    noun = ""
    nouns = ""
    filters_class: type[Filters] = Filters
    # Those that an index serves; and the order where nothing is said.
    sorts: Sorts = {"id": "id"}
    default_sort = "-id"
    # Besides these, columns or an expression that few enough rows are sorted by, whatever index there is.
    figures: Mapping[str, Any] = {}
    counted_up_to: int | None = None
    sums_template = ""
    panel_id = ""
    events = ""
    file_name = ""
    # Whether its rows are documents, or have some, that can be saved together.
    has_documents = False
    # Whether each row has what can be done with it alone, too.
    links_in_rows = True
    # Whether something is done with every row of a page unless somebody unticks it.
    begins_ticked = False

    path = ""
    # Of a list of everybody's rows that people save views of: the name of its page, and who may see it.
    page_name, permission = "", ""
    # The name of the page that has those of one client.
    page_of_client = ""
    # By what the columns are named that the person chose; none where they are as they come.
    chosen_columns: Sequence[str] = ()

    # Every list that has a file, by the name of that.
    named: "dict[str, type[Listing[Any]]]" = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.file_name:
            cls.named[cls.file_name] = cls

    def __init__(self, person: User, parameters: QueryDict, client: Any = None) -> None:
        self.person, self.parameters, self.client = person, parameters, client
        self.filters = self.filters_class(parameters, self.every_row(), client)
        self.filters.sees_clients = person.has_perm("clients.view_client")
        self.found: QuerySet[Row] = self.filters.found
        self.sorts, self.default_sort = self.orders()

    @classmethod
    def asked_for(cls, request: HttpRequest, client: Any = None) -> Self:
        """The list as the address of a request asks for it."""
        listing = cls(staff(request), request.GET, client)
        listing.path = request.path
        return listing

    def every_row(self) -> QuerySet[Row]:
        """The rows that it is about, with all that a row shows."""
        raise NotImplementedError

    def columns(self, rows: Sequence[Any]) -> Iterable[Column]:
        """From left to right, on the page and in the file, for these rows: those of a page, or a portion of all."""
        raise NotImplementedError

    def nothing_yet(self) -> Empty:
        """What it says while there is no row at all."""
        raise NotImplementedError

    def orders(self) -> tuple[Sorts, str]:
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
        return self.person.has_perm(permission)

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

    def act_url(self, doing: str) -> str:
        """Where this is done with rows of it; `rows_actions.py` of the app says how."""
        of_client = [self.client.number] if self.client else []
        return reverse(
            "clients:act_on_rows" if self.client else "act_on_rows", args=[*of_client, self.file_name, doing]
        )

    @cached_property
    def row_actions(self) -> list[RowAction]:
        """What the person may do with its rows."""
        found = list(self.actions())
        if not self.may(SAVE):
            return found
        if self.has_documents:
            found.append(RowAction("Save Documents", "files", self.act_url("documents"), in_rows=False))
        if found and self.file_name:
            found.append(RowAction("Export", "download", self.act_url("export"), in_rows=False))
        return found

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What the address says of which rows are listed, for a form that chooses all of them.

        All of it as it stands, several values of one name too: with less, more rows could be meant than are shown.
        """
        told = [(name, values) for name, values in self.parameters.lists() if name not in _BESIDE]
        return [(name, value) for name, values in told for value in values]

    def chosen(self, at_most: int | None = None) -> list[int]:
        """The ids of the rows that the address names: `row` for each one that was ticked, or `all` that are listed.

        So many of them `at_most`.

        Raises BadRequest for what is no row's id.
        """
        rows = self.found if self.parameters.get("all") else self.every_row().filter(pk__in=ticked(self.parameters))
        return list(rows.order_by("pk").values_list("pk", flat=True)[:at_most])

    # ── For the page ──

    @cached_property
    def page(self) -> Page[Row]:
        """The rows that the address asks for."""
        return paginate(
            self.found,
            self.parameters,
            sorts=self.sorts,
            default=self.default_sort,
            figures=self.figures,
            noun=self.noun,
            nouns=self.nouns,
            counted_up_to=self.counted_up_to or (OPPOSITES_COUNTED_UP_TO if self.filters.has_opposite else None),
            shown=self.with_what_is_shown,
        )

    @cached_property
    def heads(self) -> list[Column]:
        """The columns of the page."""
        columns = [column for column in self.columns(self.page.rows) if column.cell is not None]
        chosen = {columns[0].chosen_by, *(self.chosen_columns or usual(columns))}
        columns = [column for column in columns if column.chosen_by in chosen]
        if not self.row_actions:
            return columns
        box = tick_box(self.name_of, is_ticked=self.begins_ticked)
        links = action_links(self.row_actions, self.name_of)
        ticks = Column(tick_all(self.nouns, is_ticked=self.begins_ticked), box, "ticks", sub_cell=lambda row: "")
        if not self.links_in_rows or not any(action.in_rows for action in self.row_actions):
            return [ticks, *columns]
        return [ticks, *columns, Column(ACTIONS, links, "ticks extra", sub_cell=lambda row: "")]

    @cached_property
    def offered(self) -> list[Column]:
        """The columns that the page may have, chosen or not."""
        return [column for column in self.columns([]) if column.cell is not None]

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
        return Empty(said, "search-x", f"Show all {self.nouns}", self.path)

    @cached_property
    def chips(self) -> list[Chip]:
        """The filters in force."""
        return chips(self.filters, self.parameters) if self.filters.has_chips else []

    @property
    def sortable(self) -> set[str]:
        """The keys of the columns that it can be sorted by."""
        return {*self.sorts, *self.figures}
