"""Reading another system's file as its mapping says: told by looking, asked where it is left open, never guessed."""

import datetime
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import Any

from djmoney.money import Money

from billing_admin.csv_files.amounts import DecimalSign
from billing_admin.csv_files.cells import quoted
from billing_admin.csv_files.dates import DateOrder, read_day
from billing_admin.csv_files.decoding import decode
from billing_admin.csv_files.dialects import Record, dialect_of, records
from billing_admin.csv_files.imports import Import, Progress
from billing_admin.csv_files.open_questions import NeedsAnswer, date_order_of, decimal_sign_of_file
from billing_admin.csv_files.packed import Packed
from billing_admin.csv_files.rows import BadRow
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import money_text
from clients.models import ClientFileMapping, CustomField

from . import cells
from .columns import ANY_NAME, CREDIT, EXTERNAL_ID, FIELDS, NAMES, columns_of_fields, faults_between, reader_of
from .questions import Answers, Change, Reading

LONGEST_ID = 200
_ROWS_BETWEEN_LOOKS = 1_000


@dataclass(frozen=True, slots=True)
class Table:
    """A file taken apart: its columns, and its records after the header."""

    name: str
    columns: list[str]
    records: Packed[Record | BadRow]


def folded(column: str) -> str:
    """The name of a column as it is compared: case, spaces and an underscore in their place do not matter."""
    return " ".join(column.replace("_", " ").split()).casefold()


def open_table(name: str, content: bytes) -> Table:
    """Take a file apart, whatever its encoding and its separator are.

    Raises BusinessError where it is no text, or has no rows.
    """
    decoded = decode(content)
    found = records(decoded.text, dialect_of(decoded.text))
    header = next(found, None)
    if header is None:
        raise BusinessError(f"{name} is empty.", field="file")
    if isinstance(header, BadRow):
        raise BusinessError(f"The header of {name} is not right. {header.reason}", field="file")
    below = Packed(found)
    if not below:
        raise BusinessError(f"{name} has a header and no rows: there is nothing to import.", field="file")
    columns = [" ".join(cells.mended(column)[0].lstrip("\ufeff").split())[:100] for column in header.cells]
    return Table(name, columns, below)


class MappedFile:
    """A file with the mapping that reads it; iterate `rows` for (line, values by field), every value ready to store."""

    def __init__(self, table: Table, mapping: ClientFileMapping, answers: Answers) -> None:
        self.table = table
        self.currency = answers.currency or mapping.currency
        self.reading = Reading(mapping.source)
        self.fields = {field.field_name: field for field in columns_of_fields().values()}
        self.places = self._places(mapping)
        self.signs = cells.Signs(self._date_order(answers), self._decimal_sign(answers))
        self.readers = {name: reader_of(field, self._field_day) for name, field in self.fields.items()}
        if "Currency" not in self.places and not self.currency:
            raise NeedsAnswer("currency", f"{table.name} does not say in which currency its clients are billed.")

    def rows(self, run: Import, progress: Progress) -> Iterator[tuple[int, dict[str, Any]]]:
        """The rows that are good in themselves; the others are added to the import's bad rows."""
        ids: dict[str, int] = {}
        total = len(self.table.records)
        for record in self.table.records:
            run.rows += 1
            if run.rows % _ROWS_BETWEEN_LOOKS == 0:
                progress(f"Reading {self.table.name}", run.rows, total)
            if isinstance(record, BadRow):
                run.bad.add(record)
                continue
            values, faults = self._read(record)
            external_id = values.get(EXTERNAL_ID)
            if external_id and (first := ids.setdefault(external_id, record.line)) != record.line:
                faults.append(f"The id {quoted(external_id)} is on line {first} already.")
            if faults:
                run.bad.add(BadRow(record.line, " ".join(faults)))
            else:
                yield record.line, values
        progress(f"Reading {self.table.name}", total, total)

    def _places(self, mapping: ClientFileMapping) -> dict[str, list[int]]:
        """Field → where in a record its columns stand, in the order of the file."""
        fields = {folded(field.name): name for name, field in self.fields.items()}
        fields |= {folded(column): field for column, field in mapping.columns.items()}
        places: dict[str, list[int]] = {}
        times = Counter(map(folded, self.table.columns))
        for place, column in enumerate(self.table.columns):
            if (field := fields.get(folded(column))) in (*FIELDS, *self.fields):
                if times[folded(column)] > 1:
                    raise BusinessError(
                        f"The header of {self.table.name} is not right: “{column}” is there {times[folded(column)]} "
                        "times.",
                        field="file",
                    )
                places.setdefault(field, []).append(place)
            elif column:
                self.reading.not_taken.append(column)
        there = {folded(column) for column in self.table.columns}
        self.reading.lacking = [column for column in mapping.columns if folded(column) not in there]
        ids = [field for field in (EXTERNAL_ID, "Client ID") if field in mapping.columns.values()]
        missing = [field for field in ids if field not in places]
        if missing or not {*NAMES, ANY_NAME, "Email Address"} & places.keys():
            what = ", ".join(missing) or "a name or an e-mail address"
            raise BusinessError(
                f"The mapping “{mapping.name}” does not fit {self.table.name}: it finds no column for {what}. Its "
                f"columns are: {', '.join(column for column in self.table.columns if column)}.",
                field="file",
            )
        return places

    def _date_order(self, answers: Answers) -> DateOrder:
        days = ["Creation Date", *(name for name, field in self.fields.items() if field.kind == CustomField.Kind.DATE)]
        return answers.date_order or date_order_of(self.table.name, chain.from_iterable(map(self._values, days)))

    def _decimal_sign(self, answers: Answers) -> DecimalSign:
        return answers.decimal_sign or decimal_sign_of_file(self.table.name, self._values(CREDIT))

    def _values(self, field: str) -> Iterator[tuple[int, str]]:
        """What stands in the columns of a field, where anything does, with its line."""
        for place in self.places.get(field, []):
            for record in self.table.records:
                if isinstance(record, Record) and place < len(record.cells):
                    value = record.cells[place].strip()
                    if value and not cells.is_no_day(value):
                        yield record.line, value

    def _read(self, record: Record) -> tuple[dict[str, Any], list[str]]:
        """The values by field and what is wrong with them."""
        extra = record.cells[len(self.table.columns) :]
        if len(record.cells) < len(self.table.columns) or any(cell.strip() for cell in extra):
            return {}, [f"The row has {len(record.cells)} values and the header {len(self.table.columns)} columns."]
        values: dict[str, Any] = {}
        faults: list[str] = []
        given: dict[str, tuple[str, str]] = {}
        for field in (*FIELDS, *self.fields):
            if field in self.places:
                given[field] = self._first(record, self.places[field])
        for field, (column, text) in given.items():
            if field in (EXTERNAL_ID, ANY_NAME, CREDIT):
                continue
            try:
                if field in self.readers:
                    values[field], why = self.readers[field]("" if cells.is_no_day(text) else text), ""
                else:
                    values[field], why = cells.read(field, text, self.signs)
            except BusinessError as error:
                faults.append(f"{column} {error}")
            else:
                if why:
                    self.reading.changes.append(Change(record.line, column, text, str(values[field]), why))
        if not values.get("Currency") and not any(
            fault.startswith(given.get("Currency", ("?",))[0]) for fault in faults
        ):
            values["Currency"] = self.currency
            if not self.currency:
                faults.append("The row names no currency, and neither does the mapping.")
        self._name(record.line, values, given, faults)
        self._id(values, given, faults)
        self._credit(record.line, values, given, faults)
        faults += faults_between(values)
        return values, faults

    def _field_day(self, text: str) -> datetime.date:
        return read_day(text, order=self.signs.date_order)

    def _first(self, record: Record, places: Sequence[int]) -> tuple[str, str]:
        """The column and text of the first of these places that is not empty."""
        for place in places:
            text, why = cells.mended(record.cells[place])
            if text:
                column = self.table.columns[place]
                if why:
                    self.reading.changes.append(Change(record.line, column, record.cells[place].strip(), text, why))
                return column, text
        return self.table.columns[places[0]], ""

    def _name(self, line: int, values: dict[str, Any], given: dict[str, tuple[str, str]], faults: list[str]) -> None:
        """A client without a name gets the one that is there for that, else its e-mail address."""
        if any(values.get(name) for name in NAMES) or any(given.get(name, ("", ""))[1] for name in NAMES):
            return
        if other := given.get(ANY_NAME, ("", ""))[1]:
            try:
                values["Company Name"], _ = cells.read("Company Name", other, self.signs)
            except BusinessError as error:
                faults.append(f"{given[ANY_NAME][0]} {error}")
        elif email := values.get("Email Address"):
            values["Company Name"] = email[:200]
            self.reading.changes.append(Change(line, "Company Name", "", email[:200], "no name in the row"))
        else:
            faults.append("The client has no name and no e-mail address.")

    def _id(self, values: dict[str, Any], given: dict[str, tuple[str, str]], faults: list[str]) -> None:
        """What the client is called there: its id; in a system that writes none, its name and address."""
        if EXTERNAL_ID not in given:
            if "Client ID" not in given:
                name = " ".join(filter(None, (values.get(name) for name in NAMES)))
                values[EXTERNAL_ID] = f"{name} <{values.get('Email Address', '')}>"[:LONGEST_ID]
            return
        column, text = given[EXTERNAL_ID]
        if not text:
            faults.append(f"{column} is empty.")
        elif len(text) > LONGEST_ID:
            faults.append(f"{column} has {len(text):,} characters; {LONGEST_ID} fit.")
        values[EXTERNAL_ID] = text

    def _credit(self, line: int, values: dict[str, Any], given: dict[str, tuple[str, str]], faults: list[str]) -> None:
        """Credit in the row's currency; what is below zero is listed and goes nowhere."""
        values[CREDIT] = None
        if CREDIT not in given or not values.get("Currency"):
            return
        column, text = given[CREDIT]
        try:
            amount: Decimal | None = cells.credit(text, values["Currency"], self.signs)
        except BusinessError as error:
            faults.append(f"{column} {error}")
            return
        if amount and amount < 0:
            self.reading.owed.append(f"Line {line}: {money_text(Money(amount, values['Currency']))}")
        elif amount:
            values[CREDIT] = amount
