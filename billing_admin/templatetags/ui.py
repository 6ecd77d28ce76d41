"""The parts of a screen that carry logic; what is only looks is a class in static_src/app.css.

`{% load ui %}`. Each tag's docstring shows its use; templates/components/README.md shows them together.
"""

from functools import lru_cache

from django import template
from django.http import HttpRequest
from django.template.context import Context
from django.template.loader import render_to_string
from django.urls import NoReverseMatch
from django.utils.safestring import SafeString
from lucide.templatetags.lucide import lucide

from billing_admin.db.pagination import PLACE
from billing_admin.web.addresses import address
from billing_admin.web.help_texts import HELP
from billing_admin.web.markup import attributes, escaped, format_html

register = template.Library()

# Status code → meaning (good, attention, danger, quiet, accent) and the word shown. The word always stands beside
# the colour, so that nobody has to see the colour.
STATUSES: dict[str, tuple[str, str]] = {
    "active": ("good", "Active"),
    "inactive": ("quiet", "Inactive"),
    "closed": ("quiet", "Closed"),
    "draft": ("quiet", "Draft"),
    "unpaid": ("attention", "Unpaid"),
    "paid": ("good", "Paid"),
    "overdue": ("danger", "Overdue"),
    "cancelled": ("quiet", "Cancelled"),
    "refunded": ("accent", "Refunded"),
    "writtenoff": ("quiet", "Written off"),
    "waiting": ("attention", "Waiting"),
    "running": ("accent", "Running"),
    "finished": ("good", "Finished"),
    "failed": ("danger", "Failed"),
    "interrupted": ("danger", "Interrupted"),
    "done": ("good", "Done"),
    "payment": ("good", "Payment"),
    "refund": ("accent", "Refund"),
    "reversal": ("danger", "Reversal"),
    "moved": ("quiet", "Moved"),
    "sending": ("accent", "Being sent"),
    "sent": ("good", "Sent"),
    "perhaps_sent": ("danger", "Perhaps sent"),
    "bounced": ("danger", "Bounced"),
    "withheld": ("attention", "Withheld"),
    "approved": ("good", "Approved"),
    "refused": ("danger", "Refused"),
    "withdrawn": ("quiet", "Withdrawn"),
}

# Levels of Django's messages → our four meanings.
MEANINGS = {"success": "good", "warning": "attention", "error": "danger", "info": "quiet", "debug": "quiet"}


@lru_cache(maxsize=256)
def _icon(name: str, size: int) -> SafeString:
    return SafeString(lucide(name, size=size, **{"class": "icon", "aria-hidden": "true"}))


@register.simple_tag
def icon(name: str, size: int = 16) -> SafeString:
    """`{% icon "wallet" %}`: a Lucide icon, hidden from screen readers because it only ever stands beside words."""
    return _icon(str(name), size)


@register.simple_tag
def badge(status: str | None, *, label: str = "", meaning: str = "") -> SafeString | str:
    """`{% badge invoice.status %}`, or `{% badge "" label="Promotional" meaning="accent" %}` for anything else."""
    known_meaning, known_label = STATUSES.get(str(status or "").lower(), ("quiet", str(status or "").capitalize()))
    return format_html('<span class="badge badge-{}">{}</span>', meaning or known_meaning, label or known_label)


@register.filter
def meaning(level: str) -> str:
    """`{{ message.level_tag|meaning }}`: success → good, warning → attention, error → danger, else quiet."""
    return MEANINGS.get(level, "quiet")


@register.simple_tag
def cut(text: object) -> SafeString | str:
    """`{% cut client.name %}`: long text on one line with the whole on hover; right-to-left text keeps its order."""
    whole = "" if text is None else str(text)
    if not whole:
        return "–"
    written = escaped(text if type(text) is SafeString else whole)
    return SafeString(f'<span class="cut" dir="auto" title="{written}">{written}</span>')


@register.simple_tag(takes_context=True)
def menu_link(context: Context, label: str, url_name: str, *, key: str = "") -> SafeString | str:
    """One link of the Administration Menu Bar; nothing while the screen does not exist, so that no link is dead.

    `key` are the keys that follow it.
    """
    try:
        url = address(url_name)
    except NoReverseMatch:
        return ""
    request: HttpRequest | None = context.get("request")
    path = request.path if request else ""
    here = path == url if url == "/" else path.startswith(url)
    return format_html("<a{}{}>{}</a>", _current(url, here), attributes({"data-key": key or None}), label)


@register.simple_tag(takes_context=True)
def tab(context: Context, label: str, url: str, *, count: object = None) -> SafeString:
    """`{% tab "Invoices" url count=12 %}` inside `<nav class="tabs" aria-label="…">`."""
    request: HttpRequest | None = context.get("request")
    here = request is not None and request.path == url.partition("?")[0]
    number = "" if count is None else format_html(' <span class="count">{}</span>', count)
    return format_html("<a{}>{}{}</a>", _current(url, here), label, number)


@register.simple_tag(takes_context=True)
def segment(context: Context, label: str, parameter: str, value: str = "", *, count: object = None) -> SafeString:
    """`{% segment "Active" "status" "active" %}` inside `<nav class="segments" aria-label="Status">`.

    A filter with few values as links: sets one parameter of the address, takes away its opposite, keeps the rest, and
    starts at the first page.
    """
    request: HttpRequest = context["request"]
    opposite = f"{parameter}-not"
    here = request.GET.get(parameter, "") == value and (value != "" or not request.GET.get(opposite))
    number = "" if count is None else format_html(' <span class="count">{}</span>', count)
    url = _with(request, **{parameter: value, opposite: ""})
    return format_html("<a{}>{}{}</a>", _current(url, here, value="true"), label, number)


@register.simple_tag(takes_context=True)
def sort_header(
    context: Context,
    label: str,
    key: str,
    *,
    current: str = "",
    css: str = "",
    parameter: str = "sort",
) -> SafeString:
    """`{% sort_header "Balance" "balance" css="num" %}`: a column head that sorts by `?sort=balance` or `-balance`.

    `current` is the order in force. Numbers sort largest first on the first click.
    """
    request: HttpRequest = context["request"]
    first, other = (f"-{key}", key) if "num" in css.split() else (key, f"-{key}")
    target = other if current == first else first
    state, arrow = {key: ("ascending", "arrow-up"), f"-{key}": ("descending", "arrow-down")}.get(current, ("", ""))
    return format_html(
        '<th{}><a class="sort" href="{}">{}{}</a></th>',
        attributes({"aria-sort": state or None, "class": css or None, "scope": "col"}),
        _with(request, **{parameter: target}),
        label,
        icon(arrow, 12) if arrow else "",
    )


@register.simple_tag
def page_link(label: str, leads: str, *, icon_name: str, url: str | None = None, rel: str = "") -> SafeString:
    """`{% page_link "Next" page.next_query icon_name="chevron-right" rel="next" %}`: a button of the pager.

    It is dead where nothing `leads` on. Only those with a `rel` say their name: the ends are known by their icons.
    """
    drawn = icon(icon_name, 14)
    words = format_html("{}{}", label, drawn) if rel == "next" else format_html("{}{}", drawn, label if rel else "")
    named = {"class": "btn btn-small", "rel": rel or None, "title": None if rel else f"{label} page"}
    named["aria-label"] = named["title"]
    if not leads:
        return format_html("<span{}>{}</span>", attributes({"class": "btn btn-small", "aria-disabled": "true"}), words)
    return format_html("<a{}>{}</a>", attributes({**named, "href": f"?{leads if url is None else url}"}), words)


@register.simple_tag
def quick_link(label: str, url: str, *, icon_name: str = "", dialog: bool = False, danger: bool = False) -> SafeString:
    """`{% quick_link "Manage Credits" url icon_name="wallet" dialog=True %}` inside `<ul class="quick-links">`.

    The dangerous one comes last and is set apart: `danger=True`.
    """
    link = attributes({"class": "danger" if danger else None, "href": url, "data-dialog": dialog})
    return format_html(
        "<li{}><a{}>{}{}</a></li>",
        attributes({"class": "apart" if danger else None}),
        link,
        icon(icon_name) if icon_name else "",
        label,
    )


@register.simple_tag(takes_context=True)
def popup_form(context: Context, url_name: str = "", *args: object, method: str = "post") -> SafeString:
    """`<form {% popup_form "credits:remove" client.number %} novalidate>`: where a form of a popup is sent, and how.

    Without a name, to the address of the popup with all that it says. In the dialog htmx sends it, and the answer takes
    its place there; the same popup as a page of its own is a plain form.
    """
    url = address(url_name, *args) if url_name else context["request"].get_full_path()
    in_dialog = context["popup_base"] == "components/popup.html"
    return attributes({"action": url, f"hx-{method}": url if in_dialog else None, "method": method})


@register.simple_block_tag
def empty(
    content: str, *, icon_name: str = "inbox", label: str = "", url: str = "", dialog: bool = False
) -> SafeString:
    """`{% empty icon_name="receipt" label="Create Invoice" url=… dialog=True %}No invoices yet.{% endempty %}`.

    What would be here, and the button that makes the first one.
    """
    button = {
        "sentence": SafeString(content.strip()),
        "icon_name": icon_name,
        "label": label,
        "url": url,
        "dialog": dialog,
    }
    return render_to_string("components/empty.html", button)


@register.simple_block_tag
def panel(
    content: str,
    title: str,
    *,
    id: str,
    refresh: str = "",
    on: str = "",
    later: bool | str = False,
    link: str = "",
    link_label: str = "",
    dialog: bool = False,
    flush: bool = False,
    aside: str = "",
    help: str = "",
) -> SafeString:
    """`{% panel "Credit" id="credit" refresh=url on="creditsChanged" link=url link_label="Manage" dialog=True %}`.

    Closed by `{% endpanel %}`. `refresh` is a URL that answers with this whole panel; it is asked for each time one
    of the events named in `on` (separated by spaces) is announced by a popup, and once at first where what it shows
    comes `later`, or with `later="revealed"` when it is scrolled to. `flush` leaves out the padding, for tables.
    `aside` is a quiet word beside the title, `help` the key of the text behind a question mark.
    """
    first = [later if isinstance(later, str) else "load"] if later else []
    triggers = ", ".join([*first, *(f"{event} from:body" for event in on.split())])
    live = {"hx-get": refresh, "hx-swap": "outerHTML", "hx-trigger": triggers}
    action = (
        format_html('<a class="panel-link"{}>{}</a>', attributes({"href": link, "data-dialog": dialog}), link_label)
        if link
        else ""
    )
    return format_html(
        '<section class="panel" id="{id}" aria-labelledby="{id}-title"{live}>'
        '<header class="panel-head"><h2 id="{id}-title">{title}</h2>{help}{aside}{action}</header>'
        '<div class="{body}">{content}</div></section>',
        id=id,
        live=attributes(live) if refresh else "",
        title=title,
        help=question_mark(help) if help else "",
        aside=format_html('<span class="quiet">{}</span>', aside) if aside else "",
        action=action,
        body="panel-flush" if flush else "panel-body",
        content=content,
    )


@register.simple_tag(name="help")
@lru_cache
def question_mark(key: str) -> SafeString:
    """`{% help "liability" %}`: a question mark that opens two sentences of `web/help_texts.py`."""
    return render_to_string("components/help.html", {"help": HELP[key], "about": key.replace("-", " ")})


def _current(url: str, here: bool, value: str = "page") -> SafeString:
    return attributes({"aria-current": value if here else None, "href": url})


def _with(request: HttpRequest, **changes: str) -> str:
    """The address of this page with some parameters changed and the place in the pages forgotten."""
    query = request.GET.copy()
    for name in PLACE:
        query.pop(name, None)
    for name, value in changes.items():
        if value:
            query[name] = value
        else:
            query.pop(name, None)
    return f"{request.path}?{query.urlencode()}" if query else request.path
