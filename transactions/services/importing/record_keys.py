"""What a record of a file is called: by its bytes alone, so that no change of its format makes another payment of it.

The first 60 digits of a key are those of the line, the last four count equal lines of one file.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator

from billing_admin.csv_files.decoding import Decoded

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LINE = re.compile(rb"[^\r\n]*+(?:\r\n|\r|\n|\Z)")
# A value in quotes begins where a value can begin, whatever separates them, and may go over several lines.
_VALUE_IN_QUOTES = re.compile(rb'(?:^|(?<=[,;\t|])) *+"[^"]*+(?:""[^"]*+)*+"')
_OPENED = re.compile(rb'(?:^|(?<=[,;\t|])) *+"')
# A quote that is open after so many lines was never meant to be closed.
_LONGEST = 100
LINE_DIGITS = 60


def key_of(record: bytes, seen: Counter[bytes]) -> str:
    """The key of a record, after those that were `seen`."""
    digest = hashlib.sha256(record).digest()[: LINE_DIGITS // 2]
    seen[digest] += 1
    again, place = divmod(seen[digest], 0x10000)
    if again:  # more equal lines than four digits count
        digest = hashlib.sha256(digest + str(again).encode()).digest()[: LINE_DIGITS // 2]
    return f"{digest.hex()}{place:04x}"


class RecordKeys:
    """The keys of a file's records, asked for in the order of their lines."""

    def __init__(self, content: bytes, decoded: Decoded) -> None:
        if decoded.encoding.startswith("utf-16"):
            content = decoded.text.encode()
        self._records = _records(content.removeprefix(_BYTE_ORDER_MARK))
        self._seen: Counter[bytes] = Counter()
        self._line, self._lines, self._key = 0, 0, ""

    def of(self, line: int) -> str:
        """The key of the record that begins on this line, by whatever format it was read."""
        while line >= self._line + self._lines:
            self._line, self._lines, raw = next(self._records)
            self._key = key_of(raw, self._seen)
        if line == self._line:
            return self._key
        # A quote that means nothing to the format has put several of its records together.
        return key_of(f"{self._key} {line - self._line}".encode(), self._seen)


def _records(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    """The line that each record begins on, how many it has, and its bytes without the end of the last one."""
    at, line = 0, 1
    while at < len(content):
        end, lines = _end_of_line(content, at), 1
        if b'"' in content[at:end]:
            end, lines = _end_of_record(content, at, end)
        yield line, lines, content[at:end].rstrip(b"\r\n")
        at, line = end, line + lines


def _end_of_line(content: bytes, at: int) -> int:
    return _LINE.match(content, at).end()  # type: ignore[union-attr] # matches everywhere


def _end_of_record(content: bytes, at: int, end: int) -> tuple[int, int]:
    first, lines = end, 1
    while _OPENED.search(_VALUE_IN_QUOTES.sub(b"", content[at:end])):
        if end == len(content) or lines == _LONGEST:
            return first, 1
        end, lines = _end_of_line(content, end), lines + 1
    return end, lines
