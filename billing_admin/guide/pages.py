"""The pages of the guide, which are the files of docs/guide: Markdown in, HTML out, without any HTML of their own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.token import Token

_FOLDER = settings.BASE_DIR / "docs" / "guide"

# In the order in which they are offered.
PAGES = (
    "credit",
    "invoices",
    "company",
    "documents",
    "mail",
    "reminders",
    "transactions",
    "merging",
    "importing",
    "lists",
    "staff",
    "keyboard",
)


@dataclass(frozen=True)
class GuidePage:
    """One page: its place in addresses, its title and what it says below it."""

    slug: str
    title: str
    body: SafeString


@cache
def guide_page(slug: str) -> GuidePage:
    """The page of this name, which is one of PAGES; the files stay as they are while the product runs."""
    text = (_FOLDER / f"{slug}.md").read_text(encoding="utf-8")
    heading, _, rest = text.partition("\n")
    return GuidePage(slug, heading.removeprefix("# "), SafeString(_markdown().render(rest)))


def guide_pages() -> Sequence[GuidePage]:
    """Every page."""
    return [guide_page(slug) for slug in PAGES]


def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.add_render_rule("link_open", _link)
    markdown.add_render_rule("table_open", lambda *_: '<div class="table-wrap"><table class="table">')
    markdown.add_render_rule("table_close", lambda *_: "</table></div>")
    return markdown


def _link(renderer: Any, tokens: Sequence[Token], index: int, options: Any, environment: Any) -> str:
    """A link to another file of the folder leads to its page, so that the files can be read in the repository too."""
    token = tokens[index]
    if other := re.fullmatch(r"([a-z]+)\.md", str(token.attrs.get("href"))):
        token.attrs["href"] = reverse("guide_page", args=[other[1]])
    return str(renderer.renderToken(tokens, index, options, environment))
