"""Pages as a person sees them: parsed, never matched as strings.

    page = get_page(client, "/clients/")
    page.texts("tbody td.num")                 every text, white space folded
    page.one("h1").text                        exactly one, or the test fails and shows what there is
    page.all("form[method=post] input")        elements, each with .tag, .attributes, .text, .all(), .one()
    fill(client, page, "form.panel", {"email": "new@example.com"})   sends the form as a browser would

Selectors are the plain part of CSS: tag, #id, .class, [name], [name=value], descendants by a space, and commas.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
UNSEEN = frozenset(("script", "style", "template", "title"))
# What stands in a cell again because its own column is left out at phone width.
PHONE_ONLY = "sm:hidden"
_PART = re.compile(r"([#.]?)([\w-]+)|\[([\w-]+)(?:=[\"']?([^\]\"']*)[\"']?)?\]|\*")


@dataclass(eq=False)
class Element:
    """One element of a page."""

    tag: str
    attributes: dict[str, str]
    parent: "Element | None" = None
    children: "list[Element | str]" = field(default_factory=list)

    @property
    def text(self) -> str:
        """What it says, white space folded."""
        return " ".join("".join(self._words()).split())

    def _words(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif (
                child.tag not in UNSEEN
                and "hidden" not in child.attributes
                and PHONE_ONLY not in child.attributes.get("class", "").split()
            ):
                yield from child._words()
        # A word never runs on from one box into the next.
        if self.tag not in ("a", "b", "bdi", "em", "kbd", "span", "strong", "time"):
            yield " "

    def all(self, selector: str) -> "list[Element]":
        """The elements inside that match, in the order of the page."""
        paths = [path.split() for path in re.sub(r"\[[^\]]*\]", _unspaced, selector).split(",")]
        return [element for element in self._inside() if any(element._ends(path) for path in paths)]

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
        return self.attributes[attribute]

    def _inside(self) -> "Iterator[Element]":
        for child in self.children:
            if isinstance(child, Element):
                yield child
                if child.tag != "template":  # a template is no part of the page until a script copies it
                    yield from child._inside()

    def _ends(self, path: list[str]) -> bool:
        """Whether this is the last of `path` and the rest are among what it is inside of."""
        if not self._is(path[-1]):
            return False
        outer, rest = self.parent, path[:-1]
        while rest and outer is not None:
            if outer._is(rest[-1]):
                rest = rest[:-1]
            outer = outer.parent
        return not rest

    def _is(self, compound: str) -> bool:
        for mark, word, name, value in _PART.findall(compound):
            wanted = value.replace("\0", " ")
            fits = (
                self.attributes.get("id") == word
                if mark == "#"
                else word in self.attributes.get("class", "").split()
                if mark == "."
                else self.tag == word
                if word
                else name in self.attributes and wanted in ("", self.attributes[name])
                if name
                else True
            )
            if not fits:
                return False
        return True


@dataclass(eq=False)
class Page(Element):
    """A parsed answer and the answer itself."""

    response: Any = None


class _Builder(HTMLParser):
    def __init__(self, root: Element) -> None:
        super().__init__()
        self.open = root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.open)
        self.open.children.append(element)
        if tag not in VOID:
            self.open = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.tag == tag, f"</{tag}> closes <{self.open.tag} {self.open.attributes}>"
        assert self.open.parent is not None
        self.open = self.open.parent

    def handle_data(self, data: str) -> None:
        self.open.children.append(data)


def _unspaced(attribute: re.Match[str]) -> str:
    return attribute[0].replace(" ", "\0")


def parse(response: HttpResponse) -> Page:
    """The answer as a page. Fails where an element is not closed or closes another."""
    page = Page("", {}, response=response)
    builder = _Builder(page)
    builder.feed(response.content.decode())
    builder.close()
    assert builder.open is page, f"<{builder.open.tag} {builder.open.attributes}> is never closed"
    return page


def get_page(browser: Browser, url: str, *, status: int = 200, **more: Any) -> Page:
    """Ask for a page. `more`: `data`, `headers={"HX-Request": "true"}`, `follow` …"""
    response: Any = browser.get(url, **more)
    assert response.status_code == status, f"{url}: {response.status_code} {response.headers.get('Location', '')}"
    return parse(response)


def values_of(form: Element) -> dict[str, Any]:
    """What a browser would send of the form as it stands."""
    values: dict[str, Any] = {}
    for control in form.all("input[name], select[name], textarea[name]"):
        kind = control.attributes.get("type", "text")
        if "disabled" in control.attributes or kind in ("submit", "button"):
            continue
        if control.tag == "select":
            options = control.all("option")
            chosen = [option for option in options if "selected" in option.attributes] or options[:1]
            value = chosen[0].attributes.get("value", chosen[0].text) if chosen else ""
        elif control.tag == "textarea":
            value = "".join(child for child in control.children if isinstance(child, str)).removeprefix("\n")
        elif kind in ("checkbox", "radio"):
            if "checked" not in control.attributes:
                continue
            value = control.attributes.get("value", "on")
        else:
            value = control.attributes.get("value", "")
        values[control["name"]] = value
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
