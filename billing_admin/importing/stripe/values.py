"""Cells of an export: amounts, moments, days."""

import datetime
import re
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils import timezone

from billing_admin.csv_files.amounts import read_amount
from billing_admin.errors import BusinessError
from billing_admin.importing.table import NULL
from billing_admin.importing.texts import mend
from billing_admin.money.amounts import minor_units
from billing_admin.money.currencies import CURRENCIES

from .export import Export

MINOR, MAJOR = "minor", "major"
_PLAIN = re.compile(r"-?[0-9]{1,14}(?:\.[0-9]{1,6})?", re.ASCII).fullmatch
_SECONDS = re.compile(r"[0-9]{9,11}", re.ASCII).fullmatch


@dataclass
class Cells:
    """The cells of one row, with what was changed in them. `units` is what its amounts are counted in."""

    export: Export
    line: int
    row: list[str]
    units: str = MAJOR
    changes: list[str] = field(default_factory=list)

    def raw(self, column: str) -> str:
        """As it stands, without blanks around it."""
        return self.export.cell(self.row, column)

    def text(self, column: str, said: str, *, one_line: bool = True) -> str:
        """As it was meant."""
        return mend(self.raw(column).encode(), said, self.changes, one_line=one_line)

    def currency(self, column: str = "currency") -> str:
        """A code in capitals."""
        return self.raw(column).upper()

    def amount(self, column: str, currency: str) -> Decimal:
        """An amount of that currency; nothing is zero.

        Raises BusinessError where it is none: it is not guessed.
        """
        value = number(self.raw(column))
        if value is None:
            name = self.export.row_name(column)
            raise self.export.wrong(self.line, f"has “{self.raw(column)[:40]}” as {name}, which is no amount")
        return in_major(value, currency) if self.units == MINOR else value

    def moment(self, column: str, said: str) -> datetime.datetime | None:
        """A moment; without a zone it is UTC, as the names of the columns say."""
        if not (told := self.raw(column)):
            return None
        try:
            if _SECONDS(told):
                return datetime.datetime.fromtimestamp(int(told), datetime.UTC)
            found = datetime.datetime.fromisoformat(told.removesuffix(" UTC"))
        except (ValueError, OverflowError, OSError):
            self.changes.append(f"{said}: “{told[:40]}” is no date and was left empty")
            return None
        return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)


def number(told: str) -> Decimal | None:
    """The number in a cell, 0 for nothing; None where there is none that can be read."""
    if _PLAIN(told):
        return Decimal(told)
    if not told:
        return Decimal(0)
    try:
        return read_amount(told, decimal_sign=".").value
    except BusinessError:
        return None


def in_major(value: Decimal, currency: str) -> Decimal:
    """An amount that is counted in the smallest unit of its currency: 1200 are 12.00 USD, and 1200 JPY."""
    return value.scaleb(-minor_units(currency)) if currency in CURRENCIES else value


def day_of(moment: datetime.datetime | None) -> str:
    """Its day where this installation is, as COPY reads it."""
    return NULL if moment is None else timezone.localtime(moment).date().isoformat()


def as_copied(moment: datetime.datetime | None) -> str:
    """A moment as COPY reads it."""
    return NULL if moment is None else moment.isoformat()
