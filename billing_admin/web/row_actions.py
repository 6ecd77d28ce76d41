"""What is done with rows of a list: a box to tick in front of each, all that are listed, and links in the row itself.

The boxes are fields of one form on GET in `components/list.html`, wherever in the page they stand: the popup that it
opens says in its address which rows were chosen, with JavaScript and without it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.utils.safestring import SafeString

from billing_admin.templatetags.ui import icon
from billing_admin.web.markup import attributes, format_html, format_html_join

ACTIONS = SafeString('<span class="sr-only">Actions</span>')


@dataclass(frozen=True)
class RowAction:
    """What can be done with rows of a list: with one, with those that are ticked, or with all that are listed.

    `url` is a popup's; it reads from its address by `Listing.chosen` which rows they are. `in_rows` is a link of each
    row, too.
    """

    label: str
    icon: str
    url: str
    danger: bool = False
    in_rows: bool = True


def ticked(parameters: QueryDict) -> list[int]:
    """The ids that were ticked, out of an address.

    Raises BadRequest for what is no row's id.
    """
    ids = parameters.getlist("row")
    if not all(each.isascii() and each.isdigit() and len(each) < 19 for each in ids):
        raise BadRequest("“row” is not the id of a row.")
    return [int(each) for each in ids]


def tick_all(nouns: str, *, is_ticked: bool = False) -> SafeString:
    """The box in the heading, which a script answers to."""
    return format_html(
        '<label class="tick only-with-script"><input type="checkbox" form="choice" data-tick-all autocomplete="off" '
        'aria-label="Tick all {} of this page"{}></label>',
        nouns,
        attributes({"checked": is_ticked}),
    )


def tick_box(name_of: Callable[[Any], str], *, is_ticked: bool = False) -> Callable[[Any], SafeString]:
    """A function that draws the box of a row."""
    checked = attributes({"checked": is_ticked})
    return lambda row: format_html(
        '<label class="tick"><input type="checkbox" form="choice" name="row" value="{}" autocomplete="off" '
        'aria-label="{}"{}></label>',
        row.pk,
        name_of(row),
        checked,
    )


def action_links(actions: Iterable[RowAction], name_of: Callable[[Any], str]) -> Callable[[Any], SafeString]:
    """A function that draws what can be done with a row alone."""
    return lambda row: format_html_join(
        "",
        '<a class="btn-icon" data-dialog href="{}?row={}" title="{}" aria-label="{}: {}">{}</a>',
        ((each.url, row.pk, each.label, each.label, name_of(row), icon(each.icon)) for each in actions if each.in_rows),
    )
