"""Writing CSV: one rule for what a spreadsheet would run instead of showing it, and its undoing when a file comes back.

A cell that begins like a formula gets an apostrophe in front, also where the formula would begin after a character
that some spreadsheets split cells at (a file with commas opened where semicolons are usual). Plain numbers stay.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence

# What begins a formula: the ASCII signs and what a spreadsheet takes for them, full-width and small.
_SIGN = "[=+\\-@＝＋－＠﹦﹢﹣﹫]"
# Blanks and quotes in front are passed over; a tab or a line break in front is enough by itself.
_BEFORE = "[\\s\"'\u200b\u2060\ufeff\0-\x1f]*"
_BEGINS = f"(?:{_BEFORE}{_SIGN}|[ '\"]*[\t\r\n])"
_FORMULA = re.compile(f"(?:^|(?<=[;\t\r\n]))(?={_BEGINS})")
_PUT_BEFORE = re.compile(f"(?:^|(?<=[;\t\r\n]))'(?={_BEGINS})")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)


class _Line:
    """Gives back what csv.writer writes."""

    def write(self, text: str) -> str:
        return text


def csv_lines(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The rows as lines of a CSV file, one by one: safe to open in a spreadsheet."""
    writer = csv.writer(_Line())
    for row in rows:
        yield writer.writerow([harmless(value) for value in row])


def harmless(value: object) -> str:
    """A value as the text of a cell that no spreadsheet runs."""
    text = "" if value is None else str(value)
    if _NUMBER.fullmatch(text):
        return text
    return _FORMULA.sub("'", text)


def as_it_was(text: str) -> str:
    """The text of a cell without the apostrophes that `harmless` put there."""
    return _PUT_BEFORE.sub("", text) if "'" in text else text
