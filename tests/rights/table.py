"""docs/rights.md as lines, and what the views say themselves."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from billing_admin.staff.groups import GROUPS
from billing_admin.web.needs import Rights
from tests.every_url import addresses_of

DOCUMENT = settings.BASE_DIR / "docs" / "rights.md"
ROLES = tuple(GROUPS)
METHODS = ("GET", "POST")
CONFIRMED = "confirmed"
MAY, MAY_NOT, OWN, ALL = "✓", "–", "own", "all"


@dataclass(frozen=True)
class Line:
    """One URL and method: what is needed, with what depends on the form after a “+”, and a mark for each role."""

    url: str
    method: str
    needs: str
    marks: tuple[str, ...]

    @property
    def key(self) -> tuple[str, str]:
        """What there is one line of."""
        return self.url, self.method

    def __str__(self) -> str:
        return f"| `{self.url}` | {self.method} | {self.needs} | {' | '.join(self.marks)} |"


@dataclass(frozen=True)
class Place:
    """Where something is answered: the URL as the table has it, an address that exists, and what the view asks for."""

    url: str
    address: str
    rights: Rights | None
    section: str


def lines() -> list[Line]:
    """Every line of the document."""
    rows = [
        [cell.strip().replace("`", "") for cell in row.strip("|\n").split("|")]
        for row in DOCUMENT.read_text(encoding="utf-8").splitlines()
        if row.startswith("| `/")
    ]
    return [Line(url, method, needs, tuple(marks)) for url, method, needs, *marks in rows]


def marks_by_role() -> dict[tuple[str, str], dict[str, str]]:
    """URL and method → role → its mark."""
    return {line.key: dict(zip(ROLES, line.marks, strict=True)) for line in lines()}


def needed(rights: Rights, method: str) -> str:
    """What a view asks for, as the document says it."""
    asked = [rights.said] if rights.said else []
    asked += rights.to_see if method == "GET" else (*rights.to_see, *rights.to_send)
    if rights.fresh and (method == "POST" or rights.said):
        asked.append(CONFIRMED)
    return ", ".join(asked)


def places() -> Iterator[Place]:
    """Every URL of the configuration; of what is done with many rows, a URL for each list and action."""
    for route, section, pattern in _patterns(get_resolver()):
        filled = [f"/{address}" for address in addresses_of(route)]
        for address in filled if "<slug:doing>" in route else filled[:1]:
            yield Place(url_of(address), address, getattr(pattern.callback, "rights", None), section)


def url_of(address: str) -> str:
    """The URL of the table that an address is one of."""
    match = resolve(address)
    kept = {name: match.kwargs[name] for name in ("listed", "doing") if "doing" in match.kwargs}
    return "/" + re.sub(r"<\w+:(\w+)>", lambda found: kept.get(found[1], f"<{found[1]}>"), match.route)


def _patterns(resolver: URLResolver, before: str = "", section: str = "") -> Iterator[tuple[str, str, URLPattern]]:
    for part in resolver.url_patterns:
        if isinstance(part, URLResolver):
            yield from _patterns(part, before + str(part.pattern), part.namespace or section)
        else:
            yield before + str(part.pattern), section, part
