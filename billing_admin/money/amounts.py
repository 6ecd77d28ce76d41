"""Reading, rounding and writing amounts. `Decimal` everywhere; no float touches money."""

import re
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from djmoney.money import Money

from billing_admin.errors import BusinessError

from .currencies import CURRENCIES

# What a money column holds: numeric(18, 3), so 15 digits before the point.
WHOLE_DIGITS = 15
_TOO_LONG = f"The amount has more than {WHOLE_DIGITS} digits before the decimal point."

# Groups of three, as we print them. Only the point after them tells that the comma is none.
_GROUPED = re.compile(r"[-−]?[1-9][0-9]{0,2}(?:,[0-9]{3})+\.(?P<places>[0-9]+)", re.ASCII)
_GROUPED_WHOLE = re.compile(r"[-−]?[1-9][0-9]{0,2}(?:,[0-9]{3})+", re.ASCII)
# `1,234,567`, `1.234,56` or `1,234.5`, and `1,234`: one reading, one reading, two.
_SEPARATED = re.compile(
    r"(?P<sign>[-−]?)(?:(?P<groups>[0-9]{1,3}(?:(?:,[0-9]{3}){2,}|(?:\.[0-9]{3}){2,}))"
    r"|(?P<mixed>[0-9]+(?:(?:\.[0-9]+)+,|(?:,[0-9]+)+\.))(?P<last>[0-9]+)|[0-9]+,(?P<also_last>[0-9]+))",
    re.ASCII,
)
_AMOUNT = re.compile(r"(?P<sign>[-−]?)(?P<whole>[0-9]+)(?:\.(?P<places>[0-9]+))?", re.ASCII)


def minor_units(currency: str) -> int:
    """How many decimal places `currency` has: JPY 0, USD 2, KWD 3."""
    try:
        return CURRENCIES[currency]
    except KeyError:
        text = f"“{currency}” is not a currency in use. Give an ISO code such as USD."
        raise BusinessError(text, field="currency") from None


def parse_amount(text: str, currency: str, *, minimum: Decimal | None = None) -> Decimal:
    """Read an amount exactly as it was typed; never round, clamp or guess.

    Plain digits with a decimal point are taken (`12`, `12.50`), and what we print ourselves (`1,234.50` EUR, `1,234`
    JPY); no other comma, because `1,5` means 1.5 to one person and 15 to another, and `1,234` EUR too. Places beyond
    those of the currency are refused. `minimum` is the smallest amount allowed, for example
    `Decimal(0)`; without it a leading minus sign is allowed.

    Raises BusinessError without a field: the caller knows where the text was typed.
    """
    places = minor_units(currency)
    stripped = text.strip()
    if not stripped:
        raise BusinessError("Enter an amount.")
    match = _AMOUNT.fullmatch(without_groups(stripped, places))
    if match is None:
        shown = stripped if len(stripped) <= 30 else stripped[:30] + "…"
        if meant := _readings(stripped, places):
            said = f"“{shown}” is not an amount: is {' or '.join(meant)} meant? Type that."
        else:
            example = Decimal("12.5").quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
            said = f"“{shown}” is not an amount. Use digits and a decimal point, as in {example}."
        raise BusinessError(said)
    if len(match["whole"].lstrip("0")) > WHOLE_DIGITS:
        raise BusinessError(_TOO_LONG)
    if len((match["places"] or "").rstrip("0")) > places:
        held = "no decimal places" if places == 0 else f"{places} decimal places"
        raise BusinessError(f"{currency} has {held}; {stripped} has more.")
    amount = Decimal(f"{'-' if match['sign'] else ''}{match['whole']}.{match['places'] or '0'}")
    amount = amount.quantize(Decimal(1).scaleb(-places)) + 0  # exact: the places were checked; + 0 turns -0 into 0
    if minimum is not None and amount < minimum:
        raise BusinessError(
            "The amount must not be negative." if minimum == 0 else f"The amount must be at least {minimum}."
        )
    return amount


def _readings(text: str, places: int) -> list[str]:
    """What somebody may have meant who types a comma: `1234.00` and `1.234` of `1,234`. A guess is a thousandfold."""
    match = _SEPARATED.fullmatch(text)
    digits = re.sub("[.,]", "", text).lstrip("-−")
    if match is None or len(digits) > WHOLE_DIGITS:
        return []
    last = match["last"] or match["also_last"] or ""
    whole = _plain(digits, "0" * places)
    parted = _plain(digits.removesuffix(last), last.ljust(places, "0"))
    if match["groups"]:
        meant = [whole]
    elif match["mixed"]:
        meant = [parted]
    else:
        meant = [whole, parted]
    sign = "-" if match["sign"] else ""
    return [f"{sign}{each}" for each in dict.fromkeys(meant)]


def _plain(whole: str, places: str) -> str:
    return f"{whole.lstrip('0') or '0'}.{places}".rstrip(".")


def without_groups(text: str, places: int | None = None) -> str:
    """`1234.50` of `1,234.50`, with exactly so many places if they are said; of anything else, the same text."""
    match = _GROUPED.fullmatch(text)
    printed = _GROUPED_WHOLE.fullmatch(text) if places == 0 else match and places in (None, len(match["places"]))
    return text.replace(",", "") if printed else text


def smallest_unit(currency: str) -> Decimal:
    """The smallest amount above zero: 1 JPY, 0.01 USD, 0.001 KWD."""
    return Decimal(1).scaleb(-minor_units(currency))


def round_half_up(amount: Decimal, currency: str) -> Decimal:
    """Round a computed amount (quantity × price, tax) to the currency's places, half away from zero.

    Entered amounts are never rounded: see `parse_amount`.

    Raises BusinessError where the result is more than a money column holds.
    """
    if abs(amount) >= 10**WHOLE_DIGITS:
        raise BusinessError(_TOO_LONG)
    return amount.quantize(smallest_unit(currency), ROUND_HALF_UP)


def require_places(money: Money, field: str = "amount") -> None:
    """Refuse Money with more places than its currency has, or more digits than a column holds, whoever made it.

    `field` is what the amount is called in forms.
    """
    places = minor_units(money.currency.code)
    if not money.amount.is_finite():
        raise BusinessError(f"{money.amount} is not an amount.", field)
    if abs(money.amount) >= 10**WHOLE_DIGITS:
        raise BusinessError(_TOO_LONG, field)
    if money.amount != money.amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):
        held = "no decimal places" if places == 0 else f"{places} decimal places"
        raise BusinessError(f"{money.currency.code} has {held}; {money.amount} has more.", field)


def money_text(money: Money) -> str:
    """`1,234.50 USD`, for sentences in messages, activity and the terminal; the database function too is called so."""
    return f"{amount_text(money.amount, money.currency.code)} {money.currency.code}"


def amount_text(amount: Decimal, currency: str) -> str:
    """`1,234.50`, with the currency's places and a true minus sign."""
    text = f"{abs(amount):,.{minor_units(currency)}f}"
    return f"−{text}" if amount < 0 else text


def exact_text(amount: Decimal, currency: str) -> str:
    """The same for what may not fit the currency, or be of one that is not in use: nothing is rounded away."""
    text = f"{abs(amount).normalize():,f}"
    if len(text.partition(".")[2]) <= CURRENCIES.get(currency, -1):
        return amount_text(amount, currency)
    return f"−{text}" if amount < 0 else text


def plain_amount(amount: Decimal, currency: str) -> str:
    """`-1234.50`: as it is typed into a field or read by a program."""
    return amount_text(amount, currency).replace(",", "").replace("−", "-")


def totals_text(totals: Mapping[str, Decimal] | Iterable[tuple[str, Decimal]]) -> str:
    """`10.00 EUR, 25.00 USD`: sums of several currencies, which are never added up."""
    pairs = sorted(totals.items() if isinstance(totals, Mapping) else totals)
    return ", ".join(f"{amount_text(amount, currency)} {currency}" for currency, amount in pairs) or "0"
