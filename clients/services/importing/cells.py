"""The cells of another system's file: each as what it means here, with a word where that is not what stands there."""

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from djmoney.money import Money

from billing_admin.countries import find_country, meant_country
from billing_admin.csv_files import cells
from billing_admin.csv_files.amounts import DecimalSign, read_amount
from billing_admin.csv_files.cells import quoted
from billing_admin.csv_files.dates import DateOrder, read_day
from billing_admin.csv_files.decoding import mend_cell
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import require_places
from billing_admin.money.currencies import CURRENCIES
from clients.models import Client

from .columns import COLUMNS, require_past

_READ = {column.name: column for column in COLUMNS}
_BREAKS = re.compile(r"\s*[\r\n\x0b\x0c\x85\u2028\u2029]+\s*")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
# What databases write where there is no date.
_NO_DAY = re.compile(r"0000-00-00( 00:00:00)?")
# Statuses of other systems by ours.
_STATUSES = {
    "suspended": Client.Status.INACTIVE, "disabled": Client.Status.INACTIVE,
    "canceled": Client.Status.CLOSED, "cancelled": Client.Status.CLOSED, "archived": Client.Status.CLOSED,
    "deleted": Client.Status.CLOSED,
}  # fmt: skip
_SWITCHES = {"on": True, "off": False}


@dataclass(frozen=True)
class Signs:
    """How the file writes dates and amounts."""

    date_order: DateOrder
    decimal_sign: DecimalSign


def mended(text: str) -> tuple[str, str]:
    """The text of a cell without what garbled it on its way, and what that was ("" for nothing)."""
    stripped = text.strip()
    meant = mend_cell(stripped)
    value = _BREAKS.sub(", ", meant.strip())
    if meant != stripped:
        return " ".join(value.split()), "garbled text"
    return " ".join(value.split()), "line breaks" if _BREAKS.search(stripped) else ""


def is_no_day(text: str) -> bool:
    """Whether a cell of dates says that there is none."""
    return not text or _NO_DAY.fullmatch(text) is not None


def read(field: str, text: str, signs: Signs) -> tuple[Any, str]:
    """The value of a cell of one of our columns, and why it is another than the cell says ("" where it is not).

    Raises BusinessError that follows the column's name.
    """
    if match := _CONTROL.search(text):
        raise BusinessError(f"has the control character U+{ord(match[0]):04X} in it.")
    match field:
        case "Country":
            return _country(text)
        case "Currency":
            return (_currency(text) if text else ""), ""
        case "Creation Date":
            return _day(text, signs), ""
        case "Status" if text.casefold() in _STATUSES:
            return _STATUSES[text.casefold()].value, ""
        case "Tax Exempt" if text.casefold() in _SWITCHES:
            return _SWITCHES[text.casefold()], ""
    column = _READ[field]
    return (None if column.empty_is_none and not text else column.read(text)), ""


def credit(text: str, currency: str, signs: Signs) -> Decimal | None:
    """An amount of credit in the currency of its row, below zero too; None where there is none."""
    if not text:
        return None
    amount = read_amount(text, decimal_sign=signs.decimal_sign)
    if not amount.may_be_in(currency):
        raise BusinessError(f"{quoted(text)} is not in {currency}, the currency of the row.")
    try:
        require_places(Money(amount.value, currency))
    except BusinessError as error:
        raise BusinessError(f"{quoted(text)}: {error}") from None
    return amount.value or None


def _country(text: str) -> tuple[str, str]:
    try:
        return find_country(text), ""
    except BusinessError:
        if not (meant := meant_country(text)):
            raise BusinessError(f"{quoted(text)} is not the code or name of a country.") from None
        return meant, "no code or name of the list"


def _currency(text: str) -> str:
    return text.upper() if text.upper() in CURRENCIES else cells.currency(text)


def _day(text: str, signs: Signs) -> datetime.date | None:
    return None if is_no_day(text) else require_past(text, read_day(text, order=signs.date_order))
