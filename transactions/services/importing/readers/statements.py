"""Statements that say themselves what their fields are: which kind a file is, and its bookings as rows."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone
from djmoney.money import Money

from billing_admin.csv_files.cells import quoted
from billing_admin.csv_files.decoding import decode
from billing_admin.csv_files.rows import BadRow
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import WHOLE_DIGITS, minor_units, money_text
from billing_admin.money.currencies import CURRENCIES
from transactions.models import PaymentFileMapping, PaymentMethod
from transactions.services.importing.read import (
    LONGEST_ACCOUNT,
    LONGEST_NAME,
    LONGEST_REFERENCE,
    LONGEST_TEXT,
    method_question,
)
from transactions.services.importing.record_keys import key_of
from transactions.services.importing.rows import LeftOut, PaymentRow, ReadFile, ReadRow

from .camt import camt_entries
from .entry import Entry
from .mt940 import is_mt940, mt940_entries
from .ofx import is_ofx, ofx_entries

_START = 8_000


@dataclass(frozen=True)
class Statement:
    """A kind of statement, and what reads its bookings."""

    code: str
    name: str
    entries: Callable[[bytes], Iterator[Entry]]

    def mapping(self) -> PaymentFileMapping:
        """The format that stands for it, not saved: it has a name, and a payment method when that is known."""
        return PaymentFileMapping(name=self.name)


STATEMENTS = {
    statement.code: statement
    for statement in (
        Statement("camt", "CAMT.053 statement", camt_entries),
        Statement("mt940", "MT940 statement", mt940_entries),
        Statement("ofx", "OFX statement", ofx_entries),
    )
}


def statement_of(content: bytes) -> Statement | None:
    """The kind of statement that a file is, told by how it begins; None for what is to be read as a table."""
    try:
        start = decode(content[: _START + _START % 2]).text if not content.startswith(_NO_STATEMENT) else ""
    except BusinessError:
        start = content[:_START].replace(b"\0", b"").decode("latin-1")
    start = start.lstrip("\ufeff \t\r\n")
    if is_ofx(start):
        return STATEMENTS["ofx"]
    if start.startswith("<"):
        return STATEMENTS["camt"]
    return STATEMENTS["mt940"] if is_mt940(start) else None


_NO_STATEMENT = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b")


def read_statement(name: str, content: bytes, statement: Statement, method: PaymentMethod | None) -> ReadFile:
    """The rows of a statement. An id of the bank counts where none comes twice in the file.

    Raises BusinessError where it cannot be read as a whole, and NeedsAnswer where nobody said how its money comes in.
    """
    read = ReadFile()
    entries = list(statement.entries(content))
    if not entries:
        raise BusinessError(f"{name} has no bookings: there is nothing to import.")
    if method is None:
        raise method_question(f"A {statement.name} names no payment method.")
    ids = Counter(entry.bank_id for entry in entries if entry.bank_id)
    unique = max(ids.values(), default=0) == 1
    seen: Counter[bytes] = Counter()
    for entry in entries:
        read.rows.append(_row(entry, key_of(entry.raw, seen), method, read, id_counts=unique))
    return read


def _row(entry: Entry, key: str, method: PaymentMethod, read: ReadFile, *, id_counts: bool) -> ReadRow:
    line = entry.line
    if entry.left_out:
        return LeftOut(line, entry.left_out)
    try:
        if entry.fault:
            raise BusinessError(entry.fault)
        amount = _money(entry.amount, entry.currency)
        if not amount.amount:
            return LeftOut(line, "The amount is zero.")
        if amount.amount < 0:
            return LeftOut(line, f"{money_text(-amount)} went out; only money that came in is booked.")
        if entry.on is None:
            raise BusinessError("It has no date.")
        if entry.on > timezone.localdate():
            raise BusinessError(f"{entry.on:%-d %b %Y} is yet to come.")
        if len(entry.bank_id) > LONGEST_REFERENCE:
            raise BusinessError(f"Its id has {len(entry.bank_id):,} characters; {LONGEST_REFERENCE:,} fit.")
    except BusinessError as error:
        return BadRow(line, str(error))

    def mended(text: str, longest: int) -> str:
        return " ".join(read.mend(line, " ".join(text.split())[: 10 * longest]).split())[:longest]

    return PaymentRow(
        line=line,
        on=entry.on,
        amount=amount,
        fees=Money(0, amount.currency),
        method=method,
        reference=entry.bank_id if id_counts else "",
        invoice=mended(entry.invoice, LONGEST_TEXT),
        name=mended(entry.name, LONGEST_NAME),
        text=mended(entry.text, LONGEST_TEXT),
        key=key,
        payer_reference=mended(entry.payer_reference, LONGEST_REFERENCE),
        account=entry.account[:LONGEST_ACCOUNT],
    )


def _money(value: Decimal, currency: str) -> Money:
    if currency not in CURRENCIES:
        raise BusinessError(f"{quoted(currency)} is not a currency in use." if currency else "It has no currency.")
    if value.adjusted() >= WHOLE_DIGITS:
        raise BusinessError(f"The amount {value} is larger than can be booked.")
    places = minor_units(currency)
    exact = value.quantize(Decimal(1).scaleb(-places))
    if exact != value:
        raise BusinessError(f"{currency} has {places or 'no'} decimal places; {value} has more.")
    return Money(exact, currency)
