"""Pages as a person sees them: parsed by lxml, never matched as strings.

    page = get_page(client, "/clients/")
    page.texts("tbody td.num")                 every text, white space folded
    page.one("h1").text                        exactly one, or the test fails and shows what there is
    page.all("form[method=post] input")        elements, each with .attributes, .text, .all(), .one(), and .node of lxml
    fill(client, page, "form.panel", {"email": "new@example.com"})   sends the form as a browser would

Selectors are CSS. An element that matches is itself among what it finds.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

import lxml.html
from django.db import connection
from django.http import HttpResponse
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from lxml.html.defs import empty_tags

UNSEEN = frozenset(("script", "style", "template", "title"))
# What stands in a cell again because its own column is left out at phone width.
PHONE_ONLY = "sm:hidden"
INLINE = frozenset(("a", "b", "bdi", "em", "kbd", "span", "strong", "time"))


@dataclass(frozen=True)
class Element:
    """One element of a page."""

    node: Any

    @property
    def attributes(self) -> dict[str, str]:
        """Name → value; of one without a value, nothing."""
        return dict(self.node.attrib)

    @property
    def text(self) -> str:
        """What it says, white space folded."""
        return " ".join("".join(_words(self.node)).split())

    def all(self, selector: str) -> "list[Element]":
        """The elements that match, in the order of the page."""
        return [Element(node) for node in self.node.cssselect(selector)]

    def one(self, selector: str) -> "Element":
        """The one element that matches."""
        found = self.all(selector)
        assert len(found) == 1, f"{len(found)} elements match {selector!r} in: {self.text[:1000]}"
        return found[0]

    def texts(self, selector: str) -> list[str]:
        """What the matching elements say."""
        return [element.text for element in self.all(selector)]

    def links(self) -> dict[str, str]:
        """Text → address of every link."""
        return {link.text: link["href"] for link in self.all("a[href]")}

    def __getitem__(self, attribute: str) -> str:
        return self.node.attrib[attribute]


@dataclass(frozen=True)
class Page(Element):
    """A parsed answer and the answer itself."""

    response: Any = None


def _words(node: Any) -> Iterator[str]:
    yield node.text or ""
    for child in node:
        if not (child.tag in UNSEEN or "hidden" in child.attrib or PHONE_ONLY in child.classes):
            yield from _words(child)
        yield child.tail or ""
    # A word never runs on from one box into the next.
    if node.tag not in INLINE:
        yield " "


class _Nesting(HTMLParser):
    """Fails where an element closes another; lxml would mend it as a browser does."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in empty_tags:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1:] == [tag], f"</{tag}> at line {self.getpos()[0]} closes {self.open}"
        self.open.pop()


def parse(response: HttpResponse) -> Page:
    """The answer as a page. Fails where an element is not closed or closes another."""
    html = response.content.decode()
    nesting = _Nesting()
    nesting.feed(html)
    nesting.close()
    assert nesting.open == [], f"{nesting.open} are never closed"
    parser = lxml.html.HTMLParser(remove_comments=True)
    if "<html" in html:
        root = lxml.html.document_fromstring(html, parser=parser)
    else:
        root = lxml.html.fragment_fromstring(html, create_parent=True, parser=parser)
    for template in list(root.iter("template")):  # no part of the page until a script copies it
        del template[:]
    return Page(root, response)


def get_page(browser: Browser, url: str, *, status: int = 200, **more: Any) -> Page:
    """Ask for a page. `more`: `data`, `headers={"HX-Request": "true"}`, `follow` …"""
    response: Any = browser.get(url, **more)
    assert response.status_code == status, f"{url}: {response.status_code} {response.headers.get('Location', '')}"
    return parse(response)


def values_of(form: Element) -> dict[str, Any]:
    """What a browser would send of the form as it stands."""
    values: dict[str, Any] = {}
    for control in form.node.iter("input", "select", "textarea"):
        kind = control.get("type")
        unsent = kind in ("submit", "button") or (kind in ("checkbox", "radio") and not control.checked)
        if control.name and not unsent and "disabled" not in control.attrib:
            # A browser leaves out the line break that the server begins a text with.
            values[control.name] = (control.value or "").removeprefix("\n")
    return values


def fill(
    browser: Browser,
    page: Element,
    selector: str = "form[method=post][action]",
    changes: dict[str, Any] | None = None,
    **more: Any,
) -> Any:
    """Fill in the form and send it; returns the answer. `None` in `changes` leaves a field out (an unticked box)."""
    form = page.one(selector)
    values = {**values_of(form), **(changes or {})}
    sent = {name: value for name, value in values.items() if value is not None}
    url = form.attributes.get("action") or (page.response.request["PATH_INFO"] if isinstance(page, Page) else "")
    return getattr(browser, form.attributes.get("method", "get"))(url, sent, **more)


def queries_of(browser: Browser, url: str) -> int:
    """How many queries a page costs."""
    with CaptureQueriesContext(connection) as queries:
        get_page(browser, url)
    return len(queries)
