"""How another system separates and quotes the values of a file, told by looking, and the records that it has then."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from .rows import DELIMITERS, BadRow

# A quote that is not closed within so much text is one that was never closed: the rows after its line are good.
LONGEST_RECORD = 100_000
_SAMPLE_CHARACTERS = 200_000
_SAMPLE_RECORDS = 300
_LINE = re.compile(r"[^\r\n]*+(?:\r\n|\r|\n|\Z)")
_LINE_ENDS = re.compile(r"\r\n|\r|\n")
_FOLLOWING = 3


@dataclass(frozen=True, slots=True)
class Dialect:
    """What separates the values, what they are quoted with ("" for nothing), and the physical line of the header."""

    delimiter: str
    quotechar: str
    header_at: int


class Record(NamedTuple):
    """One record: the line that it starts on, its values, and its text exactly as it stands, without its line end."""

    line: int
    cells: list[str]
    raw: str


def dialect_of(text: str, *, delimiter: str = "") -> Dialect:
    """What a file looks like by its first lines: the separator by which a header stands over rows as wide as itself.

    `delimiter` where it is known. Lines before the header have fewer values than it, or figures or nothing in them.
    """
    sample = text[:_SAMPLE_CHARACTERS]
    if len(sample) < len(text):
        sample = sample[: sample.rfind("\n") + 1] or sample[: sample.rfind("\r") + 1] or sample
    first = 1
    if match := re.match(r"sep=(.)(?:\r\n|\r|\n)", sample):  # what Excel is told
        delimiter, first = delimiter or match[1], 2
    best, best_rank = Dialect(delimiter or ",", '"', first), (-1, -1)
    for tried in [delimiter] if delimiter else DELIMITERS:
        quotechar = _quotechar(sample, tried)
        found = _header(list(islice(records(sample, Dialect(tried, quotechar, first)), _SAMPLE_RECORDS)))
        if found is not None and (found[1] > 1 or delimiter) and found[1:] > best_rank:
            best, best_rank = Dialect(tried, quotechar, found[0]), found[1:]
    return best if best_rank > (-1, -1) else _without_header(sample, best)


def records(text: str, dialect: Dialect) -> Iterator[Record | BadRow]:
    """The records from the header on, the header first. Lines with nothing in them are passed over.

    A quote that is never closed makes its own line bad, and no other.
    """
    at, line = _start_of_line(text, dialect.header_at), dialect.header_at
    quoted, bare = _quoted_cell(dialect.quotechar), re.compile(rf"[^{re.escape(dialect.delimiter)}\r\n]*+")
    while at < len(text):
        match = _LINE.match(text, at)
        assert match is not None
        whole, end, lines = match[0], match.end(), 1
        raw = whole.rstrip("\r\n")
        if not dialect.quotechar or dialect.quotechar not in raw:
            cells: list[str] | None = raw.split(dialect.delimiter)
        else:
            cells, stop = _quoted_cells(text, at, dialect, quoted, bare)
            if cells is not None and stop > at + len(raw):
                raw = text[at:stop]
                lines += len(_LINE_ENDS.findall(raw))
                end = _LINE.match(text, stop).end()  # type: ignore[union-attr] # matches everywhere
        if cells is None:
            yield BadRow(line, "A quote is opened in the row and not closed.")
        elif any(cell and not cell.isspace() for cell in cells):
            yield Record(line, cells, raw)
        at, line = end, line + lines


def _start_of_line(text: str, line: int) -> int:
    at = 0
    for _ in range(line - 1):
        match = _LINE_ENDS.search(text, at)
        if match is None:
            return len(text)
        at = match.end()
    return at


def _quoted_cell(quote: str) -> re.Pattern[str]:
    """A cell in quotes, as far as the closing one; a quote within it is written twice."""
    if not quote:
        return re.compile(r"(?!)")  # nothing
    return re.compile(rf" *+{quote}([^{quote}]*+(?:{quote}{quote}[^{quote}]*+)*+){quote}")


def _quoted_cells(
    text: str, begin: int, dialect: Dialect, quoted: re.Pattern[str], bare: re.Pattern[str]
) -> tuple[list[str] | None, int]:
    """The values of the record that begins here, and where it ends; None where a quote is not closed."""
    quote = dialect.quotechar
    cells, at = [], begin
    while True:
        inside = quoted.match(text, at, begin + LONGEST_RECORD)
        after = bare.match(text, inside.end() if inside else at)
        assert after is not None  # it matches nothing, too
        if inside:  # text after the closing quote belongs to the value
            cells.append(inside[1].replace(quote * 2, quote) + after[0].rstrip(" "))
        elif after[0].lstrip(" ").startswith(quote):
            return None, begin
        else:
            cells.append(after[0])
        at = after.end()
        if not text.startswith(dialect.delimiter, at):
            return cells, at
        at += 1


def _quotechar(sample: str, delimiter: str) -> str:
    """The quote that most cells which begin with it end with, too; the usual one where none is seen."""
    before, after = rf"(?:^|(?<=[{re.escape(delimiter)}\r\n]))", rf" *+(?=[{re.escape(delimiter)}\r\n]|\Z)"
    for quote in ('"', "'"):
        begun = len(re.findall(rf"{before} *+{quote}", sample))
        closed = len(re.findall(before + _quoted_cell(quote).pattern + after, sample))
        if begun and closed * 2 > begun:
            return quote
        if begun and quote == '"':
            return ""
    return '"'


def _header(found: list[Record | BadRow]) -> tuple[int, int, int] | None:
    """The line of the header, how many values it has, and how few of them are empty; None where there is none."""
    table = [each for each in found if isinstance(each, Record)]
    best: tuple[int, int, int] | None = None
    for place, record in enumerate(table):
        width = len(record.cells)
        following = table[place + 1 : place + 1 + _FOLLOWING]
        if not _are_names(record.cells) or not following or not _as_wide(following[0], width):
            continue
        rank = (width, -sum(not cell.strip() for cell in record.cells))
        if best is None or rank > best[1:]:
            best = record.line, *rank
    return best


def _as_wide(record: Record, width: int) -> bool:
    """As wide as the header, or with one separator more at its end."""
    return len(record.cells) == width or (len(record.cells) == width + 1 and not record.cells[-1].strip())


def _are_names(cells: list[str]) -> bool:
    """Whether they can be names of columns: with letters, and fewer than half of them empty."""
    filled = [cell for cell in cells if cell.strip()]
    return len(filled) * 2 > len(cells) and all(any(map(str.isalpha, cell)) and len(cell) <= 200 for cell in filled)


def _without_header(sample: str, fallback: Dialect) -> Dialect:
    """A file with a header and nothing else, or with one column, or with none: the first line that has text."""
    quotechar, first = fallback.quotechar, next(iter(records(sample, fallback)), None)
    if first is None:
        return fallback
    line = sample[_start_of_line(sample, first.line) :].splitlines()[0]
    delimiter = max(DELIMITERS, key=line.count) if fallback.delimiter == "," else fallback.delimiter
    return Dialect(delimiter, quotechar, first.line)
