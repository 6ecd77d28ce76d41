"""Reading a CSV file that somebody made: its faults are named with their line, and none is guessed away.

A fault of the whole file (not UTF-8, a column that nobody knows) refuses the file. A fault of one row is a `BadRow`
among the good ones, so that all of them can be shown at once. A row's line is the physical one that it starts on.
"""

import csv
import difflib
import io
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from billing_admin.errors import BusinessError
from billing_admin.text import pluralize

from .writing import as_it_was

LONGEST_LINE = 1_000_000

# How files begin that are often taken for CSV, and what to do about each.
NO_TEXT = {
    b"PK\x03\x04": "is a workbook or an archive: save the sheet as CSV (UTF-8)",
    b"\xd0\xcf\x11\xe0": "is a workbook: save the sheet as CSV (UTF-8)",
    b"\x1f\x8b": "is compressed: unpack it",
}
_FOREIGN = NO_TEXT | {
    b"\xff\xfe": "is UTF-16: save it as UTF-8",
    b"\xfe\xff": "is UTF-16: save it as UTF-8",
}
DELIMITERS = {",": "commas", ";": "“;”", "\t": "tabs", "|": "“|”"}
_QUOTED = re.compile(r'"[^"]*"')
_LONE_CARRIAGE_RETURN = re.compile(r"(?<=\r)(?!\n)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_LINE_BREAKS = "\n\r\x0b\x0c\x85\u2028\u2029"


@dataclass(frozen=True, slots=True)
class Row:
    """A row that has a value, perhaps empty, for every column: stripped text by the column's name."""

    line: int
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be taken, and why, in words."""

    line: int
    reason: str


class CsvFile:
    """An open CSV file whose header was found good; iterate for its rows.

    `content` is read instead of what `path` names: an upload, whose path is only its name. `known` are the columns that
    may occur, `required` those that must. Case and spaces around a name do not matter; the rows carry the names as they
    are in `known`. Empty rows are passed over.
    """

    def __init__(
        self, path: str | Path, *, known: Sequence[str], required: Sequence[str], content: bytes | None = None
    ) -> None:
        self.path = Path(path)
        self.name = self.path.name
        self._binary = _open(self.path) if content is None else io.BufferedReader(io.BytesIO(content))
        try:
            self.size = os.fstat(self._binary.fileno()).st_size if content is None else len(content)
            self._refuse_foreign()
            self._last_line = ""
            self._records = csv.reader(self._lines(), strict=True)
            self.columns = self._header(known, required)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "CsvFile":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; what was read stays valid."""
        self._binary.close()

    @property
    def position(self) -> int:
        """How many of its `size` bytes were read so far; 0 for a pipe."""
        return self._binary.tell() if self._binary.seekable() else 0

    def __iter__(self) -> Iterator[Row | BadRow]:
        found = False
        while True:
            line = self._records.line_num + 1
            try:
                record = next(self._records, None)
            except csv.Error as error:
                found = True
                yield BadRow(line, self._broken(error, line))
                continue
            if record is None:
                break
            values = [as_it_was(value.strip()) for value in record]
            if any(values):
                found = True
                yield self._row(line, values)
        if not found:
            raise BusinessError(f"{self.name} has a header and no rows: there is nothing to import.", field="file")

    def _row(self, line: int, values: list[str]) -> Row | BadRow:
        if len(values) != len(self.columns):
            hint = " Is a value with a comma not in quotes?" if len(values) > len(self.columns) else ""
            have = pluralize(len(values), "value")
            return BadRow(line, f"The row has {have} and the header {pluralize(len(self.columns), 'column')}.{hint}")
        if not (together := "".join(values)).isprintable() and _CONTROL.search(together):
            return BadRow(line, " ".join(self._control_characters(values)))
        return Row(line, dict(zip(self.columns, values, strict=True)))

    def _control_characters(self, values: list[str]) -> Iterator[str]:
        for column, value in zip(self.columns, values, strict=True):
            if match := _CONTROL.search(value):
                character = match[0]
                kind = "a line break" if character in _LINE_BREAKS else f"the control character U+{ord(character):04X}"
                yield f"{column} has {'a NUL byte' if character == chr(0) else kind} in it."

    def _broken(self, error: csv.Error, line: int) -> str:
        """Why the row that starts on `line` cannot be taken apart; refuses the file where all after it is lost too."""
        if "unexpected end of data" in str(error):
            raise BusinessError(
                f"{self.name}: a quote that is opened in the row on line {line} is never closed.", field="file"
            ) from error
        if "field limit" in str(error):
            raise BusinessError(
                f"{self.name}: a value in the row on line {line} is longer than {csv.field_size_limit():,} characters. "
                "Is a closing quote missing?",
                field="file",
            ) from error
        return 'There is text after a closing quote. Write a quote inside a value twice, as in “4"" disc”.'

    def _refuse_foreign(self) -> None:
        start = self._binary.peek(4)
        for signature, what in _FOREIGN.items():
            if start.startswith(signature):
                raise BusinessError(f"{self.name} {what} and import that.", field="file")

    def _lines(self) -> Iterator[str]:
        """The physical lines as text, whether they end in LF, CR LF or CR."""
        number = 0
        while raw := self._binary.readline(LONGEST_LINE + 1):
            number += 1
            if len(raw) > LONGEST_LINE:
                raise BusinessError(
                    f"Line {number} of {self.name} is longer than {LONGEST_LINE:,} bytes. Is it a CSV file?",
                    field="file",
                )
            try:
                text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError as error:
                raise BusinessError(
                    f"Line {number} of {self.name} is not UTF-8 (byte 0x{error.object[error.start]:02X}). "
                    "Save the file as UTF-8 and import that.",
                    field="file",
                ) from error
            if "\r" in text and (parts := _LONE_CARRIAGE_RETURN.split(text))[1:]:
                parts = [part for part in parts if part]
                number += len(parts) - 1
            else:
                parts = [text]
            for self._last_line in parts:
                yield self._last_line

    def _header(self, known: Sequence[str], required: Sequence[str]) -> list[str]:
        given = self._first_record()
        by_key = {name.casefold(): name for name in known}
        columns = [by_key.get(name.casefold(), "") for name in given]
        faults = [
            f"“{name}” is not a column that is known.{_suggestion(name, known)}"
            if name
            else f"Column {place} has no name."
            for place, (name, column) in enumerate(zip(given, columns, strict=True), start=1)
            if not column
        ]
        faults += [
            f"“{column}” is there {'twice' if times == 2 else f'{times} times'}."
            for column, times in Counter(column for column in columns if column).items()
            if times > 1
        ]
        faults += [f"“{name}” is missing." for name in required if name not in columns]
        if faults:
            raise BusinessError(
                f"The header of {self.name} is not right. {' '.join(faults)} The columns are: {', '.join(known)}.",
                field="file",
            )
        return columns

    def _first_record(self) -> list[str]:
        while True:
            try:
                record = next(self._records, None)
            except csv.Error as error:
                self._require_commas()
                raise BusinessError(
                    f"The header of {self.name} is not right. {self._broken(error, 1)}", field="file"
                ) from error
            if record is None:
                raise BusinessError(f"{self.name} is empty.", field="file")
            given = [name.strip() for name in record]
            if any(given):
                break
        if any("\0" in name for name in given):
            raise BusinessError(f"{self.name} has NUL bytes in it: it is damaged, or not a text file.", field="file")
        self._require_commas()
        return [_CONTROL.sub(" ", name)[:60] for name in given]

    def _require_commas(self) -> None:
        if seen := other_delimiter(self._last_line):
            raise BusinessError(
                f"The values of {self.name} are separated by {seen}. Save it with commas.", field="file"
            )


def other_delimiter(header: str, delimiter: str = ",") -> str:
    """What separates the names in the line of a header, in words, where that is not `delimiter`; else nothing."""
    bare = _QUOTED.sub("", header)
    if not any(each in bare for each in DELIMITERS):
        bare = header  # the whole line is in quotes
    seen = max(DELIMITERS, key=lambda each: (bare.count(each), each == delimiter))
    return DELIMITERS[seen] if seen != delimiter and bare.count(seen) else ""


def content_of(path: str | Path) -> bytes:
    """All that is in a file, for those who need it more than once."""
    try:
        with _open(Path(path)) as opened:
            return opened.read()
    except OSError as error:
        raise _unreadable(Path(path), error) from error


def _open(path: Path) -> io.BufferedReader:
    try:
        return path.open("rb")
    except (OSError, ValueError) as error:  # ValueError: a NUL byte in the path
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> BusinessError:
    why = getattr(error, "strerror", None) or str(error)
    return BusinessError(f"{path} cannot be read: {why[0].lower()}{why[1:]}.", field="file")


def _suggestion(name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name.casefold(), [column.casefold() for column in known], n=1, cutoff=0.75)
    return next((f" Did you mean “{column}”?" for column in known if [column.casefold()] == close), "")
