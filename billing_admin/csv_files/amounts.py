"""Amounts as other systems write them: with signs, currencies and groups. For files; forms take plain ones only.

Whether a comma or a point is the decimal sign is told by a whole column, never by one cell: `1,234` is two numbers.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from billing_admin.errors import BusinessError
from billing_admin.money.amounts import WHOLE_DIGITS
from billing_admin.money.currencies import CURRENCIES

from .cells import quoted

DecimalSign = Literal[".", ","]

# What each sign may stand for. One of several currencies may contradict what is known, and decides nothing.
CURRENCY_SIGNS = {
    "€": {"EUR"}, "£": {"GBP", "GIP", "FKP", "SHP", "EGP"}, "R$": {"BRL"}, "US$": {"USD"}, "A$": {"AUD"}, "C$": {"CAD"},
    "CA$": {"CAD"}, "AU$": {"AUD"}, "NZ$": {"NZD"}, "HK$": {"HKD"}, "S$": {"SGD"}, "MX$": {"MXN"},
    "$": {"USD", "CAD", "AUD", "NZD", "HKD", "SGD", "MXN", "CLP", "COP", "ARS", "UYU", "TWD", "BSD", "BBD", "BMD",
          "BND", "BZD", "FJD", "GYD", "JMD", "KYD", "LRD", "NAD", "SBD", "SRD", "TTD", "XCD", "DOP", "CUP", "CVE"},
    "¥": {"JPY", "CNY"}, "￥": {"JPY", "CNY"}, "kr": {"SEK", "NOK", "DKK", "ISK"}, "kr.": {"SEK", "NOK", "DKK", "ISK"},
    "zł": {"PLN"}, "Kč": {"CZK"}, "Ft": {"HUF"}, "lei": {"RON", "MDL"}, "Fr.": {"CHF"}, "SFr.": {"CHF"}, "R": {"ZAR"},
    "Rs.": {"INR", "PKR", "LKR", "NPR", "MUR"}, "Rs": {"INR", "PKR", "LKR", "NPR", "MUR"}, "₹": {"INR"}, "₽": {"RUB"},
    "₺": {"TRY"}, "₴": {"UAH"}, "₪": {"ILS"}, "₩": {"KRW", "KPW"}, "฿": {"THB"}, "₫": {"VND"}, "₦": {"NGN"},
    "₱": {"PHP"},
}  # fmt: skip

_LONGEST = 60
_BLANK = re.compile(r"\s+")
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ´`", "'"))
_SIGNS = "|".join(re.escape(sign) for sign in sorted(CURRENCY_SIGNS, key=len, reverse=True))
_TOKEN = re.compile(
    r"(?P<w>(?:cr|dr)(?![^\W\d_]))"
    rf"|(?P<c>[a-z]{{3}}(?![^\W\d_])|(?:{_SIGNS})(?![^\W\d_]))"
    r"|(?P<n>[.,]?[0-9]+(?:[.,' ][0-9]+)*)"
    r"|(?P<s>[+\-−–])|(?P<open>\()|(?P<close>\))|(?P<blank> )",
    re.ASCII | re.IGNORECASE,
)
_LETTERS = {"w": "w", "c": "c", "n": "n", "s": "s", "open": "(", "close": ")", "blank": ""}
_SHAPE = re.compile(r"(?:s?c?|cs)n(?:c?w?|wc|c?s|sc)|c?\(c?nc?\)c?")
_GROUPED = re.compile(
    r"[0-9]+|[1-9][0-9]{0,2}(?P<by>[.,' ])[0-9]{3}(?:(?P=by)[0-9]{3})*|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}"
)


@dataclass(frozen=True, slots=True)
class SignedAmount:
    """An amount, also below zero, and its currency: a code, a sign such as $ that may be several, or ""."""

    value: Decimal
    currency: str

    def may_be_in(self, currency: str) -> bool:
        """Whether what stands beside the number is or can be this currency."""
        return self.currency in ("", currency) or currency in CURRENCY_SIGNS.get(self.currency, ())


def read_amount(text: str, *, decimal_sign: DecimalSign) -> SignedAmount:
    """The amount in a cell: `1'240.00`, `-$12.50`, `(12.50)`, `12.50-`, `12,50 EUR`, `12.50 DR`, `1 240,00`.

    Nothing is rounded: places that its currency lacks are for the caller to refuse. Raises BusinessError that follows
    the column’s name and quotes the cell as it stands.
    """
    if not text.strip():
        raise BusinessError("is empty.")
    amount = _read(text, decimal_sign)
    if amount is None:
        sign = "point" if decimal_sign == "." else "comma"
        raise BusinessError(f"{quoted(text)} is not an amount with a decimal {sign}.")
    return amount


def decimal_sign_of(values: Iterable[str]) -> DecimalSign | None:
    """The decimal sign of a column; None where it is left open, or where some values have one and some the other.

    A point where it makes no difference.
    """
    told: set[DecimalSign] = set()
    left_open = False
    for value in values:
        point, comma = _read(value, "."), _read(value, ",")
        if point is not None and comma is None:
            told.add(".")
        elif comma is not None and point is None:
            told.add(",")
        elif point != comma:
            left_open = True
    if told:
        return told.pop() if len(told) == 1 else None
    return None if left_open else "."


def leaves_decimal_sign_open(text: str) -> bool:
    """Whether a cell is one amount with a decimal point and another with a decimal comma: `1,234`."""
    point, comma = _read(text, "."), _read(text, ",")
    return point is not None and comma is not None and point != comma


def _read(text: str, decimal_sign: DecimalSign) -> SignedAmount | None:
    if len(text) > _LONGEST:
        text = text.strip()
        if len(text) > _LONGEST:
            return None
    text = _BLANK.sub(" ", text).strip().translate(_APOSTROPHES)
    tokens: dict[str, str] = {}
    shape, at = "", 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            return None
        kind = str(match.lastgroup)
        shape += _LETTERS[kind]
        tokens[kind] = match[0]
        at = match.end()
    if _SHAPE.fullmatch(shape) is None or any(shape.count(each) > 1 for each in "cn") or _signs(shape) > 1:
        return None
    number = _number(tokens["n"], decimal_sign)
    currency = _currency(tokens.get("c", ""))
    if number is None or currency is None:
        return None
    negative = "(" in shape or tokens.get("s", "+") != "+" or tokens.get("w", "").casefold() == "dr"
    return SignedAmount((-number if negative else number) + 0, currency)


def _signs(shape: str) -> int:
    return shape.count("s") + shape.count("w") + shape.count("(")


def _number(text: str, decimal_sign: DecimalSign) -> Decimal | None:
    whole, sign, places = text.partition(decimal_sign)
    if sign and not places.isdecimal():
        return None
    if whole:
        match = _GROUPED.fullmatch(whole)
        if match is None:
            return None
    elif not sign:
        return None
    digits = re.sub(r"[^0-9]", "", whole)
    return Decimal(f"{digits or '0'}.{places or '0'}") if len(digits.lstrip("0")) <= WHOLE_DIGITS else None


def _currency(text: str) -> str | None:
    """The code, or the sign where it is not one currency’s; None where it is neither."""
    if not text or text.upper() in CURRENCIES:
        return text.upper()
    for sign, codes in CURRENCY_SIGNS.items():
        if sign.casefold() == text.casefold():
            return min(codes) if len(codes) == 1 else sign
    return None
