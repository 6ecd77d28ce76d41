"""What a value in a CSV file means. Each reader takes stripped text and returns the value or says why it is none.

A reader raises BusinessError with what follows the column's name in a sentence: `is empty.`
"""

import datetime
import re
from collections.abc import Callable
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Choices

from billing_admin.db.days import FIRST_YEAR, LAST_YEAR
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import minor_units, without_groups

_WHOLE_NUMBER = re.compile(r"[0-9]+", re.ASCII)
_DECIMAL = re.compile(r"(?P<whole>[0-9]+)(?:\.(?P<places>[0-9]+))?", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?", re.ASCII)


def quoted(text: str) -> str:
    """A value in typographic quotes, cut where it is long."""
    return f"“{text if len(text) <= 40 else text[:40] + '…'}”"


def text(*, longest: int, required: bool = False) -> Callable[[str], str]:
    """Text of at most `longest` characters."""

    def read(value: str) -> str:
        if required and not value:
            raise BusinessError("is empty.")
        if len(value) > longest:
            raise BusinessError(f"has {len(value):,} characters; {longest:,} fit.")
        return value

    return read


def client_number(value: str) -> int:
    """A client's number: digits only, above zero."""
    if not value:
        raise BusinessError("is empty.")
    if _WHOLE_NUMBER.fullmatch(value) is None:
        raise BusinessError(f"{quoted(value)} is not a number. Use digits only.")
    if not 0 < len(value.lstrip("0")) <= 12:
        raise BusinessError(f"{quoted(value)} is not a client's number: 1 to 12 digits, above zero.")
    return int(value.lstrip("0"))


def decimal(*, digits: int, places: int) -> Callable[[str], Decimal]:
    """A number without a sign, with at most so many digits before the point and so many places after it."""

    def read(value: str) -> Decimal:
        if not value:
            raise BusinessError("is empty.")
        match = _DECIMAL.fullmatch(number := without_groups(value))
        if match is None:
            raise BusinessError(f"{quoted(value)} is not a plain number. Use digits and a decimal point, as in 1.5.")
        if len(match["whole"].lstrip("0")) > digits:
            raise BusinessError(f"{quoted(value)} has more than {digits} digits before the decimal point.")
        if len((match["places"] or "").rstrip("0")) > places:
            raise BusinessError(f"{quoted(value)} has more than {places} decimal places.")
        return Decimal(number).quantize(Decimal(1).scaleb(-places))

    return read


def currency(value: str) -> str:
    """The code of a currency in use."""
    if not value:
        raise BusinessError("is empty.")
    try:
        minor_units(value)
    except BusinessError:
        raise BusinessError(f"{quoted(value)} is not a currency in use. Give an ISO code such as USD.") from None
    return value


def day(value: str) -> datetime.date:
    """A date as 2026-01-31, of a year that can be reckoned with."""
    try:
        if _DAY.fullmatch(value) is None:
            raise ValueError
        read = datetime.date.fromisoformat(value)
    except ValueError:
        raise BusinessError(
            f"{quoted(value)} is not a date. Write it as 2026-01-31." if value else "is empty."
        ) from None
    if read.year < FIRST_YEAR:
        raise BusinessError(f"{value} is before {FIRST_YEAR}.")
    if read.year > LAST_YEAR:
        raise BusinessError(f"{value} is after {LAST_YEAR}.")
    return read


def choice(choices: type[Choices]) -> Callable[[str], str]:
    """The code of a choice, given as its code or its label in any case."""
    by_name = {str(name).casefold(): member.value for member in choices for name in (member.value, member.label)}

    def read(value: str) -> str:
        try:
            return str(by_name[value.casefold()])
        except KeyError:
            labels = ", ".join(str(label) for label in choices.labels)
            raise BusinessError(f"{quoted(value)} is none of: {labels}.") from None

    return read


def yes_no(value: str) -> bool:
    """Yes or No."""
    try:
        return {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}[value.casefold()]
    except KeyError:
        raise BusinessError(f"{quoted(value)} is neither Yes nor No.") from None


def email(value: str) -> str:
    """One e-mail address, or nothing."""
    if not value:
        return ""
    try:
        validate_email(value)
    except ValidationError:
        raise BusinessError(f"{quoted(value)} is not an e-mail address.") from None
    return text(longest=254)(value)


def language(value: str) -> str:
    """A language code as `de` or `pt-br`, or nothing."""
    if value and _LANGUAGE.fullmatch(value) is None:
        raise BusinessError(f"{quoted(value)} is not a language. Give a code such as en or pt-br.")
    return value
