"""An export as a table: told by looking how it is written and where its header stands, then its records one by one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from billing_admin.csv_files.decoding import Decoded, decode
from billing_admin.csv_files.dialects import Dialect, Record, dialect_of, records
from billing_admin.csv_files.rows import DELIMITERS, BadRow
from billing_admin.errors import BusinessError
from billing_admin.text import pluralize
from transactions.models import PaymentFileMapping

COLUMNS = ("date", "amount", "credit", "debit", "direction", "status", "type", "currency", "method", "id",
           "payer_reference", "invoice", "name", "account", "text", "fees")  # fmt: skip
# What a file may be without where its format is a ready one: these columns say nothing of what a payment is.
_MAY_LACK = frozenset({"id", "payer_reference", "invoice", "name", "account", "text", "fees"})
# So many records are looked at for the header.
_HEADER_WITHIN = 100


@dataclass(frozen=True)
class PaymentTable:
    """The text of a file, how it is written, and where in a record each column of the format stands."""

    name: str
    decoded: Decoded
    dialect: Dialect
    places: dict[str, int]
    headers: dict[str, str]
    width: int
    lines_at_end: int

    def rows(self) -> Iterator[Record | BadRow]:
        """The records below the header, without the last ones that the format leaves out."""
        found = records(self.decoded.text, self.dialect)
        next(found, None)
        held: list[Record | BadRow] = []
        for record in found:
            held.append(self._within(record))
            if len(held) > self.lines_at_end:
                yield held.pop(0)

    def _within(self, record: Record | BadRow) -> Record | BadRow:
        """A row with more values than the header has columns is bad: one may have been cut in two, and others moved."""
        if isinstance(record, BadRow) or not any(map(str.strip, record.cells[self.width :])):
            return record
        values, columns = pluralize(len(record.cells), "value"), pluralize(self.width, "column")
        return BadRow(record.line, f"The row has {values} and the header {columns}. Is a value not in quotes?")

    def cells_of(self, *columns: str) -> Iterator[tuple[int, str]]:
        """The cells of these columns that have something in them, with their lines."""
        for record in self.rows():
            if isinstance(record, Record):
                for column in columns:
                    if text := self.cell(record, column):
                        yield record.line, text

    def cell(self, record: Record, column: str) -> str:
        """A value as it stands in the file, without the blanks around it; empty where there is none."""
        place = self.places.get(column)
        return record.cells[place].strip() if place is not None and place < len(record.cells) else ""


def open_table(name: str, content: bytes, mapping: PaymentFileMapping) -> PaymentTable:
    """Find the columns of a format in a file.

    Raises BusinessError where it is no text or has not these columns.
    """
    decoded = decode(content)
    if mapping.encoding not in ("", "utf-8") and not decoded.encoding.startswith("utf"):
        decoded = decode(content, mapping.encoding)
    text = decoded.text
    looked = dialect_of(text)
    delimiters = list(dict.fromkeys(filter(None, (mapping.delimiter, looked.delimiter, *DELIMITERS))))
    faults: dict[str, str] = {}
    for delimiter in delimiters:
        dialect = dialect_of(text, delimiter=delimiter)
        header, faults[delimiter] = _header(name, text, dialect, mapping)
        if header is not None:
            places = _places(header.cells, mapping)
            headers = {column: " ".join(header.cells[place].split()) for column, place in places.items()}
            found = Dialect(dialect.delimiter, dialect.quotechar, header.line)
            return PaymentTable(name, decoded, found, places, headers, len(header.cells), mapping.lines_at_end)
    raise BusinessError(faults[looked.delimiter])


def _header(name: str, text: str, dialect: Dialect, mapping: PaymentFileMapping) -> tuple[Record | None, str]:
    """The record that has all columns of the format; else what is wrong with the one that looks like a header."""
    fixed = mapping.lines_before_header
    first = Dialect(dialect.delimiter, dialect.quotechar, 1 if fixed is None else fixed + 1)
    fault = f"{name} is empty."
    for number, record in enumerate(islice(records(text, first), _HEADER_WITHIN if fixed is None else 1)):
        if not isinstance(record, Record):
            continue
        if not (wrong := _faults(name, record.cells, mapping)):
            return record, ""
        if number == 0 or record.line == dialect.header_at:
            fault = wrong
    return None, fault


def _faults(name: str, header: Sequence[str], mapping: PaymentFileMapping) -> str:
    folded = [_folded(each) for each in header]
    missing = []
    for column in COLUMNS:
        wanted: str = getattr(mapping, f"{column}_column")
        times = folded.count(_folded(wanted)) if wanted else 1
        if times > 1:
            return f"The header of {name} is not right: “{wanted}” is there {times} times."
        if not times and (not mapping._state.adding or column not in _MAY_LACK):
            missing.append(f"“{wanted}”")
    if not missing:
        return ""
    there = ", ".join(" ".join(value.split())[:60] for value in header) or "none"
    return (
        f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing in the header of {name}. Its columns "
        f"are: {there}. The format “{mapping.name}” does not fit it: choose another (on the page; --format NAME), or "
        "make one with Add File Format."
    )


def _places(header: Sequence[str], mapping: PaymentFileMapping) -> dict[str, int]:
    folded = [_folded(each) for each in header]
    wanted = {column: _folded(getattr(mapping, f"{column}_column")) for column in COLUMNS}
    return {column: folded.index(name) for column, name in wanted.items() if name and name in folded}


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
