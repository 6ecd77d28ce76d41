"""Reading an export as its format says; what cannot be read is named with its line, and nothing is guessed."""

import copy
import datetime
import re
from collections.abc import Callable
from decimal import Decimal

from django.utils import timezone
from djmoney.money import Money

from billing_admin.csv_files.amounts import CURRENCY_SIGNS, SignedAmount, read_amount
from billing_admin.csv_files.cells import quoted
from billing_admin.csv_files.dates import read_day
from billing_admin.csv_files.dialects import Record
from billing_admin.csv_files.open_questions import NeedsAnswer, date_order_of, decimal_sign_of_file
from billing_admin.csv_files.rows import BadRow
from billing_admin.csv_files.writing import as_it_was
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import minor_units, money_text
from billing_admin.money.currencies import CURRENCIES
from transactions.models import DateOrder, DecimalSign, PaymentFileMapping, PaymentMethod

from .former_keys import FormerNames, former_names
from .record_keys import RecordKeys
from .rows import LeftOut, PaymentRow, ReadFile, ReadRow
from .table import PaymentTable, open_table
from .what_counts import why_no_payment

# Our own format, for files that somebody makes for the import.
OWN_FORMAT = PaymentFileMapping(
    name="Billing Admin",
    date_order=DateOrder.YEAR_FIRST,
    decimal_sign=DecimalSign.POINT,
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

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
LONGEST_TEXT, LONGEST_NAME, LONGEST_REFERENCE, LONGEST_ACCOUNT = 500, 300, 200, 100


def answered(
    mapping: PaymentFileMapping,
    *,
    method: PaymentMethod | None = None,
    currency: str = "",
    date_order: str = "",
    decimal_sign: str = "",
) -> PaymentFileMapping:
    """The format with what was answered about one file; it is not saved."""
    told = copy.copy(mapping)
    told.payment_method = method or mapping.payment_method
    told.currency = currency or mapping.currency
    told.date_order = date_order or mapping.date_order
    told.decimal_sign = decimal_sign or mapping.decimal_sign
    return told


def method_question(why: str) -> NeedsAnswer:
    """How the money of a file came in, which neither it nor its format says."""
    methods = PaymentMethod.objects.filter(active=True).order_by("pk")
    return NeedsAnswer("payment_method", why, [(str(method.pk), method.name) for method in methods])


def read_payments(name: str, content: bytes, mapping: PaymentFileMapping) -> ReadFile:
    """The rows of an export.

    Raises BusinessError where the file as a whole is not what the format says, and NeedsAnswer where it can be read in
    two ways.
    """
    table = open_table(name, content, mapping)
    if mapping.payment_method is None and not mapping.method_column:
        raise method_question(f"The format “{mapping.name}” names no payment method.")
    told = answered(
        mapping,
        date_order=mapping.date_order or date_order_of(name, table.cells_of("date")),
        decimal_sign=mapping.decimal_sign
        or decimal_sign_of_file(name, table.cells_of("amount", "credit", "debit", "fees")),
    )
    read = ReadFile(encoding=table.decoded.encoding, lines_mended=table.decoded.lines_mended)
    keys = RecordKeys(content, table.decoded)
    reader = _Reader(table, told, read, former_names(content))
    lines: dict[tuple[int, str], int] = {}
    for record in table.rows():
        key = keys.of(record.line)
        row = reader.row(record, key) if isinstance(record, Record) else record
        if isinstance(row, PaymentRow) and row.reference:
            first = lines.setdefault((row.method.pk, row.reference), row.line)
            if first != row.line:
                hint = "" if row.id_is_sure else " Where payers write it, say in the format that it is theirs."
                row = BadRow(row.line, f"Reference {quoted(row.reference)} is on line {first} already.{hint}")
        read.rows.append(row)
    if not read.rows:
        raise BusinessError(f"{name} has a header and no rows: there is nothing to import.")
    return read


class _Reader:
    """Makes a row of each record of a table."""

    def __init__(
        self, table: PaymentTable, mapping: PaymentFileMapping, read: ReadFile, former: dict[int, FormerNames]
    ) -> None:
        self.table, self.mapping, self.read, self.former = table, mapping, read, former
        self.methods = {method.name.casefold(): method for method in PaymentMethod.objects.all()}
        self.amounts: dict[tuple[Decimal, str], Money] = {}

    def row(self, record: Record, key: str) -> ReadRow:
        try:
            return self._payment(record, lambda column: as_it_was(self.table.cell(record, column)), key)
        except BusinessError as error:
            return BadRow(record.line, str(error))

    def _payment(self, record: Record, cell: Callable[[str], str], key: str) -> PaymentRow | LeftOut:
        line, mapping = record.line, self.mapping
        if reason := why_no_payment(cell, mapping):
            return LeftOut(line, reason)
        if not any(map(cell, ("date", "amount", "credit", "debit"))):
            return LeftOut(line, "It has no date and no amount.")
        signed = self._signed(cell)
        currency = self._currency(cell, signed)
        amount = self._money(signed.value, currency, cell("amount") or cell("credit") or cell("debit"))
        if amount.amount <= 0:
            went = "The amount is zero." if not amount.amount else f"{money_text(-amount)} went out"
            return LeftOut(line, went if not amount.amount else f"{went}; only money that came in is booked.")
        fees = self._fees(cell, amount)
        reference = self._text(cell, "id", LONGEST_REFERENCE, whole=True)
        former = self.former.get(line, FormerNames())
        return PaymentRow(
            line=line,
            on=self._day(cell("date")),
            amount=amount,
            fees=fees,
            method=self._method(cell("method")),
            reference=reference,
            invoice=self._mended(line, cell, "invoice", LONGEST_TEXT),
            name=self._mended(line, cell, "name", LONGEST_NAME),
            text=self._mended(line, cell, "text", LONGEST_TEXT),
            key=key,
            payer_reference=self._mended(line, cell, "payer_reference", LONGEST_REFERENCE),
            account="".join(self._text(cell, "account", LONGEST_ACCOUNT).split()),
            former_keys=former.keys,
            former_references=former.references,
            id_is_sure=mapping.id_confirmed,
        )

    def _signed(self, cell: Callable[[str], str]) -> SignedAmount:
        """What came in, or with a minus went out."""
        if self.mapping.amount_column:
            return self._amount(cell, "amount")
        credit, debit = (self._amount(cell, column, empty=True) for column in ("credit", "debit"))
        if credit.value and debit.value:
            headers = self.table.headers
            raise BusinessError(f"{headers['credit']} and {headers['debit']} both have an amount.")
        return SignedAmount(-abs(debit.value), debit.currency) if debit.value else credit

    def _amount(self, cell: Callable[[str], str], column: str, *, empty: bool = False) -> SignedAmount:
        text = cell(column)
        if not text and empty:
            return SignedAmount(Decimal(0), "")
        sign = DecimalSign(self.mapping.decimal_sign or DecimalSign.POINT)
        return self._named(column, lambda: read_amount(text, decimal_sign="," if sign == DecimalSign.COMMA else "."))

    def _money(self, value: Decimal, currency: str, text: str) -> Money:
        places = minor_units(currency)
        if value != value.quantize(Decimal(1).scaleb(-places)):
            held = "no decimal places" if places == 0 else f"{places} decimal places"
            raise BusinessError(f"{currency} has {held}; {quoted(text)} has more.")
        exact = value.quantize(Decimal(1).scaleb(-places))
        # Most amounts come many times: a file of a hundred thousand rows keeps each once.
        return self.amounts.setdefault((exact, currency), Money(exact, currency))

    def _currency(self, cell: Callable[[str], str], signed: SignedAmount) -> str:
        """The currency of the column, of the format or beside the amount; two of these that differ are a fault."""
        text = cell("currency") or self.mapping.currency
        code = text.upper() if text.upper() in CURRENCIES else _of_sign(text)
        if not text:
            code = signed.currency if signed.currency in CURRENCIES else ""
            if not code:
                raise BusinessError("The row has no currency, and its format names none.")
        elif not code:
            raise BusinessError(f"{quoted(text)} is not a currency in use.")
        if not signed.may_be_in(code):
            raise BusinessError(f"The amount is in {signed.currency}, and the currency of the row is {code}.")
        return code

    def _fees(self, cell: Callable[[str], str], amount: Money) -> Money:
        currency = amount.currency.code
        signed = self._amount(cell, "fees", empty=True)
        if not signed.may_be_in(currency):
            raise BusinessError(f"The fees are in {signed.currency}, and the currency of the row is {currency}.")
        value = -signed.value + 0 if self.mapping.fees_negative else signed.value
        fees = self._money(value, currency, cell("fees"))
        if fees.amount < 0 and not self.mapping.fees_negative:
            raise BusinessError(f"Fees are {quoted(cell('fees'))}. Say in the format that fees have a minus, if so.")
        if fees.amount < 0 or fees > amount:
            raise BusinessError(f"Fees of {money_text(fees)} do not fit a payment of {money_text(amount)}.")
        return fees

    def _method(self, text: str) -> PaymentMethod:
        if not text and self.mapping.payment_method is not None:
            return self.mapping.payment_method
        if not text:
            raise BusinessError("The row has no payment method, and its format names none.")
        if (method := self.methods.get(" ".join(text.split()).casefold())) is None:
            raise BusinessError(f"There is no payment method {quoted(text)}.")
        return method

    def _day(self, text: str) -> datetime.date:
        order = DateOrder(self.mapping.date_order or DateOrder.YEAR_FIRST)
        day = self._named("date", lambda: read_day(text, order=order.value))  # type: ignore[arg-type]
        if day > timezone.localdate():
            raise BusinessError(f"{day:%-d %b %Y} ({quoted(text)}) is yet to come.")
        return day

    def _text(self, cell: Callable[[str], str], column: str, longest: int, *, whole: bool = False) -> str:
        text = " ".join(cell(column).split())
        if _CONTROL.search(text):
            raise BusinessError(f"{self.table.headers[column]} has a control character in it.")
        if whole and len(text) > longest:
            raise BusinessError(f"{self.table.headers[column]} has {len(text):,} characters; {longest:,} fit.")
        return text[:longest]

    def _mended(self, line: int, cell: Callable[[str], str], column: str, longest: int) -> str:
        return " ".join(self.read.mend(line, self._text(cell, column, 10 * longest)).split())[:longest]

    def _named[T](self, column: str, read: Callable[[], T]) -> T:
        """What is read of a column; what is wrong with it follows the name that the file has for it."""
        try:
            return read()
        except BusinessError as error:
            raise BusinessError(f"{self.table.headers[column]} {error}") from error


def _of_sign(text: str) -> str:
    """The currency that a sign stands for, if it is one alone."""
    codes = CURRENCY_SIGNS.get(text, set())
    return min(codes) if len(codes) == 1 else ""
