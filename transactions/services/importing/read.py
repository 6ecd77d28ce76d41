"""Reading an export as its mapping says; what cannot be read is named with its line, and nothing is guessed."""

import csv
import datetime
import hashlib
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone
from djmoney.money import Money

from billing_admin.csv_files import cells
from billing_admin.csv_files.cells import quoted
from billing_admin.csv_files.rows import BadRow, other_delimiter
from billing_admin.csv_files.writing import as_it_was
from billing_admin.db.days import FIRST_YEAR
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import money_text, parse_amount
from transactions.models import PaymentFileMapping, PaymentMethod

# Our own format, for files that somebody makes for the import.
OWN_FORMAT = PaymentFileMapping(
    name="Billing Admin",
    date_column="Date",
    amount_column="Amount",
    currency_column="Currency",
    method_column="Method",
    id_column="Reference",
    invoice_column="Invoice",
    name_column="Name",
    text_column="Description",
    fees_column="Fees",
)
# The columns of our own format that a file may leave out.
_MAY_LACK = ("Reference", "Invoice", "Name", "Description", "Fees")

_COLUMNS = ("date", "amount", "currency", "method", "id", "invoice", "name", "text", "fees")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# Digits in groups of three, which only a format that says which sign is the decimal one makes readable.
_GROUPED = {
    False: re.compile(r"[-−]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", re.ASCII),
    True: re.compile(r"[-−]?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?", re.ASCII),
}
_FORMATS = {"": "%Y-%m-%d", "ymd": "%Y-%m-%d", "dmy": "%d.%m.%Y", "mdy": "%m/%d/%Y"}
LONGEST_TEXT, LONGEST_NAME, LONGEST_REFERENCE = 500, 300, 200


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A payment as the file has it.

    `reference` is the gateway's own id, unique per method; `payer_reference` is what the payer wrote, which may come
    again. `key` knows the row again in any file and by any format, `former_keys` what version 0.1.0 booked of it.
    """

    line: int
    on: datetime.date
    amount: Money
    fees: Money
    method: PaymentMethod
    reference: str
    invoice: str
    name: str
    text: str
    key: str
    payer_reference: str = ""
    account: str = ""
    former_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that is no payment, such as money that went out."""

    line: int
    reason: str


type ReadRow = PaymentRow | LeftOut | BadRow


def read_payments(name: str, content: bytes, mapping: PaymentFileMapping) -> list[ReadRow]:
    """The rows of an export, in their order.

    Raises BusinessError where the file as a whole is not what the mapping says.
    """
    records = _records(name, content, mapping)
    places = _places(name, records, mapping)
    methods = {method.name.casefold(): method for method in PaymentMethod.objects.all()}
    references: dict[tuple[int, str], int] = {}
    occurrences: Counter[str] = Counter()
    rows: list[ReadRow] = []
    for line, record in records:
        values = {column: _value(record, place) for column, place in places.items()}
        if mapping is OWN_FORMAT:
            values = {column: as_it_was(value) for column, value in values.items()}
        try:
            row = _row(line, values, mapping, methods, occurrences)
        except BusinessError as error:
            rows.append(BadRow(line, str(error)))
            continue
        if isinstance(row, PaymentRow) and row.reference:
            first = references.setdefault((row.method.pk, row.reference), line)
            if first != line:
                rows.append(BadRow(line, f"Reference {quoted(row.reference)} is on line {first} already."))
                continue
        rows.append(row)
    if not rows:
        raise BusinessError(f"{name} has a header and no rows: there is nothing to import.")
    return rows


def _records(name: str, content: bytes, mapping: PaymentFileMapping) -> Iterator[tuple[int, list[str]]]:
    """Each record that is not empty, with the line that it starts on."""
    if b"\0" in content:
        raise BusinessError(f"{name} has NUL bytes in it: it is no text file, or UTF-16. Export it as CSV.")
    try:
        text = content.decode(mapping.encoding if mapping.encoding == "cp1252" else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise BusinessError(
            f"Line {line} of {name} is not {mapping.get_encoding_display()} (byte 0x{content[error.start]:02X}). "
            "Choose the format whose character set it is in (on the page; --format NAME), or save it in that one."
        ) from error
    _require_delimiter(name, text, mapping)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mapping.delimiter or ",", strict=True)
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader, None)
        except csv.Error as error:
            raise BusinessError(f"{name}: the row on line {line} cannot be taken apart: {error}.") from error
        if record is None:
            return
        if any(value.strip() for value in record):
            yield line, record


def _require_delimiter(name: str, text: str, mapping: PaymentFileMapping) -> None:
    header = next((line for line in io.StringIO(text) if line.strip()), "")
    if seen := other_delimiter(header, mapping.delimiter or ","):
        raise BusinessError(
            f"The values of {name} are separated by {seen}; the format “{mapping.name}” reads others. Choose a format "
            "for such files (on the page; --format NAME), or make one with Add File Format."
        )


def _places(name: str, records: Iterator[tuple[int, list[str]]], mapping: PaymentFileMapping) -> dict[str, int]:
    """Where in a record each column of the mapping stands."""
    header: list[str] = next((record for _, record in records), [])
    names = [" ".join(value.split()).casefold() for value in header]
    places, missing = {}, []
    for column in _COLUMNS:
        wanted: str = getattr(mapping, f"{column}_column")
        if not wanted:
            continue
        found = [place for place, given in enumerate(names) if given == " ".join(wanted.split()).casefold()]
        if len(found) > 1:
            raise BusinessError(f"The header of {name} is not right: “{wanted}” is there {len(found)} times.")
        if found:
            places[column] = found[0]
        elif mapping is not OWN_FORMAT or wanted not in _MAY_LACK:
            missing.append(f"“{wanted}”")
    if missing:
        are = "is" if len(missing) == 1 else "are"
        there = ", ".join(" ".join(value.split())[:60] for value in header) or "none"
        raise BusinessError(
            f"{', '.join(missing)} {are} missing in the header of {name}. Its columns are: {there}. "
            f"The format “{mapping.name}” does not fit it: choose another (on the page; --format NAME), or make one "
            "with Add File Format."
        )
    return places


def _value(record: Sequence[str], place: int) -> str:
    return " ".join(record[place].split()) if place < len(record) else ""


def _row(
    line: int,
    values: dict[str, str],
    mapping: PaymentFileMapping,
    methods: dict[str, PaymentMethod],
    occurrences: Counter[str],
) -> PaymentRow | LeftOut:
    for column, value in values.items():
        if _CONTROL.search(value):
            raise BusinessError(f"The {column} has a control character in it.")
    currency = values.get("currency") or mapping.currency
    if not currency:
        raise BusinessError("The row has no currency, and its format names none.")
    cells.currency(currency)
    amount = Money(parse_amount(_plain(values["amount"], mapping), currency), currency)
    if amount.amount < 0:
        return LeftOut(line, f"{money_text(-amount)} went out; only money that came in is booked.")
    if amount.amount == 0:
        raise BusinessError(f"The amount is {money_text(amount)}; a payment is above zero.")
    fees_text = values.get("fees", "")
    fees = Money(parse_amount(_plain(fees_text, mapping), currency) if fees_text else Decimal(0), currency)
    if fees.amount < 0 or fees > amount:
        raise BusinessError(f"Fees of {money_text(fees)} do not fit a payment of {money_text(amount)}.")
    method = _method(values.get("method", ""), mapping, methods)
    reference = values.get("id", "")
    if len(reference) > LONGEST_REFERENCE:
        raise BusinessError(f"The reference has {len(reference):,} characters; {LONGEST_REFERENCE} fit.")
    on = _day(values["date"], mapping)
    invoice, name = values.get("invoice", "")[:LONGEST_TEXT], values.get("name", "")[:LONGEST_NAME]
    text = values.get("text", "")[:LONGEST_TEXT]
    content = _hash(method.pk, on, amount.amount, fees.amount, currency, invoice, name, text, reference)
    occurrences[content] += 1
    key = content if occurrences[content] == 1 else _hash("again", content, occurrences[content])
    return PaymentRow(line, on, amount, fees, method, reference, invoice, name, text, key)


def _plain(text: str, mapping: PaymentFileMapping) -> str:
    """The amount with a decimal point and without separators of thousands, as the mapping says that it is written."""
    point, group = (",", ".") if (mapping.decimal_sign == ",") else (".", ",")
    if _GROUPED[mapping.decimal_sign == ","].fullmatch(text):
        text = text.replace(group, "")
    elif (mapping.decimal_sign == ",") and "." in text:
        raise BusinessError(f"{quoted(text)} is not an amount of this format. Its decimals come after a comma.")
    return text.replace(point, ".")


def _method(text: str, mapping: PaymentFileMapping, methods: dict[str, PaymentMethod]) -> PaymentMethod:
    if text:
        if (method := methods.get(text.casefold())) is None:
            raise BusinessError(f"There is no payment method {quoted(text)}.")
        return method
    if mapping.payment_method is None:
        raise BusinessError("The row has no payment method, and its format names none.")
    return mapping.payment_method


def _day(text: str, mapping: PaymentFileMapping) -> datetime.date:
    try:
        if not text.isascii():
            raise ValueError
        day = datetime.datetime.strptime(text, _FORMATS[mapping.date_order]).date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        like = mapping.get_date_order_display()
        raise BusinessError(f"{quoted(text)} is not a date like {like}." if text else "The date is empty.") from None
    if day.year < FIRST_YEAR:
        raise BusinessError(f"{quoted(text)} is before {FIRST_YEAR}.")
    if day > timezone.localdate():
        raise BusinessError(f"{day:%-d %b %Y} is yet to come.")
    return day


def _hash(*parts: object) -> str:
    return hashlib.sha256(json.dumps([str(part) for part in parts]).encode()).hexdigest()
