"""A CSV file that Stripe exported, read row by row: columns by the names that they have in any of its exports."""

import codecs
import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from billing_admin.csv_files.decoding import decode
from billing_admin.csv_files.dialects import Dialect, dialect_of
from billing_admin.csv_files.rows import LONGEST_LINE, NO_TEXT
from billing_admin.errors import BusinessError

_SAMPLE = 256 * 1024
_METADATA = " (metadata)"


class Export:
    """One file. `names` is column → the names that it may have in a header, in small letters; `required` must be there.

    `said` is what is in it: `customers`. Raises BusinessError for a file that is not one.
    """

    def __init__(
        self, path: Path, said: str, names: Mapping[str, tuple[str, ...]], required: tuple[tuple[str, ...], ...]
    ) -> None:
        self.path, self.name, self.said = path, path.name, said
        sample = self._sample()
        is_wide = sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        decoded = decode(sample[: len(sample) // 2 * 2] if is_wide else sample)
        self.encoding = "utf-16" if is_wide else "utf-8-sig" if decoded.encoding == "utf-8" else decoded.encoding
        self._dialect: Dialect = dialect_of(decoded.text)
        header = [name.strip() for name in next(self._records(), (0, []))[1]]
        known = {name.casefold(): place for place, name in reversed(list(enumerate(header)))}
        self.places = {
            column: next(known[each] for each in given if each in known)
            for column, given in names.items()
            if any(each in known for each in given)
        }
        for one_of in required:
            if not any(column in self.places for column in one_of):
                wanted = " or ".join(f"“{names[column][0]}”" for column in one_of)
                raise BusinessError(
                    f"{self.name} is no export of Stripe’s {said}: it has no column {wanted}. Nothing was read."
                )
        self._header = header
        self.metadata = {
            name.removesuffix(_METADATA): place for place, name in enumerate(header) if name.endswith(_METADATA)
        }
        self._width = len(header)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """The line that each row starts on, and its cells.

        Raises BusinessError for a row that is not as wide as the header.
        """
        records = self._records()
        next(records)
        for line, record in records:
            if len(record) != self._width:
                if not any(record):
                    continue
                raise self.wrong(line, f"has {len(record)} values, and the header {self._width} columns")
            yield line, record

    def cell(self, row: list[str], column: str) -> str:
        """What a row has there, '' where there is no such column."""
        place = self.places.get(column)
        return "" if place is None else row[place].strip()

    def row_name(self, column: str) -> str:
        """What the header calls a column."""
        return f"“{self._header[self.places[column]]}”" if column in self.places else column

    def wrong(self, line: int, why: str) -> BusinessError:
        """What is said of a row that cannot be taken."""
        return BusinessError(f"Line {line} of {self.name} {why}. Nothing was kept.")

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        errors = "replace" if self.encoding == "utf-8-sig" else "strict"
        with self._open() as binary, io.TextIOWrapper(binary, self.encoding, errors=errors, newline="") as text:
            for _ in range(self._dialect.header_at - 1):
                text.readline()
            quotes = {"quotechar": self._dialect.quotechar} if self._dialect.quotechar else {"quoting": csv.QUOTE_NONE}
            reader = csv.reader(text, delimiter=self._dialect.delimiter, strict=True, **quotes)
            line = 1
            try:
                for record in reader:
                    yield line + self._dialect.header_at - 1, record
                    line = reader.line_num + 1
            except csv.Error as error:
                raise self.wrong(line, f"cannot be taken apart ({error})") from error
            except UnicodeError as error:
                raise self.wrong(line, "is in another encoding than the lines before") from error

    def _sample(self) -> bytes:
        with self._open() as binary:
            sample = binary.read(_SAMPLE)
            if len(sample) == _SAMPLE:  # not in the middle of a character
                sample += binary.readline(LONGEST_LINE)
        for signature, what in NO_TEXT.items():
            if sample.startswith(signature):
                raise BusinessError(f"{self.name} {what}. Nothing was read.")
        if not sample.strip(codecs.BOM_UTF8 + b" \t\r\n"):
            raise BusinessError(f"{self.name} is empty. Nothing was read.")
        return sample

    def _open(self) -> io.BufferedReader:
        try:
            return self.path.open("rb")
        except OSError as error:
            raise BusinessError(f"{self.path} cannot be read: {error.strerror}. Nothing was read.") from error
