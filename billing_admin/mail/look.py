"""A letter's plain text as HTML: one layout for every mail, light and dark, that asks nothing of any other machine."""

import re
from dataclasses import dataclass

from django.template.loader import render_to_string

_FACT = re.compile(r"([^:\n]{1,60}?)[\s\u00a0\u202f]?:\s+(\S.*)")


@dataclass(frozen=True)
class _Part:
    """A paragraph by its lines, or a small table of facts."""

    lines: list[str]
    facts: list[tuple[str, str]]


def html_of(text: str, *, company: str, language: str, link: str = "") -> str:
    """The text in the one layout. Lines that say `Due on: 4 Dec 2026` below each other stand as a table.

    Everything in it is escaped; there is no picture, font or script, and no link but this one, on a line of its own.
    """
    parts = [_part(paragraph) for paragraph in re.split(r"\n\s*\n", text.strip())]
    context = {"parts": parts, "company": company, "language": language, "link": link}
    return render_to_string("mail/letter.html", context)


def _part(paragraph: str) -> _Part:
    lines = paragraph.split("\n")
    found = [_FACT.fullmatch(line.strip()) for line in lines]
    if len(lines) > 1 and all(found):
        return _Part([], [(fact[1], fact[2]) for fact in found if fact])
    return _Part(lines, [])
